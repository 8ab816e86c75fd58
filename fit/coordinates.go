package fit

import (
	"math"

	"pullback/ad"
	"pullback/model"
)

// coordinates are the free parameters as the optimiser sees them: a flat vector z, of which the
// model's parameters x are functions, each of one element. Fixed parameters are constants.
type coordinates struct {
	parameters []model.Parameter
	free       []int // places among parameters
}

func coordinatesOf(m *model.Model) coordinates {
	c := coordinates{parameters: m.Parameters}
	for i, p := range m.Parameters {
		if !p.Fixed {
			c.free = append(c.free, i)
		}
	}
	return c
}

// names of the free parameters.
func (c coordinates) names() []string {
	out := make([]string, len(c.free))
	for k, i := range c.free {
		out[k] = c.parameters[i].Name
	}
	return out
}

// start is where the file says to begin, in z.
func (c coordinates) start() []float64 {
	out := make([]float64, len(c.free))
	for k, i := range c.free {
		out[k] = toOptimiser(c.parameters[i], c.parameters[i].Start)
	}
	return out
}

// bounds in z: infinite where there is none, or where the transform keeps to them.
func (c coordinates) bounds() (lower, upper []float64) {
	for _, i := range c.free {
		p := c.parameters[i]
		l, u := p.Lower, p.Upper
		switch p.Transform {
		case model.Log:
			l, u = math.Inf(-1), toOptimiser(p, u)
		case model.Logit:
			l, u = math.Inf(-1), math.Inf(1)
		}
		lower, upper = append(lower, l), append(upper, u)
	}
	return lower, upper
}

// theta is all of the model's parameters, as functions of z.
func (c coordinates) theta(z ad.Value) ad.Value {
	all := make([]ad.Value, len(c.parameters))
	for i, p := range c.parameters {
		all[i] = ad.Scalar(p.Start)
	}
	for k, i := range c.free {
		all[i] = fromOptimiser(c.parameters[i], ad.At(z, k))
	}
	return ad.Stack(0, all...)
}

// values is theta of known numbers.
func (c coordinates) values(z []float64) []float64 {
	return c.theta(ad.Vector(z...)).Floats()
}

// slopes are ∂x/∂z of the free parameters at z.
func (c coordinates) slopes(z []float64) []float64 {
	out := make([]float64, len(c.free))
	for k, i := range c.free {
		p := c.parameters[i]
		out[k] = ad.Grad(func(z ad.Value) ad.Value { return fromOptimiser(p, z) })(
			ad.Scalar(z[k])).Float()
	}
	return out
}

// logEnds are the ends of a parameter's interval under a transform.
func logEnds(p model.Parameter) (lower, upper float64) {
	lower, upper = p.Lower, p.Upper
	if math.IsInf(lower, -1) {
		lower = 0
	}
	if p.Transform == model.Logit && math.IsInf(upper, 1) {
		upper = 1
	}
	return lower, upper
}

func fromOptimiser(p model.Parameter, z ad.Value) ad.Value {
	lower, upper := logEnds(p)
	switch p.Transform {
	case model.Log:
		return ad.Add(ad.Exp(z), lower)
	case model.Logit:
		return ad.Add(ad.Mul(ad.Sigmoid(z), upper-lower), lower)
	}
	return z
}

func toOptimiser(p model.Parameter, x float64) float64 {
	lower, upper := logEnds(p)
	switch p.Transform {
	case model.Log:
		return math.Log(x - lower)
	case model.Logit:
		return math.Log((x - lower) / (upper - x))
	}
	return x
}

// fromOptimiserNumber is fromOptimiser of a known number, which may be infinite.
func fromOptimiserNumber(p model.Parameter, z float64) float64 {
	return fromOptimiser(p, ad.Scalar(z)).Float()
}
