package minimise

import (
	"testing"

	"pullback/ad"
)

// A step to an end of the box ends there, although x + (end - x) is not the end in floats.
func TestStepsEndAtTheBound(t *testing.T) {
	const end = 1e-17
	x := ad.Vector(1., -1, 1)
	p := Problem{Lower: ad.Vector(-end, -2, -2), Upper: ad.Vector(2., end, 2)}
	d := ad.Sub(ad.Vector(-end, end, 0), x)
	if got := ad.Add(x, d).Floats(); got[0] == -end || got[1] == end {
		t.Fatal("no rounding error to be seen")
	}
	got := p.along(x, d, ad.Scalar(1.)).Floats()
	if got[0] != -end || got[1] != end || got[2] != 0 {
		t.Errorf("the step ends at %v", got)
	}
}
