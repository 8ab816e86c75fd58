package samedigits_test

import "pullback/ad"

// loops are control flow over a square matrix, and can be mapped over.
func loops() []function {
	return []function{
		{"scan", func(a ad.Value) ad.Value {
			s, _ := ad.Scan(ad.ZerosLike(ad.At(a, 0)), a,
				func(s, row ad.Value) (ad.Value, ad.Value) {
					next := ad.Add(ad.Mul(s, 0.9), ad.Sin(row))
					return next, next
				})
			return s
		}},
		{"scan_gradient", ad.Grad(func(a ad.Value) ad.Value {
			s, ys := ad.Scan(ad.At(a, 1), a, func(s, row ad.Value) (ad.Value, ad.Value) {
				next := ad.Tanh(ad.Add(s, row))
				return next, ad.Dot(next, row)
			})
			return ad.Add(ad.Sum(s), ad.Sum(ys))
		})},
		{"for", func(a ad.Value) ad.Value {
			return ad.ForI(20, ad.At(a, 0), func(i, x ad.Value) ad.Value {
				y := ad.MatVec(a, ad.Add(x, ad.Convert(i, a.DType())))
				return ad.Div(y, ad.Add(ad.Sqrt(ad.Dot(y, y)), 1))
			})
		}},
		{"for_gradient", ad.Grad(func(a ad.Value) ad.Value {
			return ad.Sum(ad.ForI(7, a, func(_, x ad.Value) ad.Value {
				return ad.Sin(ad.Mul(x, 1.3))
			}))
		})},
		{"while", func(a ad.Value) ad.Value {
			// Newton's iteration for the square root, as many rounds as the number asks for.
			type state struct{ X, Rounds ad.Value }
			x := ad.Abs(ad.At(ad.At(a, 0), 0))
			end := ad.While(state{ad.Add(x, 1), ad.Scalar(int32(0))},
				func(s state) ad.Value {
					return ad.Greater(ad.Abs(ad.Sub(ad.Mul(s.X, s.X), x)), 1e-5)
				},
				func(s state) state {
					return state{ad.Mul(ad.Add(s.X, ad.Div(x, s.X)), 0.5), ad.Add(s.Rounds, 1)}
				})
			return joined(a.DType(), end.X, end.Rounds)
		}},
		{"while_of_arrays", func(a ad.Value) ad.Value {
			return ad.While(ad.At(a, 0),
				func(x ad.Value) ad.Value { return ad.Greater(ad.MaxOf(x), 1e-3) },
				func(x ad.Value) ad.Value {
					return ad.Mul(ad.Tanh(ad.Add(x, ad.Mul(ad.Sum(x), 1e-3))), 0.8)
				})
		}},
		{"cond", func(a ad.Value) ad.Value {
			return ad.Cond(ad.Greater(ad.At(ad.At(a, 0), 0), 0),
				func() ad.Value { return ad.MatVec(a, ad.At(a, 1)) },
				func() ad.Value { return ad.Exp(ad.At(a, 2)) })
		}},
		{"cond_gradient", ad.Grad(func(a ad.Value) ad.Value {
			return ad.Cond(ad.Less(ad.Sum(a), 0),
				func() ad.Value { return ad.Sum(ad.Exp(a)) },
				func() ad.Value { return ad.Sum(ad.Log1p(ad.Square(a))) })
		})},
	}
}
