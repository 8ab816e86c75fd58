package optim_test

import (
	"fmt"

	"pullback/ad"
	"pullback/optim"
)

func rosenbrock(x [2]ad.Value) ad.Value {
	a, b := x[0], x[1]
	return ad.Add(ad.Square(ad.Sub(1, a)), ad.Mul(100, ad.Square(ad.Sub(b, ad.Square(a)))))
}

// Least squares of a line through three points, y = Intercept + Slope·x.
func ExampleRun() {
	type line struct{ Intercept, Slope ad.Value }
	x, y := ad.Vector(0.0, 1, 2), ad.Vector(1.0, 3.5, 5.0)
	squares := func(l line) ad.Value {
		return ad.Sum(ad.Square(ad.Sub(y, ad.Add(l.Intercept, ad.Mul(l.Slope, x)))))
	}
	fit := ad.Jit(func(start line) optim.Result[line] {
		adam := optim.Adam{LearningRate: 0.1, Schedule: optim.CosineDecay(1000, 0)}
		return optim.Run(squares, start, adam, 1000)
	})
	r := fit(line{ad.Scalar(0.0), ad.Scalar(0.0)})
	fmt.Printf("%.5f + %.5f x\n", r.Value.Intercept.Float(), r.Value.Slope.Float())
	fmt.Println(r.Outcome().OK(), len(r.Losses.Floats()))
	// Output:
	// 1.16667 + 2.00000 x
	// true 1001
}

func ExampleChain() {
	m := optim.Chain(
		optim.ClipByGlobalNorm{Limit: 10},
		optim.SGD{LearningRate: 0.004, Momentum: 0.9, Schedule: optim.CosineDecay(2000, 0)},
	)
	r := optim.Run(rosenbrock, [2]ad.Value{ad.Scalar(-1.2), ad.Scalar(1.0)}, m, 2000)
	fmt.Printf("(%.4f, %.4f)\n", r.Value[0].Float(), r.Value[1].Float())
	// Output:
	// (1.0000, 1.0000)
}
