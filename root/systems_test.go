package root_test

import (
	"fmt"
	"math"
	"testing"

	"pullback/ad"
	"pullback/root"
	"pullback/status"
)

// system is equations f(y, θ) = 0 in a vector y with a scalar parameter θ.
type system struct {
	name  string
	f     func(y, theta ad.Value) ad.Value
	theta float64
	start []float64
	root  []float64 // nil: checked by the residual alone
}

func systems() []system {
	return []system{
		{"circle and line", func(y, r ad.Value) ad.Value {
			a, b := ad.At(y, 0), ad.At(y, 1)
			return ad.Stack(0, ad.Sub(ad.Add(ad.Square(a), ad.Square(b)), r), ad.Sub(a, b))
		}, 8, []float64{1, 3}, []float64{2, 2}},
		// Moré, Garbow, Hillstrom 1981, no. 3
		{"Powell badly scaled", func(y, c ad.Value) ad.Value {
			a, b := ad.At(y, 0), ad.At(y, 1)
			return ad.Stack(0, ad.Sub(ad.Mul(1e4, ad.Mul(a, b)), c),
				ad.Sub(ad.Add(ad.Exp(ad.Neg(a)), ad.Exp(ad.Neg(b))), 1.0001))
		}, 1, []float64{1e-5, 9}, []float64{1.098159327e-5, 9.106146738}},
		{"Broyden tridiagonal, 10", func(y, c ad.Value) ad.Value { // no. 30
			var rows []ad.Value
			for i := range 10 {
				row := ad.Add(ad.Mul(ad.Sub(3, ad.Mul(c, ad.At(y, i))), ad.At(y, i)), 1)
				if i > 0 {
					row = ad.Sub(row, ad.At(y, i-1))
				}
				if i < 9 {
					row = ad.Sub(row, ad.Mul(2, ad.At(y, i+1)))
				}
				rows = append(rows, row)
			}
			return ad.Stack(0, rows...)
		}, 2, []float64{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, nil},
		{"discrete boundary value, 5", func(y, c ad.Value) ad.Value { // no. 28
			h := 1. / 6
			var rows []ad.Value
			for i := range 5 {
				t := float64(i+1) * h
				cube := ad.Pow(ad.Add(ad.At(y, i), 1+t), 3)
				row := ad.Add(ad.Mul(2, ad.At(y, i)), ad.Mul(ad.Mul(c, h*h/2), cube))
				if i > 0 {
					row = ad.Sub(row, ad.At(y, i-1))
				}
				if i < 4 {
					row = ad.Sub(row, ad.At(y, i+1))
				}
				rows = append(rows, row)
			}
			return ad.Stack(0, rows...)
		}, 1, []float64{-.1, -.2, -.2, -.2, -.1}, nil},
		{"linear, 3", func(y, c ad.Value) ad.Value {
			a := ad.Convert(ad.Matrix(3, 3, []float64{0, 2, 1, 1, 1, 0, 3, 0, 1}), y.DType())
			return ad.Sub(ad.MatVec(a, y), ad.Mul(c, ad.Convert(ad.Vector(7., 3., 6.), y.DType())))
		}, 1, []float64{0, 0, 0}, []float64{1, 2, 3}},
	}
}

func TestSystems(t *testing.T) {
	for _, s := range systems() {
		for _, d := range []ad.DType{ad.Float64, ad.Float32} {
			t.Run(s.name+"/"+d.String(), func(t *testing.T) {
				accuracy := 1e-7
				if d == ad.Float32 {
					accuracy = 1e-3
				}
				start := ad.Convert(ad.Vector(s.start...), d)
				solve := func(theta ad.Value) root.Result[ad.Value] {
					return root.Find(func(y ad.Value) ad.Value { return s.f(y, theta) }, start,
						root.Newton{})
				}
				theta := ad.Full(d, s.theta)
				r := solve(theta)
				if !r.Outcome().OK() {
					t.Fatalf("%v at %v, residual %v", r.Outcome(), r.Last, r.Residual)
				}
				for i, want := range s.root {
					near(t, fmt.Sprint("root ", i), number(ad.At(r.Value, i)), want, accuracy)
				}
				sameResults(t, "compiled", ad.Jit(solve)(theta), r)
				batch := ad.Jit(ad.Vmap(solve))(ad.Stack(0, ad.Full(d, math.NaN()), theta))
				same(t, "batched", ad.At(batch.Value, 1), r.Value)
				if c := status.Code(ad.At(batch.Status, 0).Int()); c != status.NotFinite {
					t.Errorf("the NaN's status is %v", c)
				}

				// Derivatives of y·y against differences in float64, and each mode against the
				// others.
				length := func(theta ad.Value) ad.Value {
					start := ad.Convert(start, theta.DType())
					f := func(y ad.Value) ad.Value { return s.f(y, theta) }
					y := root.Find(f, start, root.Newton{}).Value
					return ad.Dot(y, y)
				}
				grad := ad.Grad(length)
				const step = 1e-5
				difference := func(f func(ad.Value) ad.Value) float64 {
					at := func(x float64) float64 { return f(ad.Scalar(x)).Float() }
					return (at(s.theta+step) - at(s.theta-step)) / (2 * step)
				}
				slope, bend := difference(length), difference(grad)
				near(t, "gradient", number(grad(theta)), slope, 20*accuracy)
				_, forward := ad.JVP(length, theta, ad.Full(d, 1))
				near(t, "jvp", number(forward), slope, 20*accuracy)
				near(t, "second derivative", number(ad.Grad(grad)(theta)), bend, 20*accuracy)
				near(t, "Hessian", number(ad.Hessian(length)(theta)), bend, 20*accuracy)
			})
		}
	}
}

type point struct {
	X     ad.Value
	Pair  [2]ad.Value
	Label string
}

func TestTrees(t *testing.T) {
	// The residual is another tree, with as many elements.
	f := func(p point) map[string]ad.Value {
		return map[string]ad.Value{
			"first": ad.Sub(ad.Mul(p.X, p.X), ad.Vector(4., 9.)),
			"second": ad.Stack(0, ad.Sub(p.Pair[0], ad.At(p.X, 0)),
				ad.Sub(ad.Exp(p.Pair[1]), ad.At(p.X, 1))),
		}
	}
	guess := point{ad.Vector(1., 1.), [2]ad.Value{ad.Scalar(0.), ad.Scalar(0.)}, "prices"}
	r := root.Find(f, guess, root.Newton{})
	if !r.Outcome().OK() || r.Value.Label != "prices" {
		t.Fatal(r.Outcome(), r.Value)
	}
	near(t, "x", number(ad.At(r.Value.X, 1)), 3, 1e-12)
	near(t, "pair 0", number(r.Value.Pair[0]), 2, 1e-12)
	near(t, "pair 1", number(r.Value.Pair[1]), math.Log(3), 1e-12)
}

// A singular Jacobian at an exact solution is no failure, and elsewhere it is one.
func TestSingularJacobian(t *testing.T) {
	f := func(y ad.Value) ad.Value {
		a, b := ad.At(y, 0), ad.At(y, 1)
		return ad.Stack(0, ad.Sub(ad.Add(a, b), 2), ad.Sub(ad.Mul(a, b), 1))
	}
	for _, c := range []struct {
		start []float64
		want  status.Code
	}{{[]float64{1, 1}, status.Converged}, {[]float64{2, 2}, status.NotFinite}} {
		r := root.Find(f, ad.Vector(c.start...), root.Newton{})
		if r.Outcome() != c.want {
			t.Errorf("from %v: %v at %v", c.start, r.Outcome(), r.Last)
		}
		same(t, "last", r.Last, ad.Vector(c.start...))
	}
}
