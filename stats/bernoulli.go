package stats

import (
	"pullback/ad"
	"pullback/random"
)

// Bernoulli is 1 with probability P and otherwise 0, elementwise. Either P or Logit is set, which
// is log(P/(1-P)) and loses no digits where P is near 0 or 1.
type Bernoulli struct {
	P, Logit Value
}

// LogPDF is the logarithm of the probability of x, -Inf unless x is 0 or 1.
func (b Bernoulli) LogPDF(x Value) Value {
	support := ad.Or(ad.Equal(x, 0), ad.Equal(x, 1))
	if b.Logit.IsValid() {
		check("bernoulli", "Logit", b.Logit, x)
		return within(support, x, func(x Value) Value {
			// log P is -log(1+exp(-logit)), and log(1-P) the same of the opposite.
			sign := ad.Sub(1, ad.Mul(x, 2))
			return ad.Neg(ad.Softplus(ad.Mul(sign, b.Logit)))
		})
	}
	check("bernoulli", "P", b.P, x)
	return within(support, x, func(x Value) Value {
		one := ad.Equal(x, 1)
		return ad.Where(one, ad.Log(ad.Where(one, b.P, ad.OnesLike(b.P))),
			ad.Log1p(ad.Neg(ad.Where(one, ad.ZerosLike(b.P), b.P))))
	})
}

// Draw is draws of a shape with which the parameter broadcasts.
func (b Bernoulli) Draw(key random.Key, shape ...int) Value {
	p := b.P
	if b.Logit.IsValid() {
		p = ad.Sigmoid(b.Logit)
	}
	return ad.Convert(random.Bernoulli(key, p, shape...), p.DType())
}
