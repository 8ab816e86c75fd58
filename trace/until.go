package trace

import (
	"math"

	"pullback/ad"
	"pullback/linear"
	"pullback/random"
	"pullback/status"
)

// Tolerance is how exact an estimate must be, and what it may cost. The zero value works.
type Tolerance struct {
	Absolute, Relative float64 // of StdErr ≤ Absolute + Relative·|trace|; 0 and 0.01 if both are 0
	Batch              int     // the number of probes made at once, at least 2; 32 if zero
	MaxProbes          int     // 32768 if zero; rounded up to full batches
	Probes             Probes  // Rademacher if nil
}

// Result is how the search for an exact enough estimate ended.
type Result struct {
	// Value is the estimate, or NaN where the tolerance was not met.
	Value Value
	// Last is the estimate whatever the outcome.
	Last Value
	// StdErr is the standard error of Last.
	StdErr Value
	// Probes is the number of probes made, an int32 scalar.
	Probes Value
	// Status is a status.Code, an int32 scalar: Converged, OutOfSteps or NotFinite.
	Status Value
}

// Outcome is the status of an estimate on known numbers.
func (r Result) Outcome() status.Code { return status.Code(r.Status.Int()) }

// moments are of the draws so far: their number, their mean, and the sum of squared deviations.
type moments struct {
	Batches Value // int32
	Mean    Value
	Squares Value
}

// Until makes batches of probes until the standard error is within the tolerance. Batch i draws
// from key.FoldIn(i). Stopping where the error looks small favours errors that look smaller than
// they are, the less so the larger the batches. Reverse-mode derivatives do not go through
// the loop: use Hutchinson, with as many probes as this has found to be enough.
func Until(t Tolerance, a linear.Operator, key random.Key) Result {
	size := square("until", a)
	t = t.orDefault()
	d := a.DType()
	batches := (t.MaxProbes + t.Batch - 1) / t.Batch
	zero := ad.Zeros(d)
	next := func(m moments) moments {
		return m.with(quadraticForms(a, t.Probes(key.FoldIn(m.Batches), d, t.Batch, size)))
	}
	more := func(m moments) Value {
		going := ad.And(ad.Not(t.met(m)), ad.IsFinite(m.Squares))
		return ad.And(going, ad.Less(m.Batches, batches))
	}
	// The first batch stands before the loop: without any draw there is no standard error.
	end := ad.While(next(moments{ad.Scalar(int32(0)), zero, zero}), more, next)

	finite := ad.And(ad.IsFinite(end.Mean), ad.IsFinite(end.Squares))
	met := ad.And(t.met(end), finite)
	code := func(c status.Code) Value { return ad.Scalar(int32(c)) }
	out := ad.Where(met, code(status.Converged), code(status.OutOfSteps))
	return Result{
		Value:  ad.Where(met, end.Mean, math.NaN()),
		Last:   end.Mean,
		StdErr: t.standardError(end),
		Probes: ad.Mul(end.Batches, t.Batch),
		Status: ad.Where(finite, out, code(status.NotFinite)),
	}
}

// with adds a batch of draws to m, by the pairwise update of T. F. Chan, G. H. Golub and R. J.
// LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
func (m moments) with(draws Value) moments {
	mean := ad.Mean(draws)
	squares := ad.Sum(ad.Square(ad.Sub(draws, mean)))
	next := ad.Add(m.Batches, 1)
	before, after := ad.Convert(m.Batches, mean.DType()), ad.Convert(next, mean.DType())
	shift := ad.Sub(mean, m.Mean)
	// The mean moves by the batch's share; between the parts lies shift² times n₁n₂/(n₁+n₂).
	between := ad.Mul(ad.Square(shift), ad.Mul(ad.Div(before, after), draws.Size()))
	return moments{
		Batches: next,
		Mean:    ad.Add(m.Mean, ad.Div(shift, after)),
		Squares: ad.Add(m.Squares, ad.Add(squares, between)),
	}
}

func (t Tolerance) standardError(m moments) Value {
	n := ad.Mul(ad.Convert(m.Batches, m.Mean.DType()), t.Batch)
	return ad.Sqrt(ad.Div(ad.Div(m.Squares, ad.Sub(n, 1)), n))
}

func (t Tolerance) met(m moments) Value {
	bound := ad.Add(ad.Mul(ad.Abs(m.Mean), t.Relative), t.Absolute)
	return ad.LessEqual(t.standardError(m), bound)
}

func (t Tolerance) orDefault() Tolerance {
	if t.Absolute == 0 && t.Relative == 0 {
		t.Relative = 0.01
	}
	if t.Batch == 0 {
		t.Batch = 32
	}
	if t.MaxProbes == 0 {
		t.MaxProbes = 32768
	}
	if t.Probes == nil {
		t.Probes = Rademacher
	}
	if t.Batch < 2 || t.MaxProbes < 1 {
		panic(ad.Mistake("until", nil, "batches of %d and %d probes at most were asked for; a "+
			"batch has at least 2, which a standard error needs", t.Batch, t.MaxProbes))
	}
	return t
}
