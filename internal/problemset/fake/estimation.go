package fake

import (
	"math"
	"math/rand/v2"

	"pullback/internal/problemset"
)

const sigma = 0.01

// Estimation fits the problem's market to 50 prices.
func Estimation(precision float64) problemset.Estimation {
	random := rand.New(rand.NewPCG(3, 4))
	prices := make([]float64, 50)
	for i := range prices {
		prices[i] = price(0.5, 0.15) + sigma*random.NormFloat64()
	}
	nll := func(p problemset.Parameters) float64 {
		at := price(p.Cd, p.Cs)
		sum := 25 * math.Log(2*math.Pi*sigma*sigma)
		for _, x := range prices {
			sum += (x - at) * (x - at) / (2 * sigma * sigma)
		}
		return sum
	}
	e := problemset.Estimation{
		Published: evaluate(nll, problemset.PublishedBFGS()),
		AtTruth: problemset.Identification{Rank: 1,
			Direction: problemset.Parameters{Cd: 0.999908, Cs: -0.013580}},
		AtMinimum: problemset.Identification{Rank: 1,
			Direction: problemset.Parameters{Cd: 0.999855, Cs: -0.017001}},
		StdErr: problemset.Parameters{Cd: 6.0288e-5, Cs: 1.20502e-5},
		NegLogLikelihood: func(cd, cs []float64) []float64 {
			values := make([]float64, len(cd))
			for i := range values {
				values[i] = nll(problemset.Parameters{Cd: cd[i], Cs: cs[i]})
			}
			return values
		},
	}
	e.Adam = problemset.Fit{Path: func() []problemset.Parameters { return adam(nll) },
		Parameters: problemset.Parameters{Cd: 0.5615, Cs: 0.1491}, Seconds: 0.4e-3}
	e.Adam.Point = problemset.Point{NegLogLikelihood: -160.709}
	e.Adam.LastLoss = -164.797
	path := descend()
	e.BFGS = problemset.Fit{Path: func() []problemset.Parameters { return path },
		Parameters: path[len(path)-1], Seconds: 0.3e-3}
	e.BFGS.Point = problemset.Point{NegLogLikelihood: -165.8149 - 1e-6*precision,
		Gradient: problemset.Parameters{Cd: 1e-4, Cs: 3e-3}}
	e.Both = problemset.Fit{Parameters: problemset.Parameters{Cd: 0.49997549, Cs: 0.15001634},
		Seconds: 0.5e-3}
	return e
}

type objective func(problemset.Parameters) float64

// gradient is by central differences.
func gradient(f objective, p problemset.Parameters) problemset.Parameters {
	const h = 1e-6
	return problemset.Parameters{
		Cd: (f(problemset.Parameters{Cd: p.Cd + h, Cs: p.Cs}) -
			f(problemset.Parameters{Cd: p.Cd - h, Cs: p.Cs})) / (2 * h),
		Cs: (f(problemset.Parameters{Cd: p.Cd, Cs: p.Cs + h}) -
			f(problemset.Parameters{Cd: p.Cd, Cs: p.Cs - h})) / (2 * h),
	}
}

func evaluate(f objective, p problemset.Parameters) problemset.Point {
	return problemset.Point{NegLogLikelihood: f(p), Gradient: gradient(f, p)}
}

// adam is 100 steps of Adam with learning rate .01 from (.6, .18).
func adam(f objective) []problemset.Parameters {
	x := [2]float64{0.6, 0.18}
	var m, v [2]float64
	path := []problemset.Parameters{{Cd: x[0], Cs: x[1]}}
	for t := 1.0; t <= 100; t++ {
		g := gradient(f, problemset.Parameters{Cd: x[0], Cs: x[1]})
		for i, gi := range [2]float64{g.Cd, g.Cs} {
			m[i] = 0.9*m[i] + 0.1*gi
			v[i] = 0.999*v[i] + 0.001*gi*gi
			x[i] -= 0.01 * m[i] / (1 - math.Pow(0.9, t)) /
				(math.Sqrt(v[i]/(1-math.Pow(0.999, t))) + 1e-8)
		}
		path = append(path, problemset.Parameters{Cd: x[0], Cs: x[1]})
	}
	return path
}

// descend is a straight path to the ridge, halving its distance: one that BFGS might take.
func descend() []problemset.Parameters {
	const start, cd = 0.18, 0.5985
	cs := 0.14 // by bisection, the point of the ridge at cd
	for step := 0.02; step > 1e-13; step /= 2 {
		if price(cd, cs+step) > price(0.5, 0.15) {
			cs += step
		}
	}
	var path []problemset.Parameters
	for left := 1.0; left > 1e-9; left /= 2 {
		path = append(path, problemset.Parameters{Cd: cd + left*(0.6-cd), Cs: cs + left*(start-cs)})
	}
	return append(path, problemset.Parameters{Cd: cd, Cs: cs})
}
