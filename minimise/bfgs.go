package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// BFGS is the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno on the inverse
// Hessian (Nocedal and Wright, Numerical Optimization, 2006, algorithm 6.1), with a line search
// that satisfies the strong Wolfe conditions. The first step has the length that the exact
// curvature along the gradient suggests.
//
// When the model promises nothing more, or a line search fails, the model is dropped once and
// the search goes on along the gradient: only if that fails too does it end. The zero value works.
type BFGS struct {
	RTol, ATol float64 // see Limits; if both are zero RTol is 1e-6 in float64 and 1e-4 in float32
	MaxSteps   int     // 200 if zero
}

var _ Method[BFGSState] = BFGS{}

// BFGSState is an accepted point, the model there, and the line search that is under way.
type BFGSState struct {
	Point   Point
	Inverse Value // the model of the inverse Hessian, (n, n), unless Fresh
	Scale   Value // the multiple of the identity that is the model when that is dropped
	Fresh   Value // bool: the model is that multiple, and Inverse counts for nothing
	D       Value // the direction of the search
	Search  Wolfe
	Best    Point // the point at the search's Lo
	Steps   Value // int32
	Code    Value // int32, a status.Code
}

// Limits are the fields.
func (m BFGS) Limits() Limits { return Limits(m) }

// Init starts along the gradient, with the curvature there as the model or, where it says
// nothing, with a step as long as x.
func (BFGS) Init(p Problem, at Point) BFGSState {
	defer implicit.OneLine(at.X)()
	v, length := unit(p.reduced(at))
	newton := ad.Div(1, ad.Dot(v, ad.HVP(p.F, at.X, v)))
	blind := ad.Div(ad.Max(ad.MaxOf(ad.Abs(at.X)), 1), implicit.Divisor(length))
	known := ad.And(ad.Greater(newton, 0), ad.IsFinite(newton))
	s := BFGSState{
		Point: at, Scale: ad.Where(known, newton, blind),
		Inverse: ad.Zeros(at.X.DType(), at.X.Size(), at.X.Size()),
		Fresh:   ad.Scalar(true), Steps: ad.Scalar(int32(0)),
	}
	return s.begin(p, ad.Scalar(true))
}

// begin starts a line search from s.Point, and decides whether there is anything to search for.
// The model is dropped if so asked, and if it promises nothing or is no longer positive definite.
func (s BFGSState) begin(p Problem, drop Value) BFGSState {
	downhill := p.reduced(s.Point)
	newton := p.shorten(s.Point, s.times(downhill))
	promise := ad.Dot(s.Point.G, newton) // gᵀB⁻¹g, twice the fall that the model promises
	drop = ad.Or(drop, ad.And(ad.Not(s.Fresh), ad.Not(ad.Greater(promise, precision(s.Point.F)))))
	s.Fresh = ad.Or(s.Fresh, drop)
	s.D = ad.Neg(ad.Where(drop, p.shorten(s.Point, ad.Mul(downhill, s.Scale)), newton))
	slope := ad.Dot(s.Point.G, s.D)
	s.Search, s.Best = newWolfe(s.Point.F, slope), s.Point

	spent := ad.And(s.Fresh, ad.LessEqual(ad.Neg(slope), precision(s.Point.F)))
	s.Code = ad.Where(spent, implicit.Code(status.AtPrecision), implicit.Code(status.Running))
	minimal := p.Minimal(s.Point, ad.Mul(slope, -0.5))
	s.Code = ad.Where(minimal, implicit.Code(status.Converged), s.Code)
	finite := ad.And(ad.IsFinite(s.Point.F), ad.IsFinite(slope))
	s.Code = ad.Where(finite, s.Code, implicit.Code(status.NotFinite))
	return s
}

// times is the model times x.
func (s BFGSState) times(x Value) Value {
	return ad.Where(s.Fresh, ad.Mul(x, s.Scale), ad.MatVec(s.Inverse, x))
}

// Trial is the point the line search asks for.
func (BFGS) Trial(p Problem, s BFGSState) Value {
	return p.along(s.Point.X, s.D, s.Search.Alpha)
}

// Step judges the trial: on with the line search or, once it is over, with the next direction.
func (BFGS) Step(p Problem, s BFGSState, trial Point) BFGSState {
	defer implicit.OneLine(s.Point.X)()
	said, search := s.Search.judge(p, s.Point.X, s.D, trial)
	searching := s
	searching.Search, searching.Best = search, where(said.Better, trial, s.Best)

	exhausted := search.exhausted(s.Point.X, s.D)
	fallen := ad.Equal(trial.F, math.Inf(-1))
	unbounded := ad.Or(fallen, ad.And(exhausted, ad.Not(search.Bracketed)))
	over := ad.Or(unbounded, ad.Or(said.Accept, exhausted))
	found := ad.Or(said.Accept, ad.Less(searching.Best.F, s.Point.F))

	// The model is decided upon once, and not with the rest of the state, since its n² numbers
	// are most of the memory.
	learnt := s.update(p, searching.Best, ad.And(over, found))
	next := where(found, learnt, s)
	next.Inverse = learnt.Inverse
	next = next.begin(p, ad.Not(found))
	next.Code = ad.Where(ad.Or(found, ad.Not(s.Fresh)), next.Code, implicit.Code(status.Stalled))
	next.Code = ad.Where(unbounded, implicit.Code(status.Unbounded), next.Code)
	next = where(over, next, searching)
	next.Inverse = learnt.Inverse
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

// At is the best point: the search's, once it has found a better one.
func (BFGS) At(s BFGSState) Point { return where(ad.Less(s.Best.F, s.Point.F), s.Best, s.Point) }

// Accepted is the number of steps.
func (BFGS) Accepted(s BFGSState) Value { return s.Steps }

// Status is what the last step found.
func (BFGS) Status(_ Problem, s BFGSState) Value { return s.Code }

// where chooses between two trees by a scalar condition.
func where[T any](cond Value, a, b T) T {
	xs, rebuild := ad.Flatten(a)
	ys, _ := ad.Flatten(b)
	for i := range xs {
		xs[i] = ad.Where(cond, xs[i], ys[i])
	}
	return rebuild(xs)
}
