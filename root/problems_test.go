package root_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/root"
	"pullback/status"
)

// problem is one unknown for every method. f is in y and a parameter θ, at which it is solved.
type problem struct {
	name        string
	f           func(y, theta ad.Value) ad.Value
	theta       float64
	start       float64    // Newton's; NaN where Newton is not to try
	bracket     [2]float64 // of the others; both NaN where there is none
	root        float64
	slope, bend float64 // dy/dθ and d²y/dθ²; NaN where the theorem does not hold
	tolerance   float64 // on the root, relative; the default is that asked for
}

var nan, inf = math.NaN(), math.Inf(1)

// solvable lists problems with a root.
func solvable() []problem {
	sqrtTwo := math.Sqrt(2)
	return []problem{
		{name: "linear", f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Mul(y, 3), a) },
			theta: 6, start: 0, bracket: [2]float64{-10, 10}, root: 2, slope: 1. / 3, bend: 0},
		{name: "square", f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Mul(y, y), a) },
			theta: 2, start: 1, bracket: [2]float64{0, 2}, root: sqrtTwo,
			slope: 1 / (2 * sqrtTwo), bend: -1 / (8 * sqrtTwo)},
		{name: "bracket reversed",
			f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Mul(y, y), a) }, theta: 2, start: 9,
			bracket: [2]float64{2, 0}, root: sqrtTwo,
			slope: 1 / (2 * sqrtTwo), bend: -1 / (8 * sqrtTwo)},
		{name: "root at an end", f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Mul(y, y), a) },
			theta: 4, start: 2, bracket: [2]float64{2, 5}, root: 2, slope: .25, bend: -1. / 32},
		{name: "cubic", f: func(y, a ad.Value) ad.Value {
			return ad.Sub(ad.Sub(ad.Mul(y, ad.Mul(y, y)),
				ad.Mul(y, 2)), a)
		},
			theta: 5, start: 2, bracket: [2]float64{2, 3}, root: 2.0945514815423265,
			slope: cubicSlope,
			bend:  -6 * 2.0945514815423265 * cubicSlope * cubicSlope * cubicSlope},
		{name: "exponential", f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Exp(y), a) },
			theta: 3, start: 0, bracket: [2]float64{-5, 5}, root: math.Log(3), slope: 1. / 3,
			bend: -1. / 9},
		{name: "logarithm", f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Log(y), a) },
			theta: 1.5, start: 1, bracket: [2]float64{.1,
				50}, root: math.Exp(1.5), slope: math.Exp(1.5), bend: math.Exp(1.5)},
		{name: "steep", f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Exp(ad.Mul(y, 30)), a) },
			theta: 7, start: .1, bracket: [2]float64{-1,
				1}, root: math.Log(7) / 30, slope: 1. / 210, bend: -1. / 1470},
		{name: "cosine", f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Cos(y), ad.Mul(a, y)) },
			theta: 1, start: 1, bracket: [2]float64{0,
				2}, root: cosineRoot, slope: cosineSlope, bend: cosineBend},
		{name: "zero", f: func(y, a ad.Value) ad.Value { return ad.Mul(ad.Tanh(y), ad.Add(a, 1)) },
			theta: 1, start: .9, bracket: [2]float64{-1, 2}, root: 0, slope: 0, bend: 0},
		{name: "large",
			f:     func(y, a ad.Value) ad.Value { return ad.Sub(ad.Mul(y, y), ad.Mul(a, 1e20)) },
			theta: 4, start: 1e10, bracket: [2]float64{0,
				1e12}, root: 2e10, slope: 1e10 / 4, bend: -1e10 / 32},
		{name: "small values", f: func(y, a ad.Value) ad.Value {
			return ad.Mul(ad.Sub(ad.Mul(y, y), a),
				1e-15)
		},
			theta: 2, start: 1, bracket: [2]float64{0,
				2}, root: sqrtTwo, slope: 1 / (2 * sqrtTwo), bend: -1 / (8 * sqrtTwo)},
		{name: "large values", f: func(y, a ad.Value) ad.Value {
			return ad.Mul(ad.Sub(ad.Mul(y, y), a),
				1e15)
		},
			theta: 2, start: 1, bracket: [2]float64{0,
				2}, root: sqrtTwo, slope: 1 / (2 * sqrtTwo), bend: -1 / (8 * sqrtTwo)},
		{name: "double root", f: func(y, a ad.Value) ad.Value { return ad.Square(ad.Sub(y, a)) },
			theta: 1, start: 3, bracket: [2]float64{nan, nan}, root: 1, slope: nan, bend: nan},
		{name: "triple root", f: func(y, a ad.Value) ad.Value {
			d := ad.Sub(y, a)
			return ad.Mul(d, ad.Square(d))
		}, theta: 1, start: 3, bracket: [2]float64{0, 2.7}, root: 1, slope: nan, bend: nan,
			tolerance: 1e-3},
		{name: "flat", f: func(y, a ad.Value) ad.Value { return ad.Pow(ad.Sub(y, a), 9) },
			theta: 1, start: nan, bracket: [2]float64{0,
				2.7}, root: 1, slope: nan, bend: nan, tolerance: 1e-1},
		{name: "defined beside the root only", f: func(y,
			a ad.Value) ad.Value {
			return ad.Sub(ad.Sqrt(y), a)
		},
			theta: .5, start: .3, bracket: [2]float64{0, 9}, root: .25, slope: 1, bend: 2},
		{name: "infinite at an end",
			f: func(y, a ad.Value) ad.Value { return ad.Sub(ad.Log(y), a) }, theta: 1.5, start: 1,
			bracket: [2]float64{0, 50}, root: math.Exp(1.5), slope: math.Exp(1.5),
			bend: math.Exp(1.5)},
		{name: "market", f: func(y, c ad.Value) ad.Value {
			return ad.Sub(ad.Sub(100, ad.Mul(2, ad.Pow(y, c))),
				ad.Mul(5, ad.Pow(3, ad.Mul(.15, y))))
		}, theta: .5, start: 5, bracket: [2]float64{0, 100}, root: 17.646364, slope: nan, bend: nan,
			tolerance: 1e-6},
	}
}

const (
	cubicSlope  = 1 / (3*2.0945514815423265*2.0945514815423265 - 2)
	cosineRoot  = 0.7390851332151607
	cosineSlope = -cosineRoot / (0.6736120291832148 + 1) // -y/(sin y + θ)
)

// cosineBend is the second derivative of y in cos y = θy: from -(sin y + θ)y' = y,
// -(cos y·y' + 1)y' - (sin y + θ)y” = y'.
const cosineBend = -(cosineRoot*cosineSlope*cosineSlope + 2*cosineSlope) / (0.6736120291832148 + 1)

// failure is a problem without a root in reach, and what is to be said of it.
type failure struct {
	name    string
	f       func(y ad.Value) ad.Value
	method  func(d ad.DType) solver
	want    []status.Code
	maxLast float64 // Last is finite and within this; 0: not asked
}

func failures() []failure {
	newton := func(start float64) func(ad.DType) solver {
		return func(d ad.DType) solver { return newtonAt(ad.Full(d, start), root.Newton{}) }
	}
	bisect := func(a, b float64) func(ad.DType) solver {
		return func(d ad.DType) solver { return within(bisection, d, a, b, 0) }
	}
	brent := func(a, b float64) func(ad.DType) solver {
		return func(d ad.DType) solver { return within(brentMethod, d, a, b, 0) }
	}
	scanned := func(a, b float64) func(ad.DType) solver {
		return func(d ad.DType) solver { return within(scan, d, a, b, 0) }
	}
	robust := func(start float64) func(ad.DType) solver {
		return func(d ad.DType) solver {
			return func(f func(ad.Value) ad.Value) root.Result[ad.Value] {
				return ways()["robust"](f, ad.Full(d, start))
			}
		}
	}
	twoRoots := func(y ad.Value) ad.Value { return ad.Sub(ad.Square(y), 2) }
	noRoot := func(y ad.Value) ad.Value { return ad.Add(ad.Mul(y, y), 1) }
	pole := func(y ad.Value) ad.Value { return ad.Div(1, ad.Sub(y, .3)) }
	cubicPole := func(y ad.Value) ad.Value { return ad.Div(1, ad.Pow(ad.Sub(y, .3), 3)) }
	sign := func(y ad.Value) ad.Value { return ad.Sign(ad.Sub(y, .3)) }
	jump := func(y ad.Value) ad.Value { return ad.Add(ad.Sub(y, .3), ad.Sign(ad.Sub(y, .3))) }
	logarithm := func(y ad.Value) ad.Value { return ad.Sub(ad.Log(y), 1) }
	root3 := func(y ad.Value) ad.Value { return ad.Mul(ad.Sign(y), ad.Pow(ad.Abs(y), 1./3)) }
	flat := func(y ad.Value) ad.Value { return ad.Add(ad.Mul(y, 0), 1) }
	cycle := func(y ad.Value) ad.Value {
		return ad.Add(ad.Sub(ad.Mul(y, ad.Mul(y, y)), ad.Mul(y, 2)),
			2)
	}
	poleMet := func(y ad.Value) ad.Value { return ad.Div(1, ad.Sub(y, 1)) }
	vanishing := func(y ad.Value) ad.Value { return ad.Exp(ad.Neg(y)) }
	return []failure{
		{"no root, Newton", noRoot, newton(3), []status.Code{status.OutOfSteps, status.NotFinite},
			0},
		{"no root, bisection", noRoot, bisect(-1, 2), []status.Code{status.NoBracket}, 2},
		{"no root, Brent", noRoot, brent(-1, 2), []status.Code{status.NoBracket}, 2},
		{"empty bracket", noRoot, bisect(1, 1), []status.Code{status.NoBracket}, 1},
		{"pole, bisection", pole, bisect(0, 2), []status.Code{status.Jump, status.NotFinite}, 1},
		{"pole, Brent", pole, brent(0, 2), []status.Code{status.Jump, status.NotFinite}, 1},
		{"cubic pole, bisection", cubicPole, bisect(0, 2),
			[]status.Code{status.Jump, status.NotFinite}, 1},
		{"cubic pole, Brent", cubicPole, brent(0, 2), []status.Code{status.Jump, status.NotFinite},
			1},
		{"pole met, bisection", poleMet, bisect(0, 2), []status.Code{status.Jump}, 2},
		{"pole met, Brent", poleMet, brent(0, 2), []status.Code{status.Jump}, 2},
		{"pole met late, Brent", poleMet, brent(-2, 8), []status.Code{status.Jump}, 2},
		{"underflow, Newton", vanishing, func(d ad.DType) solver {
			return newtonAt(ad.Full(d, 1), root.Newton{MaxSteps: 2000})
		}, []status.Code{status.Unchecked}, 800},
		{"no root, scan", noRoot, scanned(-1, 2), []status.Code{status.NoBracket}, 2},
		{"two roots, scan", twoRoots, scanned(-5, 5), []status.Code{status.Several}, 5},
		{"pole, scan", pole, scanned(0, 2), []status.Code{status.Jump}, 1},
		{"bracket infinite, scan", twoRoots, scanned(-1, inf), []status.Code{status.NotFinite}, 0},
		{"no root, robust", noRoot, robust(3), []status.Code{status.Stalled, status.OutOfSteps},
			0},
		{"flat, robust", flat, robust(1), []status.Code{status.Stalled}, 2},
		{"sign, bisection", sign, bisect(-1, 2), []status.Code{status.Jump}, 1},
		{"sign, Brent", sign, brent(-1, 2), []status.Code{status.Jump}, 1},
		{"jump, bisection", jump, bisect(-1, 2), []status.Code{status.Unchecked}, 1},
		{"jump, Brent", jump, brent(-1, 2), []status.Code{status.Unchecked}, 1},
		{"leaves the domain", logarithm, newton(20), []status.Code{status.NotFinite}, 100},
		{"starts outside", logarithm, newton(-1), []status.Code{status.NotFinite}, 1},
		{"bracket outside", logarithm, brent(-1, 5), []status.Code{status.NotFinite}, 5},
		{"bracket infinite", func(y ad.Value) ad.Value { return y }, brent(-1, inf),
			[]status.Code{status.NotFinite}, 0},
		{"starts at NaN", logarithm, newton(nan), []status.Code{status.NotFinite}, 0},
		{"starts at infinity", noRoot, newton(inf), []status.Code{status.NotFinite}, 0},
		{"flat", flat, newton(1), []status.Code{status.NotFinite}, 1},
		{"stationary start", func(y ad.Value) ad.Value { return ad.Sub(ad.Mul(y, y), 1) },
			newton(0), []status.Code{status.NotFinite}, 1},
		{"diverges", root3, newton(1), []status.Code{status.OutOfSteps, status.NotFinite}, 0},
		{"cycle of two", cycle, newton(0), []status.Code{status.OutOfSteps}, 2},
	}
}

// solver is a method bound to its type parameters and its guess.
type solver func(f func(ad.Value) ad.Value) root.Result[ad.Value]

func newtonAt(start ad.Value, m root.Newton) solver {
	return func(f func(ad.Value) ad.Value) root.Result[ad.Value] { return root.Find(f, start, m) }
}

func bisection(lower, upper ad.Value, tolerance float64, guess ad.Value) solver {
	return func(f func(ad.Value) ad.Value) root.Result[ad.Value] {
		return root.Find(f, guess, root.Bisection{Lower: lower, Upper: upper, RTol: tolerance,
			ATol: tolerance})
	}
}

func brentMethod(lower, upper ad.Value, tolerance float64, guess ad.Value) solver {
	return func(f func(ad.Value) ad.Value) root.Result[ad.Value] {
		return root.Find(f, guess, root.Brent{Lower: lower, Upper: upper, RTol: tolerance,
			ATol: tolerance})
	}
}

func scan(lower, upper ad.Value, tolerance float64, guess ad.Value) solver {
	return func(f func(ad.Value) ad.Value) root.Result[ad.Value] {
		return root.Find(f, guess, root.Scan{Lower: lower, Upper: upper, Points: 20,
			RTol: tolerance, ATol: tolerance})
	}
}

type bracketing func(lower, upper ad.Value, tolerance float64, guess ad.Value) solver

// within is a bracketing method in element type d.
func within(m bracketing, d ad.DType, lower, upper, tolerance float64) solver {
	return m(ad.Full(d, lower), ad.Full(d, upper), tolerance, ad.Full(d, 0))
}

// solvers lists the methods that apply to a problem.
func (p problem) solvers(d ad.DType) map[string]solver {
	out := map[string]solver{}
	if !math.IsNaN(p.start) {
		start := ad.Full(d, p.start)
		out["newton"] = newtonAt(start, root.Newton{})
		for name, way := range ways() {
			if d == ad.Float32 {
				continue // they are in TestHardSystems
			}
			out[name] = func(f func(ad.Value) ad.Value) root.Result[ad.Value] {
				return way(f, start)
			}
		}
	}
	if !math.IsNaN(p.bracket[0]) {
		out["bisection"] = within(bisection, d, p.bracket[0], p.bracket[1], 0)
		out["brent"] = within(brentMethod, d, p.bracket[0], p.bracket[1], 0)
		out["scan"] = within(scan, d, p.bracket[0], p.bracket[1], 0)
	}
	return out
}

// accuracy is the relative error to accept in a root, a slope and a bend.
func (p problem) accuracy(d ad.DType) float64 {
	asked := 4e-8
	if d == ad.Float32 {
		asked = 4e-4
	}
	return max(asked, p.tolerance)
}

// forAll runs a test over every problem, method and precision.
func forAll(t *testing.T, test func(t *testing.T, p problem, d ad.DType, s solver)) {
	for _, p := range solvable() {
		for _, d := range []ad.DType{ad.Float64, ad.Float32} {
			for name, s := range p.solvers(d) {
				t.Run(p.name+"/"+name+"/"+d.String(), func(t *testing.T) { test(t, p, d, s) })
			}
		}
	}
}
