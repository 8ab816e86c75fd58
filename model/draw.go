package model

import (
	"pullback/ad"
	"pullback/random"
	"pullback/stats"
)

// Drawn is a simulated sample.
type Drawn struct {
	// Columns are the observed columns, one vector of N for each of Model.Outputs.
	Columns []ad.Value
	// Status is the equilibrium's, a scalar or of N.
	Status ad.Value
}

// Draw simulates what is observed at given parameters and free covariances. Row i depends on the
// key, on i and on the row's inputs alone. The observed columns of the sample are not read.
func (b *Bound) Draw(theta ad.Value, noise Noise, key random.Key, s Sample) Drawn {
	m := b.Model
	e := b.over(theta, s)
	if len(m.Shocks) > 0 {
		e.shocks = e.drawShocks(noise, key)
	}
	solution := b.equilibrium(e)
	e.unknowns = solution.Unknowns
	known := map[string]ad.Value{}
	for _, u := range m.Unknowns {
		if u.Observed != nil {
			known[u.Observed.Name] = rows(e.unknowns[m.unknown(u.Name)], b.N)
		}
	}
	for i, o := range m.Observations {
		j := joint{o: o, args: e.arguments(o)}
		if o.Free() {
			j.noise, noise = noise[0], noise[1:]
		}
		for k, target := range j.draw(key.FoldIn(ad.Scalar(i)), b.N) {
			t := o.Targets[k]
			known[t.Column] = invert(t.Formula.Expr, target)
		}
	}
	out := Drawn{Status: solution.Status}
	for _, name := range m.Outputs() {
		out.Columns = append(out.Columns, known[name])
	}
	return out
}

// drawShocks draws the shocks' values, one vector of N for each target of residual.
func (e *evaluation) drawShocks(noise Noise, key random.Key) []ad.Value {
	m := e.b.Model
	for _, o := range m.Observations {
		if o.Free() {
			noise = noise[1:]
		}
	}
	var out []ad.Value
	for i, o := range m.Shocks {
		j := joint{o: o, args: e.arguments(o)}
		if o.Free() {
			j.noise, noise = noise[0], noise[1:]
		}
		out = append(out, j.draw(key.FoldIn(ad.Scalar(len(m.Observations)+i)), e.b.N)...)
	}
	return out
}

// draw is one vector of n for each target.
func (j joint) draw(key random.Key, n int) []ad.Value {
	a := j.args
	switch j.o.Family {
	case Normal:
		sd := j.sd()
		return []ad.Value{ad.Add(a[0], ad.Mul(sd, random.Normal(key, ad.Float64, n)))}
	case MultivariateNormal:
		return j.drawJoint(key, n)
	case StudentT:
		return []ad.Value{stats.StudentT{DF: a[0], Mean: a[1], Scale: a[2]}.Draw(key, n)}
	case LogNormal:
		return []ad.Value{stats.LogNormal{Mean: a[0], SD: a[1]}.Draw(key, n)}
	case Poisson:
		return []ad.Value{stats.Poisson{Rate: a[0]}.Draw(key, n)}
	case Bernoulli:
		return []ad.Value{stats.BernoulliP(a[0]).Draw(key, n)}
	case BernoulliLogit:
		return []ad.Value{stats.Bernoulli{Logit: a[0]}.Draw(key, n)}
	case Exponential:
		return []ad.Value{stats.Exponential{Rate: a[0]}.Draw(key, n)}
	case Gamma:
		return []ad.Value{stats.Gamma{Shape: a[0], Rate: a[1]}.Draw(key, n)}
	}
	panic("model: a family of densities has no draws")
}

// sd of a Normal, given or from the free variance.
func (j joint) sd() ad.Value {
	if j.o.Free() {
		return ad.Sqrt(ad.At(j.noise, 0))
	}
	return j.args[1]
}

// drawJoint adds a Cholesky factor times independent normals to the means.
func (j joint) drawJoint(key random.Key, n int) []ad.Value {
	factor := ad.Cholesky(symmetric(triangle(j.noise, len(j.args))))
	independent := random.Normal(key, ad.Float64, n, len(j.args))
	joint := ad.MatMul(independent, ad.Transpose(factor))
	out := make([]ad.Value, len(j.args))
	for i, mean := range j.args {
		column := ad.Squeeze(ad.Slice(joint, []int{0, i}, []int{n, i + 1}), 1)
		out[i] = ad.Add(mean, column)
	}
	return out
}
