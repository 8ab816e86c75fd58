package trace

import (
	"math"

	"pullback/ad"
	"pullback/random"
)

// Probes draws n random vectors v of the given size and float type, as the rows of an (n, size)
// matrix, with E[vvᵀ] = I.
type Probes func(key random.Key, d ad.DType, n, size int) Value

// Rademacher probes are random signs. Their variance, 2 Σ aᵢⱼ² over i ≠ j for a symmetric
// operator, is the least of all with independent elements; a diagonal operator they meet exactly.
func Rademacher(key random.Key, d ad.DType, n, size int) Value {
	return random.Rademacher(key, d, n, size)
}

// Gaussian probes are normal. Their variance is 2 Σ aᵢⱼ² for a symmetric operator, and does not
// depend on the basis.
func Gaussian(key random.Key, d ad.DType, n, size int) Value {
	return random.Normal(key, d, n, size)
}

// Sphere probes are uniform on the sphere of radius √size: Gaussian ones without the variation in
// length, which meet a multiple of the identity exactly.
func Sphere(key random.Key, d ad.DType, n, size int) Value {
	v := random.Normal(key, d, n, size)
	length := ad.Sqrt(ad.Sum(ad.Square(v), 1))
	return ad.Div(ad.Mul(v, math.Sqrt(float64(size))), ad.ExpandDims(length, 1))
}
