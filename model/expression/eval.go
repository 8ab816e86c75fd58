package expression

import (
	"fmt"
	"math"

	"pullback/ad"
)

// Env gives what is not in the formula its values: float64 scalars, or vectors of one length, which
// broadcast.
type Env struct {
	Value func(*Name) ad.Value
	Lag   func(*Lag) ad.Value
	Group func(*Group) ad.Value
}

// Eval is the value of a formula that Parse has read; conditions are bools.
func Eval(e Expr, env Env) ad.Value {
	switch e := e.(type) {
	case *Number:
		return ad.Scalar(e.Value)
	case *Name:
		return env.Value(e)
	case *Lag:
		return env.Lag(e)
	case *Group:
		return env.Group(e)
	case *Unary:
		x := Eval(e.X, env)
		if e.Op == Not {
			return ad.Not(x)
		}
		return ad.Neg(x)
	case *Binary:
		if e.Op == Pow {
			return power(e, env)
		}
		return binary(e.Op, Eval(e.X, env), Eval(e.Y, env))
	case *If:
		return choose(Eval(e.Cond, env), Eval(e.Then, env), Eval(e.Else, env))
	case *Call:
		args := make([]ad.Value, len(e.Args))
		for i, a := range e.Args {
			args[i] = Eval(a, env)
		}
		if f, ok := function(e.Function); ok {
			return f.of(args)
		}
	}
	panic(fmt.Sprintf("expression: %T has no value; a checked formula holds none", e))
}

func binary(op Operator, x, y ad.Value) ad.Value {
	switch op {
	case Add:
		return ad.Add(x, y)
	case Sub:
		return ad.Sub(x, y)
	case Mul:
		return ad.Mul(x, y)
	case Div:
		return ad.Div(x, y)
	case Less:
		return ad.Less(x, y)
	case LessEqual:
		return ad.LessEqual(x, y)
	case Greater:
		return ad.Greater(x, y)
	case GreaterEqual:
		return ad.GreaterEqual(x, y)
	case Equal:
		return ad.Equal(x, y)
	case NotEqual:
		return ad.NotEqual(x, y)
	case And:
		return ad.And(x, y)
	case Or:
		return ad.Or(x, y)
	}
	panic("expression: an operator of one operand has two")
}

// choose computes both branches. A derivative of the branch not taken that is infinite or a NaN
// there makes a NaN of the whole, as 0 times it: such a branch should be kept to where it is
// defined, as log(max(x, 1e-300)).
func choose(cond, then, otherwise ad.Value) ad.Value { return ad.Where(cond, then, otherwise) }

// mostMultiplications bounds the powers that are products.
const mostMultiplications = 64

// power with a whole exponent is a product, which has the right derivatives for negative bases
// and at zero.
func power(e *Binary, env Env) ad.Value {
	x := Eval(e.X, env)
	exponent, literal := wholeNumber(e.Y)
	if !literal || math.Abs(exponent) > mostMultiplications {
		return ad.Pow(x, Eval(e.Y, env))
	}
	p := ad.OnesLike(x)
	if exponent != 0 {
		p = product(x, int(math.Abs(exponent)))
	}
	if exponent < 0 {
		return ad.Div(1, p)
	}
	return p
}

// product is xⁿ by squaring, n > 0.
func product(x ad.Value, n int) ad.Value {
	if n == 1 {
		return x
	}
	half := product(x, n/2)
	if n%2 == 0 {
		return ad.Square(half)
	}
	return ad.Mul(ad.Square(half), x)
}

// wholeNumber is a literal integer, or minus one.
func wholeNumber(e Expr) (float64, bool) {
	switch e := e.(type) {
	case *Number:
		return e.Value, e.Value == math.Trunc(e.Value)
	case *Unary:
		x, ok := wholeNumber(e.X)
		return -x, ok && e.Op == Neg
	}
	return 0, false
}
