package expression

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError is what is wrong with a formula, and where.
type SyntaxError struct {
	At      Span
	Message string // a sentence without its full stop
	Advice  string // a sentence
}

// Error is the message and the advice.
func (e *SyntaxError) Error() string {
	return strings.TrimSuffix(e.Message+"; "+e.Advice, "; ")
}

// fault makes an error.
func fault(at Span, advice, format string, args ...any) *SyntaxError {
	return &SyntaxError{at, fmt.Sprintf(format, args...), advice}
}

// kind of a token.
type kind int

const (
	end kind = iota
	number
	name
	sign
)

// token is a piece of the text.
type token struct {
	Span
	kind  kind
	text  string // a sign in its canonical spelling
	value float64
}

// signs are in order of length, so that <= is not < and then =.
func signs() []string {
	return []string{"**", "<=", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/", "^", "<",
		">", "(",
		")", "[", "]", ",", "!"}
}

// canonical spelling of a sign that has two.
func canonical(sign string) string {
	switch sign {
	case "**":
		return "^"
	case "&&":
		return "and"
	case "||":
		return "or"
	case "!":
		return "not"
	}
	return sign
}

// lex takes a text apart.
func lex(text string) ([]token, *SyntaxError) {
	var out []token
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case r == utf8.RuneError && size <= 1:
			return nil, fault(Span{at, at + 1}, "", "a byte that is no UTF-8")
		case unicode.IsSpace(r):
			at += size
			continue
		case r == '.' || unicode.IsDigit(r):
			t, err := lexNumber(text, at)
			if err != nil {
				return nil, err
			}
			out, at = append(out, t), t.End
			continue
		case r == '_' || unicode.IsLetter(r):
			to := at + strings.IndexFunc(text[at:]+" ", func(r rune) bool {
				return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
			})
			out = append(out, wordToken(Span{at, to}, text[at:to]))
			at = to
			continue
		}
		t := token{kind: sign}
		for _, s := range signs() {
			if strings.HasPrefix(text[at:], s) {
				t.text, t.Span = canonical(s), Span{at, at + len(s)}
				break
			}
		}
		if t.text == "" {
			advice := "formulas are made of numbers, names, + - * / ^, comparisons, and, or, " +
				"not, " +
				"if-then-else and functions"
			if r == '=' {
				advice = "to compare, write =="
			}
			return nil, fault(Span{at, at + size}, advice, "%q has no meaning in a formula", r)
		}
		out, at = append(out, t), t.End
	}
	return append(out, token{Span: Span{len(text), len(text)}, kind: end, text: "the end"}), nil
}

// wordToken is a name, or an operator that is a word.
func wordToken(at Span, word string) token {
	switch word {
	case "and", "or", "not", "if", "then", "else", "by":
		return token{Span: at, kind: sign, text: word}
	}
	return token{Span: at, kind: name, text: word}
}

// lexNumber reads digits with a point and an exponent.
func lexNumber(text string, from int) (token, *SyntaxError) {
	to := from
	for to < len(text) {
		c := text[to]
		exponent := (c == '+' || c == '-') && to > from && strings.ContainsRune(
			"eE", rune(text[to-1])) &&
			!strings.ContainsAny(text[from:to-1], "xXpP")
		if !exponent && c != '.' && c != '_' && !('0' <= c && c <= '9') && !isLetter(c) {
			break
		}
		to++
	}
	at := Span{from, to}
	digits := text[from:to]
	for _, c := range digits {
		if !strings.ContainsRune("0123456789.eE+-", c) {
			return token{}, fault(at, "write numbers as 12, .5 or 1e-3, and products with *",
				"%q is no number", digits)
		}
	}
	value, err := strconv.ParseFloat(digits, 64)
	switch {
	case err != nil && math.IsInf(value, 0):
		return token{}, fault(at, "the greatest number is 1.8e308", "%s is too large", digits)
	case err != nil:
		return token{}, fault(at, "write numbers as 12, .5 or 1e-3", "%q is no number", digits)
	}
	return token{Span: at, kind: number, text: digits, value: value}, nil
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
