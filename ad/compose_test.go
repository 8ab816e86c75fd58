package ad_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/root"
)

type function = func(ad.Value) ad.Value

// smooth are functions of a scalar that use one means of the package each, with their value as
// plain Go and a point. Their three first derivatives are checked in every mode.
func smooth() map[string]struct {
	f    function
	want func(float64) float64
	at   float64
} {
	type entry = struct {
		f    function
		want func(float64) float64
		at   float64
	}
	return map[string]entry{
		"elementary": {
			func(x ad.Value) ad.Value { return ad.Mul(ad.Sin(ad.Mul(x, x)), ad.Exp(x)) },
			func(x float64) float64 { return math.Sin(x*x) * math.Exp(x) }, 0.7,
		},
		"pow": {
			func(x ad.Value) ad.Value { return ad.Pow(x, ad.Div(x, 2)) },
			func(x float64) float64 { return math.Pow(x, x/2) }, 1.3,
		},
		"matrix": {
			func(x ad.Value) ad.Value {
				a := ad.Add(ad.Identity(ad.Float64, 2),
					ad.Mul(ad.Matrix(2, 2, []float64{1, 2, 3, 4}), x))
				return ad.Sum(ad.Solve(a, ad.Stack(0, x, ad.Mul(x, x))))
			},
			func(x float64) float64 {
				a, b, c, d := 1+x, 2*x, 3*x, 1+4*x
				det := a*d - b*c
				return (d*x - b*x*x + a*x*x - c*x) / det
			}, 0.2,
		},
		"cond": {
			func(x ad.Value) ad.Value {
				return ad.Cond(ad.Less(x, 1),
					func() ad.Value { return ad.Sin(x) },
					func() ad.Value { return ad.Exp(x) })
			},
			math.Sin, 0.4,
		},
		"for": {
			func(x ad.Value) ad.Value {
				return ad.ForI(5, ad.Like(x, 1), func(i, s ad.Value) ad.Value {
					return ad.Add(ad.Mul(s, x), ad.Convert(i, ad.Float64))
				})
			},
			func(x float64) float64 {
				s := 1.0
				for i := range 5 {
					s = s*x + float64(i)
				}
				return s
			}, 0.8,
		},
		"scan": {
			func(x ad.Value) ad.Value {
				s, ys := ad.Scan(x, ad.Vector(0.5, -0.2, 0.8),
					func(s, e ad.Value) (ad.Value, ad.Value) {
						next := ad.Sin(ad.Add(ad.Mul(s, x), e))
						return next, ad.Mul(next, next)
					})
				return ad.Mul(s, ad.Sum(ys))
			},
			func(x float64) float64 {
				s, sum := x, 0.0
				for _, e := range []float64{0.5, -0.2, 0.8} {
					s = math.Sin(s*x + e)
					sum += s * s
				}
				return s * sum
			}, 0.6,
		},
		"where": {
			func(x ad.Value) ad.Value { return ad.Where(ad.Greater(x, 0), ad.Log(x), ad.Exp(x)) },
			math.Log, 0.9,
		},
		"root": {
			func(c ad.Value) ad.Value {
				f := func(y ad.Value) ad.Value { return ad.Sub(ad.Mul(ad.Mul(y, y), y), c) }
				return root.Find(f, ad.Like(c, 1.5), root.Newton{RTol: 1e-14, ATol: 1e-14}).Value
			},
			math.Cbrt, 2.5,
		},
		"derivative of another variable": {
			func(x ad.Value) ad.Value {
				g := ad.Grad(func(y ad.Value) ad.Value { return ad.Sin(ad.Mul(x, y)) })
				return g(ad.Mul(x, x)) // x cos(x³)
			},
			func(x float64) float64 { return x * math.Cos(x*x*x) }, 0.8,
		},
		"custom rules": {
			func(x ad.Value) ad.Value {
				square := ad.CustomJVP(ad.Square, func(x, dx ad.Value) (y, dy ad.Value) {
					return ad.Square(x), ad.Mul(ad.Mul(2, x), dx)
				})
				sine := ad.CustomVJP(ad.Sin,
					func(x ad.Value) (y, cos ad.Value) { return ad.Sin(x), ad.Cos(x) },
					func(cos, ct ad.Value) ad.Value { return ad.Mul(cos, ct) })
				return sine(square(x))
			},
			func(x float64) float64 { return math.Sin(x * x) }, 0.5,
		},
		"jit": {
			func(x ad.Value) ad.Value {
				// closes over x
				inner := ad.Jit(func(y ad.Value) ad.Value { return ad.Mul(ad.Sin(y), x) })
				return ad.Jit(inner)(ad.Mul(x, x))
			},
			func(x float64) float64 { return math.Sin(x*x) * x }, 0.5,
		},
		"vmap": {
			func(x ad.Value) ad.Value {
				rows := ad.Vmap(func(e ad.Value) ad.Value { return ad.Exp(ad.Mul(e, x)) })
				return ad.Sum(rows(ad.Vector(0.1, 0.2, 0.3)))
			},
			func(x float64) float64 { return math.Exp(.1*x) + math.Exp(.2*x) + math.Exp(.3*x) },
			0.5,
		},
	}
}

func TestThreeDerivativesInEveryMode(t *testing.T) {
	for name, c := range smooth() {
		x := ad.Scalar(c.at)
		near(t, c.f(x), c.want(c.at))
		// The numbers to compare with: differences of plain Go, then of the derivative below.
		first := difference(c.want, c.at)
		second := difference(plain(derivative(c.f)), c.at)
		third := difference(plain(tangent(tangent(c.f))), c.at)
		for mode, d := range modes() {
			t.Run(name+"/"+mode, func(t *testing.T) {
				within(t, 1e-7, d(c.f)(x), first)
				within(t, 1e-7, d(derivative(c.f))(x), second)
				within(t, 1e-7, derivative(d(c.f))(x), second)
				within(t, 1e-7, tangent(d(tangent(c.f)))(x), third)
			})
		}
	}
}

// TestFourDerivatives goes as deep as anybody will.
func TestFourDerivatives(t *testing.T) {
	d := derivative
	f := func(x ad.Value) ad.Value { return ad.Mul(ad.Exp(ad.Mul(2, x)), x) }
	// d⁴/dx⁴ x e^{2x} = (16x + 32) e^{2x}
	near(t, d(d(d(d(f))))(ad.Scalar(0.3)), (16*0.3+32)*math.Exp(0.6))
	near(t, ad.Jit(d(d(ad.Jit(d(d(f))))))(ad.Scalar(0.3)), (16*0.3+32)*math.Exp(0.6))
}

// TestPerturbationConfusion holds the classic cases in which tangents of different derivatives
// could be taken for one another (Siskind and Pearlmutter 2005; Manzyuk et al. 2019).
func TestPerturbationConfusion(t *testing.T) {
	for name, d := range modes() {
		t.Run(name, func(t *testing.T) {
			// d/dx [x · d/dy (x + y) at y = 1] at x = 1 is 1, and 2 if confused.
			f := func(x ad.Value) ad.Value {
				return ad.Mul(x,
					d(func(y ad.Value) ad.Value { return ad.Add(x, y) })(ad.Scalar(1.)))
			}
			near(t, d(f)(ad.Scalar(1.)), 1)
			near(t, ad.Grad(f)(ad.Scalar(1.)), 1)

			// The same with the inner derivative at x itself: d/dx [x · d/dy (x·y²) at y = x] =
			// 6x².
			g := func(x ad.Value) ad.Value {
				return ad.Mul(x, d(func(y ad.Value) ad.Value { return ad.Mul(x, ad.Mul(y, y)) })(x))
			}
			near(t, d(g)(ad.Scalar(3.)), 54)

			// Three deep, each closing over all that are outside: d/dx d/dy d/dz of x²y³z² + xyz.
			h := func(x ad.Value) ad.Value {
				return d(func(y ad.Value) ad.Value {
					return d(func(z ad.Value) ad.Value {
						xyz := ad.Mul(x, ad.Mul(y, z))
						return ad.Add(ad.Mul(ad.Mul(xyz, xyz), y), xyz)
					})(ad.Scalar(0.5))
				})(ad.Scalar(2.))
			}
			near(t, d(h)(ad.Scalar(3.)), 2*3*3*4*2*0.5+1)

			// In the body of a scan, differentiated with respect to what the body closes over.
			s := func(x ad.Value) ad.Value {
				return ad.ForI(3, ad.Scalar(1.), func(_, s ad.Value) ad.Value {
					// s·2x²
					return ad.Mul(s,
						d(func(y ad.Value) ad.Value { return ad.Mul(x, ad.Mul(y, y)) })(x))
				})
			}
			near(t, d(s)(ad.Scalar(1.5)), 8*6*math.Pow(1.5, 5))

			// In an equation: y with y·d/dz(z·c)(y) = 4, that is y = 4/c.
			r := func(c ad.Value) ad.Value {
				eq := func(y ad.Value) ad.Value {
					return ad.Sub(ad.Mul(y, d(func(z ad.Value) ad.Value {
						return ad.Mul(z, c)
					})(y)), 4)
				}
				return root.Find(eq, ad.Scalar(1.), root.Newton{RTol: 1e-14, ATol: 1e-14}).Value
			}
			near(t, d(r)(ad.Scalar(2.)), -1)
			near(t, d(d(r))(ad.Scalar(2.)), 1)
		})
	}
}

// TestAPerturbationThatEscapes is the case of a derivative of a function-valued function: each
// level must keep its own.
func TestAPerturbationThatEscapes(t *testing.T) {
	shift := func(f function) func(offset ad.Value) function {
		return func(offset ad.Value) function {
			return func(x ad.Value) ad.Value { return f(ad.Add(x, offset)) }
		}
	}
	// D(offset -> shift(f)(offset)(x)) = f'(x + offset); applied twice it is f''.
	along := func(f function) function {
		return func(x ad.Value) ad.Value {
			return tangent(func(o ad.Value) ad.Value { return shift(f)(o)(x) })(ad.Scalar(0.))
		}
	}
	near(t, along(along(ad.Exp))(ad.Scalar(1.)), math.E)
	near(t, along(along(along(ad.Sin)))(ad.Scalar(1.)), -math.Cos(1))
}
