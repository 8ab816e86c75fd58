package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Selection says which root is meant where a bracket may hold several.
type Selection int

// The selections.
const (
	// Unique is the only root: it is status.Several if there are more.
	Unique Selection = iota
	// Lowest is the root next to the lower end.
	Lowest
	// Highest is the root next to the upper end.
	Highest
	// Nearest is the root nearest to the guess; of two equally near the lower.
	Nearest
)

// Scan walks through a bracket in equal parts, looks for a root by Brent's method in every part
// at whose ends f has different signs, and picks one of those found. One unknown; the guess says
// the element type and, to Nearest, where.
//
// It proves nothing: two roots in one part, or one at which f does not change its sign, are not
// seen. A point where f is exactly zero is a root. A NaN at a point is no root and no error; an
// infinity there has a sign. A pole is told from a root by |f|, which is greater than at the ends
// of the part, and is passed over, unless there is nothing else: then it is status.Jump. With no
// change of sign at all it is status.NoBracket, and Last is the point with the smallest |f|.
//
// A root is refined until the bracket around it is as small as the squares of the tolerances, or
// a few units in the last place: to what Newton's last step leaves.
type Scan struct {
	Lower, Upper Value // scalars: the bracket, in either order
	Points       int   // the number of parts, one less than that of points: 256 if zero
	Select       Selection
	RTol, ATol   float64 // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps     int     // evaluations of f after the first: 100 for each part if zero
}

var (
	_ Method[ScanState]    = Scan{}
	_ referring[ScanState] = Scan{}
)

// ScanState is a point of the walk, and the refinement of a root between it and the one before.
// Each step evaluates f once, for the one or the other. Vectors of one element.
type ScanState struct {
	From, To, Guess Value // the walk's ends
	At              Value // int32: the number of the point
	X, F            Value // the point, and f there

	Refining Value // bool: whether a root is being refined
	Bracket  BrentState
	End      Value // the end with the smaller |f| of the part that is refined
	FEnd     Value // |f| there

	Roots     Value // int32: roots found
	Refuted   Value // bool: whether a change of sign was none
	Root      Value // the one that is picked so far, or what comes next to a root
	Reference Value // the end of its part with the smaller |f|
	Least     Value // the smallest |f| of the points
}

// Limits are the fields.
func (m Scan) Limits() Limits {
	limits := Limits{RTol: m.RTol, ATol: m.ATol, MaxSteps: m.MaxSteps}
	if limits.MaxSteps == 0 {
		limits.MaxSteps = 100 * (m.points() + 1)
	}
	return limits
}

func (m Scan) points() int {
	if m.Points == 0 {
		return 256
	}
	return m.Points
}

// Init evaluates f at the end where the walk begins: the upper one for Highest.
func (m Scan) Init(p Problem, start Value) ScanState {
	if m.Points < 0 || m.Select < Unique || m.Select > Nearest {
		panic(ad.Mistake("scan", []Value{start}, "a scan of %d parts that selects by %d; there "+
			"must be at least one part, and a selection of root's", m.Points, m.Select))
	}
	lower, upper := bracket("scan", m.Lower, m.Upper, start)
	from, to := ad.Min(lower, upper), ad.Max(lower, upper)
	if m.Select == Highest {
		from, to = to, from
	}
	f := p.F(from)
	none := ad.Zeros(ad.Int32, 1)
	zero := ad.Equal(f, 0)
	return ScanState{
		From: from, To: to, Guess: start, At: none, X: from, F: f,
		Refining: ad.Zeros(ad.Bool, 1), Bracket: between(from, from, f, f),
		End: from, FEnd: ad.Abs(f),
		Roots: ad.Convert(zero, ad.Int32), Refuted: ad.Zeros(ad.Bool, 1),
		Root: from, Reference: ad.Where(zero, start, from), Least: ad.Abs(f),
	}
}

// point is that of a number, counted from where the walk begins.
func (m Scan) point(s ScanState, number Value) Value {
	part := ad.Div(ad.Convert(number, s.X.DType()), float64(m.points()))
	return ad.Add(ad.Mul(s.From, ad.Sub(1, part)), ad.Mul(s.To, part))
}

// Step refines the bracket, or walks on to the next point.
func (m Scan) Step(p Problem, s ScanState) ScanState {
	fine := p.squared()
	move := s.Bracket.propose(fine)
	number := ad.Where(s.Refining, s.At, ad.Add(s.At, 1))
	x := ad.Where(s.Refining, move.B, m.point(s, number))
	f := p.F(x)
	walking, size := ad.Not(s.Refining), ad.Abs(f)

	// At a point: a root, the far end of a part to refine, or nothing.
	hit := ad.And(walking, ad.Equal(f, 0))
	numbers := ad.Not(ad.Or(ad.IsNaN(f), ad.IsNaN(s.F)))
	zeros := ad.Or(ad.Equal(f, 0), ad.Equal(s.F, 0))
	begins := ad.And(walking, ad.And(oppositeSigns(s.F, f), ad.And(numbers, ad.Not(zeros))))
	lesser := ad.Less(ad.Abs(s.F), size)

	// In a part: a root unless |f| has grown.
	bracket := s.Bracket.moved(move, f)
	narrow := ad.Or(ad.Equal(bracket.FB, 0), ad.Or(bracket.narrow(fine), ad.IsNaN(f)))
	ends := ad.And(s.Refining, narrow)
	confirmed := ad.And(ends, ad.LessEqual(ad.Abs(bracket.FB), s.FEnd))

	found := ad.Or(hit, confirmed)
	y := ad.Where(hit, x, bracket.B)
	first := ad.Equal(s.Roots, 0)
	picked := ad.And(found, first)
	if m.Select == Nearest {
		nearer := ad.Less(ad.Abs(ad.Sub(y, s.Guess)), ad.Abs(ad.Sub(s.Root, s.Guess)))
		picked = ad.And(found, ad.Or(first, nearer))
	}
	picked = ad.Or(picked, ad.And(ends, first)) // a change of sign that is none, for want of better
	nothing := ad.And(first, ad.Not(s.Refuted))
	least := ad.And(walking, ad.Or(ad.Less(size, s.Least), ad.IsNaN(s.Least)))
	closest := ad.And(ad.And(nothing, least), ad.Not(picked))

	return ScanState{
		From: s.From, To: s.To, Guess: s.Guess, At: number,
		X: ad.Where(walking, x, s.X), F: ad.Where(walking, f, s.F),
		Refining: ad.Or(begins, ad.And(s.Refining, ad.Not(narrow))),
		Bracket:  where(s.Refining, bracket, between(s.X, x, s.F, f)),
		End:      ad.Where(s.Refining, s.End, ad.Where(lesser, s.X, x)),
		FEnd:     ad.Where(s.Refining, s.FEnd, ad.Min(ad.Abs(s.F), size)),
		Roots:    ad.Add(s.Roots, ad.Convert(found, ad.Int32)),
		Refuted:  ad.Or(s.Refuted, ad.And(ends, ad.Not(confirmed))),
		Root:     ad.Where(picked, y, ad.Where(closest, x, s.Root)),
		Reference: ad.Where(picked, ad.Where(hit, s.Guess, s.End),
			ad.Where(closest, x, s.Reference)),
		Least: ad.Where(least, size, s.Least),
	}
}

// squared has the tolerances that a quadratically convergent method meets when its last step
// meets those of p.
func (p Problem) squared() Problem {
	square := func(tolerance Value) Value { return ad.Mul(tolerance, ad.Min(tolerance, 1)) }
	return Problem{F: p.F, RTol: square(p.RTol), ATol: square(p.ATol)}
}

// where is ad.Where for each Value of a tree.
func where[T any](condition Value, then, otherwise T) T {
	a, rebuild := ad.Flatten(then)
	b, _ := ad.Flatten(otherwise)
	for i := range a {
		a[i] = ad.Where(condition, a[i], b[i])
	}
	return rebuild(a)
}

// At is the root picked so far.
func (Scan) At(s ScanState) Value { return s.Root }

// Reference is the end of the root's part with the smaller |f|: a pole's is smaller than the
// pole's own. For a root at a point of the walk it is the guess.
func (Scan) Reference(s ScanState) Value { return s.Reference }

// Status is that of the end of the walk, or comes as soon as the selection is settled. What is no
// root is left to the check that follows.
func (m Scan) Status(_ Problem, s ScanState) Value {
	over := ad.And(ad.Not(s.Refining), ad.Equal(s.At, int32(m.points())))
	none := ad.Equal(s.Roots, 0)
	settled := ad.Not(none)
	switch m.Select {
	case Unique:
		settled = ad.Greater(s.Roots, 1)
	case Nearest: // the points to come are all farther from the guess
		past := ad.GreaterEqual(ad.Sub(s.X, s.Guess), ad.Abs(ad.Sub(s.Root, s.Guess)))
		settled = ad.And(settled, ad.And(past, ad.Not(s.Refining)))
	}
	out := ad.Where(ad.Or(over, settled), implicit.Code(status.Converged),
		implicit.Code(status.Running))
	nothing := ad.And(over, ad.And(none, ad.Not(s.Refuted)))
	out = ad.Where(nothing, implicit.Code(status.NoBracket), out)
	if m.Select == Unique {
		out = ad.Where(settled, implicit.Code(status.Several), out)
	}
	finite := ad.And(ad.IsFinite(s.From), ad.IsFinite(s.To))
	return ad.Reshape(ad.Where(finite, out, implicit.Code(status.NotFinite)))
}
