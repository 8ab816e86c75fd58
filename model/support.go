package model

import (
	"fmt"
	"math"

	"pullback/ad"
)

// checkSupport is an error if an observation lies where its density has none, or where its target
// has no value: such a row makes every likelihood zero.
func (b *Bound) checkSupport() error {
	e := b.over(ad.Zeros(ad.Float64, len(b.Model.Parameters)), b.Sample())
	for _, o := range b.Model.Observations {
		for _, t := range o.Targets {
			value, _ := e.observed(t)
			column := b.columns[t.Column]
			for row, x := range value.Floats() {
				what := ""
				switch ok, support := o.Family.supports(x); {
				case math.IsNaN(x) || math.IsInf(x, 0):
					what = fmt.Sprintf("%s has no value there", t.Formula.Text)
				case !ok:
					what = fmt.Sprintf("%v is a density of %s", o.Family, support)
				}
				if what != "" {
					return fmt.Errorf("%s: %s is %v, and %s; correct the row, leave it out, or "+
						"choose another density", b.Place(row), t.Column, column[row], what)
				}
			}
		}
	}
	return nil
}

// supports says whether a density has mass at x, and where it has, in words.
func (f Family) supports(x float64) (bool, string) {
	switch f {
	case Poisson:
		return x >= 0 && x == math.Trunc(x), "the whole numbers from 0"
	case Bernoulli, BernoulliLogit:
		return x == 0 || x == 1, "0 and 1"
	case LogNormal, Gamma:
		return x > 0, "positive numbers"
	case Exponential:
		return x >= 0, "numbers from 0"
	}
	return true, ""
}

// Undefined says which formula has no finite value in which row at given parameters, or nothing. It
// is for messages.
func (b *Bound) Undefined(theta ad.Value) string {
	e := b.solved(theta, b.Sample())
	for _, o := range b.Model.Densities() {
		for i, a := range e.arguments(o) {
			for row, x := range a.Floats() {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					return fmt.Sprintf("%s is %v in %s", o.Args[i].Text, x, b.Place(row))
				}
				if o.Family.positive(i) && x <= 0 {
					return fmt.Sprintf("%s is %v in %s, where %v needs a positive number",
						o.Args[i].Text, x, b.Place(row), o.Family)
				}
			}
		}
	}
	if f := b.Model.LogLik; f != nil {
		for row, x := range rows(number(e.of(f.Expr)), b.N).Floats() {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Sprintf("%s is %v in %s", f.Text, x, b.Place(row))
			}
		}
	}
	return ""
}

// positive says whether an argument of the density must be.
func (f Family) positive(argument int) bool {
	switch f {
	case Normal, LogNormal:
		return argument == 1
	case StudentT:
		return argument != 1
	case Poisson, Exponential, Gamma:
		return true
	}
	return false
}

// String is the density's name in model files.
func (f Family) String() string {
	for _, d := range densities() {
		if d.family == f {
			return d.name
		}
	}
	return fmt.Sprintf("model.Family(%d)", int(f))
}
