package root_test

import (
	"fmt"

	"pullback/ad"
	"pullback/root"
	"pullback/status"
)

// The price at which 100 - 2√p is demanded and 5·3^(0.15p) supplied.
func excess(p ad.Value) ad.Value {
	demand := ad.Sub(100, ad.Mul(2, ad.Sqrt(p)))
	supply := ad.Mul(5, ad.Pow(3, ad.Mul(.15, p)))
	return ad.Sub(demand, supply)
}

func ExampleFind_newton() {
	r := root.Find(excess, ad.Scalar(5.), root.Newton{})
	fmt.Printf("price %.6f after %v steps\n", r.Value.Float(), r.Steps)
	fmt.Println(r.Outcome())
	// Output:
	// price 17.646364 after 10 steps
	// Converged: the solution's condition holds at the returned point within the tolerances.
}

func ExampleFind_brent() {
	bracket := root.Brent{Lower: ad.Scalar(0.), Upper: ad.Scalar(100.)}
	r := root.Find(excess, ad.Scalar(0.), bracket)
	fmt.Printf("price %.6f\n", r.Value.Float())
	// Output:
	// price 17.646364
}

// The derivative of a solution with respect to what the equation closes over follows from the
// implicit function theorem: no step of the solver is differentiated.
func ExampleFind_derivative() {
	squareRoot := func(x ad.Value) ad.Value {
		f := func(y ad.Value) ad.Value { return ad.Sub(ad.Square(y), x) }
		return root.Find(f, ad.Like(x, 1), root.Newton{}).Value
	}
	fmt.Printf("%.6f\n", squareRoot(ad.Scalar(4.)).Float())
	fmt.Printf("%.6f\n", ad.Grad(squareRoot)(ad.Scalar(4.)).Float())
	fmt.Printf("%.6f\n", ad.Grad(ad.Grad(squareRoot))(ad.Scalar(4.)).Float())
	// Output:
	// 2.000000
	// 0.250000
	// -0.031250
}

// A solve that fails does not panic: its value is NaN, and its status says why.
func ExampleFind_failed() {
	f := func(y ad.Value) ad.Value { return ad.Add(ad.Square(y), 1) }
	r := root.Find(f, ad.Scalar(0.), root.Bisection{Lower: ad.Scalar(-1.), Upper: ad.Scalar(2.)})
	fmt.Println(r.Value, r.Outcome().OK())
	fmt.Println(r.Outcome())
	// Output:
	// nan false
	// No bracket: the function has the same sign at both ends; widen the bracket.
}

// A system is a function of a tree: here of a struct, and the equations are a struct too.
func ExampleFind_system() {
	type plane struct{ X, Y ad.Value }
	circleAndLine := func(p plane) [2]ad.Value {
		return [2]ad.Value{ad.Sub(ad.Add(ad.Square(p.X), ad.Square(p.Y)), 25),
			ad.Sub(ad.Mul(3, p.Y), ad.Mul(4, p.X))}
	}
	r := root.Find(circleAndLine, plane{ad.Scalar(1.), ad.Scalar(1.)}, root.Newton{})
	fmt.Printf("%.6f %.6f\n", r.Value.X.Float(), r.Value.Y.Float())
	// Output:
	// 3.000000 4.000000
}

// Where there may be several equilibria a scan of the bracket picks one, by a rule that is said,
// and Roots names them. Here demand rises with the price at first.
func ExampleScan() {
	excess := func(p ad.Value) ad.Value {
		demand := ad.Sub(60, ad.Add(ad.Div(10, p), ad.Mul(2, p)))
		return ad.Sub(demand, ad.Add(20, ad.Mul(2, p)))
	}
	scan := root.Scan{Lower: ad.Scalar(0.), Upper: ad.Scalar(100.)}
	fmt.Println(root.Find(excess, ad.Scalar(5.), scan).Outcome() == status.Several)
	fmt.Printf("%.6f\n", root.Roots(excess, 0, 100, 0))

	scan.Select = root.Highest
	fmt.Printf("%.6f\n", root.Find(excess, ad.Scalar(5.), scan).Value.Float())
	// Output:
	// true
	// [0.256584 9.743416]
	// 9.743416
}

// From a start where Newton's method runs away, Robust goes on to others and says which found the
// solution.
func ExampleRobust() {
	f := func(y ad.Value) ad.Value { return ad.Atan(ad.Sub(y, 1)) }
	m := root.Robust{}
	r := root.Find(f, ad.Scalar(20.), m)
	fmt.Printf("%.6f by %s\n", r.Value.Float(), m.Stages()[r.Stage.Int()])
	// Output:
	// 1.000000 by damped Newton
}
