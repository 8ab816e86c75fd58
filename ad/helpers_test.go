package ad_test

import (
	"math"
	"testing"

	"pullback/ad"
)

// near fails unless the elements of got are those of want up to rounding.
func near(t testing.TB, got ad.Value, want ...float64) {
	t.Helper()
	within(t, 1e-12, got, want...)
}

func within(t testing.TB, tolerance float64, got ad.Value, want ...float64) {
	t.Helper()
	xs := got.Floats()
	if len(xs) != len(want) {
		t.Errorf("%v has %d elements, want %v", got, len(xs), want)
		return
	}
	for i := range xs {
		same := xs[i] == want[i] || math.IsNaN(xs[i]) && math.IsNaN(want[i])
		if !same && (math.IsInf(want[i], 0) ||
			!(math.Abs(xs[i]-want[i]) <= tolerance*(1+math.Abs(want[i])))) {
			t.Errorf("element %d is %v, want %v", i, xs[i], want[i])
		}
	}
}

// difference is the derivative of f at x by central differences.
func difference(f func(x float64) float64, x float64) float64 {
	const h = 1e-3
	return (8*(f(x+h)-f(x-h)) - (f(x+2*h) - f(x-2*h))) / (12 * h)
}

// plain is a function of a Value as one of a float64.
func plain(f func(ad.Value) ad.Value) func(float64) float64 {
	return func(x float64) float64 { return f(ad.Scalar(x)).Float() }
}

// derivative is f' of a scalar function, by reverse mode.
func derivative(f func(ad.Value) ad.Value) func(ad.Value) ad.Value { return ad.Grad(f) }

// tangent is f' of a scalar function, by forward mode.
func tangent(f func(ad.Value) ad.Value) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value {
		_, dy := ad.JVP(f, x, ad.OnesLike(x))
		return dy
	}
}

// modes are the ways to take the derivative of a scalar function; all must agree.
func modes() map[string]func(func(ad.Value) ad.Value) func(ad.Value) ad.Value {
	type function = func(ad.Value) ad.Value
	return map[string]func(function) function{
		"grad": derivative,
		"jvp":  tangent,
		"vjp": func(f function) function {
			return func(x ad.Value) ad.Value {
				y, pullback := ad.VJP(f, x)
				return pullback(ad.OnesLike(y))
			}
		},
		"linearize": func(f function) function {
			return func(x ad.Value) ad.Value {
				_, df := ad.Linearize(f, x)
				return df(ad.OnesLike(x))
			}
		},
		"jacobian": func(f function) function { return ad.Jacobian(f) },
		"value and grad": func(f function) function {
			return func(x ad.Value) ad.Value { return ad.ValueAndGrad(f)(x).Grad }
		},
		"jit grad": func(f function) function { return ad.Jit(ad.Grad(f)) },
		"grad jit": func(f function) function { return ad.Grad(ad.Jit(f)) },
		"vmap jvp": func(f function) function {
			return func(x ad.Value) ad.Value {
				return ad.At(ad.Vmap(tangent(f))(ad.Stack(0, x, ad.Add(x, 1))), 0)
			}
		},
		"grad vmap": func(f function) function {
			return ad.Grad(func(x ad.Value) ad.Value {
				return ad.At(ad.Vmap(f)(ad.Stack(0, x, ad.Add(x, 1))), 0)
			})
		},
		"grad of an element": func(f function) function {
			return func(x ad.Value) ad.Value {
				v := ad.Stack(0, x, ad.Add(x, 1))
				return ad.At(ad.Grad(func(v ad.Value) ad.Value { return f(ad.At(v, 0)) })(v), 0)
			}
		},
	}
}
