package minimise_test

import (
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/minimise"
	"pullback/status"
)

// unbox is no box.
func unbox(d ad.DType, n int) minimise.Box[ad.Value] {
	return minimise.Box[ad.Value]{Lower: ad.Full(d, -inf, n), Upper: ad.Full(d, inf, n)}
}

func TestCheckIn(t *testing.T) {
	bowl := func(x ad.Value) ad.Value { return ad.Sum(ad.Square(ad.Sub(x, 3))) }
	hill := func(x ad.Value) ad.Value { return ad.Neg(ad.Sum(ad.Square(x))) }
	tilted := func(x ad.Value) ad.Value {
		return ad.Add(at(x, 0), ad.Mul(1e-9, ad.Square(at(x, 1))))
	}
	fl := func(x ...float64) []float64 { return x }
	for _, c := range []struct {
		name             string
		f                func(ad.Value) ad.Value
		at, lower, upper []float64
		want             status.Code
	}{
		{"free", bowl, fl(3, 3), fl(0, 0), fl(5, 5), status.Converged},
		{"at the upper end", bowl, fl(1, 1), fl(0, 0), fl(1, 1), status.Converged},
		{"at the lower end", bowl, fl(4, 4), fl(4, 4), fl(5, 5), status.Converged},
		{"one at an end, one free", bowl, fl(1, 3), fl(0, 0), fl(1, 5), status.Converged},
		{"the gradient points inwards", bowl, fl(0, 0), fl(0, 0), fl(1, 1), status.Unchecked},
		{"one points inwards", bowl, fl(0, 1), fl(0, 0), fl(1, 1), status.Unchecked},
		{"inwards at an upper end", bowl, fl(5, 5), fl(0, 0), fl(5, 5), status.Unchecked},
		{"a small slope inwards", tilted, fl(1, 0), fl(0, 0), fl(1, 1), status.Unchecked},
		{"beside an end", bowl, fl(.9, .9), fl(0, 0), fl(1, 1), status.Unchecked},
		{"held", bowl, fl(1, 1), fl(1, 1), fl(1, 1), status.Converged},
		{"one held, one not there", bowl, fl(1, 2), fl(1, 0), fl(1, 5), status.Unchecked},
		{"outside", bowl, fl(3, 3), fl(0, 0), fl(1, 1), status.Unchecked},
		{"a hilltop at an end", hill, fl(0, 0), fl(0, 0), fl(1, 1), status.Saddle},
		{"a hilltop that is held", hill, fl(0, 0), fl(0, 0), fl(0, 0), status.Converged},
		{"a hill's foot", hill, fl(1, -2), fl(-2, -2), fl(1, 1), status.Converged},
		{"empty", bowl, fl(1, 1), fl(2, 2), fl(1, 1), status.NotFinite},
		{"NaN for an end", bowl, fl(1, 1), fl(nan, nan), fl(2, 2), status.NotFinite},
	} {
		forBoth(t, c.name, func(t *testing.T, d ad.DType) {
			box := minimise.Box[ad.Value]{Lower: vector(d, c.lower), Upper: vector(d, c.upper)}
			said := minimise.CheckIn(c.f, vector(d, c.at), box, ad.Full(d, 100),
				minimise.Limits{RTol: 1e-6})
			if got := status.Code(said.Status.Int()); got != c.want {
				t.Errorf("%v; gain %v", got, said.Gain)
			}
			lies := minimise.FindIn(c.f, vector(d, c.at), box, liar{claim: status.Converged})
			if lies.Outcome().OK() && !c.want.OK() && c.name != "outside" {
				t.Errorf("a lie is %v", lies.Outcome())
			}
		})
	}
}

// Each lane has bounds of its own: the bits are those of the searches one by one, and a box of
// infinite ends changes nothing that matters.
func TestThousandBoxes(t *testing.T) {
	const lanes = 1000
	type bounds struct{ Start, Lower, Upper ad.Value }
	var starts, lowers, uppers []float64
	for i := range lanes {
		u, v := math.Mod(float64(i)*.618, 1), math.Mod(float64(i)*.414, 1)
		lower := []float64{-2 + 2*u, -1 + 2*v}
		upper := []float64{lower[0] + 2*v, lower[1] + 3*u}
		switch i % 4 {
		case 0:
			upper[0] = lower[0]
		case 1:
			lower[1], upper[0] = -inf, inf
		}
		starts = append(starts, 3*u-1, 3*v-1)
		lowers, uppers = append(lowers, lower...), append(uppers, upper...)
	}
	matrix := func(xs []float64) ad.Value { return ad.Matrix(lanes, 2, xs) }
	all := bounds{matrix(starts), matrix(lowers), matrix(uppers)}
	check := func(t *testing.T, solve func(b bounds) minimise.Result[ad.Value]) {
		batch, single := ad.Jit(ad.Vmap(solve))(all), ad.Jit(solve)
		failed := 0
		for i := range lanes {
			b := bounds{at(all.Start, i), at(all.Lower, i), at(all.Upper, i)}
			r := lane(batch, i)
			sameResults(t, "batched", r, single(b))
			if !r.Outcome().OK() {
				failed++
				t.Logf("%v in %v to %v: %v", b.Start, b.Lower, b.Upper, r.Outcome())
			}
			x, lower, upper := r.Last.Floats(), b.Lower.Floats(), b.Upper.Floats()
			for j := range x {
				if !(lower[j] <= x[j] && x[j] <= upper[j]) {
					t.Errorf("%v is outside of %v to %v", x, lower, upper)
				}
			}
		}
		if failed > 0 {
			t.Errorf("%d failed", failed)
		}
	}
	t.Run("BFGS", func(t *testing.T) {
		check(t, func(b bounds) minimise.Result[ad.Value] {
			return minimise.FindIn(rosenbrock, b.Start,
				minimise.Box[ad.Value]{Lower: b.Lower, Upper: b.Upper}, minimise.BFGS{})
		})
	})
	t.Run("TrustRegion", func(t *testing.T) {
		check(t, func(b bounds) minimise.Result[ad.Value] {
			return minimise.FindIn(rosenbrock, b.Start,
				minimise.Box[ad.Value]{Lower: b.Lower, Upper: b.Upper},
				minimise.TrustRegion{RTol: 1e-12})
		})
	})
}

// The minimum of the valley is at (θ, θ²); with a <= u at (u, u²).
func TestDerivativesInBoxes(t *testing.T) {
	type ends struct{ Theta, Upper ad.Value }
	solve := func(e ends) ad.Value {
		box := unbox(ad.Float64, 2)
		box.Upper = ad.Stack(0, e.Upper, ad.Like(e.Upper, inf))
		return minimise.FindIn(valley(e.Theta), ad.Vector(0., 0.), box,
			minimise.TrustRegion{RTol: 1e-12}).Value
	}
	near := func(what string, got ad.Value, want float64) {
		t.Helper()
		if !(math.Abs(number(got)-want) <= 1e-8) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	for i, element := range []string{"a", "b"} {
		slope := func(theta, upper float64) ends {
			return ad.Grad(func(e ends) ad.Value { return at(solve(e), i) })(
				ends{ad.Scalar(theta), ad.Scalar(upper)})
		}
		free, held := slope(1.5, 2), slope(1.5, 1)
		near("free, ∂"+element+"/∂θ", free.Theta, []float64{1, 3}[i])
		near("free, ∂"+element+"/∂u", free.Upper, 0)
		near("held, ∂"+element+"/∂θ", held.Theta, 0)
		near("held, ∂"+element+"/∂u", held.Upper, []float64{1, 2}[i])
	}
}

func TestPathIn(t *testing.T) {
	box := minimise.Box[ad.Value]{Lower: ad.Vector(-inf, -inf), Upper: ad.Vector(.5, inf)}
	found := minimise.FindIn(rosenbrock, ad.Vector(-1.2, 1), box, minimise.TrustRegion{})
	path := minimise.PathIn(rosenbrock, ad.Vector(-1.2, 1), box, minimise.TrustRegion{})
	if got, want := len(path)-1, found.Steps.Int(); got != want {
		t.Errorf("the path has %d steps and the search %d", got, want)
	}
	same(t, "the end", path[len(path)-1], found.Last)
	for _, x := range path {
		if number(at(x, 0)) > .5 {
			t.Errorf("%v is outside", x)
		}
	}
}

func TestBoxMistakes(t *testing.T) {
	for _, box := range []minimise.Box[ad.Value]{
		{Lower: ad.Vector(0.), Upper: ad.Vector(1., 1)},
		{Lower: ad.Vector(0., 0), Upper: ad.Convert(ad.Vector(1., 1), ad.Float32)},
	} {
		func() {
			defer func() {
				err, _ := recover().(error)
				if err == nil || !strings.Contains(err.Error(), "an end of the box is") {
					t.Errorf("%v", err)
				}
			}()
			minimise.FindIn(rosenbrock, ad.Vector(1., 2), box, minimise.BFGS{})
		}()
	}
}
