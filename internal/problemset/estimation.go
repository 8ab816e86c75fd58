package problemset

import (
	"fmt"
	"math"

	"pullback/report"
)

// answerEstimation answers question 2.4. The published figures of BFGS are not what its figures are
// judged by, since they are no minimum: see [falseConvergence].
func answerEstimation(single, double Estimation) Section {
	adam := func(e Estimation) Fit { return e.Adam }
	bfgs := func(e Estimation) Fit { return e.BFGS }
	both := func(e Estimation) Fit { return e.Both }
	figures := judgeAll(single, double,
		fitSpec("q2.4.adam.c_d", "c_d, by Adam", "0.5615", adam, fitCd),
		fitSpec("q2.4.adam.c_s", "c_s, by Adam", "0.1491", adam, fitCs),
		fitSpec("q2.4.adam.nll", "-log likelihood, step 100", "", adam, fitLastLoss).with("%.4f"),
		fitSpec("q2.4.bfgs.c_d", "c_d, by BFGS", "0.5995", bfgs, fitCd),
		fitSpec("q2.4.bfgs.c_s", "c_s, by BFGS", "0.1520", bfgs, fitCs),
		fitSpec("q2.4.bfgs.nll", "-log likelihood, by BFGS", "", bfgs, fitNLL).with("%.5f"),
		fitSpec("q2.4.bfgs.gradient_norm", "norm of its gradient", "", bfgs, fitNorm).with("%.2e"),
		spec[Estimation]{id: "q2.4.identified", label: "both parameters identified",
			format: "%.0f", measure: identified},
		fitSpec("q2.4.both.c_d", "c_d, from P and Q", "", both, fitCd).with("%.8f"),
		fitSpec("q2.4.both.c_s", "c_s, from P and Q", "", both, fitCs).with("%.8f"),
		spec[Estimation]{id: "q2.4.both.se_c_d", label: "standard error of c_d", format: "%.4e",
			measure: func(e Estimation) Measure { return Measure{e.StdErr.Cd, e.Both.Seconds} }},
		spec[Estimation]{id: "q2.4.both.se_c_s", label: "standard error of c_s", format: "%.4e",
			measure: func(e Estimation) Measure { return Measure{e.StdErr.Cs, e.Both.Seconds} }},
	)
	for i := range figures {
		judgeSearch(&figures[i], single, double)
	}
	return Section{
		Figures: figures,
		Remarks: append(append(falseConvergence(single, double), ridge(double)...),
			repair(double)...),
		Charts: func() []report.Chart { return []report.Chart{ridgeChart(double)} },
	}
}

// fitSpec reads one number of one optimiser's answer.
func fitSpec(id, label, published string, fit func(Estimation) Fit,
	value func(Fit) float64) spec[Estimation] {
	return spec[Estimation]{id: id, label: label, published: published, agree: digits(published),
		measure: func(e Estimation) Measure { return Measure{value(fit(e)), fit(e).Seconds} },
		failure: func(e Estimation) string { return fit(e).Failure },
	}
}

// with is the spec with a format for its numbers.
func (s spec[Answer]) with(format string) spec[Answer] {
	s.format = format
	return s
}

func fitCd(f Fit) float64       { return f.Parameters.Cd }
func fitCs(f Fit) float64       { return f.Parameters.Cs }
func fitNLL(f Fit) float64      { return f.Point.NegLogLikelihood }
func fitLastLoss(f Fit) float64 { return f.LastLoss }
func fitNorm(f Fit) float64 {
	return math.Hypot(f.Point.Gradient.Cd, f.Point.Gradient.Cs)
}

// identified is 1 if the observed prices determine both parameters, else 0.
func identified(e Estimation) Measure {
	if e.AtMinimum.Rank < 2 {
		return Measure{Value: 0, Seconds: e.BFGS.Seconds}
	}
	return Measure{Value: 1, Seconds: e.BFGS.Seconds}
}

// reachesMinimum says whether BFGS is at the minimum as far as the precision goes: float32 cannot
// tell values apart that are closer than the first bound; the second is the minimum on the float32
// draws, -165.81489, to its last digit.
func reachesMinimum(single, double Estimation) (float32, float64 bool) {
	return fitNLL(single.BFGS) <= -165.80, fitNLL(double.BFGS) <= -165.814885
}

// judgeSearch judges the figures of BFGS by its likelihood, and says what is not identified.
func judgeSearch(f *Figure, single, double Estimation) {
	if f.Status == Failed {
		return
	}
	at32, at64 := reachesMinimum(single, double)
	switch f.ID {
	case "q2.4.adam.nll":
		f.Note = fmt.Sprintf("the loss that Adam's hundredth step computed, before its update; "+
			"at the parameters that it returns the loss is %s in float32 and %s in float64. Adam "+
			"steps by its learning rate, and the ridge is narrower than that.",
			f.print(fitNLL(single.Adam)), f.print(fitNLL(double.Adam)))
	case "q2.4.bfgs.nll":
		if !at32 || !at64 {
			f.Status = Differs
			f.Note = "BFGS stopped above the minimum, which is at most -165.80 in float32 and " +
				"-165.81489 in float64."
		}
	case "q2.4.bfgs.gradient_norm":
		if at32 && f.Float32 > 1 {
			f.Note = "in float32 what is left of it is rounding: across the ridge one unit in " +
				"the last place of c_s moves the gradient by about 100, and the likelihood by " +
				"less than its own rounding error."
		}
	case "q2.4.bfgs.c_d", "q2.4.bfgs.c_s":
		switch {
		case !at32 || !at64:
			f.Status = Differs
			f.Note = "BFGS stopped above the minimum."
		case double.AtMinimum.Rank < 2:
			f.Status = NotIdentified
			f.Note = fmt.Sprintf("the published %s belongs to a false convergence, and no figure "+
				"here is the only right one: the minimum is a ridge, which float32 meets at %s "+
				"and float64 at %s.", f.Published, f.print(f.Float32), f.print(f.Float64))
		}
	case "q2.4.identified":
		if double.AtMinimum.Rank < 2 {
			f.Note = fmt.Sprintf("the predicted prices move along %d of 2 directions of "+
				"(c_d, c_s), and not along %s.", double.AtMinimum.Rank,
				double.AtMinimum.Direction)
		}
	}
}

// String writes the parameters as a point or direction.
func (p Parameters) String() string { return fmt.Sprintf("(%.6f, %.6f)", p.Cd, p.Cs) }

// falseConvergence says what is wrong with the published answer of BFGS, evaluated in the precision
// it was published in.
func falseConvergence(single, double Estimation) []string {
	there, minimum := single.Published, fitNLL(double.BFGS)
	if !(there.NegLogLikelihood > minimum+1) {
		return nil
	}
	p := PublishedBFGS()
	return []string{fmt.Sprintf("The published answer of BFGS is a false convergence. At "+
		"%v, published as %.4f and %.4f, the negative log likelihood is %s and its gradient "+
		"(%.0e, %.0e), in float32 as published: no minimum. (On the published program's own "+
		"prices, which differ from these in their last bits, it is 41,128.9.) BFGS here ends at "+
		"%.4f in float32 and %.4f in float64, with gradients of norm %.1e and %.1e.",
		p, p.Cd, p.Cs, report.Grouped(there.NegLogLikelihood, 1), there.Gradient.Cd,
		there.Gradient.Cs, fitNLL(single.BFGS), minimum, fitNorm(single.BFGS),
		fitNorm(double.BFGS))}
}

// ridge says what the observed prices do not identify, and along which direction.
func ridge(e Estimation) []string {
	if e.AtMinimum.Rank >= 2 {
		return nil
	}
	return []string{fmt.Sprintf("Nor does the minimum determine c_d and c_s: one observed price "+
		"cannot identify two parameters. Along a curve of pairs (c_d, c_s) the equilibrium price "+
		"stays the same, hence the likelihood too, and its minimum is a ridge. At the truth, "+
		"(%g, %g), the ridge runs along %s; it turns on its way, and at the answer of BFGS, "+
		"%s, it runs along %s. The rank, %d of 2, is that of the predicted prices' Jacobian in "+
		"float64, weighted by the noise, its columns scaled to unit length. The Hessian of the "+
		"likelihood would mislead: the data's residuals enter it.",
		Truth().Cd, Truth().Cs, e.AtTruth.Direction, e.BFGS.Parameters, e.AtMinimum.Direction,
		e.AtMinimum.Rank)}
}

// repair tells how far the estimates from prices and quantities are from the truth.
func repair(e Estimation) []string {
	p, se, truth := e.Both.Parameters, e.StdErr, Truth()
	if !finite(p.Cd) || !finite(p.Cs) || !(se.Cd > 0) || !(se.Cs > 0) {
		return nil
	}
	return []string{fmt.Sprintf("The repair is to observe the quantity as well, with noise of the "+
		"same size. Then both are recovered: c_d = %.8f ± %.2e and c_s = %.8f ± %.2e, %.1f and "+
		"%.1f standard errors from the truth.", p.Cd, se.Cd, p.Cs, se.Cs,
		math.Abs(p.Cd-truth.Cd)/se.Cd, math.Abs(p.Cs-truth.Cs)/se.Cs)}
}
