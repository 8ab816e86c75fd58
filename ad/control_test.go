package ad_test

import (
	"math"
	"strings"
	"testing"

	"pullback/ad"
)

// TestABranchNotTaken has branches that are infinite, or not a number, where they are not taken:
// neither values nor derivatives may see them.
func TestABranchNotTaken(t *testing.T) {
	f := func(x ad.Value) ad.Value {
		return ad.Cond(ad.Greater(x, 0),
			func() ad.Value { return ad.Mul(ad.Sqrt(x), ad.Log(x)) },
			func() ad.Value { return ad.Mul(x, 2) })
	}
	batch := ad.Vector(0., -1, 4)
	slope := []float64{2, 2, math.Log(4)/4 + 0.5}
	for name, got := range map[string]ad.Value{
		"vmap of grad":        ad.Vmap(ad.Grad(f))(batch),
		"vmap of jvp":         ad.Vmap(tangent(f))(batch),
		"jit of vmap of grad": ad.Jit(ad.Vmap(ad.Grad(f)))(batch),
		"grad of vmap": ad.Grad(func(x ad.Value) ad.Value {
			return ad.Sum(ad.Vmap(f)(x))
		})(batch),
		"each": ad.Stack(0, ad.Grad(f)(ad.Scalar(0.)), ad.Grad(f)(ad.Scalar(-1.)),
			ad.Grad(f)(ad.Scalar(4.))),
		"each compiled": ad.Stack(0, ad.Jit(ad.Grad(f))(ad.Scalar(0.)),
			ad.Jit(ad.Grad(f))(ad.Scalar(-1.)), ad.Jit(tangent(f))(ad.Scalar(4.))),
	} {
		t.Run(name, func(t *testing.T) { near(t, got, slope...) })
	}
	near(t, ad.Vmap(ad.Grad(ad.Grad(f)))(batch), 0, 0, -math.Log(4)/32)
}

// TestBranchesHoldWhatTheyNeed looks at the recorded program: what one branch alone uses is in
// it, however it was written, and what both use is outside.
func TestBranchesHoldWhatTheyNeed(t *testing.T) {
	f := func(x ad.Value) ad.Value {
		early := ad.Cos(x) // written before, used by one branch
		both := ad.Tanh(x)
		return ad.Cond(ad.Less(x, 1),
			func() ad.Value { return ad.Mul(ad.Exp(x), both) },
			func() ad.Value {
				return ad.Cond(ad.Less(x, 2),
					func() ad.Value { return ad.Sin(early) },
					func() ad.Value { return ad.Log(both) })
			})
	}
	text, _, _ := strings.Cut(ad.Explain(f, ad.Scalar(0.5)), "rewritten:")
	depth := map[string]int{}
	for _, line := range strings.Split(text, "\n") {
		if _, rest, ok := strings.Cut(line, " = "); ok {
			name, _, _ := strings.Cut(rest, " ")
			name, _, _ = strings.Cut(name, "{")
			depth[name] = len(line) - len(strings.TrimLeft(line, " "))
		}
	}
	for name, want := range map[string]int{"tanh": 2, "exp": 4, "cos": 6, "sin": 6, "log": 6} {
		if depth[name] != want {
			t.Errorf("%s is indented by %d, want %d, in\n%s", name, depth[name], want, text)
		}
	}
	for _, x := range []float64{0.5, 1.5, 2.5} {
		want := f(ad.Scalar(x)).Float()
		near(t, ad.Jit(f)(ad.Scalar(x)), want)
		near(t, ad.Vmap(f)(ad.Vector(x, 0.1)), want, f(ad.Scalar(0.1)).Float())
		within(t, 1e-9, ad.Grad(f)(ad.Scalar(x)), difference(plain(f), x))
	}
}

// TestLeavingABranch keeps a value that was made while a branch was recorded of values that are
// outside: it is outside too.
func TestLeavingABranch(t *testing.T) {
	f := ad.Jit(func(x ad.Value) ad.Value {
		var kept ad.Value
		y := ad.Cond(ad.Less(x, 1),
			func() ad.Value { kept = ad.Mul(x, 2); return ad.Mul(kept, x) },
			func() ad.Value { return x })
		return ad.Add(kept, y)
	})
	near(t, f(ad.Scalar(0.5)), 1.5)
	near(t, f(ad.Scalar(3.)), 9)
}

func TestLoopsOfStructs(t *testing.T) {
	type inner struct {
		Rate ad.Value
		Name string
	}
	type state struct {
		Parts []ad.Value
		In    map[string]inner
		Fixed [2]ad.Value
	}
	init := state{
		Parts: []ad.Value{ad.Scalar(1.), ad.Vector(1., 2.)},
		In:    map[string]inner{"b": {ad.Scalar(3.), "bee"}, "a": {ad.Scalar(2.), "ay"}},
		Fixed: [2]ad.Value{ad.Scalar(0), ad.Scalar(true)},
	}
	body := func(_ ad.Value, s state) state {
		if s.In["a"].Name != "ay" || s.In["b"].Name != "bee" {
			t.Errorf("static fields are lost: %v", s.In)
		}
		s.Parts[0] = ad.Mul(s.Parts[0], s.In["a"].Rate) // the state is the body's own
		s.Parts[1] = ad.Add(s.Parts[1], s.Parts[0])
		s.Fixed[0] = ad.Add(s.Fixed[0], 1)
		s.In["b"] = inner{ad.Neg(s.In["b"].Rate), "bee"}
		return s
	}
	for name, end := range map[string]state{
		"eager":    ad.ForI(3, init, body),
		"compiled": ad.Jit(func(s state) state { return ad.ForI(3, s, body) })(init),
	} {
		t.Run(name, func(t *testing.T) {
			near(t, end.Parts[0], 8)
			near(t, end.Parts[1], 15, 16)
			near(t, end.In["b"].Rate, -3)
			near(t, end.Fixed[0], 3)
			near(t, end.Fixed[1], 1)
			near(t, init.Parts[0], 1)
			near(t, init.In["b"].Rate, 3)
		})
	}
}

func TestWhileOfNoRounds(t *testing.T) {
	never := func(x ad.Value) ad.Value {
		return ad.While(x, func(s ad.Value) ad.Value { return ad.Less(s, 0) }, ad.Sin)
	}
	near(t, never(ad.Scalar(2.)), 2)
	near(t, ad.Jit(tangent(never))(ad.Scalar(2.)), 1)
	none := func(x ad.Value) ad.Value {
		return ad.ForI(0, x, func(_, s ad.Value) ad.Value { return ad.Sin(s) })
	}
	near(t, ad.Jit(ad.Grad(none))(ad.Scalar(2.)), 1)
}

// TestCustomRulesAreUsed gives rules that are wrong on purpose, to see who uses them.
func TestCustomRulesAreUsed(t *testing.T) {
	seven := ad.CustomJVP(ad.Sin, func(x, dx ad.Value) (y, dy ad.Value) {
		return ad.Sin(x), ad.Mul(ad.Mul(7, ad.Mul(x, x)), dx)
	})
	nine := ad.CustomVJP(ad.Sin,
		func(x ad.Value) (y, x2 ad.Value) { return ad.Sin(x), ad.Mul(x, x) },
		func(x2, ct ad.Value) ad.Value { return ad.Mul(ad.Mul(9, x2), ct) })
	for name, c := range map[string]struct {
		f function
		k float64
	}{"jvp": {seven, 7}, "vjp": {nine, 9}} {
		for mode, d := range modes() {
			t.Run(name+"/"+mode, func(t *testing.T) {
				near(t, d(c.f)(ad.Scalar(2.)), 4*c.k)
				near(t, d(d(c.f))(ad.Scalar(2.)), 4*c.k)
				near(t, d(d(d(c.f)))(ad.Scalar(2.)), 2*c.k)
				near(t, d(ad.Jit(c.f))(ad.Scalar(2.)), 4*c.k)
				near(t, ad.Vmap(d(c.f))(ad.Vector(1., 2.)), c.k, 4*c.k)
				near(t, c.f(ad.Scalar(2.)), math.Sin(2))
			})
		}
	}
}

// TestCustomRulesOfTrees has integers in the argument, several results and residuals, and closes
// over a value that is not differentiated.
func TestCustomRulesOfTrees(t *testing.T) {
	type in struct{ X, N ad.Value }
	type out struct{ Y, Count ad.Value }
	power := func(scale ad.Value) func(in) out {
		f := func(a in) out {
			return out{ad.Mul(scale, ad.Pow(a.X, ad.Convert(a.N, ad.Float64))), ad.Add(a.N, 1)}
		}
		return ad.CustomVJP(f,
			func(a in) (out, []ad.Value) { return f(a), []ad.Value{a.X, a.N} },
			func(res []ad.Value, ct out) in {
				n := ad.Convert(res[1], ad.Float64)
				slope := ad.Mul(ad.Mul(scale, n), ad.Pow(res[0], ad.Sub(n, 1)))
				return in{ad.Mul(slope, ct.Y), ad.ZerosLike(res[1])}
			})
	}
	f := func(a in) ad.Value {
		y := power(ad.StopGradient(ad.Mul(a.X, a.X)))(a) // 4·x³ at x = 2, where 4 is a constant
		return ad.Add(y.Y, ad.Convert(y.Count, ad.Float64))
	}
	at := in{ad.Scalar(2.), ad.Scalar(3)}
	near(t, f(at), 36)
	for name, g := range map[string]in{
		"grad": ad.Grad(f)(at), "jit": ad.Jit(ad.Grad(f))(at),
		"grad of jit": ad.Grad(ad.Jit(f))(at),
	} {
		t.Run(name, func(t *testing.T) {
			near(t, g.X, 48)
			near(t, g.N, 0)
		})
	}
	batch := in{ad.Vector(2., 1.), ad.Vector(3, 2)}
	near(t, ad.Vmap(ad.Grad(f))(batch).X, 48, 2)
	_, dy := ad.JVP(f, at, in{ad.Scalar(1.), ad.Scalar(0)})
	near(t, dy, 48)
}

// TestForwardThroughALinearLoop runs a reverse rule forward: its loop, which is linear in a part
// of its state only, is transposed.
func TestForwardThroughALinearLoop(t *testing.T) {
	type state struct{ C, N ad.Value }
	f := ad.CustomVJP(
		func(x ad.Value) ad.Value { return ad.Mul(24, x) },
		func(x ad.Value) (ad.Value, struct{}) { return ad.Mul(24, x), struct{}{} },
		func(_ struct{}, ct ad.Value) ad.Value { // ct · 4!
			return ad.ForI(4, state{ct, ad.Like(ct, 1)}, func(_ ad.Value, s state) state {
				return state{ad.Mul(s.C, s.N), ad.Add(s.N, 1)}
			}).C
		})
	for name, d := range modes() {
		t.Run(name, func(t *testing.T) { near(t, d(f)(ad.Scalar(2.)), 24) })
	}
	near(t, ad.Vmap(tangent(f))(ad.Vector(1., 2.)), 24, 24)
}

// TestGradientOfATraceEstimate is a third derivative through vmapped Hessian-vector products.
func TestGradientOfATraceEstimate(t *testing.T) {
	probes := ad.Matrix(4, 2, []float64{1, 1, 1, -1, -1, 1, -1, -1})
	estimate := func(x ad.Value) ad.Value { // exact here: the trace of the Hessian of Σ xᵢ⁴
		f := func(x ad.Value) ad.Value { return ad.Sum(ad.Square(ad.Square(x))) }
		return ad.Mean(ad.Vmap(func(v ad.Value) ad.Value {
			return ad.Dot(v, ad.HVP(f, x, v))
		})(probes))
	}
	x := ad.Vector(1., 2.)
	near(t, estimate(x), 60)
	near(t, ad.Grad(estimate)(x), 24, 48)
	near(t, ad.Jit(ad.Grad(estimate))(x), 24, 48)
	near(t, ad.Hessian(estimate)(x), 24, 0, 0, 24)
}

// TestARulesIntegerTangents has a rule give a number for the tangent of an integer: it is none.
func TestARulesIntegerTangents(t *testing.T) {
	type out struct{ Y, Count ad.Value }
	f := ad.CustomJVP(
		func(x ad.Value) out { return out{ad.Square(x), ad.Scalar(3)} },
		func(x, dx ad.Value) (y, dy out) {
			return out{ad.Square(x), ad.Scalar(3)}, out{ad.Mul(ad.Mul(2, x), dx), ad.Scalar(100)}
		})
	_, dy := ad.JVP(f, ad.Scalar(2.), ad.Scalar(1.))
	near(t, dy.Y, 4)
	near(t, dy.Count, 0)
	g := func(x ad.Value) ad.Value {
		y := f(x)
		return ad.Mul(y.Y, ad.Convert(y.Count, ad.Float64))
	}
	near(t, ad.Grad(g)(ad.Scalar(2.)), 12)
	near(t, ad.Vmap(tangent(g))(ad.Vector(1., 2.)), 6, 12)
}
