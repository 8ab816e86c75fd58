package problemset

import (
	"fmt"

	"pullback/report"
)

// answerEquilibrium answers question 2.1.
func answerEquilibrium(single, double Equilibrium) Section {
	brent := func(e Equilibrium) Market { return e.Brent }
	newton := func(e Equilibrium) Market { return e.Newton }
	price := func(m Market) float64 { return m.Price }
	quantity := func(m Market) float64 { return m.Quantity }
	return Section{
		Figures: judgeAll(single, double,
			marketSpec("q2.1.brent.price", "price, by Brent", "17.65", brent, price),
			marketSpec("q2.1.brent.quantity", "quantity, by Brent", "91.60", brent, quantity),
			marketSpec("q2.1.price", "price, by Newton", "17.65", newton, price),
			marketSpec("q2.1.quantity", "quantity, by Newton", "91.60", newton, quantity)),
		Remarks: []string{"Brent's search is not compiled: it runs on plain numbers, one " +
			"operation after the other, and its time is that. Newton's is compiled."},
		Charts: func() []report.Chart {
			if !finite(double.Newton.Price) {
				return nil // its figure says that it failed
			}
			return []report.Chart{marketChart(double)}
		},
	}
}

// marketSpec reads one number of the equilibrium that one root finder found.
func marketSpec(id, label, published string, finder func(Equilibrium) Market,
	value func(Market) float64) spec[Equilibrium] {
	return spec[Equilibrium]{id: id, label: label, published: published, agree: digits(published),
		measure: func(e Equilibrium) Measure {
			return Measure{value(finder(e)), finder(e).Seconds}
		},
		failure: func(e Equilibrium) string { return finder(e).Failure },
	}
}

// marketChart shows demand and supply as economists draw them, the quantity along the abscissa.
func marketChart(e Equilibrium) report.Chart {
	const steps = 120
	demand := report.Line{Name: "demand", Colour: report.Blue}
	supply := report.Line{Name: "supply", Colour: report.Vermilion, Dashed: true}
	for i := range steps + 1 {
		p := 1.2 * e.Newton.Price * float64(i) / steps
		demand.X, demand.Y = append(demand.X, e.Demand(p)), append(demand.Y, p)
		supply.X, supply.Y = append(supply.X, e.Supply(p)), append(supply.Y, p)
	}
	at := fmt.Sprintf("P = %.2f, Q = %.2f", e.Newton.Price, e.Newton.Quantity)
	return report.Chart{
		Name: "market", Title: "Demand, supply and their equilibrium",
		Caption: "Float64. Demand is 100 - 2·P^0.5 and supply 5·3^(0.15·P), in the problem's own " +
			"units; they meet at " + at + ".",
		X: report.Axis{Label: "quantity Q"},
		Y: report.Axis{Label: "price P"},
		Layers: []report.Layer{demand, supply,
			report.Points{Name: "equilibrium " + at, X: []float64{e.Newton.Quantity},
				Y: []float64{e.Newton.Price}, Colour: report.Ink}},
	}
}

// answerLikelihood answers question 2.2.
func answerLikelihood(single, double Likelihood) Section {
	const published = "2.3698"
	return Section{Figures: judgeAll(single, double, spec[Likelihood]{id: "q2.2.loglik",
		label: "log likelihood", published: published, agree: digits(published),
		measure: func(a Likelihood) Measure { return a.LogLikelihood }})}
}

// answerSlope answers question 2.3. The observed price is formed from our own equilibrium, which
// may differ from the published program's in its last bit: hence the tolerance.
func answerSlope(single, double Slope) Section {
	within := relative(2e-6, "allowed since the observed price is formed from our own")
	return Section{Figures: judgeAll(single, double,
		spec[Slope]{id: "q2.3.grad_c_d", label: "derivative by c_d", published: "-255.215134",
			agree:   within,
			measure: func(s Slope) Measure { return Measure{s.Gradient.Cd, s.Seconds} }},
		spec[Slope]{id: "q2.3.grad_c_s", label: "derivative by c_s", published: "-18792.078125",
			agree:   within,
			measure: func(s Slope) Measure { return Measure{s.Gradient.Cs, s.Seconds} }},
	)}
}
