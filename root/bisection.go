package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Bisection halves a bracket at whose ends f has different signs, until it is no wider than
// ATol + RTol·|y|, or no float lies inside. It is slow and does not fail: it gains one bit a
// step. One unknown, whose guess says the element type and nothing else.
type Bisection struct {
	Lower, Upper Value   // scalars: the bracket, in either order
	RTol, ATol   float64 // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps     int     // 100 if zero
}

var _ Method[BisectionState] = Bisection{}

// BisectionState is a bracket with f's values at its ends, vectors of one element.
type BisectionState struct {
	Lower, Upper   Value
	FLower, FUpper Value
}

// Limits are the fields.
func (m Bisection) Limits() Limits {
	return Limits{RTol: m.RTol, ATol: m.ATol, MaxSteps: m.MaxSteps}
}

// Init evaluates f at the ends. The guess only says the element type.
func (m Bisection) Init(p Problem, start Value) BisectionState {
	lower, upper := bracket("bisection", m.Lower, m.Upper, start)
	return BisectionState{lower, upper, p.F(lower), p.F(upper)}
}

// bracket is the ends in the guess's shape, which must be one element.
func bracket(name string, lower, upper, start Value) (Value, Value) {
	if start.Size() != 1 {
		panic(ad.Mistake(name, []Value{start},
			"a bracket is for one unknown and there are %d; use root.Newton", start.Size()))
	}
	if !lower.IsValid() || !upper.IsValid() || lower.Size() != 1 || upper.Size() != 1 {
		panic(ad.Mistake(name, []Value{start},
			"the bracket's Lower and Upper must be set to scalars"))
	}
	end := func(v Value) Value {
		return ad.StopGradient(ad.Reshape(ad.Convert(v, start.DType()), 1))
	}
	return end(lower), end(upper)
}

// Step keeps the half where the sign changes.
func (Bisection) Step(p Problem, s BisectionState) BisectionState {
	middle := s.middle()
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

// middle halves each end first: their distance may be more than a float can hold.
func (s BisectionState) middle() Value {
	return ad.Add(s.Lower, ad.Sub(ad.Mul(s.Upper, 0.5), ad.Mul(s.Lower, 0.5)))
}

// Status compares the bracket's width with the tolerance.
func (m Bisection) Status(p Problem, s BisectionState) Value {
	middle := s.middle()
	narrow := ad.Or(ad.Equal(middle, s.Lower), ad.Equal(middle, s.Upper))
	narrow = ad.Or(ad.All(narrow), p.Small(ad.Sub(s.Upper, s.Lower), m.At(s)))
	return bracketStatus(s.Lower, s.Upper, s.FLower, s.FUpper, narrow)
}

// bracketStatus is common to the methods that keep a bracket: ended if it is narrow or has its
// root at an end, no bracket if the signs agree. At an infinity f has a sign too.
func bracketStatus(lower, upper, fLower, fUpper, narrow Value) Value {
	found := ad.Any(ad.Or(ad.Equal(fLower, 0), ad.Equal(fUpper, 0)))
	finite := ad.All(ad.And(ad.IsFinite(lower), ad.IsFinite(upper)))
	numbers := ad.Not(ad.Any(ad.Or(ad.IsNaN(fLower), ad.IsNaN(fUpper))))
	ended := ad.Or(found, narrow)
	out := ad.Where(ended, implicit.Code(status.Converged), implicit.Code(status.Running))
	changes := ad.All(oppositeSigns(fLower, fUpper))
	out = ad.Where(ad.Or(found, changes), out, implicit.Code(status.NoBracket))
	return ad.Where(ad.And(finite, numbers), out, implicit.Code(status.NotFinite))
}

// oppositeSigns says where a < 0 <= b or the other way round.
func oppositeSigns(a, b Value) Value { return ad.NotEqual(ad.Less(a, 0), ad.Less(b, 0)) }
