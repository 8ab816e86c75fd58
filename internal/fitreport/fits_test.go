package fitreport

import (
	"fmt"
	"math"

	"pullback/fit"
)

// fits are findings of every kind, made by hand. The first letters of what they are called are
// the names of their files in testdata.
func fits() map[string]*fit.Fit {
	return map[string]*fit.Fit{"identified": identified(), "flat": flat(), "bound": atBound(),
		"failed": failed(), "squares": squares()}
}

func number(x float64) *float64 { return &x }

// estimated is a free parameter with all its numbers.
func estimated(name string, estimate, stdErr, p float64) fit.Parameter {
	return fit.Parameter{Name: name, Estimate: estimate, StdErr: &stdErr,
		Z: number(estimate / stdErr), P: &p, Lower: number(estimate - 1.959964*stdErr),
		Upper: number(estimate + 1.959964*stdErr)}
}

// identified has everything: free noise, profiles, a bootstrap, what pictures are drawn from.
func identified() *fit.Fit {
	f := &fit.Fit{Format: fit.FormatNow,
		Model: fit.Origin{Name: "kmenta", Path: "models/kmenta.yaml", Text: "name: kmenta\n"},
		Data: fit.Sample{Path: "data/kmenta.csv", Digest: "5c0f", Rows: 23, Lagging: 1, Missing: 2,
			Used: 20},
		Method: "trust-region Newton with the exact Hessian", LogLik: -67.76809490770616, N: 20,
		K: 5, AIC: 145.53618981541232, BIC: 150.514851, Converged: true,
		Verdict: "converged: the gradient is zero to rounding.", Steps: 9, Evaluations: 12,
		Gradient: 3.2e-12, Condition: number(1234.5),
		Errors: fit.ErrorKind{Kind: "hessian", Divisor: "n"},
		Parameters: []fit.Parameter{
			estimated("d_P", -0.229538090339859, 0.0903537300563, 0.011068),
			estimated("d_0", 93.6192202801037, 7.40444030177, 1.2e-36),
			estimated("scale", 0.5953, 6.028e-5, 0)},
		Noise: []fit.Parameter{estimated("var(Q)", 3.9, 1.2, 0.00115),
			estimated("var(P)", 4.1e-9, 2e-9, 0.04)},
		NoiseNote: "The covariance is free and concentrated out: a reduced-form noise model.",
		Identification: fit.Identification{Verdict: "identified", From: "predictions",
			Names:    []string{"d_P", "d_0", "scale"},
			Singular: []float64{1.41, 0.9, 0.0123}, Rank: 3, Tolerance: 4.4e-15,
			Sentences: []string{
				"Every parameter moves the predictions in a direction of its own."}},
		Notes: []string{"A profile found a better optimum; the fit was restarted there."},
	}
	f.Profiles = []fit.Profile{profile(f, "d_P", -0.23, 0.09), profile(f, "d_0", 93.6, 7.4)}
	f.Profiles[1].Upper = fit.Edge{Value: 100, Bound: true}
	f.Profiles[1].Sentence = "The profile interval of d_0 ends at the bound."
	f.Bootstrap = resampled(f)
	f.Series = []fit.Series{series("price", 20), series("log(quantity)", 20)}
	f.Path = []fit.Step{
		{X: []float64{-1, 80, 0.1}, LogLik: -140, Gradient: 3},
		{X: []float64{-.4, 90, 0.4}, LogLik: -70, Gradient: 1e-1},
		{X: []float64{-.24, 93, 0.59}, LogLik: -67.769, Gradient: 1e-5},
		{X: []float64{-0.229538, 93.61922, 0.5953}, LogLik: f.LogLik, Gradient: 0}}
	f.Surfaces = []fit.Surface{surface(f, "d_P", "d_0", -0.23, 93.6, 0.09, 7.4)}
	return f
}

// profile is a parabola.
func profile(f *fit.Fit, name string, at, spread float64) fit.Profile {
	p := fit.Profile{Name: name, Level: 0.95, Lower: fit.Edge{Value: at - 1.96*spread},
		Upper: fit.Edge{Value: at + 1.96*spread}}
	for i := range 21 {
		d := (float64(i) - 10) / 4
		p.At, p.LogLik = append(p.At, at+d*spread), append(p.LogLik, f.LogLik-d*d/2)
	}
	return p
}

func series(name string, n int) fit.Series {
	s := fit.Series{Name: name}
	for i := range n {
		x := float64(i)
		s.Predicted = append(s.Predicted, 10+math.Sin(x/5))
		s.Observed = append(s.Observed, 10+math.Sin(x/5)+0.3*math.Sin(7*x))
	}
	return s
}

func surface(f *fit.Fit, x, y string, atX, atY, dx, dy float64) fit.Surface {
	const n = 41
	s := fit.Surface{X: x, Y: y}
	for i := range n {
		d := 4 * (float64(i)/(n-1)*2 - 1)
		s.XAt, s.YAt = append(s.XAt, atX+d*dx), append(s.YAt, atY+d*dy)
	}
	for _, v := range s.YAt {
		var row []float64
		for _, u := range s.XAt {
			a, b := (u-atX)/dx, (v-atY)/dy
			row = append(row, f.LogLik-(a*a+a*b+b*b)/2)
		}
		s.LogLik = append(s.LogLik, row)
	}
	s.LogLik[0][0] = math.NaN() // the model has no value there
	return s
}

func resampled(f *fit.Fit) *fit.Bootstrap {
	b := &fit.Bootstrap{Resample: "cluster", Cluster: "year", Seed: 1 << 63, Asked: 100, Failed: 3}
	for _, p := range f.Parameters {
		b.Intervals = append(b.Intervals, fit.BootstrapParameter{Name: p.Name, Mean: p.Estimate,
			StdErr: *p.StdErr, Lower: *p.Lower, Upper: *p.Upper})
	}
	for i := range 97 {
		var draw []float64
		for _, p := range f.Parameters {
			draw = append(draw, p.Estimate+*p.StdErr*math.Sin(float64(i*i)))
		}
		b.Draws = append(b.Draws, draw)
	}
	return b
}

// flat is the market with prices only.
func flat() *fit.Fit {
	direction := "At this estimate, moving (c_d, c_s) along (+0.99991, -0.01358) leaves every " +
		"prediction unchanged to first order; estimable: 0.01358·c_d + 0.99991·c_s."
	f := &fit.Fit{Format: fit.FormatNow,
		Model:  fit.Origin{Name: "market", Path: "market.yaml"},
		Data:   fit.Sample{Path: "prices.csv", Rows: 50, Used: 50},
		LogLik: 165.81, Method: "BFGS", N: 50, K: 2, AIC: -327.62, BIC: -323.796, Converged: true,
		Verdict: "converged", Steps: 17, Evaluations: 30, Gradient: 1e-9,
		Parameters: []fit.Parameter{
			{Name: "c_d", Estimate: 0.59531234, State: fit.Unidentified},
			{Name: "c_s", Estimate: 0.15201234, State: fit.Unidentified},
			{Name: "sigma_p", Estimate: 0.01, State: fit.Fixed}},
		Identification: fit.Identification{Verdict: "flat", From: "predictions",
			Names: []string{"c_d", "c_s"}, Singular: []float64{1.4142, 0}, Rank: 1,
			Tolerance: 1.1e-14, Flat: [][]float64{{0.99991, -0.01358}},
			Sentences: []string{direction, "Observing quantity would identify it."}},
	}
	f.Profiles = []fit.Profile{{Name: "c_d", Level: 0.95, Flat: true,
		Lower: fit.Edge{Value: 0, Bound: true}, Upper: fit.Edge{Value: 10, Unbounded: true},
		At: []float64{0, 0.5, 1, 1.345, 2}, LogLik: []float64{165.81, 165.81, 165.81, 165.81, 100},
		Sentence: "The profile of c_d is flat on [0, 1.345]."}}
	return f
}

// atBound has a parameter at its bound, one whose information is singular, and frequencies.
func atBound() *fit.Fit {
	f := identified()
	f.Model.Name, f.N = "market", 250
	f.Errors = fit.ErrorKind{Kind: "cluster", Cluster: "village", Divisor: "n·G/(G-1)"}
	f.Parameters = []fit.Parameter{estimated("c_d", 0.6, 0.1, 2e-9),
		{Name: "c_s", State: fit.AtBound}, {Name: "c_x", Estimate: -1.5, State: fit.Unknown},
		{Name: "tax_rate", Estimate: 0.25, State: fit.Fixed}}
	f.Noise, f.NoiseNote, f.Profiles, f.Bootstrap, f.Notes = nil, "", nil, nil, nil
	f.Series, f.Surfaces, f.Path = nil, nil, nil
	return f
}

// failed stopped where many rows have no equilibrium.
func failed() *fit.Fit {
	f := atBound()
	f.Converged, f.Condition = false, nil
	f.Verdict = "The search ended after 200 steps; the gradient is 41 times what it may be. " +
		"Try other starts with --starts 20."
	f.Steps, f.Evaluations, f.Gradient = 200, 733, 0.41
	for i := range 13 {
		f.Failures = append(f.Failures, fit.Failure{Row: i,
			Place:    fmt.Sprintf("prices.csv:%d", i+2),
			Sentence: "no root of the excess demand in [0, 100]."})
	}
	return f
}

// squares is a nonlinear regression with Student's t.
func squares() *fit.Fit {
	f := identified()
	f.Model.Name, f.Model.Path, f.Data.Path = "misra1a", "", "misra1a.csv"
	f.Data.Rows, f.Data.Lagging, f.Data.Missing = 20, 0, 0
	f.Method = "Levenberg–Marquardt"
	f.Squares = number(1.2455138894e-01)
	f.Errors = fit.ErrorKind{Kind: "gauss-newton", Divisor: "n - k", DegreesOfFreedom: number(18)}
	f.Parameters = []fit.Parameter{estimated("b1", 2.3894212918e+02, 2.7070075241, 1e-25),
		estimated("b2", 5.5015643181e-04, 7.2668688436e-06, 1e-23),
		estimated("b3", 123456789.25, 0.5, 0.5), estimated("b4", 5.5e-14, 7.25e-16, 0.1)}
	f.Noise, f.NoiseNote, f.Profiles, f.Bootstrap, f.Notes = nil, "", nil, nil, nil
	f.Series, f.Surfaces, f.Path = nil, nil, nil
	return f
}
