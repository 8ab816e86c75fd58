package root

import (
	"slices"

	"pullback/ad"
)

// Roots lists the roots of f in a bracket, from the lowest on, that a scan of it in so many parts
// finds (256 if points is zero): those that Scan sees, each checked like any solution. It is for
// known numbers, to name the roots where there should have been one. f is a function of a float64
// scalar.
func Roots(f func(Value) Value, lower, upper float64, points int) []float64 {
	m := Scan{Points: points}
	walk := ScanState{From: ad.Scalar(min(lower, upper)), To: ad.Scalar(max(lower, upper))}
	walk.X = walk.From
	xs := m.point(walk, ad.Arange(ad.Int32, m.points()+1))
	ys, at := ad.Vmap(f)(xs).Floats(), xs.Floats()
	var roots []float64
	for i := range m.points() {
		a, b := ys[i], ys[i+1]
		if a != 0 && b != 0 && (a < 0) == (b < 0) {
			continue
		}
		part := Scan{Lower: ad.Scalar(at[i]), Upper: ad.Scalar(at[i+1]), Points: 1}
		for _, part.Select = range []Selection{Lowest, Highest} { // its ends may both be roots
			r := Find(f, ad.Scalar(at[i]), part)
			if r.Outcome().OK() && !slices.Contains(roots, r.Value.Float()) {
				roots = append(roots, r.Value.Float())
			}
		}
	}
	return roots
}
