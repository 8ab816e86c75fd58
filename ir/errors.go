package ir

import "strings"

// UsageError is a programmer's mistake: a wrong shape or dtype, a value that outlived its
// recording. Operations panic with a *UsageError; ad.JitChecked returns it.
type UsageError struct {
	Pos    *Position // the user's own line, nil where there is none
	Op     string    // the operation, "" where there is none
	In     []Type    // the operands' types
	Reason string    // what is wrong and what to do about it
}

func (e *UsageError) Error() string {
	var s strings.Builder
	if e.Pos != nil {
		s.WriteString(e.Pos.String())
		s.WriteString(": ")
	}
	if e.Op != "" {
		s.WriteString(e.Op)
		if len(e.In) > 0 {
			s.WriteByte('(')
			for i, t := range e.In {
				if i > 0 {
					s.WriteString(", ")
				}
				s.WriteString(t.String())
			}
			s.WriteByte(')')
		}
		s.WriteString(": ")
	}
	s.WriteString(e.Reason)
	return s.String()
}
