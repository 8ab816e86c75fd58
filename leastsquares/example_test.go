package leastsquares_test

import (
	"fmt"

	"pullback/ad"
	"pullback/leastsquares"
)

// A curve of two parameters through five observations.
func ExampleFind() {
	type curve struct{ Amplitude, Rate ad.Value }
	t := ad.Vector(0., 1, 2, 3, 4)
	y := ad.Vector(2.1, 1.2, .75, .41, .28)
	residuals := func(c curve) ad.Value {
		return ad.Sub(ad.Mul(c.Amplitude, ad.Exp(ad.Neg(ad.Mul(c.Rate, t)))), y)
	}
	start := curve{ad.Scalar(1.), ad.Scalar(1.)}
	r := leastsquares.Find(residuals, start, leastsquares.LevenbergMarquardt{})
	fmt.Println(r.Outcome())
	fmt.Printf("amplitude %.6f, rate %.6f, sum of squares %.6f\n", r.Value.Amplitude.Float(),
		r.Value.Rate.Float(), r.Squares.Float())
	// Output:
	// Converged: the solution's condition holds at the returned point within the tolerances.
	// amplitude 2.089175, rate 0.528348, sum of squares 0.002780
}

// The rate is at most one half.
func ExampleFindIn() {
	t := ad.Vector(0., 1, 2, 3, 4)
	y := ad.Vector(2.1, 1.2, .75, .41, .28)
	residuals := func(c ad.Value) ad.Value {
		return ad.Sub(ad.Mul(ad.At(c, 0), ad.Exp(ad.Neg(ad.Mul(ad.At(c, 1), t)))), y)
	}
	box := leastsquares.Box[ad.Value]{Lower: ad.Vector(0., 0), Upper: ad.Vector(10, .5)}
	r := leastsquares.FindIn(residuals, ad.Vector(1., .1), box, leastsquares.LevenbergMarquardt{})
	fmt.Printf("%.6f\n", r.Value.Floats())
	// Output: [2.057588 0.500000]
}
