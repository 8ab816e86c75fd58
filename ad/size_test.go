package ad_test

import (
	"strings"
	"testing"

	"pullback/ad"
)

// TestSizes refuses what cannot be computed, and keeps what costs nothing.
func TestSizes(t *testing.T) {
	large := ad.Full(ad.Float64, 1, 1<<20, 1<<20)
	if large.Size() != 1<<40 || ad.Reshape(large, -1).Size() != 1<<40 {
		t.Error("a constant has the wrong size")
	}
	const unheard, unwritten = "more elements than any machine holds", "have to be written out"
	for name, c := range map[string]struct {
		do   func()
		want string
	}{
		"zeros":        {func() { ad.Zeros(ad.Float64, 1<<40, 1<<40) }, unheard},
		"empty zeros":  {func() { ad.Zeros(ad.Float64, 1<<40, 0, 1<<40) }, unheard},
		"size of zero": {func() { ad.Zeros(ad.Float64, 1<<32, 1<<32) }, unheard},
		"one overflow": {func() { ad.Zeros(ad.Float64, 3, 1<<62) }, unheard},
		"broadcast":    {func() { ad.BroadcastTo(ad.Vector(1., 2.), 1<<50, 1<<30, 2) }, unheard},
		"reshape":      {func() { ad.Reshape(ad.Zeros(ad.Float64, 0), 1<<32, 1<<32) }, unheard},
		"sum":          {func() { ad.Sum(large) }, unwritten},
		"arange":       {func() { ad.Arange(ad.Float64, 1<<40) }, unwritten},
		"identity":     {func() { ad.Identity(ad.Float64, 1<<20) }, unwritten},
		"outer product": {func() {
			ad.Add(ad.Zeros(ad.Float64, 1<<20, 1), ad.Arange(ad.Float64, 1<<20))
		}, unwritten},
		"compiled": {func() {
			ad.Jit(func(x ad.Value) ad.Value { return ad.Sum(ad.Mul(large, x)) })(ad.Scalar(1.))
		}, unwritten},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				e, ok := recover().(*ad.Error)
				if !ok || !strings.Contains(e.Error(), c.want) ||
					!strings.HasPrefix(e.Error(), "size_test.go:") {
					t.Errorf("got %v", e)
				}
			}()
			c.do()
		})
	}
}
