package leastsquares

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// bounds of a method, infinite where it has none.
func bounds[S any](m Method[S], x Value) (lower, upper Value) {
	lower, upper = m.Bounds()
	if !lower.IsValid() {
		lower = ad.Like(x, math.Inf(-1))
	}
	if !upper.IsValid() {
		upper = ad.Like(x, math.Inf(1))
	}
	if lower.Size() != x.Size() || upper.Size() != x.Size() {
		panic(ad.Mistake("leastsquares", []Value{x},
			"there are %d unknowns, %d lower and %d upper bounds", x.Size(), lower.Size(),
			upper.Size()))
	}
	return ad.StopGradient(lower), ad.StopGradient(upper)
}

// check decides what is said of a point, where the method said so. Converged needs r to be
// orthogonal to its Jacobian's columns within the tolerance, or as small as ATol; AtPrecision needs
// the decrease that the linear model promises to be below the rounding errors of the sum of
// squares.
func check(p Problem, at Point, said Value) Value {
	defer implicit.OneLine(at.X)()
	d := at.X.DType()
	code := ad.Where(implicit.Is(said, status.Running), implicit.Code(status.OutOfSteps), said)
	code = ad.Where(implicit.Succeeded(said), implicit.Code(status.Unchecked), code)
	half := at.half()
	least := ad.Mul(half, 16*implicit.Epsilon(d))
	step := p.step(at, at.R, ad.Like(half, implicit.Epsilon(d)), at.lengths())
	step = ad.Sub(p.Within(ad.Add(at.X, step)), at.X)
	promised := at.promise(step)
	code = ad.Where(ad.LessEqual(promised, least), implicit.Code(status.AtPrecision), code)
	perfect := ad.LessEqual(ad.Sqrt(ad.Mul(half, 2)), p.ATol)
	met := ad.Or(perfect, ad.LessEqual(p.Cosine(at), p.RTol))
	code = ad.Where(met, implicit.Code(status.Converged), code)
	return ad.Where(at.finite(), code, implicit.Code(status.NotFinite))
}

// promise is how far ½‖r‖² falls by the linear model if x moves by a step.
func (p Point) promise(step Value) Value {
	moved := ad.MatVec(p.J, step)
	// ½‖r‖² - ½‖r + Js‖², without the difference of two that are nearly equal.
	return ad.Neg(ad.Dot(moved, ad.Add(p.R, ad.Mul(moved, 0.5))))
}

// lengths of J's columns, 1 where one is zero.
func (p Point) lengths() Value {
	lengths := ad.Sqrt(ad.Sum(ad.Square(p.J), 0))
	return ad.Where(ad.Greater(lengths, 0), lengths, ad.OnesLike(lengths))
}

// step is the s that is least in ‖r + Js‖² + λ‖Ds‖², for a diagonal D, in the unknowns that are
// not held.
func (p Problem) step(at Point, r, damping, d Value) Value {
	held := p.Held(at)
	// The columns are divided by D, and the unknowns multiplied.
	scaled := ad.Div(ad.Where(held, ad.ZerosLike(at.J), at.J), d)
	root := ad.Mul(ad.Identity(r.DType(), at.X.Size()), ad.Sqrt(damping))
	s := solve(ad.Concatenate(0, scaled, root),
		ad.Concatenate(0, ad.Neg(r), ad.ZerosLike(at.X)))
	return ad.Where(held, ad.ZerosLike(s), ad.Div(s, d))
}
