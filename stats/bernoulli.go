package stats

import (
	"pullback/ad"
	"pullback/random"
)

// Bernoulli is the distribution of a float that is 1 with the probability p and otherwise 0,
// elementwise. Logit is log(p/(1-p)), any number: the sum of a logit model.
type Bernoulli struct {
	Logit Value
}

// BernoulliP is the distribution with the probability p of a 1, in [0, 1]. Where p is near 1, a
// logit has more digits.
func BernoulliP(p Value) Bernoulli {
	if !p.IsValid() || !p.DType().IsFloat() {
		return Bernoulli{p} // whose methods say what is wrong
	}
	return Bernoulli{ad.Sub(ad.Log(p), ad.Log1p(ad.Neg(p)))}
}

// LogPDF is log p at 1 and log(1-p) at 0, where 1-p is as good as p, and -infinity elsewhere. It
// has no derivative in x.
func (b Bernoulli) LogPDF(x Value) Value {
	check("bernoulli", "Logit", b.Logit, x)
	x = ad.StopGradient(x)
	one := ad.Equal(x, 1)
	inside := ad.Or(ad.Or(one, ad.Equal(x, 0)), ad.IsNaN(x))
	// log p = -softplus(-logit); to a NaN its number is added.
	y := ad.Neg(ad.Softplus(ad.Where(one, ad.Neg(b.Logit), b.Logit)))
	y = ad.Where(ad.IsNaN(x), x, y)
	return onSupport(ad.Not(ad.IsNaN(b.Logit)), inside, y)
}

// Draw is 1 where a random.Uniform is below p: jax.random.bernoulli's choices, as floats.
func (b Bernoulli) Draw(key random.Key, shape ...int) Value {
	p, d, shape := broadcast("bernoulli", shape, parameter{"Logit", b.Logit})
	probability := ad.Sigmoid(ad.StopGradient(p[0]))
	one := ad.Convert(ad.Less(random.Uniform(key, d, shape...), probability), d)
	return ad.Where(ad.IsNaN(probability), probability, one)
}
