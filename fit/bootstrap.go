package fit

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"pullback/ad"
	"pullback/estimate"
	"pullback/model"
	"pullback/random"
)

// chunk is how many replicates are refitted at once: enough to fill the vectors of all threads,
// few enough to be kept often.
const chunk = 256

// bootstrap refits the model to resampled data. Replicate i depends on the seed and on i alone, so
// that neither chunks nor an interruption change anything.
func (e *estimator) bootstrap(best estimate.Optimum) error {
	r := *e.o.Bootstrap
	if err := e.mayResample(r); err != nil {
		return err
	}
	draw, err := e.resampler(r, best)
	if err != nil {
		return err
	}
	kept, err := openCheckpoint(r.Checkpoint, e.digest(r), len(e.b.Model.Parameters))
	if err != nil {
		return err
	}
	defer kept.close()
	refits := e.newRefits(best.X, e.standardErrors(best))
	key := random.NewKey(e.o.Seed)
	for len(kept.replicates) < r.Replicates {
		done := len(kept.replicates)
		e.o.progress("bootstrap", done, r.Replicates)
		n := min(chunk, r.Replicates-done)
		keys := make([]ad.Value, n)
		for i := range keys {
			keys[i] = key.FoldIn(ad.Scalar(uint32(done + i))).Value
		}
		if err := kept.add(refits.run(draw(random.Key{Value: ad.Stack(0, keys...)}))); err != nil {
			return err
		}
	}
	e.o.progress("bootstrap", r.Replicates, r.Replicates)
	e.fit.Bootstrap = e.summary(r, kept.replicates)
	return kept.remove()
}

// mayResample refuses what would mislead.
func (e *estimator) mayResample(r Resampling) error {
	m := e.b.Model
	switch {
	case !e.fit.Converged:
		return fmt.Errorf("the fit has not converged, so there is nothing to bootstrap: %s",
			e.fit.Verdict)
	case e.fit.Identification.Verdict == "flat":
		return errors.New("the parameters are not identified, so refits would scatter along the " +
			"flat direction at random; there is no bootstrap of them")
	case r.Resample == "rows" && m.HasLags():
		return errors.New("the model has lags, and rows drawn one by one would tear time apart; " +
			"resample a panel's units by cluster=COLUMN, or parametrically")
	case r.Resample == "rows" && m.HasGroups():
		return errors.New("the model has sums over groups of rows, which rows drawn one by one " +
			"would change; resample the groups by cluster=COLUMN, or parametrically")
	case r.Resample == "parametric" && m.LogLik != nil:
		return errors.New("a loglik of one's own cannot be drawn from; resample rows")
	}
	return nil
}

// resampler draws a batch of samples, one for each key.
func (e *estimator) resampler(r Resampling, best estimate.Optimum) (func(random.Key) variant,
	error) {
	observed := make([]ad.Value, 0)
	names := e.b.Names()
	for _, name := range e.b.Model.Outputs() {
		observed = append(observed, e.sample.Columns[slices.Index(names, name)])
	}
	repeated := func(v ad.Value, n int) ad.Value { return ad.BroadcastTo(v, n, e.b.N) }
	if r.Resample == "parametric" {
		theta, noise := ad.Vector(e.c.values(best.X)...), e.noise(best.X)
		one := ad.Jit(ad.Vmap(func(key random.Key) model.Drawn {
			return e.b.Draw(theta, noise, key, e.sample)
		}))
		return func(keys random.Key) variant {
			return variant{one(keys).Columns, repeated(e.sample.Weights, keys.Value.Shape()[0])}
		}, nil
	}
	// Rows drawn with replacement are rows with counts for weights.
	unit, units := make([]int64, e.b.N), e.b.N
	for i := range unit {
		unit[i] = int64(i)
	}
	if r.Resample == "cluster" {
		index, labels, err := e.b.Groups(r.Cluster)
		if err != nil {
			return nil, err
		}
		unit, units = index, len(labels)
		if units < 2 {
			return nil, fmt.Errorf("there is one cluster of %s only; two are the least, and many "+
				"are needed", r.Cluster)
		}
	}
	counts := ad.Jit(ad.Vmap(func(key random.Key) ad.Value {
		drawn := random.RandInt(key, ad.Int64, 0, units, units)
		count := ad.ScatterAdd(ad.Zeros(ad.Float64, units), drawn, ad.Full(ad.Float64, 1, units))
		return ad.Mul(ad.Take(count, ad.Vector(unit...), 0), e.sample.Weights)
	}))
	return func(keys random.Key) variant {
		n := keys.Value.Shape()[0]
		out := variant{Weights: counts(keys)}
		for _, column := range observed {
			out.Observed = append(out.Observed, repeated(column, n))
		}
		return out
	}, nil
}

// summary is the spread of the replicates.
func (e *estimator) summary(r Resampling, replicates [][]float64) *Bootstrap {
	out := &Bootstrap{Resample: r.Resample, Cluster: r.Cluster, Seed: e.o.Seed,
		Asked: r.Replicates}
	for _, x := range replicates {
		if x == nil {
			out.Failed++
			continue
		}
		out.Draws = append(out.Draws, x)
	}
	if len(out.Draws) < 2 {
		return out
	}
	for _, i := range e.c.free {
		values := make([]float64, len(out.Draws))
		for k, x := range out.Draws {
			values[k] = x[i]
		}
		mean, sd := spreadOf(values)
		slices.Sort(values)
		out.Intervals = append(out.Intervals, BootstrapParameter{
			Name: e.c.parameters[i].Name, Mean: mean, StdErr: sd,
			Lower: percentile(values, (1-Level)/2), Upper: percentile(values, (1+Level)/2),
		})
	}
	return out
}

// spreadOf is the mean and the standard deviation, with divisor n-1.
func spreadOf(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sd += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(sd / float64(len(xs)-1))
}

// percentile of sorted values, interpolated between the two nearest (R. J. Hyndman and Y. Fan,
// "Sample quantiles in statistical packages", The American Statistician 50, 1996, definition 7).
func percentile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	below := int(at)
	if below+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[below] + (at-float64(below))*(sorted[below+1]-sorted[below])
}
