package ad_test

import (
	"math"
	"testing"

	"pullback/ad"
)

// TestNestedVmaps closes over values of every level: the outer products of three vectors.
func TestNestedVmaps(t *testing.T) {
	x, y, z := ad.Vector(1., 2.), ad.Vector(3., 5., 7.), ad.Vector(11., 13.)
	outer := func(scale ad.Value) ad.Value {
		return ad.Vmap(func(a ad.Value) ad.Value {
			return ad.Vmap(func(b ad.Value) ad.Value {
				return ad.Vmap(func(c ad.Value) ad.Value {
					return ad.Mul(ad.Mul(scale, a), ad.Mul(b, c))
				})(z)
			})(y)
		})(x)
	}
	var want []float64
	for _, a := range []float64{1, 2} {
		for _, b := range []float64{3, 5, 7} {
			for _, c := range []float64{11, 13} {
				want = append(want, 2*a*b*c)
			}
		}
	}
	near(t, outer(ad.Scalar(2.)), want...)
	near(t, ad.Jit(outer)(ad.Scalar(2.)), want...)
	var total float64
	for _, w := range want {
		total += w / 2
	}
	near(t, ad.Grad(func(s ad.Value) ad.Value { return ad.Sum(outer(s)) })(ad.Scalar(2.)), total)
}

func TestVmapOfTrees(t *testing.T) {
	type item struct {
		A     ad.Value
		Parts []ad.Value
		Table map[string]ad.Value
		Rate  float64
	}
	f := func(x item) map[string]ad.Value {
		return map[string]ad.Value{
			"sum":      ad.Add(ad.Mul(x.A, x.Rate), ad.Add(x.Parts[0], ad.Sum(x.Parts[1]))),
			"constant": ad.Scalar(7.),
			"table":    x.Table["k"],
		}
	}
	y := ad.Vmap(f)(item{
		A:     ad.Vector(1., 2.),
		Parts: []ad.Value{ad.Vector(10., 20.), ad.Matrix(2, 2, []float64{1, 2, 3, 4})},
		Table: map[string]ad.Value{"k": ad.Vector[int32](5, 6)},
		Rate:  100,
	})
	near(t, y["sum"], 113, 227)
	near(t, y["constant"], 7, 7)
	near(t, y["table"], 5, 6)
}

// TestBatchedIsLooped compares functions over a batch with a Go loop, bit by bit, eagerly and
// compiled, values and gradients.
func TestBatchedIsLooped(t *testing.T) {
	// Lanes of very different lengths: the Collatz-like halving of x takes log₂ x rounds.
	halving := func(x ad.Value) ad.Value {
		type state struct{ X, N ad.Value }
		end := ad.While(state{x, ad.Like(x, 0)},
			func(s state) ad.Value { return ad.Greater(ad.StopGradient(s.X), 1) },
			func(s state) state { return state{ad.Div(s.X, 2), ad.Add(s.N, s.X)} })
		return ad.Add(end.N, end.X)
	}
	// A branch whose derivative is infinite where it is not taken.
	safe := func(x ad.Value) ad.Value {
		return ad.Cond(ad.Greater(x, 0),
			func() ad.Value { return ad.Mul(ad.Sqrt(x), ad.Log(x)) },
			func() ad.Value { return ad.Mul(x, 2) })
	}
	for name, c := range map[string]struct {
		f       function
		at      []float64
		forward bool
	}{
		"while": {halving, []float64{0.5, 1e300, 3, 1 << 20, 1e-300, 7, math.Inf(-1)}, true},
		"cond":  {safe, []float64{0, 1, -3, 4, 0, math.Inf(-1)}, false},
		"scan": {func(x ad.Value) ad.Value {
			s, ys := ad.Scan(x, ad.Vector(1., 2., 3.), func(s, e ad.Value) (ad.Value, ad.Value) {
				next := ad.Sin(ad.Mul(s, e))
				return next, ad.Exp(next)
			})
			return ad.Mul(s, ad.Sum(ys))
		}, []float64{0.1, 0.7, -3}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := tangent
			if !c.forward {
				d = derivative
			}
			for what, g := range map[string]function{"value": c.f, "derivative": d(c.f),
				"second": tangent(d(c.f))} {
				var want []float64
				for _, x := range c.at {
					want = append(want, g(ad.Scalar(x)).Float())
				}
				x := ad.Vector(c.at...)
				for way, got := range map[string]ad.Value{
					"vmap":        ad.Vmap(g)(x),
					"jit of vmap": ad.Jit(ad.Vmap(g))(x),
					"vmap of jit": ad.Vmap(ad.Jit(g))(x),
					"vmap in float": ad.Reshape(ad.Vmap(ad.Vmap(g))(ad.Reshape(x, len(c.at), 1)),
						len(c.at)),
				} {
					for i, w := range got.Floats() {
						if math.Float64bits(w) != math.Float64bits(want[i]) &&
							!(w != w && want[i] != want[i]) {
							t.Errorf("%s by %s at %v is %v, in a loop %v", what, way, c.at[i], w,
								want[i])
						}
					}
				}
			}
			if c.forward {
				return
			}
			// The gradient of a sum over the batch is the batch of gradients.
			sum := ad.Grad(func(x ad.Value) ad.Value {
				return ad.Sum(ad.Vmap(c.f)(x))
			})(ad.Vector(c.at...))
			for i, x := range c.at {
				if w := derivative(c.f)(ad.Scalar(x)).Float(); math.Float64bits(sum.Floats()[i]) !=
					math.Float64bits(w) {
					t.Errorf("the gradient of the sum at %v is %v, alone %v", x, sum.Floats()[i], w)
				}
			}
		})
	}
}

// TestVmapOfLoops mixes what is batched and what is not among constants, state and elements.
func TestVmapOfLoops(t *testing.T) {
	type problem struct{ C, S, X ad.Value }
	f := func(p problem) ad.Value {
		s, ys := ad.Scan(p.S, p.X, func(s, x ad.Value) (ad.Value, ad.Value) {
			next := ad.Add(ad.Mul(s, p.C), x)
			return next, ad.Mul(next, p.C)
		})
		return ad.Add(s, ad.Sum(ys))
	}
	all := problem{ad.Vector(0.5, -0.3), ad.Vector(1., 2.),
		ad.Matrix(2, 3, []float64{1, 2, 3, 4, 5, 6})}
	row := func(i int) problem { return problem{ad.At(all.C, i), ad.At(all.S, i), ad.At(all.X, i)} }
	for mask := 1; mask < 8; mask++ {
		choose := func(bit int, batched, fixed ad.Value) ad.Value {
			if mask>>bit&1 == 1 {
				return batched
			}
			return fixed
		}
		// The parts that are not batched are closed over.
		batched := func(which []ad.Value) ad.Value {
			q, k := row(0), 0
			for bit, part := range []*ad.Value{&q.C, &q.S, &q.X} {
				if mask>>bit&1 == 1 {
					*part = which[k]
					k++
				}
			}
			return f(q)
		}
		var in []ad.Value
		for bit, v := range []ad.Value{all.C, all.S, all.X} {
			if mask>>bit&1 == 1 {
				in = append(in, v)
			}
		}
		var want []float64
		for i := range 2 {
			r, z := row(i), row(0)
			q := problem{choose(0, r.C, z.C), choose(1, r.S, z.S), choose(2, r.X, z.X)}
			want = append(want, f(q).Float())
		}
		got := ad.Vmap(batched)(in).Floats()
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("mask %b: %v, want %v", mask, got, want)
			}
		}
	}
}
