// Package fake makes answers to the problem set without the engine, for tests of what is done with
// answers: plain float64 arithmetic, and draws of math/rand in place of JAX's. Its figures are
// near the published ones or those figures themselves.
package fake

import (
	"math"
	"math/rand/v2"

	"pullback/internal/problemset"
)

// Programs answer every question. The float32 answers are the published figures; the float64
// ones differ from them a little, as rounding makes them.
func Programs() problemset.Programs {
	return problemset.Programs{
		Trace: program(Trace),
		MatrixFree: program(func(float64) problemset.MatrixFree {
			return problemset.MatrixFree{Trace: problemset.Estimate{Probes: 20, Value: 1002486.69,
				StdErr: 9000, Seconds: 0.011}}
		}),
		Equilibrium: program(Equilibrium),
		Likelihood: program(func(precision float64) problemset.Likelihood {
			return problemset.Likelihood{LogLikelihood: problemset.Measure{
				Value: 2.3698 + 4e-5*precision, Seconds: 2.1e-6}}
		}),
		Slope: program(func(precision float64) problemset.Slope {
			return problemset.Slope{Gradient: problemset.Parameters{
				Cd: -255.215134 * (1 + 3e-5*precision), Cs: -18792.078125 * (1 + 3e-5*precision)},
				Seconds: 4.2e-6}
		}),
		Estimation: program(Estimation),
	}
}

// program makes both precisions of f: 0 stands for float32 and 1 for float64.
func program[A any](f func(precision float64) A) problemset.Program[A] {
	return problemset.Program[A]{
		Float32: func() (A, error) { return f(0), nil },
		Float64: func() (A, error) { return f(1), nil },
	}
}

// Trace has the published figures, and draws that scatter as the problem's do.
func Trace(precision float64) problemset.Trace {
	t := problemset.Trace{
		Hessian:  problemset.Measure{Value: 10240.816 + 2e-4*precision, Seconds: 310e-6},
		Diagonal: problemset.Measure{Value: 10240.817 - 8e-4*precision, Seconds: 4e-6},
	}
	random := rand.New(rand.NewPCG(1, 2))
	probes := 1
	for i, value := range []float64{10229.5576, 10182.5596, 10503.5107, 10209.1455} {
		e := problemset.Estimate{Probes: probes, Value: value + 1e-4*precision,
			StdErr:  1450.5 / math.Sqrt(float64(probes)),
			Seconds: 12e-6 * float64(probes)}
		if probes == 1 {
			e.StdErr = math.NaN()
		}
		for range probes {
			// A sum of two squares' excess has the slight skew of a quadratic form.
			u, v := random.NormFloat64(), random.NormFloat64()
			e.Draws = append(e.Draws, value+1450.5*(0.9*u+0.3*(v*v-1)))
		}
		t.Estimates[i] = e
		probes *= 10
	}
	return t
}

// Equilibrium is that of the problem's market.
func Equilibrium(float64) problemset.Equilibrium {
	p := price(0.5, 0.15)
	m := problemset.Market{Price: p, Quantity: demand(p, 0.5), Seconds: 1.3e-6}
	return problemset.Equilibrium{Brent: m, Newton: m,
		Demand: func(p float64) float64 { return demand(p, 0.5) },
		Supply: func(p float64) float64 { return supply(p, 0.15) }}
}

func demand(p, cd float64) float64 { return 100 - 2*math.Pow(p, cd) }
func supply(p, cs float64) float64 { return 5 * math.Pow(3, cs*p) }

// price is the equilibrium's, by bisection.
func price(cd, cs float64) float64 {
	low, high := 0.0, 100.0
	for range 60 {
		if middle := (low + high) / 2; demand(middle, cd) > supply(middle, cs) {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}
