package minimise

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// BFGS is the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno on the inverse
// Hessian (Nocedal and Wright, Numerical Optimization, 2006, algorithm 6.1), with a line search
// that satisfies the strong Wolfe conditions. The first step has the length that the exact
// curvature along the gradient suggests.
//
// In a box, elements at an end that descent would leave are held for a line search, and the model's
// step in the others is projected before it gives the direction: a search that ends at a bound has
// one more element there. Where that does not point downhill, the model is dropped.
//
// When the model promises nothing more, or a line search fails, the model is dropped once and
// the search goes on along the gradient: only if that fails too does it end. The zero value works.
type BFGS struct {
	RTol, ATol float64 // see Limits; if both are zero RTol is 1e-6 in float64 and 1e-4 in float32
	MaxSteps   int     // 200 if zero
}

var _ Method[BFGSState] = BFGS{}

// BFGSState is a line search under way and the model at its start.
type BFGSState struct {
	Descent
	Inverse Value // the model of the inverse Hessian, (n, n), unless Fresh
}

// Limits are the fields.
func (m BFGS) Limits() Limits { return Limits(m) }

// Init starts along the gradient.
func (BFGS) Init(p Problem, at Point) BFGSState {
	defer implicit.OneLine(at.X)()
	n := at.X.Size()
	s := BFGSState{newDescent(p, at), ad.Zeros(at.X.DType(), n, n)}
	return s.begin(p, ad.Scalar(true))
}

// begin starts a line search from s.Point.
func (s BFGSState) begin(p Problem, drop Value) BFGSState {
	s.Descent = s.Descent.begin(p, drop, s.times(p.reduced(s.Point)))
	return s
}

// times is the model times x.
func (s BFGSState) times(x Value) Value {
	return ad.Where(s.Fresh, ad.Mul(x, s.Scale), ad.MatVec(s.Inverse, x))
}

// Trial is the point the line search asks for.
func (BFGS) Trial(p Problem, s BFGSState) Value { return s.trial(p) }

// Step judges the trial: on with the line search or, once it is over, with the next direction.
func (BFGS) Step(p Problem, s BFGSState, trial Point) BFGSState {
	defer implicit.OneLine(s.Point.X)()
	judged := s.judge(p, trial)
	// The model is decided upon once, and not with the rest of the state, since its n² numbers
	// are most of the memory.
	next := s.update(p, judged.Search.Best, ad.And(judged.Over, judged.Found))
	next.Descent = where(judged.Found, next.Descent, s.Descent)
	next = next.begin(p, ad.Not(judged.Found))
	next.Descent = judged.settle(s.Descent, next.Descent)
	return next
}

// update is the state at the new point, with the inverse BFGS update (equation 6.17)
//
//	H ← (I - ρsyᵀ) H (I - ρysᵀ) + ρssᵀ,  ρ = 1/yᵀs,
//
// skipped where yᵀs or what is added is not positive, or a number would be too great, and unless
// the point is wanted. Before the first one H is scaled by yᵀs/yᵀy (6.20).
func (s BFGSState) update(p Problem, at Point, wanted Value) BFGSState {
	step := ad.Sub(at.X, s.Point.X)
	y := p.Reduce(s.Point, ad.Sub(at.G, s.Point.G))
	v, length := unit(y)
	along := ad.Dot(v, step) // yᵀs/|y|
	ys, scale := ad.Mul(along, length), ad.Div(along, implicit.Divisor(length))
	model := s
	model.Scale = ad.Where(s.Fresh, scale, s.Scale)

	// Expanded: with u = Hy/yᵀs and r = s√((1 + yᵀu)/yᵀs),
	// H ← H - (s uᵀ + u sᵀ) + r rᵀ,
	// one expression in each element, exactly symmetric, of which nothing else is kept.
	divisor := implicit.Divisor(ys)
	u := ad.Div(model.times(y), divisor)
	growth := ad.Div(ad.Add(ad.Dot(y, u), 1), divisor)
	r := ad.Mul(step, ad.Sqrt(ad.Max(growth, 0)))
	greatest := func(x Value) Value { return ad.MaxOf(ad.Abs(x)) }
	reach := ad.Add(ad.Mul(greatest(step), greatest(u)), ad.Square(greatest(r)))
	usable := ad.And(ad.Greater(ys, 0), ad.And(ad.Greater(growth, 0), ad.IsFinite(reach)))

	cross := ad.Add(outer(step, u), outer(u, step))
	h := ad.Add(ad.Sub(model.matrix(), cross), outer(r, r))
	s.Point = at
	s.Inverse = ad.Where(ad.And(usable, wanted), h, s.Inverse)
	s.Scale = ad.Where(usable, scale, s.Scale)
	s.Fresh = ad.And(s.Fresh, ad.Not(usable))
	s.Steps = ad.Add(s.Steps, 1)
	return s
}

// matrix is the model.
func (s BFGSState) matrix() Value {
	n := s.Inverse.Shape()[0]
	i := ad.Arange(ad.Int64, n)
	diagonal := ad.Equal(ad.ExpandDims(i, 1), ad.ExpandDims(i, 0))
	identity := ad.Where(diagonal, s.Scale, ad.ZerosLike(s.Scale))
	return ad.Where(s.Fresh, identity, s.Inverse)
}

// outer is x yᵀ.
func outer(x, y Value) Value { return ad.Mul(ad.ExpandDims(x, 1), ad.ExpandDims(y, 0)) }

// At is the best point.
func (BFGS) At(s BFGSState) Point { return s.best() }

// Accepted is the number of steps.
func (BFGS) Accepted(s BFGSState) Value { return s.Steps }

// Status is what the last step found.
func (BFGS) Status(_ Problem, s BFGSState) Value { return s.Code }
