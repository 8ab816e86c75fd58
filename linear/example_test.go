package linear_test

import (
	"fmt"

	"pullback/ad"
	"pullback/linear"
)

func ExampleHessian() {
	rosenbrock := func(x ad.Value) ad.Value {
		a, b := ad.At(x, 0), ad.At(x, 1)
		return ad.Add(ad.Square(ad.Sub(1, a)), ad.Mul(100, ad.Square(ad.Sub(b, ad.Square(a)))))
	}
	h := linear.Hessian(rosenbrock, ad.Vector(1.0, 1.0))
	fmt.Println(h.Apply(ad.Vector(1.0, 0.0)))
	fmt.Println(linear.AsMatrix(h))
	// Output:
	// [802, -400] float64
	// [[ 802, -400],
	//  [-400,  200]] float64
}

func ExampleJacobian() {
	type polar struct{ Radius, Angle ad.Value }
	cartesian := func(p polar) [2]ad.Value {
		return [2]ad.Value{ad.Mul(p.Radius, ad.Cos(p.Angle)), ad.Mul(p.Radius, ad.Sin(p.Angle))}
	}
	j := linear.Jacobian(cartesian, polar{ad.Scalar(2.0), ad.Scalar(0.0)})
	fmt.Println(j.Apply(ad.Vector(1.0, 1.0)))
	fmt.Println(linear.Transpose(j).Apply(ad.Vector(1.0, 1.0)))
	// Output:
	// [1, 2] float64
	// [1, 2] float64
}

func ExampleFunc() {
	mean := func(v ad.Value) ad.Value { return ad.BroadcastTo(ad.Mean(v), 3) }
	centre := linear.Func(3, ad.Float64, func(v ad.Value) ad.Value { return ad.Sub(v, mean(v)) })
	fmt.Println(centre.Apply(ad.Vector(1.0, 2.0, 6.0)))
	// Output:
	// [-2, -1, 3] float64
}
