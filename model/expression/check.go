package expression

import (
	"fmt"
	"strings"
)

// sort is whether a formula is a number or a condition.
type sort int

const (
	anything sort = iota
	aNumber
	aCondition
)

func (s sort) String() string {
	if s == aCondition {
		return "a condition"
	}
	return "a number"
}

// check says whether the parts of a formula fit together: numbers where numbers are due, and as
// many arguments as functions take. Calls of functions that are not known here are let through:
// they may be distributions, which the model file's reader knows.
func check(e Expr, want sort) *SyntaxError {
	is := aNumber
	var parts []Expr
	due := aNumber
	switch e := e.(type) {
	case *Unary:
		parts = []Expr{e.X}
		if e.Op == Not {
			is, due = aCondition, aCondition
		}
	case *Binary:
		parts = []Expr{e.X, e.Y}
		switch {
		case e.Op == And || e.Op == Or:
			is, due = aCondition, aCondition
		case e.Op >= Less && e.Op <= NotEqual:
			is = aCondition
		}
	case *If:
		if err := check(e.Cond, aCondition); err != nil {
			return err
		}
		parts = []Expr{e.Then, e.Else}
	case *Call:
		parts = e.Args
		if err := checkCall(e); err != nil {
			return err
		}
	case *Group:
		parts = []Expr{e.X}
	case *Tuple:
		parts, is = e.Elements, anything
	}
	if is != anything && want != anything && is != want {
		advice := "compare it with something, as x > 0"
		if is == aCondition {
			advice = "write if … then 1 else 0 to make a number of it"
		}
		return fault(e.Where(), advice, "this is %v where %v is due", is, want)
	}
	for _, part := range parts {
		if err := check(part, due); err != nil {
			return err
		}
	}
	return nil
}

// checkCall says whether a known function has the right number of arguments.
func checkCall(c *Call) *SyntaxError {
	f, known := function(c.Function)
	if !known {
		return nil
	}
	if n := len(c.Args); n < f.least || n > f.most {
		takes := fmt.Sprint(f.least)
		if f.most > f.least {
			takes = fmt.Sprintf("%d or more", f.least)
		}
		return fault(c.Span, "", "%s takes %s, and here are %d", c.Function,
			strings.Replace(takes+" arguments", "1 arguments", "1 argument", 1), n)
	}
	return nil
}

// IsNumber says whether a formula that was read is a number and not a condition.
func IsNumber(e Expr) bool { return check(e, aNumber) == nil }
