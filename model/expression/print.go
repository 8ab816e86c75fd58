package expression

import (
	"strconv"
	"strings"
)

// String is the operator's sign.
func (o Operator) String() string {
	return [...]string{"+", "-", "*", "/", "^", "-", "<", "<=", ">", ">=", "==", "!=", "and", "or",
		"not"}[o]
}

// String prints a formula so that Parse reads the same tree, with brackets around every operation
// but the outermost.
func String(e Expr) string {
	switch e := e.(type) {
	case *Number:
		return strconv.FormatFloat(e.Value, 'g', -1, 64)
	case *Name:
		return e.Name
	case *Lag:
		return e.Column + "[-" + strconv.Itoa(e.By) + "]"
	case *Unary:
		if e.Op == Not {
			return "not " + inner(e.X)
		}
		return "-" + inner(e.X)
	case *Binary:
		return inner(e.X) + " " + e.Op.String() + " " + inner(e.Y)
	case *If:
		return "if " + inner(e.Cond) + " then " + inner(e.Then) + " else " + inner(e.Else)
	case *Call:
		return e.Function + "(" + commas(e.Args) + ")"
	case *Group:
		if e.Key == "" {
			return e.Function + "(" + inner(e.X) + ")"
		}
		return e.Function + "(" + inner(e.X) + " by " + e.Key + ")"
	case *Tuple:
		return "(" + commas(e.Elements) + ")"
	}
	return ""
}

func inner(e Expr) string {
	switch e.(type) {
	case *Unary, *Binary, *If:
		return "(" + String(e) + ")"
	}
	return String(e)
}

func commas(list []Expr) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = String(e)
	}
	return strings.Join(out, ", ")
}

// Walk calls f with a formula and all of its parts, from the outside in.
func Walk(e Expr, f func(Expr)) {
	f(e)
	switch e := e.(type) {
	case *Unary:
		Walk(e.X, f)
	case *Binary:
		Walk(e.X, f)
		Walk(e.Y, f)
	case *If:
		Walk(e.Cond, f)
		Walk(e.Then, f)
		Walk(e.Else, f)
	case *Call:
		for _, a := range e.Args {
			Walk(a, f)
		}
	case *Group:
		Walk(e.X, f)
	case *Tuple:
		for _, x := range e.Elements {
			Walk(x, f)
		}
	}
}
