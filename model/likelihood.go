package model

import (
	"math"

	"pullback/ad"
	"pullback/model/expression"
	"pullback/stats"
)

// Noise is the free covariances of a model's densities: for each Observation that is Free, of
// those observed and then the shocks, the lower triangle of its covariance by rows, as one vector.
type Noise []ad.Value

// solved is an evaluation with the unknowns: solved for or, in a model of shocks, observed.
func (b *Bound) solved(theta ad.Value, s Sample) *evaluation {
	e := b.over(theta, s)
	if len(b.Model.Shocks) == 0 {
		e.unknowns = b.equilibrium(e).Unknowns
		return e
	}
	for _, u := range b.Model.Unknowns {
		e.unknowns = append(e.unknowns, e.columns[u.Observed.Name])
	}
	return e
}

// joint is one Observation's part of the likelihood: d targets with their arguments, each of N.
type joint struct {
	o       Observation
	targets []ad.Value
	args    []ad.Value
	noise   ad.Value // the free covariance, where one is given
}

// joints evaluates the densities' arguments and targets, and the logarithm of the Jacobian of the
// targets by the columns: the density of log(price) is one of the price divided by the price.
func (e *evaluation) joints() (all []joint, logJacobian []ad.Value) {
	m, n := e.b.Model, e.b.N
	for _, o := range m.Observations {
		j := joint{o: o, args: e.arguments(o)}
		for _, t := range o.Targets {
			target, slope := e.observed(t)
			j.targets = append(j.targets, rows(target, n))
			if slope.IsValid() {
				logJacobian = append(logJacobian, ad.Log(ad.Abs(rows(slope, n))))
			}
		}
		all = append(all, j)
	}
	for _, o := range m.Shocks {
		j := joint{o: o, args: e.arguments(o)}
		for _, t := range o.Targets {
			j.targets = append(j.targets, rows(number(e.of(t.Formula.Expr)), n))
		}
		all = append(all, j)
	}
	if len(m.Shocks) > 0 {
		logJacobian = append(logJacobian, e.logDeterminant())
	}
	return all, logJacobian
}

func (e *evaluation) arguments(o Observation) []ad.Value {
	args := make([]ad.Value, len(o.Args))
	for i, a := range o.Args {
		args[i] = rows(number(e.of(a.Expr)), e.b.N)
	}
	return args
}

// observed is a target and its slope in the column, invalid if the target is the column itself.
func (e *evaluation) observed(t Target) (value, slope ad.Value) {
	column := e.columns[t.Column]
	if name, ok := t.Formula.Expr.(*expression.Name); ok && name.Name == t.Column {
		return column, ad.Value{}
	}
	return ad.JVP(func(x ad.Value) ad.Value { return e.target(t, x) }, column,
		ad.OnesLike(column))
}

// target is a target's formula where its column is x.
func (e *evaluation) target(t Target, x ad.Value) ad.Value {
	columns := map[string]ad.Value{t.Column: x}
	return number(e.with(nil, columns, nil).of(t.Formula.Expr))
}

// Contributions are the log likelihood of each row, of N, at given parameters and covariances, in
// the units of the observed columns. Each is multiplied by its weight.
func (b *Bound) Contributions(theta ad.Value, noise Noise, s Sample) ad.Value {
	e := b.solved(theta, s)
	all, total := e.joints()
	for _, j := range all {
		if j.o.Free() {
			j.noise, noise = noise[0], noise[1:]
			total = append(total, j.free())
			continue
		}
		total = append(total, j.logDensity())
	}
	return ad.Mul(e.sum(total), s.Weights)
}

// sum adds what the rows contribute, and the user's own likelihood.
func (e *evaluation) sum(parts []ad.Value) ad.Value {
	if f := e.b.Model.LogLik; f != nil {
		parts = append(parts, rows(number(e.of(f.Expr)), e.b.N))
	}
	total := ad.Zeros(ad.Float64, e.b.N)
	for _, p := range parts {
		total = ad.Add(total, p)
	}
	return total
}

// LogLik is the log likelihood at given parameters, a scalar, maximised over the free covariances.
func (b *Bound) LogLik(theta ad.Value, s Sample) ad.Value {
	e := b.solved(theta, s)
	all, parts := e.joints()
	count := ad.Sum(s.Weights)
	concentrated := ad.Scalar(0.)
	for _, j := range all {
		if !j.o.Free() {
			parts = append(parts, j.logDensity())
			continue
		}
		// At the covariance that is the residuals' own, their quadratic form sums to d for each
		// row.
		d := float64(len(j.targets))
		logDet := logDeterminant(j.covariance(s.Weights))
		half := ad.Mul(count, ad.Mul(ad.Add(logDet, d*(math.Log(2*math.Pi)+1)), -0.5))
		concentrated = ad.Add(concentrated, half)
	}
	return ad.Add(ad.Sum(ad.Mul(e.sum(parts), s.Weights)), concentrated)
}

// Noise is the free covariances that are most likely at given parameters.
func (b *Bound) Noise(theta ad.Value, s Sample) Noise {
	all, _ := b.solved(theta, s).joints()
	out := Noise{}
	for _, j := range all {
		if j.o.Free() {
			out = append(out, lowerTriangle(j.covariance(s.Weights)))
		}
	}
	return out
}

// Predictions are the densities' means, one vector of N for each target of observe, in the
// targets' units; of shocks there are none.
func (b *Bound) Predictions(theta ad.Value, s Sample) []ad.Value {
	e := b.solved(theta, s)
	var out []ad.Value
	for _, o := range b.Model.Observations {
		out = append(out, joint{o: o, args: e.arguments(o)}.means()...)
	}
	return out
}

// logDensity of a density whose parameters all are given.
func (j joint) logDensity() ad.Value {
	a, x := j.args, j.targets[0]
	switch j.o.Family {
	case Normal:
		return stats.Normal{Mean: a[0], SD: a[1]}.LogPDF(x)
	case StudentT:
		return stats.StudentT{DF: a[0], Mean: a[1], Scale: a[2]}.LogPDF(x)
	case LogNormal:
		return stats.LogNormal{Mean: a[0], SD: a[1]}.LogPDF(x)
	case Poisson:
		return stats.Poisson{Rate: a[0]}.LogPDF(x)
	case Bernoulli:
		return stats.BernoulliP(a[0]).LogPDF(x)
	case BernoulliLogit:
		return stats.Bernoulli{Logit: a[0]}.LogPDF(x)
	case Exponential:
		return stats.Exponential{Rate: a[0]}.LogPDF(x)
	case Gamma:
		return stats.Gamma{Shape: a[0], Rate: a[1]}.LogPDF(x)
	}
	panic("model: a free covariance has no density without it")
}

// means are the densities' expectations; for Student's t the location, which is the expectation
// wherever that exists.
func (j joint) means() []ad.Value {
	a := j.args
	switch j.o.Family {
	case StudentT:
		return a[1:2]
	case LogNormal:
		return []ad.Value{ad.Exp(ad.Add(a[0], ad.Mul(ad.Square(a[1]), 0.5)))}
	case BernoulliLogit:
		return []ad.Value{ad.Sigmoid(a[0])}
	case Exponential:
		return []ad.Value{ad.Div(1, a[0])}
	case Gamma:
		return []ad.Value{ad.Div(a[0], a[1])}
	case MultivariateNormal:
		return a
	}
	return a[:1]
}

// Observed is a target of observe and its values.
type Observed struct {
	Name   string // the target's formula
	Values []float64
}

// Targets are the targets of observe in the rows used, in the order of Predictions.
func (b *Bound) Targets() []Observed {
	e := b.over(ad.Zeros(ad.Float64, len(b.Model.Parameters)), b.Sample())
	var out []Observed
	for _, o := range b.Model.Observations {
		for _, t := range o.Targets {
			value, _ := e.observed(t)
			out = append(out, Observed{t.Formula.Text, value.Floats()})
		}
	}
	return out
}
