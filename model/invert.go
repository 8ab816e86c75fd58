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
	return ad.Pow(z, 1/number)
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
	return ad.Div(ad.Log(z), math.Log(number))
}

// constant is the value of a formula of numbers alone.
func constant(e expression.Expr) (float64, bool) {
	known := true
	expression.Walk(e, func(e expression.Expr) {
		switch e.(type) {
		case *expression.Name, *expression.Lag, *expression.Group:
			known = false
		}
	})
	if !known {
		return 0, false
	}
	return scalar(expression.Eval(e, expression.Env{})).Float(), true
}
