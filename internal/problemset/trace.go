package problemset

import (
	"fmt"
	"math"
	"strconv"

	"pullback/report"
)

// asTrace is the agreement asked of everything that sums many products: JAX itself moves that much
// from one CPU to another.
func asTrace() agreement {
	return relative(1e-6, "by which JAX moves between processors")
}

// answerTrace answers question 1.1.
func answerTrace(single, double Trace) Section {
	specs := []spec[Trace]{
		{id: "q1.1.trace_hessian", label: "trace of the Hessian", published: "10240.816",
			agree: asTrace(), measure: func(t Trace) Measure { return t.Hessian }},
		{id: "q1.1.trace_diagonal", label: "sum of the diagonal of P", published: "10240.817",
			agree: asTrace(), measure: func(t Trace) Measure { return t.Diagonal }},
	}
	for i, published := range []string{"10229.5576", "10182.5596", "10503.5107", "10209.1455"} {
		specs = append(specs, spec[Trace]{id: "q1.1.hutchinson.M" + probes(i),
			label: "estimate, M = " + probes(i), published: published, agree: asTrace(),
			measure: func(t Trace) Measure {
				return Measure{t.Estimates[i].Value, t.Estimates[i].Seconds}
			}})
	}
	for i := range single.Estimates {
		specs = append(specs, spec[Trace]{id: "q1.1.error.M" + probes(i),
			label: "error, M = " + probes(i), format: "%.4f",
			measure: func(t Trace) Measure {
				return Measure{t.miss(i), t.Estimates[i].Seconds}
			}})
	}
	for i := 1; i < len(single.Estimates); i++ { // one probe has no standard error
		specs = append(specs, spec[Trace]{id: "q1.1.stderr.M" + probes(i),
			label: "standard error, M = " + probes(i), format: "%.4f",
			measure: func(t Trace) Measure {
				return Measure{t.Estimates[i].StdErr, t.Estimates[i].Seconds}
			}})
	}
	return Section{
		Figures: judgeAll(single, double, specs...),
		Remarks: append(double.remarks(), "The Hessian of a quadratic is a constant, and its "+
			"trace too: it is computed when the program is compiled, and its time here is that "+
			"of returning a number."),
		Charts: func() []report.Chart {
			if !finite(double.Hessian.Value) || !finite(double.last().StdErr) {
				return nil // the figures say what failed
			}
			return []report.Chart{estimatesChart(double), drawsChart(double)}
		},
	}
}

// probes is the number of probes of the i-th estimate: 1, 10, 100, 1000.
func probes(i int) string { return strconv.Itoa(int(math.Pow10(i))) }

// miss is the distance of the i-th estimate from the trace.
func (t Trace) miss(i int) float64 { return math.Abs(t.Estimates[i].Value - t.Hessian.Value) }

// last is the estimate with the most probes.
func (t Trace) last() Estimate { return t.Estimates[len(t.Estimates)-1] }

func (t Trace) remarks() []string {
	last := t.last()
	if !finite(last.StdErr) || last.StdErr == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Each draw v'Hv scatters by %s about the trace, so that the "+
		"standard error of M probes is that over √M. With M = %d it is %.1f; the estimate is %.1f "+
		"away, %.2f standard errors.", report.Grouped(last.scatter(), 1), last.Probes, last.StdErr,
		t.miss(len(t.Estimates)-1), t.miss(len(t.Estimates)-1)/last.StdErr)}
}

// scatter is the standard deviation of one draw.
func (e Estimate) scatter() float64 { return e.StdErr * math.Sqrt(float64(e.Probes)) }

// answerMatrixFree answers question 1.2.
func answerMatrixFree(single, double MatrixFree) Section {
	estimate := spec[MatrixFree]{id: "q1.2.trace", label: "estimate, M = 20",
		published: "1002486.69", agree: asTrace(), measure: func(a MatrixFree) Measure {
			return Measure{a.Trace.Value, a.Trace.Seconds}
		}}
	return Section{Figures: judgeAll(single, double, estimate)}
}

// estimatesChart shows the estimates against the number of probes and the law they follow.
func estimatesChart(t Trace) report.Chart {
	trace, scatter := t.Hessian.Value, t.last().scatter()
	estimates := report.ErrorBars{Name: "estimate ± standard error", Colour: report.Vermilion}
	for _, e := range t.Estimates {
		estimates.X = append(estimates.X, float64(e.Probes))
		estimates.Y = append(estimates.Y, e.Value)
		estimates.Error = append(estimates.Error, e.StdErr)
	}
	const first, last, steps = 0.7, 1500.0, 100
	law := report.Band{Name: "trace ± σ/√M", Colour: report.PaleBlue}
	for i := range steps + 1 {
		m := first * math.Pow(last/first, float64(i)/steps)
		law.X = append(law.X, m)
		law.Low = append(law.Low, trace-scatter/math.Sqrt(m))
		law.High = append(law.High, trace+scatter/math.Sqrt(m))
	}
	return report.Chart{
		Name: "estimates", Title: "Hutchinson's estimate against the number of probes",
		Caption: fmt.Sprintf("Float64. The band is the trace ± σ/√M, with σ = %s the standard "+
			"deviation of a single draw: a hundred times the probes, a tenth of the scatter. One "+
			"probe alone has no standard error.", report.Grouped(scatter, 1)),
		X: report.Axis{Label: "number of probes M", Log: true, Min: first, Max: last},
		Y: report.Axis{Label: "trace of the Hessian"},
		Layers: []report.Layer{law,
			report.Rule{Name: "trace " + report.Grouped(trace, 1), At: trace, Colour: report.Ink,
				Dashed: true},
			estimates},
	}
}

// drawsChart shows the draws whose mean is the estimate with the most probes.
func drawsChart(t Trace) report.Chart {
	last := t.last()
	return report.Chart{
		Name: "draws", Title: fmt.Sprintf("The %d draws of the estimator", last.Probes),
		Caption: fmt.Sprintf("Float64. Every draw is v'Hv for one vector v of random signs. Their "+
			"mean, %s with a standard error of %.1f, is the estimate of the trace, %s.",
			report.Grouped(last.Value, 1), last.StdErr, report.Grouped(t.Hessian.Value, 1)),
		X: report.Axis{Label: "v'Hv"},
		Y: report.Axis{Label: "number of draws"},
		Layers: []report.Layer{
			report.Histogram{Name: "draws", Values: last.Draws, Colour: report.Blue},
			report.Rule{Name: "mean " + report.Grouped(last.Value, 1), At: last.Value,
				Vertical: true, Colour: report.Vermilion},
			report.Rule{Name: "trace " + report.Grouped(t.Hessian.Value, 1), At: t.Hessian.Value,
				Vertical: true, Colour: report.Ink, Dashed: true},
		},
	}
}
