package expression

import "fmt"

// SyntaxError says what in a formula's text cannot be read, where, and what to try.
type SyntaxError struct {
	At      Span
	Message string
	Advice  string // may be empty
}

// Error is the message with its column in bytes, counted from one, and the advice.
func (e *SyntaxError) Error() string {
	s := fmt.Sprintf("column %d: %s", e.At.Start+1, e.Message)
	if e.Advice != "" {
		s += "; " + e.Advice
	}
	return s
}
