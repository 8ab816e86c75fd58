package minimise

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// noise is by how much f differs at points that differ from a point in the last places alone, on
// either side of it, beyond what its slopes account for: what its rounding errors come to, which
// may be far more than its last place where large terms cancel (Moré and Wild, SIAM J. Sci. Comput.
// 33, 2011, estimate it from differences as well).
func (p Problem) noise(at Point) Value {
	last := ad.Mul(at.X, 16*implicit.Epsilon(at.X.DType()))
	even := ad.Equal(ad.Rem(ad.Arange(ad.Int64, last.Size()), int64(2)), int64(0))
	mixed := ad.Where(even, last, ad.Neg(last))
	var points []Value
	for _, step := range []Value{last, ad.Mul(last, 2.3), ad.Mul(mixed, 1.7)} {
		points = append(points, p.Project(ad.Add(at.X, step)), p.Project(ad.Sub(at.X, step)))
	}
	f := ad.Vmap(p.F)(ad.Stack(0, points...))
	most := ad.ZerosLike(at.F)
	for i := 0; i < len(points); i += 2 {
		slopes := ad.Dot(ad.Abs(ad.Sub(points[i], points[i+1])), ad.Abs(at.G))
		rest := ad.Sub(ad.Abs(ad.Sub(ad.At(f, i), ad.At(f, i+1))), slopes)
		most = ad.Where(ad.Greater(rest, most), rest, most)
	}
	return most
}
