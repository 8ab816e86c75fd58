package estimate

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// curvature is a Hessian H = D⁻¹VWVᵀD⁻¹ of the parameters that are free, scaled to a diagonal of
// ones, where those that are not are on their own.
type curvature struct{ scale, w, vectors ad.Value }

// curvatureOf takes which parameters are free, bools.
func curvatureOf(h, free ad.Value) curvature {
	together := ad.And(ad.ExpandDims(free, 1), ad.ExpandDims(free, 0))
	h = ad.Where(together, h, ad.Identity(h.DType(), h.Shape()[0]))
	scale := ad.Div(1, implicit.Divisor(ad.Sqrt(ad.Abs(ad.Diagonal(h)))))
	w, vectors := ad.Eigh(ad.Mul(ad.Mul(h, scale), ad.ExpandDims(scale, 1)))
	return curvature{scale, w, vectors}
}

// InverseInformation is the covariance of kind Hessian in compiled code, where it can be batched:
// of estimates x, a vector of n, that maximise a log likelihood, shape (n, n), with zeros for
// parameters that are held, an array of n bools. ok, a bool, says whether there is one; otherwise
// it is zero. It computes with the eigenvalues of the information scaled to a unit diagonal, and
// loses as many digits as its condition number has; Infer loses fewer.
func InverseInformation(objective func(x ad.Value) ad.Value, x, held ad.Value) (covariance,
	ok ad.Value) {
	h := ad.Neg(ad.Hessian(objective)(x))
	free := ad.Not(held)
	finite := ad.All(ad.IsFinite(h))
	positive := ad.All(ad.Or(held, ad.Greater(ad.Diagonal(h), 0)))
	c := curvatureOf(h, ad.And(free, finite))
	ok = ad.And(ad.And(finite, positive), ad.All(ad.Greater(c.w, nothing(x.Size()))))
	inverse := ad.Div(1, ad.Where(ok, c.w, ad.OnesLike(c.w)))
	rows := ad.Mul(c.vectors, ad.ExpandDims(c.scale, 1))
	covariance = ad.MatMul(ad.Mul(rows, inverse), ad.Transpose(rows))
	both := ad.And(ad.ExpandDims(free, 1), ad.ExpandDims(free, 0))
	return ad.Where(ad.And(both, ok), covariance, ad.ZerosLike(covariance)), ok
}
