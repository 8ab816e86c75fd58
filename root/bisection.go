package root

import (
	"pullback/ad"
	"pullback/status"
)

// Bisection halves a bracket at whose ends f has different signs, until it is no wider than
// ATol + RTol·|y|. It is slow and does not fail: it gains one bit a step. One unknown.
type Bisection struct {
	Lower, Upper Value // scalars: the bracket
	RTol, ATol   float64
	MaxSteps     int
}

var _ Method[BisectionState] = Bisection{}

// BisectionState is a bracket with f's values at its ends, vectors of one element.
type BisectionState struct {
	Lower, Upper   Value
	FLower, FUpper Value
}

// Limits are the fields.
func (m Bisection) Limits() Limits { return Limits{m.RTol, m.ATol, m.MaxSteps} }

// Init evaluates f at the ends. The guess only says the element type.
func (m Bisection) Init(p Problem, start Value) BisectionState {
	lower, upper := bracket("bisection", m.Lower, m.Upper, start)
	return BisectionState{lower, upper, p.F(lower), p.F(upper)}
}

// bracket is the ends in the guess's shape, which must be one element.
func bracket(name string, lower, upper, start Value) (Value, Value) {
	if start.Size() != 1 || !lower.IsValid() || !upper.IsValid() || lower.Size() != 1 || upper.Size() != 1 {
		panic(ad.Mistake(name, []Value{start}, "a bracket is for one unknown, and its Lower and Upper must be set "+
			"to scalars"))
	}
	end := func(v Value) Value {
		return ad.StopGradient(ad.Reshape(ad.Convert(v, start.DType()), 1))
	}
	return end(lower), end(upper)
}

// Step keeps the half where the sign changes.
func (Bisection) Step(p Problem, s BisectionState) BisectionState {
	middle := ad.Add(s.Lower, ad.Mul(ad.Sub(s.Upper, s.Lower), 0.5))
	f := p.F(middle)
	left := oppositeSigns(s.FLower, f) // the root is between Lower and the middle
	return BisectionState{
		Lower: ad.Where(left, s.Lower, middle), FLower: ad.Where(left, s.FLower, f),
		Upper: ad.Where(left, middle, s.Upper), FUpper: ad.Where(left, f, s.FUpper),
	}
}

// At is the end where |f| is smaller.
func (Bisection) At(s BisectionState) Value {
	return ad.Where(ad.Less(ad.Abs(s.FLower), ad.Abs(s.FUpper)), s.Lower, s.Upper)
}

// Status compares the bracket's width with the tolerance.
func (m Bisection) Status(p Problem, s BisectionState) Value {
	y := m.At(s)
	return bracketStatus(p, s.FLower, s.FUpper, ad.Sub(s.Upper, s.Lower), y)
}

// bracketStatus is common to the methods that keep a bracket: ended if it is narrow or has its
// root at an end, no bracket if the signs agree.
func bracketStatus(p Problem, fLower, fUpper, width, y Value) Value {
	code := func(c status.Code) Value { return ad.Scalar(int32(c)) }
	found := ad.Any(ad.Or(ad.Equal(fLower, 0), ad.Equal(fUpper, 0)))
	out := ad.Where(ad.Or(found, p.Small(width, y)), code(status.Converged), code(status.Running))
	out = ad.Where(ad.Or(found, ad.All(oppositeSigns(fLower, fUpper))), out, code(status.NoBracket))
	finite := ad.All(ad.And(ad.IsFinite(fLower), ad.IsFinite(fUpper)))
	return ad.Where(finite, out, code(status.NotFinite))
}

// oppositeSigns says where a < 0 <= b or the other way round.
func oppositeSigns(a, b Value) Value { return ad.NotEqual(ad.Less(a, 0), ad.Less(b, 0)) }
