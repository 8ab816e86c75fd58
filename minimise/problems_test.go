package minimise_test

import (
	"math"

	"pullback/ad"
	"pullback/minimise"
	"pullback/status"
)

var nan, inf = math.NaN(), math.Inf(1)

// problem is a function with its start, its least value and, where there is only one, its
// minimiser. Numbers in brackets are those of Moré, Garbow and Hillstrom, Testing Unconstrained
// Optimization Software, ACM TOMS 7, 1981.
type problem struct {
	name      string
	f         func(x ad.Value) ad.Value
	start     []float64
	least     float64
	minimiser []float64 // nil where there are several
	tolerance float64   // on the minimiser in float64; the default is 1e-5
}

func at(x ad.Value, i int) ad.Value { return ad.At(x, i) }

func quartic(x ad.Value) ad.Value { return ad.Square(ad.Square(x)) }

// sum adds terms.
func sum(terms ...ad.Value) ad.Value { return ad.Sum(ad.Stack(0, terms...)) }

func rosenbrock(x ad.Value) ad.Value { // (1), and (21) in more dimensions
	var terms []ad.Value
	for i := 0; i+1 < x.Size(); i += 2 {
		a, b := at(x, i), at(x, i+1)
		terms = append(terms, ad.Square(ad.Sub(1, a)),
			ad.Mul(100, ad.Square(ad.Sub(b, ad.Square(a)))))
	}
	return sum(terms...)
}

func beale(x ad.Value) ad.Value { // (5)
	var terms []ad.Value
	for i, y := range []float64{1.5, 2.25, 2.625} {
		power := ad.Pow(at(x, 1), i+1)
		terms = append(terms, ad.Square(ad.Sub(y, ad.Mul(at(x, 0), ad.Sub(1, power)))))
	}
	return sum(terms...)
}

func powellSingular(x ad.Value) ad.Value { // (13)
	a, b, c, d := at(x, 0), at(x, 1), at(x, 2), at(x, 3)
	return sum(ad.Square(ad.Add(a, ad.Mul(10, b))), ad.Mul(5, ad.Square(ad.Sub(c, d))),
		quartic(ad.Sub(b, ad.Mul(2, c))), ad.Mul(10, quartic(ad.Sub(a, d))))
}

func wood(x ad.Value) ad.Value { // (14)
	a, b, c, d := at(x, 0), at(x, 1), at(x, 2), at(x, 3)
	return sum(ad.Mul(100, ad.Square(ad.Sub(b, ad.Square(a)))), ad.Square(ad.Sub(1, a)),
		ad.Mul(90, ad.Square(ad.Sub(d, ad.Square(c)))), ad.Square(ad.Sub(1, c)),
		ad.Mul(10, ad.Square(ad.Sub(ad.Add(b, d), 2))), ad.Mul(.1, ad.Square(ad.Sub(b, d))))
}

func brown(x ad.Value) ad.Value { // (4)
	a, b := at(x, 0), at(x, 1)
	return sum(ad.Square(ad.Sub(a, 1e6)), ad.Square(ad.Sub(b, 2e-6)),
		ad.Square(ad.Sub(ad.Mul(a, b), 2)))
}

func powellBadlyScaled(x ad.Value) ad.Value { // (3)
	a, b := at(x, 0), at(x, 1)
	return ad.Add(ad.Square(ad.Sub(ad.Mul(1e4, ad.Mul(a, b)), 1)),
		ad.Square(ad.Sub(ad.Add(ad.Exp(ad.Neg(a)), ad.Exp(ad.Neg(b))), 1.0001)))
}

func himmelblau(x ad.Value) ad.Value {
	a, b := at(x, 0), at(x, 1)
	return ad.Add(ad.Square(ad.Sub(ad.Add(ad.Square(a), b), 11)),
		ad.Square(ad.Sub(ad.Add(a, ad.Square(b)), 7)))
}

// illConditioned is ½ Σ cᵢ(xᵢ - 1)² with c from 1 to 1e8.
func illConditioned(x ad.Value) ad.Value {
	c := ad.Convert(ad.Vector(1, 1e2, 1e4, 1e6, 1e8), x.DType())
	return ad.Mul(.5, ad.Sum(ad.Mul(c, ad.Square(ad.Sub(x, 1)))))
}

// logSumExp is log Σ exp(xᵢ) - x·w with weights w that sum to one, and a small pull to zero.
func logSumExp(x ad.Value) ad.Value {
	w := ad.Convert(ad.Vector(.1, .2, .3, .4), x.DType())
	return sum(ad.Log(ad.Sum(ad.Exp(x))), ad.Neg(ad.Dot(x, w)), ad.Mul(.01, ad.Dot(x, x)))
}

func solvable() []problem {
	many := make([]float64, 10)
	ones := make([]float64, 10)
	for i := range many {
		many[i], ones[i] = []float64{-1.2, 1}[i%2], 1
	}
	scaled := func(c, shift float64) func(ad.Value) ad.Value {
		return func(x ad.Value) ad.Value { return ad.Add(ad.Mul(c, rosenbrock(x)), shift) }
	}
	return []problem{
		{"Rosenbrock", rosenbrock, []float64{-1.2, 1}, 0, []float64{1, 1}, 0},
		{"Rosenbrock in ten dimensions", rosenbrock, many, 0, ones, 0},
		{"Rosenbrock in small units", scaled(1e-10, 0), []float64{-1.2, 1}, 0, []float64{1, 1},
			1e-3},
		{"Rosenbrock in large units", scaled(1e10, 0), []float64{-1.2, 1}, 0, []float64{1, 1}, 0},
		{"Rosenbrock on a height", scaled(1, 1e6), []float64{-1.2, 1}, 1e6, nil, 0},
		{"Beale", beale, []float64{1, 1}, 0, []float64{3, .5}, 0},
		{"Powell singular", powellSingular, []float64{3, -1, 0, 1}, 0, []float64{0, 0, 0, 0}, .1},
		{"Wood", wood, []float64{-3, -1, -3, -1}, 0, []float64{1, 1, 1, 1}, 0},
		{"Brown badly scaled", brown, []float64{1, 1}, 0, []float64{1e6, 2e-6}, 0},
		{"Himmelblau", himmelblau, []float64{0, 0}, 0, []float64{3, 2}, 0},
		{"ill-conditioned", illConditioned, []float64{0, 0, 0, 0, 0}, 0, []float64{1, 1, 1, 1, 1},
			1e-2},
		{"quartic", func(x ad.Value) ad.Value { return ad.Sum(quartic(ad.Sub(x, 2))) },
			[]float64{3, -1}, 0, []float64{2, 2}, 1e-1},
		{"log-sum-exp", logSumExp, []float64{1, 2, -1, 0}, nan, nil, 0},
		{"parabola", func(x ad.Value) ad.Value { return ad.Sum(ad.Square(ad.Sub(x, 3))) },
			[]float64{-5}, 0, []float64{3}, 0},
		{"starts at the minimum", himmelblau, []float64{3, 2}, 0, []float64{3, 2}, 0},
		{"starts beside the minimum", logSumExp, []float64{-.8, -.1, .3, .6}, nan, nil, 0},
		{"a logarithm's domain", func(x ad.Value) ad.Value {
			return ad.Sum(ad.Sub(x, ad.Mul(2, ad.Log(x))))
		},
			[]float64{30, .01}, 2 * (2 - 2*math.Ln2), []float64{2, 2}, 0},
		{"ridge",
			func(x ad.Value) ad.Value { return ad.Square(ad.Sub(ad.Mul(at(x, 0), at(x, 1)), 2)) },
			[]float64{3, 3}, 0, nil, 0},
		{"a kink that is a float", func(x ad.Value) ad.Value {
			return ad.Sum(ad.Abs(ad.Sub(x, math.Pi)))
		}, []float64{7}, 0,
			[]float64{math.Pi}, 0},
		{"far away", func(x ad.Value) ad.Value { return ad.Sum(ad.Square(ad.Sub(x, 1e4))) },
			[]float64{0, 1}, 0,
			[]float64{1e4, 1e4}, 1e-1},
	}
}

// demanding are problems for float64 only.
func demanding() []problem {
	return []problem{
		{"Powell badly scaled", powellBadlyScaled, []float64{0, 1}, 0,
			[]float64{1.0981593e-5, 9.1061467}, 1e-3},
	}
}

// failure is a problem without a minimum to be found, and what may be said of it.
type failure struct {
	name  string
	f     func(x ad.Value) ad.Value
	start []float64
	want  []status.Code
}

func failures() []failure {
	saddle := func(x ad.Value) ad.Value { return ad.Sub(ad.Square(at(x, 0)), ad.Square(at(x, 1))) }
	mild := func(x ad.Value) ad.Value {
		return ad.Sub(ad.Mul(1e4, ad.Square(at(x, 0))),
			ad.Sub(ad.Mul(.1, ad.Square(at(x, 1))), quartic(at(x, 1))))
	}
	high := make([]float64, 30)
	highSaddle := func(x ad.Value) ad.Value {
		return ad.Sub(ad.Dot(x, x), ad.Mul(3, ad.Square(at(x, 7))))
	}
	// No float is on the kink, and on either side the slope is more than one.
	kink := func(x ad.Value) ad.Value { return ad.Sum(ad.Max(ad.Exp(x), ad.Sub(3, ad.Mul(2, x)))) }
	stuck := []status.Code{status.Stalled, status.Unchecked}
	return []failure{
		{"saddle", saddle, []float64{0, 0}, []status.Code{status.Saddle}},
		{"leaps onto a maximum", func(x ad.Value) ad.Value {
			return ad.Sum(ad.Abs(ad.Sub(ad.Square(x),
				2)))
		},
			[]float64{7}, []status.Code{status.Saddle}},
		{"saddle on the way", saddle, []float64{1, 0}, []status.Code{status.Saddle}},
		{"mild saddle", mild, []float64{0, 0}, []status.Code{status.Saddle}},
		{"saddle in thirty dimensions", highSaddle, high, []status.Code{status.Saddle}},
		{"maximum", func(x ad.Value) ad.Value { return ad.Sum(ad.Cos(x)) }, []float64{0, 0},
			[]status.Code{status.Saddle}},
		{"inflection", func(x ad.Value) ad.Value { return ad.Sum(ad.Pow(x, 3)) }, []float64{1.3},
			[]status.Code{status.Unchecked, status.Unbounded}},
		{"inflection across a bowl", func(x ad.Value) ad.Value {
			return ad.Add(ad.Pow(at(x, 0), 3), ad.Mul(100, ad.Square(ad.Sub(at(x, 1), at(x, 0)))))
		}, []float64{1.3, -1}, []status.Code{status.Unchecked, status.Unbounded}},
		{"Himmelblau's maximum", himmelblau, []float64{-0.270844590667, -0.923038522181},
			[]status.Code{status.Converged, status.AtPrecision, status.Saddle}},
		{"kink", kink, []float64{7}, stuck},
		{"two kinks", kink, []float64{7, 5}, stuck},
		{"kink in a bowl", func(x ad.Value) ad.Value {
			return ad.Add(kink(x),
				ad.Square(ad.Sub(at(x, 0), 3)))
		},
			[]float64{7, 5}, stuck},
		{"unbounded line", func(x ad.Value) ad.Value { return ad.Sum(x) }, []float64{1, 2},
			[]status.Code{status.Unbounded}},
		{"unbounded cubic", func(x ad.Value) ad.Value { return ad.Sum(ad.Pow(x, 3)) },
			[]float64{1, 2}, []status.Code{status.Unbounded}},
		{"unbounded parabola", func(x ad.Value) ad.Value { return ad.Neg(ad.Dot(x, x)) },
			[]float64{1, 2}, []status.Code{status.Unbounded}},
		{"starts outside", func(x ad.Value) ad.Value { return ad.Sum(ad.Log(x)) }, []float64{-1, 1},
			[]status.Code{status.NotFinite}},
		{"starts at infinity", rosenbrock, []float64{inf, 1}, []status.Code{status.NotFinite}},
		{"starts at NaN", rosenbrock, []float64{nan, 1}, []status.Code{status.NotFinite}},
		{"NaN everywhere", func(x ad.Value) ad.Value {
			return ad.Sum(ad.Sqrt(ad.Sub(-1,
				ad.Square(x))))
		}, []float64{1, 1},
			[]status.Code{status.NotFinite}},
		{"derivative infinite", func(x ad.Value) ad.Value { return ad.Sum(ad.Sqrt(x)) },
			[]float64{0, 0}, []status.Code{status.NotFinite}},
	}
}

func vector(d ad.DType, xs []float64) ad.Value { return ad.Convert(ad.Vector(xs...), d) }

func bfgs(f func(ad.Value) ad.Value, x ad.Value) minimise.Result[ad.Value] {
	return minimise.Find(f, x, minimise.BFGS{MaxSteps: 500})
}

func number(v ad.Value) float64 { return ad.Convert(v, ad.Float64).Float() }
