package expression

import (
	"math"

	"pullback/ad"
	"pullback/internal/op"
)

// Env gives what a formula's parts stand for: float64 Values, scalars or vectors of the rows.
type Env struct {
	Value func(*Name) ad.Value
	Lag   func(*Lag) ad.Value
	Group func(*Group) ad.Value // the reduction done, one number a row or one for all
}

// Eval is a formula's value, a float64 scalar or one number a row: shapes broadcast as in package
// ad. A condition gives a bool Value.
//
// Both branches of an if are computed. So that the one that is not taken cannot spoil derivatives
// (0·∞ is NaN), the names in it are held constant in the rows where it is not taken: x is there
// what it is, but no derivative passes through it.
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
		return evalBinary(e, env)
	case *If:
		cond := Eval(e.Cond, env)
		then, otherwise := Eval(e.Then, env.where(cond)), Eval(e.Else, env.where(ad.Not(cond)))
		return ad.Where(cond, then, otherwise)
	case *Call:
		f, _ := lookUp(e.Function)
		x := make([]ad.Value, len(e.Args))
		for i, a := range e.Args {
			x[i] = Eval(a, env)
		}
		return f.eval(x)
	}
	panic("expression: a tuple has no value; evaluate its elements")
}

// where lets derivatives pass only in rows where a condition holds.
func (env Env) where(cond ad.Value) Env {
	guard := func(x ad.Value) ad.Value { return ad.Where(cond, x, ad.StopGradient(x)) }
	return Env{
		Value: func(n *Name) ad.Value { return guard(env.Value(n)) },
		Lag:   env.Lag, // data
		Group: func(g *Group) ad.Value { return guard(env.Group(g)) },
	}
}

func evalBinary(e *Binary, env Env) ad.Value {
	if e.Op == Pow {
		return evalPower(e, env)
	}
	x, y := Eval(e.X, env), Eval(e.Y, env)
	switch e.Op {
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
	panic("expression: " + e.Op.String() + " is no binary operation")
}

// largestInteger is the greatest exponent for which a power is made of products, whose error
// grows with it.
const largestInteger = 16

// evalPower makes products of a power whose exponent is written as a small whole number, and a
// square root of one that is written as a half. Others are powers of floats, NaN where the base is
// negative and the exponent is not whole.
func evalPower(e *Binary, env Env) ad.Value {
	x := Eval(e.X, env)
	n, isLiteral := literal(e.Y)
	switch {
	case isLiteral && n == math.Trunc(n) && math.Abs(n) <= largestInteger:
		return op.IntegerPow(x, int(n))
	case isLiteral && n == 0.5:
		return ad.Sqrt(x)
	}
	return ad.Pow(x, Eval(e.Y, env))
}

// literal is the number that a formula is written as.
func literal(e Expr) (float64, bool) {
	sign := 1.
	for {
		switch part := e.(type) {
		case *Number:
			return sign * part.Value, true
		case *Unary:
			if part.Op == Neg {
				sign, e = -sign, part.X
				continue
			}
		}
		return 0, false
	}
}
