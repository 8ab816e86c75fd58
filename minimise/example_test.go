package minimise_test

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/minimise"
)

func ExampleFind() {
	banana := func(x ad.Value) ad.Value {
		a, b := ad.At(x, 0), ad.At(x, 1)
		return ad.Add(ad.Square(ad.Sub(1, a)), ad.Mul(100, ad.Square(ad.Sub(b, ad.Square(a)))))
	}
	r := minimise.Find(banana, ad.Vector(-1.2, 1), minimise.BFGS{})
	fmt.Printf("%.6f %.6f\n", ad.At(r.Value, 0).Float(), ad.At(r.Value, 1).Float())
	fmt.Println(r.Outcome())
	// Output:
	// 1.000000 1.000000
	// Converged: the solution's condition holds at the returned point within the tolerances.
}

// How a minimiser moves with what the function closes over follows from the implicit function
// theorem: here the mean of data that minimises the sum of squares, and how it moves with each.
func ExampleFind_derivative() {
	mean := func(data ad.Value) ad.Value {
		squares := func(m ad.Value) ad.Value { return ad.Sum(ad.Square(ad.Sub(data, m))) }
		return minimise.Find(squares, ad.Scalar(0.), minimise.BFGS{}).Value
	}
	data := ad.Vector(1., 2., 6., 7.)
	fmt.Println(mean(data))
	fmt.Println(ad.Grad(mean)(data))
	// Output:
	// 4
	// [0.25, 0.25, 0.25, 0.25] float64
}

// A gamma density's shape and rate, which are positive, and the same with the shape held: one
// compiled program, since bounds are values.
func ExampleFindIn() {
	type gamma struct{ Shape, Rate ad.Value }
	moments := func(m gamma) ad.Value { // the mean is to be 2, and the variance 1
		mean, variance := ad.Div(m.Shape, m.Rate), ad.Div(m.Shape, ad.Square(m.Rate))
		return ad.Add(ad.Square(ad.Sub(mean, 2)), ad.Square(ad.Sub(variance, 1)))
	}
	fit := ad.Jit(func(box minimise.Box[gamma]) minimise.Result[gamma] {
		start := gamma{ad.Scalar(1.), ad.Scalar(1.)}
		return minimise.FindIn(moments, start, box, minimise.TrustRegion{})
	})
	number := func(x float64) ad.Value { return ad.Scalar(x) }
	inf := math.Inf(1)
	free := fit(minimise.Box[gamma]{
		Lower: gamma{number(.01), number(.01)}, Upper: gamma{number(inf), number(inf)},
	})
	held := fit(minimise.Box[gamma]{
		Lower: gamma{number(3), number(.01)}, Upper: gamma{number(3), number(inf)},
	})
	fmt.Printf("%.8f %.8f\n", free.Value.Shape.Float(), free.Value.Rate.Float())
	fmt.Printf("%.8f %.8f\n", held.Value.Shape.Float(), held.Value.Rate.Float())
	// Output:
	// 4.00000000 2.00000000
	// 3.00000000 1.62963765
}

// A search that fails does not panic: its value is NaN, its last point is kept, and its status
// says what happened and what to try next.
func ExampleFind_failed() {
	saddle := func(x ad.Value) ad.Value {
		return ad.Sub(ad.Square(ad.At(x, 0)), ad.Square(ad.At(x, 1)))
	}
	r := minimise.Find(saddle, ad.Vector(1., 0.), minimise.BFGS{})
	fmt.Println(r.Value, r.Last)
	fmt.Println(r.Outcome())
	// Output:
	// [nan, nan] float64 [0, 0] float64
	// Saddle: the gradient vanishes, but the function falls on along a direction of negative curvature, so this is no minimum; start elsewhere.
}
