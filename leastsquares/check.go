package leastsquares

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/internal/orthogonal"
	"pullback/status"
)

// offset is what is still to be explained of the residuals at a point.
type offset struct {
	Length    Value // |r|
	Projected Value // the length of r's projection on the columns of J that are free
	Noise     Value // how much of Projected may be rounding errors
}

// model is the residuals near a point as seen through the triangular factor of J: |r + Jd|² is
// |Rp + z|² and a constant, where p = d·scale. Scale is the columns' units, positive.
type model struct{ Scale, R, Z Value }

// factor is the model at a point whose columns are divided by a scale.
func factor(at Point, scale Value) model {
	r, z := orthogonal.Factor(ad.Div(at.Jacobian, scale), at.Residuals)
	return model{scale, r, z}
}

// typical is the size of each element of x, at least 1.
func typical(x Value) Value { return ad.Max(ad.Abs(x), 1) }

// matters are the elements of x that move r by more than its rounding errors if they change by
// as much as they are, as bools.
func (at Point) matters() Value {
	rounding := ad.Mul(length(at.Residuals), roundings*implicit.Epsilon(at.X.DType()))
	return ad.Greater(ad.Mul(columnLengths(at.Jacobian), typical(at.X)), rounding)
}

// offset of a point whose model is given. The columns are brought to length one first, so that
// which of them depend on others is not a matter of units.
func (p Problem) offset(at Point, m model) offset {
	d := at.X.DType()
	free := ad.Where(ad.And(at.matters(), ad.Not(p.Held(at))), m.R, ad.ZerosLike(m.R))
	unit := ad.Div(free, implicit.Divisor(columnLengths(free)))
	parts, least := orthogonal.Span(unit, m.Z, dependent*implicit.Epsilon(d))
	size := length(at.Residuals)

	// Moving x by one unit in its last place moves r by about |J|·ε·|x|; and a column of which
	// the others leave but a part has so much fewer digits.
	moved := ad.MatVec(ad.Abs(at.Jacobian), ad.Abs(at.X))
	noise := ad.Add(length(moved), ad.Div(size, least))
	return offset{size, length(parts), ad.Mul(noise, roundings*implicit.Epsilon(d))}
}

const (
	roundings = 4   // how many roundings of a sum's terms are allowed for
	dependent = 128 // and how many in what is left of a column that depends on others
)

// tolerance is in the units of the residuals, as Limits says.
func (p Problem) tolerance(size Value) Value {
	least := ad.Mul(p.Start, implicit.Epsilon(size.DType()))
	return ad.Add(p.ATol, ad.Mul(p.RTol, ad.Max(size, least)))
}

// judge is what the linear model says of a point.
func (p Problem) judge(at Point, o offset) Value {
	code := ad.Where(ad.LessEqual(o.Projected, o.Noise), implicit.Code(status.AtPrecision),
		implicit.Code(status.Running))
	converged := ad.LessEqual(o.Projected, p.tolerance(o.Length))
	code = ad.Where(converged, implicit.Code(status.Converged), code)
	return ad.Where(at.finite(), code, implicit.Code(status.NotFinite))
}

// check decides what is said of a point, where the method said so.
func check(p Problem, at Point, said Value) (code, cosine Value) {
	defer implicit.OneLine(at.X)()
	o := p.offset(at, factor(at, implicit.Divisor(columnLengths(at.Jacobian))))
	found := p.judge(at, o)
	code = ad.Where(implicit.Is(said, status.Running), implicit.Code(status.OutOfSteps), said)
	code = ad.Where(implicit.Succeeded(said), implicit.Code(status.Unchecked), code)
	code = ad.Where(implicit.Is(found, status.Running), code, found)

	around := lookAround(p, at, o)
	succeeded := implicit.Succeeded(code)
	code = ad.Where(ad.And(succeeded, around.Vanished), implicit.Code(status.Unchecked), code)
	code = ad.Where(ad.And(succeeded, around.Saddle), implicit.Code(status.Saddle), code)
	return code, ad.Div(o.Projected, implicit.Divisor(o.Length))
}

func length(x Value) Value {
	_, l := orthogonal.Unit(x)
	return l
}

// columnLengths are those of a matrix, safe from overflow.
func columnLengths(a Value) Value {
	greatest := ad.MaxOf(ad.Abs(a), 0)
	scaled := ad.Div(a, implicit.Divisor(greatest))
	return ad.Mul(greatest, ad.Sqrt(ad.Sum(ad.Square(scaled), 0)))
}
