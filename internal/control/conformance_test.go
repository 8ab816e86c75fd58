package control_test

import (
	"testing"

	"pullback/ad"
	"pullback/internal/control"
	"pullback/internal/exec"
	"pullback/internal/optest"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

func compiled(g *ir.Graph) func([]ir.Array) []ir.Array { return exec.Compile(g).Run }

func TestConformance(t *testing.T) { optest.Run(t, cases(), compiled) }

// TestEveryOperationConforms lists the operations that hold programs: each must stand in a case.
func TestEveryOperationConforms(t *testing.T) {
	ops := optest.Ops(cases())
	for _, name := range []string{"cond", "while", "scan", "custom_jvp", "custom_vjp", "implicit"} {
		if !ops[name] {
			t.Errorf("%s stands in no case", name)
		}
	}
}

func vector(xs ...float64) ir.Array { return ir.Wrap(xs, len(xs)) }
func scalar(x float64) ir.Array     { return ir.Wrap([]float64{x}) }
func one(v ad.Value) []ad.Value     { return []ad.Value{v} }

// pair is a state with an integer in it.
type pair struct{ X, N ad.Value }

func cases() []optest.Case {
	return append(append(branches(), loops()...), ruled()...)
}

func branches() []optest.Case {
	return []optest.Case{
		{
			Name: "cond",
			Do: func(x []ir.Value) []ir.Value {
				return one(ad.Cond(ad.Less(x[0], x[1]),
					func() ad.Value { return ad.Mul(ad.Sin(x[0]), x[2]) },
					func() ad.Value { return ad.Exp(ad.Mul(x[1], x[2])) }))
			},
			In: []ir.Array{scalar(0.3), scalar(0.7), vector(1, -2, 0.5)},
			// Problems differ in the branch that they take.
			Vary: func(i int, in []ir.Array) []ir.Array {
				out := append([]ir.Array{}, in...)
				d := in[0].Type()
				out[0] = optest.FromFloats(d, []float64{0.3 + 0.2*float64(i)})
				return out
			},
		},
		{
			Name: "cond with a branch that is constant, and one of several results",
			Do: func(x []ir.Value) []ir.Value {
				type two struct{ A, B ad.Value }
				r := ad.Cond(ad.Greater(ad.Sum(x[0]), 0),
					func() two { return two{ad.Sum(ad.Mul(x[0], x[0])), ad.Scalar(int64(3))} },
					func() two { return two{ad.Like(x[0], 2), ad.Scalar(int64(4))} })
				return []ir.Value{r.A, r.B}
			},
			In:     []ir.Array{vector(1, 2, 3)},
			Only64: true,
		},
	}
}

func loops() []optest.Case {
	return []optest.Case{
		{
			Name: "while",
			// Doubling until a bound: problems differ in their number of rounds.
			Do: func(x []ir.Value) []ir.Value {
				end := ad.While(pair{x[0], ad.Scalar(int64(0))},
					func(s pair) ad.Value { return ad.Less(ad.StopGradient(s.X), 20) },
					func(s pair) pair {
						return pair{ad.Add(ad.Mul(s.X, x[1]), ad.Sin(s.X)), ad.Add(s.N, 1)}
					})
				return []ir.Value{end.X, end.N}
			},
			In:          []ir.Array{scalar(1.25), scalar(2.1)},
			ForwardOnly: true,
		},
		{
			Name: "while over a vector with a common condition",
			Do: func(x []ir.Value) []ir.Value {
				type state struct{ Y, I ad.Value }
				end := ad.While(state{x[0], ad.Scalar(int64(0))},
					func(s state) ad.Value { return ad.Less(s.I, 3) },
					func(s state) state {
						return state{ad.Mul(ad.Cos(s.Y), x[1]), ad.Add(s.I, 1)}
					})
				return one(end.Y)
			},
			In:          []ir.Array{vector(0.3, -0.8), vector(1.1, 0.9)},
			ForwardOnly: true,
		},
		{
			Name: "for",
			Do: func(x []ir.Value) []ir.Value {
				return one(ad.ForI(4, x[0], func(i, s ad.Value) ad.Value {
					return ad.Add(ad.Sin(ad.Mul(s, x[1])),
						ad.Mul(ad.Convert(i, x[0].DType()), x[1]))
				}))
			},
			In: []ir.Array{vector(0.3, -0.2), scalar(0.7)},
		},
		{
			Name: "for whose state begins as a constant",
			Do: func(x []ir.Value) []ir.Value {
				return one(ad.ForI(3, ad.Like(x[0], 1), func(_, s ad.Value) ad.Value {
					return ad.Add(ad.Mul(s, x[0]), ad.Mul(s, s))
				}))
			},
			In: []ir.Array{scalar(0.4)},
		},
		{
			Name: "scan",
			// Constants, two parts of the state of which one turns active late, elements, results.
			Do: func(x []ir.Value) []ir.Value {
				type state struct{ A, B, N ad.Value }
				type row struct{ U, V ad.Value }
				init := state{x[0], ad.Like(x[0], 0.5), ad.Scalar(int64(2))}
				end, ys := ad.Scan(init, row{x[1], ad.Arange(ad.Int64, 4)},
					func(s state, r row) (state, []ad.Value) {
						n := ad.Convert(ad.Add(r.V, s.N), x[0].DType())
						a := ad.Add(ad.Mul(s.A, ad.Dot(r.U, x[2])), ad.Sin(s.B))
						b := ad.Add(ad.Mul(s.A, 0.1), ad.Div(s.B, n))
						return state{a, b, ad.Add(s.N, 1)},
							[]ad.Value{ad.Mul(a, r.U), s.N, ad.Mul(x[2], 2)}
					})
				return []ir.Value{end.A, end.B, end.N, ys[0], ys[1], ys[2]}
			},
			In: []ir.Array{
				scalar(0.7),
				ir.Wrap([]float64{.1, .9, -.4, .3, .8, .2, -.6, .5}, 4, 2),
				vector(1.1, -0.6),
			},
		},
		{
			Name: "scan inside a scan",
			Do: func(x []ir.Value) []ir.Value {
				s, _ := ad.Scan(x[0], x[1], func(s, row ad.Value) (ad.Value, []ad.Value) {
					t, _ := ad.Scan(s, row, func(t, e ad.Value) (ad.Value, []ad.Value) {
						return ad.Add(ad.Mul(t, e), ad.Mul(s, x[0])), nil
					})
					return t, nil
				})
				return one(s)
			},
			In: []ir.Array{scalar(0.6), ir.Wrap([]float64{.5, -.3, .8, .2}, 2, 2)},
		},
		{
			Name: "scan with a conditional in it",
			Do: func(x []ir.Value) []ir.Value {
				s, ys := ad.Scan(x[0], x[1], func(s, e ad.Value) (ad.Value, ad.Value) {
					next := ad.Cond(ad.Greater(e, 0),
						func() ad.Value { return ad.Mul(s, e) },
						func() ad.Value { return ad.Sub(ad.Sin(s), e) })
					return next, ad.Mul(next, s)
				})
				return []ir.Value{s, ys}
			},
			In: []ir.Array{scalar(0.6), vector(.5, -.3, .8)},
		},
		{
			Name: "scan of no rounds",
			Do: func(x []ir.Value) []ir.Value {
				s, ys := ad.Scan(x[0], ad.Zeros(x[0].DType(), 0, 2),
					func(s, e ad.Value) (ad.Value, ad.Value) {
						return ad.Mul(s, ad.Sum(e)), ad.Mul(s, e)
					})
				return []ir.Value{s, ys}
			},
			In: []ir.Array{scalar(0.6)},
		},
	}
}

func ruled() []optest.Case {
	// The rules are the true derivatives, so that differences agree with them.
	cube := ad.CustomJVP(
		func(x pair) ad.Value { return ad.Mul(ad.Mul(x.X, x.X), ad.Mul(x.X, x.N)) },
		func(x, dx pair) (y, dy ad.Value) {
			x2 := ad.Mul(x.X, x.X)
			dy = ad.Add(ad.Mul(ad.Mul(3, ad.Mul(x2, x.N)), dx.X), ad.Mul(ad.Mul(x2, x.X), dx.N))
			return ad.Mul(ad.Mul(x2, x.X), x.N), dy
		})
	product := ad.CustomVJP(
		func(x pair) ad.Value { return ad.Mul(ad.Sin(x.X), x.N) },
		func(x pair) (ad.Value, pair) { return ad.Mul(ad.Sin(x.X), x.N), x },
		func(x pair, ct ad.Value) pair {
			return pair{ad.Mul(ad.Mul(ad.Cos(x.X), x.N), ct), ad.Sum(ad.Mul(ad.Sin(x.X), ct))}
		})
	factor := func(y ad.Value) ad.Value { // y times a value that the custom rule closes over
		scale := ad.StopGradient(ad.Sum(y))
		return ad.CustomVJP(
			func(x ad.Value) ad.Value { return ad.Mul(x, scale) },
			func(x ad.Value) (ad.Value, []ad.Value) { return ad.Mul(x, scale), nil },
			func(_ []ad.Value, ct ad.Value) ad.Value { return ad.Mul(ct, scale) })(y)
	}
	return []optest.Case{
		{
			Name: "custom jvp",
			Do:   func(x []ir.Value) []ir.Value { return one(cube(pair{x[0], x[1]})) },
			In:   []ir.Array{vector(0.5, -1), vector(2, 3)},
		},
		{
			Name: "custom vjp",
			Do:   func(x []ir.Value) []ir.Value { return one(product(pair{x[0], x[1]})) },
			In:   []ir.Array{vector(0.5, -1), scalar(2)},
		},
		{
			Name: "custom vjp of one argument, the other constant",
			Do: func(x []ir.Value) []ir.Value {
				return one(product(pair{x[0], ad.Like(x[0], 3)}))
			},
			In: []ir.Array{vector(0.5, -1)},
		},
		{
			Name: "custom vjp that closes over a value",
			Do: func(x []ir.Value) []ir.Value {
				// The difference to the rule: the value that was closed over is a constant to it.
				return one(ad.Sub(factor(x[0]), ad.Mul(x[0], ad.StopGradient(ad.Sum(x[0])))))
			},
			In: []ir.Array{vector(0.5, -1)},
		},
		{
			Name: "implicit",
			Do: func(x []ir.Value) []ir.Value {
				return one(solve(func(y ad.Value, x []ir.Value) ad.Value {
					a, b := ad.At(y, 0), ad.At(y, 1)
					return ad.Stack(0, ad.Sub(ad.Add(ad.Mul(a, a), b), x[0]),
						ad.Sub(ad.Mul(a, b), ad.Sin(x[1])))
				}, ad.Full(x[0].DType(), 1, 2), x))
			},
			In: []ir.Array{scalar(2), scalar(0.8)},
		},
		{
			Name: "implicit of one unknown",
			Do: func(x []ir.Value) []ir.Value {
				return one(solve(func(y ad.Value, x []ir.Value) ad.Value {
					return ad.Sub(ad.Exp(ad.Mul(y, x[1])), x[0])
				}, ad.Full(x[0].DType(), 1, 1), x))
			},
			In: []ir.Array{scalar(2), scalar(0.8)},
		},
	}
}

// solve is the y with f(y, x) = 0 near start, by a fixed number of Newton steps.
func solve(f func(y ad.Value, x []ir.Value) ad.Value, start ad.Value, x []ir.Value) ad.Value {
	g := record.Trace(func(p []ir.Value) []ir.Value { return one(f(p[0], x)) },
		[]ir.Type{start.Type()})
	closed, theta := g.Close()
	y := ad.ForI(12, start, func(_, y ad.Value) ad.Value {
		in := append([]ir.Value{y}, theta...)
		return ad.Sub(y, ad.Solve(control.Jacobian(closed, in), transform.Run(closed, in)[0]))
	})
	in := append([]ir.Value{ad.StopGradient(y)}, theta...)
	return record.Apply1(control.Implicit{F: closed}, in...)
}
