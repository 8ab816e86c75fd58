package leastsquares_test

import (
	"math"

	"pullback/ad"
	"pullback/leastsquares"
	"pullback/status"
)

var nan, inf = math.NaN(), math.Inf(1)

// problem has residuals, a start, the least sum of squares and, where there is only one, its
// minimiser. Numbers in brackets are those of Moré, Garbow and Hillstrom, Testing Unconstrained
// Optimization Software, ACM TOMS 7, 1981.
type problem struct {
	name      string
	r         func(x ad.Value) ad.Value
	start     []float64
	squares   float64
	minimiser []float64 // nil where there are several
	tolerance float64   // on the minimiser in float64; the default is 1e-7
}

func at(x ad.Value, i int) ad.Value { return ad.At(x, i) }

func stack(rs ...ad.Value) ad.Value { return ad.Stack(0, rs...) }

// each is 1, 2, ... m.
func each(d ad.DType, m int) ad.Value {
	return ad.Convert(ad.Add(ad.Arange(ad.Int64, m), 1), d)
}

func rosenbrock(x ad.Value) ad.Value { // (1)
	a, b := at(x, 0), at(x, 1)
	return stack(ad.Mul(10, ad.Sub(b, ad.Square(a))), ad.Sub(1, a))
}

func freudensteinRoth(x ad.Value) ad.Value { // (2)
	a, b := at(x, 0), at(x, 1)
	first := ad.Mul(ad.Sub(ad.Mul(ad.Sub(5, b), b), 2), b)
	second := ad.Mul(ad.Sub(ad.Mul(ad.Add(b, 1), b), 14), b)
	return stack(ad.Add(ad.Sub(a, 13), first), ad.Add(ad.Sub(a, 29), second))
}

func brown(x ad.Value) ad.Value { // (4)
	a, b := at(x, 0), at(x, 1)
	return stack(ad.Sub(a, 1e6), ad.Sub(b, 2e-6), ad.Sub(ad.Mul(a, b), 2))
}

func beale(x ad.Value) ad.Value { // (5)
	var rs []ad.Value
	for i, y := range []float64{1.5, 2.25, 2.625} {
		rs = append(rs, ad.Sub(y, ad.Mul(at(x, 0), ad.Sub(1, ad.Pow(at(x, 1), i+1)))))
	}
	return stack(rs...)
}

func jennrichSampson(x ad.Value) ad.Value { // (6)
	i := each(x.DType(), 10)
	grown := ad.Add(ad.Exp(ad.Mul(i, at(x, 0))), ad.Exp(ad.Mul(i, at(x, 1))))
	return ad.Sub(ad.Add(ad.Mul(i, 2), 2), grown)
}

func helicalValley(x ad.Value) ad.Value { // (7)
	a, b, c := at(x, 0), at(x, 1), at(x, 2)
	turns := ad.Div(ad.Atan2(b, a), 2*math.Pi)
	radius := ad.Sqrt(ad.Add(ad.Square(a), ad.Square(b)))
	return stack(ad.Mul(10, ad.Sub(c, ad.Mul(10, turns))), ad.Mul(10, ad.Sub(radius, 1)), c)
}

func bard(x ad.Value) ad.Value { // (8)
	y := vector(x.DType(), []float64{.14, .18, .22, .25, .29, .32, .35, .39, .37, .58, .73, .96,
		1.34, 2.10, 4.39})
	u := each(x.DType(), 15)
	v := ad.Sub(16, u)
	below := ad.Add(ad.Mul(v, at(x, 1)), ad.Mul(ad.Min(u, v), at(x, 2)))
	return ad.Sub(y, ad.Add(at(x, 0), ad.Div(u, below)))
}

func meyer(x ad.Value) ad.Value { // (10)
	y := vector(x.DType(), []float64{34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261,
		7030, 6005, 5147, 4427, 3820, 3307, 2872})
	t := ad.Add(ad.Mul(each(x.DType(), 16), 5), 45)
	return ad.Sub(ad.Mul(at(x, 0), ad.Exp(ad.Div(at(x, 1), ad.Add(t, at(x, 2))))), y)
}

func box3D(x ad.Value) ad.Value { // (12)
	t := ad.Mul(each(x.DType(), 10), .1)
	one := ad.Like(x, 1)
	sum := ad.Sub(decay(one, at(x, 0), t), decay(one, at(x, 1), t))
	other := ad.Sub(ad.Exp(ad.Neg(t)), ad.Exp(ad.Mul(t, -10)))
	return ad.Sub(sum, ad.Mul(at(x, 2), other))
}

func powellSingular(x ad.Value) ad.Value { // (13)
	a, b, c, d := at(x, 0), at(x, 1), at(x, 2), at(x, 3)
	return stack(ad.Add(a, ad.Mul(10, b)), ad.Mul(math.Sqrt(5), ad.Sub(c, d)),
		ad.Square(ad.Sub(b, ad.Mul(2, c))), ad.Mul(math.Sqrt(10), ad.Square(ad.Sub(a, d))))
}

func kowalikOsborne(x ad.Value) ad.Value { // (15)
	y := vector(x.DType(), []float64{.1957, .1947, .1735, .1600, .0844, .0627, .0456, .0342,
		.0323, .0235, .0246})
	u := vector(x.DType(), []float64{4, 2, 1, .5, .25, .167, .125, .1, .0833, .0714, .0625})
	above := ad.Mul(at(x, 0), ad.Mul(u, ad.Add(u, at(x, 1))))
	return ad.Sub(y, ad.Div(above, ad.Add(ad.Mul(u, ad.Add(u, at(x, 2))), at(x, 3))))
}

func brownDennis(x ad.Value) ad.Value { // (16)
	t := ad.Mul(each(x.DType(), 20), .2)
	line := ad.Sub(ad.Add(at(x, 0), ad.Mul(t, at(x, 1))), ad.Exp(t))
	circle := ad.Sub(ad.Add(at(x, 2), ad.Mul(at(x, 3), ad.Sin(t))), ad.Cos(t))
	return ad.Add(ad.Square(line), ad.Square(circle))
}

func discreteBoundaryValue(x ad.Value) ad.Value { // (28), from zero
	n := x.Size()
	h := 1 / float64(n+1)
	t := ad.Mul(each(x.DType(), n), h)
	padded := ad.Pad(x, []int{1}, []int{1})
	left, right := ad.Slice(padded, []int{0}, []int{n}), ad.Slice(padded, []int{2}, []int{n + 2})
	cube := ad.Pow(ad.Add(ad.Add(x, t), 1), 3)
	return ad.Add(ad.Sub(ad.Sub(ad.Mul(x, 2), left), right), ad.Mul(cube, h*h/2))
}

func rankOne(x ad.Value) ad.Value { // (33), with ten equations
	i := each(x.DType(), 10)
	return ad.Sub(ad.Mul(i, ad.Dot(each(x.DType(), x.Size()), x)), 1)
}

// ridge depends on x·y alone.
func ridge(x ad.Value) ad.Value {
	i := each(x.DType(), 5)
	return ad.Sub(ad.Mul(ad.Sqrt(i), ad.Mul(at(x, 0), at(x, 1))), i)
}

// exact is data of three digits with no error but rounding.
func exact(x ad.Value) ad.Value {
	t := each(x.DType(), 9)
	return ad.Sub(decay(at(x, 0), at(x, 1), t), decay(ad.Like(x, 3.21), ad.Like(x, .123), t))
}

// domain is defined for positive x alone.
func domain(x ad.Value) ad.Value { return ad.Sub(ad.Log(x), vector(x.DType(), []float64{0, 1})) }

// ridgeSquares is the least sum of squares of ridge: Σi² - (Σi√i)²/Σi.
func ridgeSquares() float64 {
	var mixed float64
	for i := 1.; i <= 5; i++ {
		mixed += i * math.Sqrt(i)
	}
	return 55 - mixed*mixed/15
}

func scaled(c float64, r func(ad.Value) ad.Value) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value { return ad.Mul(c, r(x)) }
}

func solvable() []problem {
	fl := func(x ...float64) []float64 { return x }
	return []problem{
		{"Rosenbrock", rosenbrock, fl(-1.2, 1), 0, fl(1, 1), 0},
		{"Rosenbrock in small units", scaled(1e-8, rosenbrock), fl(-1.2, 1), 0, fl(1, 1), 0},
		{"Rosenbrock in large units", scaled(1e8, rosenbrock), fl(-1.2, 1), 0, fl(1, 1), 0},
		{"Freudenstein and Roth", freudensteinRoth, fl(.5, -2), 48.98425367924, nil, 0},
		{"Freudenstein and Roth, near", freudensteinRoth, fl(4, 5), 0, fl(5, 4), 0},
		{"Brown badly scaled", brown, fl(1, 1), 0, fl(1e6, 2e-6), 0},
		{"Beale", beale, fl(1, 1), 0, fl(3, .5), 0},
		{"Jennrich and Sampson", jennrichSampson, fl(.3, .4), 124.36218235562,
			fl(.2578252136709, .2578252136709), 1e-6},
		{"helical valley", helicalValley, fl(-1, 0, 0), 0, fl(1, 0, 0), 0},
		{"Bard", bard, fl(1, 1, 1), 8.2148773065790e-3, nil, 0},
		{"Meyer", meyer, fl(.02, 4000, 250), 87.945855171, nil, 0},
		{"Box in three dimensions", box3D, fl(0, 10, 20), 0, nil, 0},
		{"Powell singular", powellSingular, fl(3, -1, 0, 1), 0, fl(0, 0, 0, 0), 1e-3},
		{"Kowalik and Osborne", kowalikOsborne, fl(.25, .39, .415, .39), 3.0750560385e-4, nil, 0},
		{"Brown and Dennis", brownDennis, fl(25, 5, -5, -1), 85822.2016263563, nil, 0},
		{"rank one", rankOne, fl(1, 1, 1, 1, 1), 90. / 42, nil, 0},
		{"ridge", ridge, fl(3, 4), ridgeSquares(), nil, 0},
		{"data without errors", exact, fl(1, 1), 0, fl(3.21, .123), 0},
		{"a logarithm's domain", domain, fl(30, .01), 0, fl(1, math.E), 0},
		{"starts at the minimum", rosenbrock, fl(1, 1), 0, fl(1, 1), 0},
		{"one unknown", func(x ad.Value) ad.Value { return ad.Sub(ad.Exp(x), 2) }, fl(3), 0,
			fl(math.Ln2), 0},
		{"fewer equations than unknowns", func(x ad.Value) ad.Value {
			return ad.ExpandDims(ad.Sub(ad.Dot(x, x), 1), 0)
		}, fl(1, 2, -3), 0, nil, 0},
		{"twenty unknowns", discreteBoundaryValue, make([]float64, 20), 0, nil, 0},
		{"a bowl of parabolas", func(x ad.Value) ad.Value { return ad.Add(ad.Square(x), 1) },
			fl(2, -1), 2, fl(0, 0), 1e-4},
	}
}

// failure is a problem without a minimum to be found, and what may be said of it.
type failure struct {
	name  string
	r     func(x ad.Value) ad.Value
	start []float64
	want  []status.Code
}

func failures() []failure {
	hump := func(x ad.Value) ad.Value { return ad.Sub(ad.Square(x), 1) }
	return []failure{
		{"maximum", hump, []float64{0, 0}, []status.Code{status.Saddle}},
		{"saddle", hump, []float64{1, 0}, []status.Code{status.Saddle}},
		{"saddle on the way", hump, []float64{3, 0}, []status.Code{status.Saddle}},
		{"kink", func(x ad.Value) ad.Value { return ad.Add(ad.Abs(ad.Sub(x, math.Pi)), 1) },
			[]float64{7}, []status.Code{status.Stalled, status.Unchecked}},
		{"an exponential that dies out", func(x ad.Value) ad.Value {
			return ad.Add(ad.Exp(ad.Mul(each(x.DType(), 3), ad.Neg(ad.Exp(ad.At(x, 0))))), 1)
		}, []float64{1}, []status.Code{status.Unchecked}},
		{"starts outside", domain, []float64{-1, 1}, []status.Code{status.NotFinite}},
		{"starts at infinity", rosenbrock, []float64{inf, 1}, []status.Code{status.NotFinite}},
		{"starts at NaN", rosenbrock, []float64{nan, 1}, []status.Code{status.NotFinite}},
		{"derivative infinite", ad.Sqrt, []float64{0, 0}, []status.Code{status.NotFinite}},
	}
}

func fit(r func(ad.Value) ad.Value, x ad.Value) leastsquares.Result[ad.Value] {
	return leastsquares.Find(r, x, leastsquares.LevenbergMarquardt{})
}
