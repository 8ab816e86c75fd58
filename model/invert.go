package model

import (
	"math"

	"pullback/ad"
	"pullback/model/expression"
)

// invert is the column at which an invertible formula of it, as log(price), has the value z.
func invert(e expression.Expr, z ad.Value) ad.Value {
	switch e := e.(type) {
	case *expression.Unary:
		return invert(e.X, ad.Neg(z))
	case *expression.Call:
		return invert(e.Args[0], invertCall(e.Function, z))
	case *expression.Binary:
		if number, ok := constant(e.Y); ok {
			return invert(e.X, invertLeft(e.Op, number, z))
		}
		number, _ := constant(e.X)
		return invert(e.Y, invertRight(e.Op, number, z))
	}
	return z
}

func invertCall(function string, z ad.Value) ad.Value {
	switch function {
	case "exp":
		return ad.Log(z)
	case "log":
		return ad.Exp(z)
	case "sqrt":
		return ad.Square(z)
	case "logit":
		return ad.Sigmoid(z)
	case "logistic":
		return ad.Sub(ad.Log(z), ad.Log1p(ad.Neg(z)))
	case "expm1":
		return ad.Log1p(z)
	case "log1p":
		return ad.Expm1(z)
	case "log10":
		return ad.Pow(10, z)
	}
	panic("model: an observed formula has no inverse: " + function)
}

// invertLeft solves x op number = z.
func invertLeft(op expression.Operator, number float64, z ad.Value) ad.Value {
	switch op {
	case expression.Add:
		return ad.Sub(z, number)
	case expression.Sub:
		return ad.Add(z, number)
	case expression.Mul:
		return ad.Div(z, number)
	case expression.Div:
		return ad.Mul(z, number)
	}
	root := ad.Pow(ad.Abs(z), 1/number)
	if math.Trunc(number) == number { // odd, since even powers have no inverse
		return ad.Mul(ad.Sign(z), root)
	}
	return root
}

// invertRight solves number op x = z.
func invertRight(op expression.Operator, number float64, z ad.Value) ad.Value {
	switch op {
	case expression.Add:
		return ad.Sub(z, number)
	case expression.Sub:
		return ad.Sub(number, z)
	case expression.Mul:
		return ad.Div(z, number)
	case expression.Div:
		return ad.Div(number, z)
	}
	panic("model: an observed formula has no inverse: a power of the column")
}
