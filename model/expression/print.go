package expression

import (
	"strconv"
	"strings"
)

// How tightly the notation binds, from an if to what needs no parentheses anywhere.
const (
	choice = iota
	disjunction
	conjunction
	negation
	comparison
	sum
	product
	minus
	power
	atom
)

// symbol is how an operator is written and how tightly it binds.
func (op Operator) symbol() (text string, level int) {
	switch op {
	case Add:
		return "+", sum
	case Sub:
		return "-", sum
	case Mul:
		return "*", product
	case Div:
		return "/", product
	case Pow:
		return "^", power
	case Neg:
		return "-", minus
	case Less:
		return "<", comparison
	case LessEqual:
		return "<=", comparison
	case Greater:
		return ">", comparison
	case GreaterEqual:
		return ">=", comparison
	case Equal:
		return "==", comparison
	case NotEqual:
		return "!=", comparison
	case And:
		return "and", conjunction
	case Or:
		return "or", disjunction
	case Not:
		return "not", negation
	}
	return "?", atom
}

// String is the operator as formulas are printed with it.
func (op Operator) String() string {
	text, _ := op.symbol()
	return text
}

// String is a formula in ordinary notation with no more parentheses than it needs. Read again, it
// gives the same tree.
func String(e Expr) string {
	var b strings.Builder
	write(&b, e, choice)
	return b.String()
}

// write adds a formula where what stands around it binds as tightly as a level.
func write(b *strings.Builder, e Expr, around int) {
	if level(e) < around {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch e := e.(type) {
	case *Number:
		b.WriteString(strconv.FormatFloat(e.Value, 'g', -1, 64))
	case *Name:
		b.WriteString(e.Name)
	case *Lag:
		b.WriteString(e.Column + "[-" + strconv.Itoa(e.By) + "]")
	case *Unary:
		text, level := e.Op.symbol()
		b.WriteString(text)
		if e.Op == Not {
			b.WriteByte(' ')
		}
		write(b, e.X, level)
	case *Binary:
		writeBinary(b, e)
	case *If:
		b.WriteString("if ")
		write(b, e.Cond, choice)
		b.WriteString(" then ")
		write(b, e.Then, choice)
		b.WriteString(" else ")
		write(b, e.Else, choice)
	case *Call:
		b.WriteString(e.Function)
		writeList(b, e.Args)
	case *Group:
		b.WriteString(e.Function + "(")
		write(b, e.X, choice)
		if e.Key != "" {
			b.WriteString(" by " + e.Key)
		}
		b.WriteByte(')')
	case *Tuple:
		writeList(b, e.Elements)
	}
}

func writeBinary(b *strings.Builder, e *Binary) {
	text, level := e.Op.symbol()
	left, right := level, level+1
	switch level {
	case power: // to the right, and the exponent may have a minus
		left, right = atom, minus
	case comparison: // no chains
		left = sum
	}
	write(b, e.X, left)
	if level < product {
		text = " " + text + " "
	}
	b.WriteString(text)
	write(b, e.Y, right)
}

func writeList(b *strings.Builder, list []Expr) {
	b.WriteByte('(')
	for i, e := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		write(b, e, choice)
	}
	b.WriteByte(')')
}

func level(e Expr) int {
	switch e := e.(type) {
	case *If:
		return choice
	case *Unary:
		_, level := e.Op.symbol()
		return level
	case *Binary:
		_, level := e.Op.symbol()
		return level
	}
	return atom
}
