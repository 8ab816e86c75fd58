package ir

import (
	"fmt"
	"strconv"
	"strings"
)

// SyntaxError says where a text stops being a graph, and why.
type SyntaxError struct {
	Line, Column int    // from 1; columns count bytes
	Reason       string // what was found and what to try
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

// token is a piece of the text: a word such as add, -1.5 or nan; a value's name such as %3; a
// quoted string; three dots; or a single punctuation mark. It is empty at the end of the text.
type token struct {
	text     string
	at       int  // offset of its first byte
	sameLine bool // it stands on the line of the token before it
}

// lexer cuts the text into tokens. Its tok is the one that is looked at.
type lexer struct {
	text string
	next int // offset after tok
	tok  token
}

func (l *lexer) fail(at int, format string, args ...any) {
	before := l.text[:at]
	panic(&SyntaxError{
		Line:   1 + strings.Count(before, "\n"),
		Column: at - strings.LastIndexByte(before, '\n'),
		Reason: fmt.Sprintf(format, args...),
	})
}

// expected fails at the current token.
func (l *lexer) expected(what string) {
	found := strconv.Quote(l.tok.text)
	if l.tok.text == "" {
		found = "the end of the text"
	}
	l.fail(l.tok.at, "found %s where %s was expected", found, what)
}

func (l *lexer) advance() {
	l.tok.sameLine = true
	for l.next < len(l.text) && strings.IndexByte(" \t\r\n", l.text[l.next]) >= 0 {
		if l.text[l.next] == '\n' {
			l.tok.sameLine = false
		}
		l.next++
	}
	l.tok.at = l.next
	l.next += l.length(l.text[l.next:])
	l.tok.text = l.text[l.tok.at:l.next]
}

// length is the length of the first token of s.
func (l *lexer) length(s string) int {
	switch {
	case s == "":
		return 0
	case strings.HasPrefix(s, "..."):
		return 3
	case s[0] == '"':
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			l.fail(l.tok.at,
				"this string has no end on its line, or an escape that Go does not know")
		}
		return len(quoted)
	}
	n := 0
	if s[0] == '%' || s[0] == '^' {
		n = 1
	}
	for n < len(s) && isWordByte(s[n]) && !strings.HasPrefix(s[n:], "...") {
		n++
	}
	return max(n, 1)
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isWordByte(c byte) bool {
	return isLetter(c) || '0' <= c && c <= '9' || strings.IndexByte("_.+-", c) >= 0
}

// is says whether the current token is the given one.
func (l *lexer) is(text string) bool { return l.tok.text == text }

// accept passes over the current token if it is the given one.
func (l *lexer) accept(text string) bool {
	if !l.is(text) || text == "" {
		return false
	}
	l.advance()
	return true
}

func (l *lexer) expect(text string) {
	if !l.accept(text) {
		l.expected(strconv.Quote(text))
	}
}

// word passes over a word and gives it.
func (l *lexer) word(what string) string {
	s := l.tok.text
	if s == "" || !isWordByte(s[0]) || s == "..." {
		l.expected(what)
	}
	l.advance()
	return s
}

// quoted passes over a quoted string and gives what it stands for.
func (l *lexer) quoted() string {
	s, err := strconv.Unquote(l.tok.text)
	if err != nil || l.tok.text[0] != '"' {
		l.expected("a string in double quotes")
	}
	l.advance()
	return s
}

// list calls element for each of the elements between open and close.
func (l *lexer) list(open, end string, element func()) {
	l.expect(open)
	for first := true; !l.accept(end); first = false {
		if !first && !l.accept(",") {
			l.expected(`"," or ` + strconv.Quote(end))
		}
		element()
	}
}

// restOfLine passes over the rest of the line after the current token and gives it; the
// current token then is the first of the next line.
func (l *lexer) restOfLine() string {
	rest, _, _ := strings.Cut(l.text[l.next:], "\n")
	l.next += len(rest)
	l.advance()
	return strings.TrimSpace(rest)
}
