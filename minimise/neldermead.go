package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// NelderMead is the simplex method of Nelder and Mead (Computer Journal 7, 1965) with the
// parameters of Gao and Han for many unknowns (Comput. Optim. Appl. 51, 2012), for functions whose
// derivatives are of no use on the way. It takes no derivatives, but the check of its result does,
// and so does what is differentiated through it. In a box each point is projected.
//
// It goes on until the simplex is as small as rounding errors of f allow, and then begins anew
// around its best point, lest it stop where it has collapsed, until that no longer helps. At last
// it tries the ends of the box that it has all but reached. The zero value works.
type NelderMead struct {
	RTol, ATol float64 // see Limits; if both are zero RTol is 1e-6 in float64 and 1e-4 in float32
	MaxSteps   int     // simplices, 5000 if zero
}

var _ Method[NelderMeadState] = NelderMead{}

// phase is what a trial is: a vertex of a simplex, a point to take the worst one's place, or the
// last point on the ends of the box.
type phase = int32

const (
	filling phase = iota
	reflecting
	expanding
	contracting
	snapping
)

// NelderMeadState is a simplex and the trial that is under way.
type NelderMeadState struct {
	Simplex   Value // the vertices in rows, (n+1, n)
	Values    Value // f there, (n+1): +Inf where it is not known yet or NaN
	Phase     Value // int32
	Vertex    Value // int32, the one to be evaluated where the simplex is new
	Trial     Value // the point to be evaluated, (n)
	Reflected Value // the worst vertex's mirror image, (n)
	Mirrored  Value // f there
	Begun     Value // f when a simplex was last begun anew
	Steps     Value // int32
	Code      Value // int32, a status.Code
}

// derivativeFree marks methods whose trials need no gradient: it is zero in what they are given.
type derivativeFree interface{ derivativeFree() }

func (NelderMead) derivativeFree() {}

// Limits are the fields.
func (m NelderMead) Limits() Limits {
	limits := Limits(m)
	if limits.MaxSteps == 0 {
		limits.MaxSteps = 5000
	}
	return limits
}

// Init makes a simplex around the start.
func (NelderMead) Init(p Problem, at Point) NelderMeadState {
	defer implicit.OneLine(at.X)()
	s := NelderMeadState{
		Reflected: at.X, Mirrored: at.F, Begun: ad.Like(at.F, math.Inf(1)),
		Steps: ad.Scalar(int32(0)), Code: implicit.Code(status.Running),
	}
	s = s.around(p, at.X, at.F)
	s.Code = ad.Where(ad.IsFinite(at.F), s.Code, implicit.Code(status.NotFinite))
	return s
}

// around is a new simplex with a vertex x and, for each element, one beside it by a tenth of its
// size, which is at least 1, on the side where the box leaves more room if it leaves too little.
func (s NelderMeadState) around(p Problem, x, f Value) NelderMeadState {
	d, n := x.DType(), x.Size()
	side := ad.Mul(ad.Max(ad.Abs(x), 1), .1)
	if p.bounded() {
		up, down := ad.Sub(p.Upper, x), ad.Sub(x, p.Lower)
		narrow := ad.Where(ad.GreaterEqual(up, down), ad.Min(side, up), ad.Neg(ad.Min(side, down)))
		side = ad.Where(ad.GreaterEqual(up, side), side, narrow)
	}
	sides := ad.Mul(ad.Identity(d, n), side)
	beside := ad.Where(ad.NotEqual(sides, 0), ad.Add(x, sides), x)
	s.Simplex = ad.Concatenate(0, ad.ExpandDims(x, 0), beside)
	first := ad.Equal(vertices(n), int32(0))
	s.Values = ad.Where(first, f, ad.Full(d, math.Inf(1)))
	s.Phase, s.Vertex = ad.Scalar(filling), ad.Scalar(int32(1))
	s.Trial = ad.At(s.Simplex, 1)
	return s
}

// vertices are the numbers of the vertices, (n+1).
func vertices(n int) Value { return ad.Arange(ad.Int32, n+1) }

// ranks are the best and the worst vertex, with f there and at the second worst.
type ranks struct{ Best, Worst, Least, Second, Most Value }

// rank ranks the vertices; of those that are alike the first is best and the last worst.
func (s NelderMeadState) rank() ranks {
	n := s.Trial.Size()
	i := vertices(n)
	least, most := ad.MinOf(s.Values), ad.MaxOf(s.Values)
	best := ad.MinOf(ad.Where(ad.Equal(s.Values, least), i, ad.Full(ad.Int32, float64(n))))
	worst := ad.MaxOf(ad.Where(ad.Equal(s.Values, most), i, ad.ZerosLike(i)))
	others := ad.Where(ad.Equal(i, worst), ad.Like(s.Values, math.Inf(-1)), s.Values)
	return ranks{best, worst, least, ad.MaxOf(others), most}
}

// pick is row i.
func pick(rows, i Value) Value {
	return ad.Reshape(ad.Take(rows, ad.ExpandDims(i, 0), 0), rows.Shape()[1:]...)
}

// put is the rows with row i anew.
func put(rows, i, row Value) Value {
	at := ad.Equal(vertices(rows.Shape()[0]-1), i)
	if len(rows.Shape()) > 1 {
		at = ad.ExpandDims(at, 1)
	}
	return ad.Where(at, row, rows)
}

// center is the mean of all vertices but the worst.
func (s NelderMeadState) center(worst Value) Value {
	others := put(s.Simplex, worst, ad.ZerosLike(s.Trial))
	return ad.Div(ad.Sum(others, 0), s.Trial.Size())
}

// begin decides, with all vertices known, whether to go on, begin anew or stop, and begins a step.
func (s NelderMeadState) begin(p Problem) NelderMeadState {
	r := s.rank()
	x := pick(s.Simplex, r.Best)
	size := ad.Div(ad.Abs(ad.Sub(s.Simplex, x)), ad.Max(ad.Abs(x), 1))
	eps := implicit.Epsilon(x.DType())
	small := ad.LessEqual(ad.MaxOf(size), math.Sqrt(eps)/4)
	tolerance := p.tolerance(r.Least)
	level := ad.Max(precision(r.Least), ad.Mul(tolerance, ad.Square(p.RTol)))
	flat := ad.LessEqual(ad.Sub(r.Most, r.Least), level)
	point := ad.LessEqual(ad.MaxOf(size), 4*eps)
	done := ad.Or(ad.And(small, flat), point)

	anew := s.around(p, x, r.Least)
	anew.Begun = r.Least
	helped := ad.Greater(ad.Sub(s.Begun, r.Least), ad.Max(tolerance, precision(r.Least)))

	center := s.center(r.Worst)
	s.Phase = ad.Scalar(reflecting)
	s.Trial = p.Project(ad.Sub(ad.Mul(center, 2), pick(s.Simplex, r.Worst)))
	s = where(done, s.snap(p, x), s)
	return where(ad.And(done, helped), anew, s)
}

// snap ends the search or, where the best point x is at the end of the box but for rounding, does
// so after one more trial there.
func (s NelderMeadState) snap(p Problem, x Value) NelderMeadState {
	s.Phase, s.Trial = ad.Scalar(snapping), x
	s.Code = implicit.Code(status.Converged)
	if p.bounded() {
		near := ad.Mul(ad.Max(ad.Abs(x), 1), math.Sqrt(implicit.Epsilon(x.DType())))
		s.Trial = ad.Where(ad.Less(ad.Sub(x, p.Lower), near), p.Lower, s.Trial)
		s.Trial = ad.Where(ad.Less(ad.Sub(p.Upper, x), near), p.Upper, s.Trial)
		same := ad.All(ad.Equal(s.Trial, x))
		s.Code = ad.Where(same, s.Code, implicit.Code(status.Running))
	}
	return s
}

// Trial is the vertex or the point that is to be evaluated.
func (NelderMead) Trial(_ Problem, s NelderMeadState) Value { return s.Trial }

// Step judges the trial and moves the simplex.
func (NelderMead) Step(p Problem, s NelderMeadState, trial Point) NelderMeadState {
	defer implicit.OneLine(s.Trial)()
	n := s.Trial.Size()
	most := float64(max(n, 2)) // with the parameters for one unknown a simplex would vanish
	expansion, contraction, shrinkage := 1+2/most, .75-1/(2*most), 1-1/most
	f := ad.Where(ad.IsNaN(trial.F), ad.Like(trial.F, math.Inf(1)), trial.F)
	r := s.rank()
	center, best := s.center(r.Worst), pick(s.Simplex, r.Best)
	is := func(phase phase) Value { return ad.Equal(s.Phase, phase) }
	toward := func(to Value, by float64) Value {
		return p.Project(ad.Add(center, ad.Mul(ad.Sub(to, center), by)))
	}

	// A vertex of a new simplex is evaluated.
	filled := s
	filled.Values = put(s.Values, s.Vertex, f)
	filled.Vertex = ad.Add(s.Vertex, 1)
	full := ad.Greater(filled.Vertex, int32(n))
	filled.Trial = pick(s.Simplex, ad.Min(filled.Vertex, int32(n)))

	// The reflected point asks for another trial if it is the best or as bad as the worst.
	good, bad := ad.Less(f, r.Least), ad.GreaterEqual(f, r.Second)
	further := s
	further.Reflected, further.Mirrored = trial.X, f
	further.Phase = ad.Where(good, ad.Scalar(expanding), ad.Scalar(contracting))
	inward := ad.Where(ad.Less(f, r.Most), trial.X, pick(s.Simplex, r.Worst))
	further.Trial = ad.Where(good, toward(trial.X, expansion), toward(inward, contraction))

	// Otherwise the simplex moves: a point takes the worst one's place, or all but the best move
	// towards the best.
	moved := s
	fallBack := ad.And(is(expanding), ad.GreaterEqual(f, s.Mirrored))
	x := ad.Where(fallBack, s.Reflected, trial.X)
	moved.Simplex = put(s.Simplex, r.Worst, x)
	moved.Values = put(s.Values, r.Worst, ad.Where(fallBack, s.Mirrored, f))
	shrunk := s
	shrunk.Simplex = ad.Add(best, ad.Mul(ad.Sub(s.Simplex, best), shrinkage))
	shrunk.Phase, shrunk.Vertex = ad.Scalar(filling), ad.Scalar(int32(0))
	shrunk.Trial = ad.At(shrunk.Simplex, 0)
	shrunk.Steps = ad.Add(s.Steps, 1)

	failed := ad.And(is(contracting), ad.GreaterEqual(f, ad.Min(s.Mirrored, r.Most)))
	again := ad.And(is(reflecting), ad.Or(good, bad))
	ready := where(is(filling), filled, moved)
	begun := ready.begin(p)
	begun.Steps = ad.Where(is(filling), s.Steps, ad.Add(s.Steps, 1))
	next := where(ad.And(is(filling), ad.Not(full)), filled, begun)
	next = where(again, further, where(failed, shrunk, next))

	// The ends of the box are taken if they are no worse.
	snapped := s
	snapped.Simplex = put(s.Simplex, r.Best, trial.X)
	snapped.Values = put(s.Values, r.Best, f)
	snapped = where(ad.LessEqual(f, r.Least), snapped, s)
	snapped.Code = implicit.Code(status.Converged)
	next = where(is(snapping), snapped, next)
	fallen := ad.Equal(f, math.Inf(-1))
	next.Code = ad.Where(fallen, implicit.Code(status.Unbounded), next.Code)
	return next
}

// At is the best vertex. Its gradient is not known.
func (NelderMead) At(s NelderMeadState) Point {
	r := s.rank()
	x := pick(s.Simplex, r.Best)
	return Point{x, r.Least, ad.ZerosLike(x)}
}

// Accepted is the number of simplices.
func (NelderMead) Accepted(s NelderMeadState) Value { return s.Steps }

// Status is what the last step found.
func (NelderMead) Status(_ Problem, s NelderMeadState) Value { return s.Code }
