package expression

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is. Signs, brackets and the notation's words are their own kinds, spelled
// as they print.
type kind string

const (
	end    kind = "the end"
	number kind = "a number"
	name   kind = "a name"
)

// token is a piece of text that has a meaning.
type token struct {
	Span
	kind  kind
	text  string
	value float64 // of a number
}

// words are what cannot be a name.
var words = [...]string{"if", "then", "else", "and", "or", "not", "by"}

// signs are read longest first. Those of two spellings have one kind.
var signs = [...]struct {
	text string
	kind kind
}{
	{"**", "^"}, {"<=", "<="}, {">=", ">="}, {"==", "=="}, {"!=", "!="}, {"&&", "and"},
	{"||", "or"}, {"+", "+"}, {"-", "-"}, {"*", "*"}, {"/", "/"}, {"^", "^"}, {"<", "<"},
	{">", ">"}, {"!", "not"}, {"=", "="}, {"(", "("}, {")", ")"},
	{"[", "["}, {"]", "]"}, {",", ","},
}

// tokens takes a text apart. The last token is an end.
func tokens(text string) ([]token, error) {
	if len(text) > longest {
		return nil, &SyntaxError{Span{0, 0},
			fmt.Sprintf("the formula has %d bytes; %d can be read", len(text), longest),
			"give parts of it names under define:"}
	}
	var out []token
	for at := 0; ; {
		at += len(text[at:]) - len(strings.TrimLeftFunc(text[at:], unicode.IsSpace))
		if at == len(text) {
			return append(out, token{Span: Span{at, at}, kind: end}), nil
		}
		t, err := next(text, at)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		at = t.End
	}
}

// next is the token at a byte that is no space.
func next(text string, at int) (token, error) {
	rest := text[at:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r >= '0' && r <= '9',
		r == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		return numberAt(text, at)
	case starts(r):
		n := len(rest) - len(strings.TrimLeftFunc(rest, continues))
		t := token{Span: Span{at, at + n}, kind: name, text: rest[:n]}
		for _, w := range words {
			if t.text == w {
				t.kind = kind(w)
			}
		}
		return t, nil
	}
	for _, s := range signs {
		if strings.HasPrefix(rest, s.text) {
			return token{Span: Span{at, at + len(s.text)}, kind: s.kind, text: s.text}, nil
		}
	}
	return token{}, &SyntaxError{Span{at, at + size},
		fmt.Sprintf("%s has no meaning in a formula", strconv.Quote(rest[:size])), substitute(r)}
}

// substitute says what to write in place of a character that other notations have.
func substitute(r rune) string {
	switch r {
	case '×', '·', '⋅', '∗':
		return "write * for a product"
	case '÷':
		return "write / for a quotient"
	case '−', '–', '—':
		return "write the minus of the keyboard, -"
	case '²', '³', '¹':
		return "write ^ and a number for a power"
	case '≤':
		return "write <="
	case '≥':
		return "write >="
	case '≠':
		return "write !="
	case '%':
		return "write /100 for per cent"
	case '√':
		return "write sqrt(x)"
	case '?', ':':
		return "write if c then a else b for a choice"
	case '&', '|':
		return "write and, or"
	case '{', '}':
		return "write ( and )"
	}
	return "a formula is made of names, numbers, signs such as + and <=, and calls"
}

func starts(r rune) bool { return r == '_' || unicode.IsLetter(r) }
func continues(r rune) bool {
	return starts(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// IsName says whether a text can be a name in a formula: letters, digits and _, not a digit
// first, and no word of the notation.
func IsName(text string) bool {
	ts, err := tokens(text)
	return err == nil && len(ts) == 2 && ts[0].kind == name && ts[0].text == text
}

// numberAt reads a number, and all letters and digits after it, so that 1_000 and 2x are not
// read as two tokens.
func numberAt(text string, at int) (token, error) {
	stop := at
	for stop < len(text) {
		r, size := utf8.DecodeRuneInString(text[stop:])
		exponent := stop > at && (text[stop-1] == 'e' || text[stop-1] == 'E')
		if !continues(r) && r != '.' && !(exponent && (r == '+' || r == '-')) {
			break
		}
		stop += size
	}
	span, s := Span{at, stop}, text[at:stop]
	refuse := func(message, advice string) (token, error) {
		return token{}, &SyntaxError{span, message, advice}
	}
	if strings.Trim(s, "0123456789.eE+-") != "" {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789."))
		switch {
		case strings.Trim(s, "0123456789._eE+-") == "":
			return refuse(s+" is not a number", "write it without _")
		case digits > 0 && IsName(s[digits:]):
			return refuse(s+" is neither a number nor a name",
				fmt.Sprintf("write %s*%s for the product; a name starts with a letter",
					s[:digits], s[digits:]))
		}
		return refuse(s+" is not a number", "write numbers as 12, .5 or 1e-3")
	}
	x, err := strconv.ParseFloat(s, 64)
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	switch {
	case math.IsInf(x, 0):
		return refuse(s+" is greater than any float64", "the greatest is 1.797e308")
	case err != nil:
		return refuse(s+" is not a number", "write numbers as 12, .5 or 1e-3")
	case x == 0 && strings.Trim(mantissa, "0.") != "":
		return refuse(s+" is closer to zero than any float64", "write 0, or at least 5e-324")
	}
	return token{Span: span, kind: number, text: s, value: x}, nil
}
