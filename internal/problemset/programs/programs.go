// Package programs hands the programs of examples/problemset to the tables and pictures of
// internal/problemset, as plain numbers.
package programs

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/estimate"
	"pullback/examples/problemset"
	answers "pullback/internal/problemset"
	"pullback/minimise"
	"pullback/status"
	"pullback/trace"
)

// All are the programs of all questions.
func All() answers.Programs {
	return answers.Programs{
		Trace:       both(traceAnswer),
		MatrixFree:  both(matrixFree),
		Equilibrium: both(equilibrium),
		Likelihood:  both(likelihood),
		Slope:       both(slope),
		Estimation:  both(estimation),
	}
}

// both is a program in both precisions. That the user asked to stop at a NaN is no bug, but an
// error.
func both[Answer any](f func(ad.DType) Answer) answers.Program[Answer] {
	in := func(d ad.DType) func() (Answer, error) {
		return func() (a Answer, err error) {
			defer func() {
				if r := recover(); r != nil {
					nan, is := r.(*ad.NaNError)
					if !is {
						panic(r)
					}
					err = fmt.Errorf("PULLBACK_DEBUG=nan stops at the first NaN: %w", nan)
				}
			}()
			return f(d), nil
		}
	}
	return answers.Program[Answer]{Float32: in(ad.Float32), Float64: in(ad.Float64)}
}

func measure(t problemset.Timed[ad.Value]) answers.Measure {
	return answers.Measure{Value: t.Result.Float(), Seconds: t.Took.Seconds()}
}

func traceAnswer(d ad.DType) answers.Trace {
	t := problemset.Trace(d)
	out := answers.Trace{Hessian: measure(t.Hessian), Diagonal: measure(t.Diagonal)}
	for i, e := range t.Estimates {
		out.Estimates[i] = hutchinson(e)
	}
	return out
}

func matrixFree(d ad.DType) answers.MatrixFree {
	return answers.MatrixFree{Trace: hutchinson(problemset.MatrixFree(d))}
}

func hutchinson(t problemset.Timed[trace.Estimate]) answers.Estimate {
	e := t.Result
	return answers.Estimate{
		Probes: e.Draws.Size(), Value: e.Value.Float(), StdErr: e.StdErr.Float(),
		Draws: e.Draws.Floats(), Seconds: t.Took.Seconds(),
	}
}

func equilibrium(d ad.DType) answers.Equilibrium {
	e := problemset.Equilibria(d)
	cd, cs := problemset.Truth(ad.Float64).Cd, problemset.Truth(ad.Float64).Cs
	return answers.Equilibrium{
		Brent: market(e.Brent), Newton: market(e.Newton),
		Demand: func(p float64) float64 { return problemset.Demand(ad.Scalar(p), cd).Float() },
		Supply: func(p float64) float64 { return problemset.Supply(ad.Scalar(p), cs).Float() },
	}
}

func market(t problemset.Timed[problemset.Equilibrium]) answers.Market {
	return answers.Market{
		Price: t.Result.Price.Float(), Quantity: t.Result.Quantity.Float(),
		Failure: failure(t.Result.Status), Seconds: t.Took.Seconds(),
	}
}

// failure is a status as a sentence, empty for a success.
func failure(code ad.Value) string {
	if c := status.Code(code.Int()); !c.OK() {
		return c.String()
	}
	return ""
}

func likelihood(d ad.DType) answers.Likelihood {
	return answers.Likelihood{LogLikelihood: measure(problemset.Likelihood(d))}
}

func slope(d ad.DType) answers.Slope {
	s := problemset.Slope(d)
	return answers.Slope{Gradient: parameters(s.Result), Seconds: s.Took.Seconds()}
}

func parameters(m problemset.Market) answers.Parameters {
	return answers.Parameters{Cd: m.Cd.Float(), Cs: m.Cs.Float()}
}

func estimation(d ad.DType) answers.Estimation {
	e := problemset.Estimation(d)
	point := func(m problemset.Market) answers.Point {
		v := ad.ValueAndGrad(e.NegLogLikelihood)(m)
		return answers.Point{NegLogLikelihood: v.Value.Float(), Gradient: parameters(v.Grad)}
	}
	published := answers.PublishedBFGS()
	se := e.BothInfo.StdErr()

	adam := answers.Fit{
		Parameters: parameters(e.Adam.Result.Value), Point: point(e.Adam.Result.Value),
		Failure: failure(e.Adam.Result.Status), Seconds: e.Adam.Took.Seconds(),
	}
	// The last loss that Adam's loop computed is that before its last update.
	losses := e.Adam.Result.Losses.Floats()
	adam.LastLoss = losses[len(losses)-2]
	adam.Path = func() (path []answers.Parameters) {
		cd, cs := e.Adam.Result.Path.Cd.Floats(), e.Adam.Result.Path.Cs.Floats()
		for i := range cd {
			path = append(path, answers.Parameters{Cd: cd[i], Cs: cs[i]})
		}
		return path
	}
	bfgs := fit(e.BFGS)
	bfgs.Path = func() (path []answers.Parameters) {
		for _, m := range e.BFGSPath() {
			path = append(path, parameters(m))
		}
		return path
	}
	return answers.Estimation{
		Adam: adam, BFGS: bfgs, Both: fit(e.Both),
		Published: point(problemset.MarketOf(d, published.Cd, published.Cs)),
		AtTruth:   identification(e.AtTruth),
		AtMinimum: identification(e.AtMinimum),
		StdErr:    answers.Parameters{Cd: se[0], Cs: se[1]},
		NegLogLikelihood: func(cd, cs []float64) []float64 {
			grid := problemset.Market{Cd: ad.Vector(cd...), Cs: ad.Vector(cs...)}
			return ad.Jit(ad.Vmap(e.NegLogLikelihood))(grid).Floats()
		},
	}
}

func fit(t problemset.Timed[minimise.Result[problemset.Market]]) answers.Fit {
	r := t.Result
	return answers.Fit{
		Parameters: parameters(r.Value),
		Point:      answers.Point{NegLogLikelihood: r.F.Float(), Gradient: parameters(r.Gradient)},
		Failure:    failure(r.Status), Seconds: t.Took.Seconds(),
	}
}

func identification(i estimate.Information) answers.Identification {
	out := answers.Identification{Rank: i.Rank,
		Direction: answers.Parameters{Cd: math.NaN(), Cs: math.NaN()}}
	if free := i.Unidentified(); len(free) == 1 {
		out.Direction = answers.Parameters{Cd: free[0][0], Cs: free[0][1]}
	}
	return out
}
