package optim

import "pullback/ad"

// ClipByGlobalNorm shortens gradients whose Euclidean norm is above Limit to that length. It
// stands first in a Chain. The zero value clips at 1.
type ClipByGlobalNorm struct {
	Limit float64 // 1 if zero
}

// Stateless is the state of a transformation that has none.
type Stateless struct{}

var _ Transformation[Stateless] = ClipByGlobalNorm{}

// Init is nothing.
func (ClipByGlobalNorm) Init(Value) Stateless { return Stateless{} }

// Update is the gradient or the shortened one.
func (c ClipByGlobalNorm) Update(grad Value, s Stateless, _ Value) (Value, Stateless) {
	limit := orDefault(c.Limit, 1)
	// The greatest element is taken out, lest squares overflow.
	largest := ad.MaxOf(ad.Abs(grad))
	scale := ad.StopGradient(ad.Where(ad.Greater(largest, 0), largest, 1.0))
	norm := ad.Mul(root(ad.Sum(ad.Square(ad.Div(grad, scale)))), scale)
	long := ad.Greater(norm, limit)
	return ad.Where(long, ad.Mul(ad.Div(grad, ad.Where(long, norm, 1.0)), limit), grad), s
}
