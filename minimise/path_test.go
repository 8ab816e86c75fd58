package minimise_test

import (
	"testing"

	"pullback/ad"
	"pullback/minimise"
)

// TestPath is that the path begins at the start, has Find's number of steps, and ends where Find
// does.
func TestPath(t *testing.T) {
	bowl := func(x ad.Value) ad.Value {
		a, b := ad.Sub(ad.At(x, 0), 3), ad.Sub(ad.At(x, 1), ad.Square(ad.At(x, 0)))
		return ad.Add(ad.Square(a), ad.Square(b))
	}
	start := ad.Vector(-1., 2)
	found := minimise.Find(bowl, start, minimise.BFGS{})
	path := minimise.Path(bowl, start, minimise.BFGS{})
	if got, want := len(path)-1, found.Steps.Int(); got != want {
		t.Errorf("the path has %d steps and the search %d", got, want)
	}
	if first := path[0].Floats(); first[0] != -1 || first[1] != 2 {
		t.Errorf("the path begins at %v", first)
	}
	last, want := path[len(path)-1].Floats(), found.Last.Floats()
	if last[0] != want[0] || last[1] != want[1] {
		t.Errorf("the path ends at %v and the search at %v", last, want)
	}
	if got := minimise.Path(bowl, start, minimise.BFGS{MaxSteps: 2}); len(got) != 3 {
		t.Errorf("two steps make a path of %d points", len(got))
	}
}
