package fit

import (
	"fmt"

	"pullback/ad"
	"pullback/model"
)

// limit is what an argument of a density must be.
type limit struct {
	argument int
	what     string
	holds    func(x float64) bool
	must     string
}

func positive(x float64) bool { return x > 0 }

// limits of a family's arguments. A mean may be any number.
func limits(f model.Family) []limit {
	switch f {
	case model.Normal, model.LogNormal:
		return []limit{{1, "standard deviation", positive, "positive"}}
	case model.StudentT:
		return []limit{{0, "number of degrees of freedom", positive, "positive"},
			{2, "scale", positive, "positive"}}
	case model.Poisson:
		return []limit{{0, "rate", func(x float64) bool { return x >= 0 }, "zero or positive"}}
	case model.Bernoulli:
		return []limit{{0, "probability", func(x float64) bool { return x >= 0 && x <= 1 },
			"between 0 and 1"}}
	case model.Exponential:
		return []limit{{0, "rate", positive, "positive"}}
	case model.Gamma:
		return []limit{{0, "shape", positive, "positive"}, {1, "rate", positive, "positive"}}
	}
	return nil
}

// checkDensities is an error if a density cannot be drawn from with its arguments: a normal would
// take a negative standard deviation for its opposite. Arguments that are NaN pass; so are the
// draws.
func checkDensities(b *model.Bound, theta ad.Value, sample model.Sample) error {
	for _, o := range b.Model.Densities() {
		for _, l := range limits(o.Family) {
			if err := checkArgument(b, o, l, theta, sample); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkArgument(b *model.Bound, o model.Observation, l limit, theta ad.Value,
	sample model.Sample) error {
	formula := o.Args[l.argument]
	quantity, err := b.Quantity(formula.Text, formula.Expr)
	if err != nil {
		return err
	}
	values := ad.Jit(func(theta ad.Value) ad.Value {
		return b.Evaluate([]model.Quantity{quantity}, theta, sample)[0]
	})(theta).Floats()
	for row, x := range values {
		if l.holds(x) || x != x {
			continue
		}
		place := b.Place(row)
		if len(values) == 1 && b.N > 1 {
			place = everyRow
		}
		return b.Model.Complain(o.At, fmt.Sprintf("the %s of this density is %v (%s), and must "+
			"be %s", l.what, x, place, l.must), "change the parameters in it, here or with --set")
	}
	return nil
}
