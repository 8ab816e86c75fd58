package ad_test

import (
	"fmt"
	"strings"

	"pullback/ad"
)

// The gradient of a function of a struct is a struct like it.
func ExampleGrad() {
	type Market struct{ Price, Income ad.Value }
	demand := func(m Market) ad.Value { return ad.Div(ad.Square(m.Income), m.Price) }

	g := ad.Grad(demand)(Market{ad.Scalar(2.), ad.Scalar(3.)})
	fmt.Println(g.Price, g.Income)
	// Output: -2.25 3
}

// Derivatives of derivatives are functions like others.
func ExampleGrad_third() {
	cube := func(x ad.Value) ad.Value { return ad.Mul(x, ad.Mul(x, x)) }
	fmt.Println(ad.Grad(ad.Grad(ad.Grad(cube)))(ad.Scalar(5.)))
	// Output: 6
}

func ExampleValueAndGrad() {
	r := ad.ValueAndGrad(func(x ad.Value) ad.Value { return ad.Dot(x, x) })(ad.Vector(3., 4.))
	fmt.Println(r.Value, r.Grad)
	// Output: 25 [6, 8] float64
}

// Row i of the Jacobian has the derivatives of result i.
func ExampleJacobian() {
	f := func(x ad.Value) ad.Value {
		a, b := ad.At(x, 0), ad.At(x, 1)
		return ad.Stack(0, ad.Mul(a, b), ad.Add(a, b), ad.Square(b))
	}
	fmt.Println(ad.Jacobian(f)(ad.Vector(2., 3.)))
	// Output:
	// [[3, 2],
	//  [1, 1],
	//  [0, 6]] float64
}

func ExampleHessian() {
	f := func(x ad.Value) ad.Value { return ad.Mul(ad.Square(ad.At(x, 0)), ad.At(x, 1)) }
	fmt.Println(ad.Hessian(f)(ad.Vector(1., 5.)))
	// Output:
	// [[10,  2],
	//  [ 2,  0]] float64
}

// HVP never forms the Hessian.
func ExampleHVP() {
	f := func(x ad.Value) ad.Value { return ad.Sum(ad.Mul(x, ad.Square(x))) }
	fmt.Println(ad.HVP(f, ad.Vector(1., 2., 3.), ad.Vector(1., 1., 1.)))
	// Output: [6, 12, 18] float64
}

// What the function closes over is the same for all rows.
func ExampleVmap() {
	weights := ad.Vector(1., 10., 100.)
	score := func(row ad.Value) ad.Value { return ad.Dot(row, weights) }
	fmt.Println(ad.Vmap(score)(ad.Matrix(2, 3, []float64{1, 2, 3, 4, 5, 6})))
	// Output: [321, 654] float64
}

// A compiled function is recorded once for each combination of types and static fields.
func ExampleJit() {
	type Problem struct {
		X     ad.Value
		Terms int
	}
	series := ad.Jit(func(p Problem) ad.Value { // 1 + x + x² + …
		fmt.Println("recording", p.Terms)
		s := ad.Like(p.X, 0)
		for range p.Terms {
			s = ad.Add(1, ad.Mul(s, p.X))
		}
		return s
	})
	fmt.Println(series(Problem{ad.Scalar(0.5), 3}))
	fmt.Println(series(Problem{ad.Scalar(2.), 3}))
	fmt.Println(series(Problem{ad.Scalar(2.), 5}))
	// Output:
	// recording 3
	// 1.75
	// 7
	// recording 5
	// 31
}

func ExampleJitChecked() {
	type Pair struct{ A, B ad.Value }
	add := ad.JitChecked(func(p Pair) ad.Value { return ad.Add(p.A, p.B) })
	fmt.Println(add(Pair{ad.Vector(1., 2.), ad.Scalar(10.)}))
	_, err := add(Pair{ad.Vector(1., 2.), ad.Vector(1., 2., 3.)})
	fmt.Println(err)
	// Output:
	// [11, 12] float64 <nil>
	// example_test.go:96: add(float64[2], float64[3]): the shapes [2] and [3] do not broadcast: aligned at the last axis, extents must be equal or one of them 1
}

func ExampleJVP() {
	y, dy := ad.JVP(ad.Square, ad.Scalar(3.), ad.Scalar(1.))
	fmt.Println(y, dy)
	// Output: 9 6
}

func ExampleVJP() {
	f := func(x ad.Value) ad.Value { return ad.Mul(ad.At(x, 0), ad.At(x, 1)) }
	y, pullback := ad.VJP(f, ad.Vector(3., 4.))
	fmt.Println(y, pullback(ad.Scalar(1.)), pullback(ad.Scalar(10.)))
	// Output: 12 [4, 3] float64 [40, 30] float64
}

// The function is computed once, and its derivative there as often as one likes.
func ExampleLinearize() {
	y, derivative := ad.Linearize(ad.Square, ad.Vector(1., 2.))
	fmt.Println(y, derivative(ad.Vector(1., 0.)), derivative(ad.Vector(0., 1.)))
	// Output: [1, 4] float64 [2, 0] float64 [0, 4] float64
}

func ExampleCond() {
	abs := ad.Jit(ad.Grad(func(x ad.Value) ad.Value {
		return ad.Cond(ad.Less(x, 0),
			func() ad.Value { return ad.Neg(x) },
			func() ad.Value { return x })
	}))
	fmt.Println(abs(ad.Scalar(-3.)), abs(ad.Scalar(3.)))
	// Output: -1 1
}

// Each element of a batch leaves the loop when its own condition fails.
func ExampleWhile() {
	type state struct{ N, Steps ad.Value }
	collatz := func(n ad.Value) ad.Value {
		return ad.While(state{n, ad.Scalar(0)},
			func(s state) ad.Value { return ad.Greater(s.N, 1) },
			func(s state) state {
				odd := ad.Equal(ad.Rem(s.N, 2), 1)
				return state{ad.Where(odd, ad.Add(ad.Mul(s.N, 3), 1), ad.Div(s.N, 2)),
					ad.Add(s.Steps, 1)}
			}).Steps
	}
	fmt.Println(ad.Jit(ad.Vmap(collatz))(ad.Vector(1, 6, 7, 27)))
	// Output: [0, 8, 16, 111] int64
}

func ExampleForI() {
	power := func(x ad.Value) ad.Value { // x⁴
		return ad.ForI(4, ad.Like(x, 1), func(_, p ad.Value) ad.Value { return ad.Mul(p, x) })
	}
	fmt.Println(power(ad.Scalar(3.)), ad.Grad(power)(ad.Scalar(3.)))
	// Output: 81 108
}

// Capital grows by what is invested; the scan keeps its path.
func ExampleScan() {
	end, path := ad.Scan(ad.Scalar(100.), ad.Vector(10., 20., 0.),
		func(capital, investment ad.Value) (next, before ad.Value) {
			return ad.Add(ad.Mul(capital, 0.9), investment), capital
		})
	fmt.Println(end, path)
	// Output: 99 [100, 100, 110] float64
}

func ExampleWhere() {
	x := ad.Vector(-1., 2., -3.)
	fmt.Println(ad.Where(ad.Less(x, 0), 0, x))
	// Output: [0, 2, 0] float64
}

func ExampleStopGradient() {
	f := func(x ad.Value) ad.Value { return ad.Mul(x, ad.StopGradient(x)) }
	fmt.Println(f(ad.Scalar(3.)), ad.Grad(f)(ad.Scalar(3.)))
	// Output: 9 3
}

// log(1 + eˣ) overflows if it is computed as written, and so does its derivative.
func ExampleCustomJVP() {
	softplus := ad.CustomJVP(
		func(x ad.Value) ad.Value {
			return ad.Add(ad.Max(x, 0), ad.Log1p(ad.Exp(ad.Neg(ad.Abs(x)))))
		},
		func(x, dx ad.Value) (y, dy ad.Value) {
			sigmoid := ad.Div(1, ad.Add(1, ad.Exp(ad.Neg(x))))
			y = ad.Add(ad.Max(x, 0), ad.Log1p(ad.Exp(ad.Neg(ad.Abs(x)))))
			return y, ad.Mul(sigmoid, dx)
		})
	fmt.Println(softplus(ad.Scalar(1000.)), ad.Grad(softplus)(ad.Scalar(0.)))
	// Output: 1000 0.5
}

// The gradient is cut off on its way back.
func ExampleCustomVJP() {
	clip := ad.CustomVJP(
		func(x ad.Value) ad.Value { return x },
		func(x ad.Value) (y ad.Value, none struct{}) { return x, none },
		func(_ struct{}, ct ad.Value) ad.Value { return ad.Min(ad.Max(ct, -1), 1) })
	steep := func(x ad.Value) ad.Value { return ad.Mul(100, clip(x)) }
	fmt.Println(ad.Grad(steep)(ad.Scalar(3.)))
	// Output: 1
}

func ExampleExplain() {
	f := func(x ad.Value) ad.Value { return ad.Mul(ad.Sin(x), ad.Sin(x)) }
	programs, _, _ := strings.Cut(ad.Explain(f, ad.Scalar(1.)), "kernels:")
	fmt.Println(programs)
	// Output:
	// recorded:
	// graph(%0: float64[]) {
	//   %1: float64[] = sin %0   @ example_test.go:208
	//   %2: float64[] = sin %0   @ example_test.go:208
	//   %3: float64[] = mul %1 %2   @ example_test.go:208
	//   return %3
	// }
	// rewritten:
	// graph(%0: float64[]) {
	//   %1: float64[] = sin %0   @ example_test.go:208
	//   %2: float64[] = mul %1 %1   @ example_test.go:208
	//   return %2
	// }
}

// A tree's Values come in the order of its fields, elements and sorted keys.
func ExampleFlatten() {
	type Model struct {
		Slope ad.Value
		Knots []ad.Value
		Name  string
	}
	leaves, rebuild := ad.Flatten(
		Model{ad.Scalar(1.), []ad.Value{ad.Scalar(2.), ad.Scalar(3.)}, "spline"})
	for i, v := range leaves {
		leaves[i] = ad.Mul(v, 10)
	}
	m := rebuild(leaves)
	fmt.Println(m.Slope, m.Knots, m.Name)
	// Output: 10 [20 30] spline
}

func ExampleRavel() {
	type Model struct{ Slope, Knots ad.Value }
	flat, unravel := ad.Ravel(Model{ad.Scalar(1.), ad.Vector(2., 3.)})
	fmt.Println(flat, unravel(ad.Neg(flat)).Knots)
	// Output: [1, 2, 3] float64 [-2, -3] float64
}
