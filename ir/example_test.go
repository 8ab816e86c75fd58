package ir_test

import (
	"fmt"
	"math"

	"pullback/ir"
)

func ExampleGraph_Text() {
	g := ir.NewGraph()
	x := g.Param(ir.Of(ir.Float64))
	y := g.Param(ir.Of(ir.Float64, 3))
	vector := []ir.Type{ir.Of(ir.Float64, 3)}
	wide := g.Append(broadcast{Shape: []int{3}}, []ir.Value{x}, vector, ir.At("main.go:12"))
	sum := g.Append(add{}, []ir.Value{wide[0], y}, vector, ir.At("main.go:12"))
	total := g.Append(reduceSum{Axes: []int{0}}, sum, []ir.Type{ir.Of(ir.Float64)},
		ir.At("main.go:13"))
	g.Finish([]ir.Value{total[0], ir.Known(ir.Wrap([]float64{2.5}))})

	fmt.Println(g.Text(ir.TextOptions{Positions: true}))
	// Output:
	// graph(%0: float64[], %1: float64[3]) {
	//   %2: float64[3] = broadcast{shape=[3], dims=[]} %0   @ main.go:12
	//   %3: float64[3] = add %2 %1   @ main.go:12
	//   %4: float64[] = reduce_sum{axes=[0]} %3   @ main.go:13
	//   return %4, float64[](2.5)
	// }
}

// A graph prints as String: long arrays are elided, graphs inside ops are indented.
func ExampleGraph_String() {
	branch := func(op unary) *ir.Graph {
		g := ir.NewGraph()
		x := g.Param(ir.Of(ir.Float32, 100))
		g.Finish(g.Append(op, []ir.Value{x}, []ir.Type{x.Type()}, nil))
		return g
	}
	g := ir.NewGraph()
	large := make([]float32, 100)
	large[0] = 1
	g.Finish(g.Append(cond{Then: branch(0), Else: branch(1)}, []ir.Value{
		ir.Known(ir.Wrap([]bool{true})), ir.Known(ir.Wrap(large, 100)),
	}, []ir.Type{ir.Of(ir.Float32, 100)}, nil))
	fmt.Println(g)
	// Output:
	// graph() {
	//   %0: float32[100] = cond{then=graph(%0: float32[100]) {
	//     %1: float32[100] = neg %0
	//     return %1
	//   }, else=graph(%0: float32[100]) {
	//     %1: float32[100] = abs %0
	//     return %1
	//   }} bool[](true) float32[100]{elided, sum 0x42fdb8664ff012b8}
	//   return %0
	// }
}

// A text may leave out the types of results and the parameters that have their defaults.
func ExampleParse() {
	lookup := func(name string) (ir.Op, bool) {
		switch name {
		case "add":
			return add{}, true
		case "reduce_sum":
			return reduceSum{}, true
		}
		return nil, false
	}
	g, err := ir.Parse(`
		graph(%x: float64[3]) {
			%twice = add %x %x
			%sum = reduce_sum{axes=[0]} %twice
			return %sum
		}`, lookup)
	fmt.Println(g, err)

	_, err = ir.Parse("graph(%0: float64[3]) {\n  %1: int32[] = reduce_sum{axis=[0]} %0\n  "+
		"return %1\n}", lookup)
	fmt.Println(err)
	// Output:
	// graph(%0: float64[3]) {
	//   %1: float64[3] = add %0 %0
	//   %2: float64[] = reduce_sum{axes=[0]} %1
	//   return %2
	// } <nil>
	// line 2, column 28: reduce_sum has no parameter axis; it has axes
}

func ExampleFormat() {
	fmt.Println(ir.Format(add{}))
	fmt.Println(ir.Format(broadcast{Shape: []int{2, 3}, Dims: []int{1}}))
	fmt.Println(ir.Format(custom{N: 2, F: math.Abs}), ir.Printable(custom{N: 2, F: math.Abs}))
	// Output:
	// add
	// broadcast{shape=[2, 3], dims=[1]}
	// "a custom op"{n=2, f, g=none} false
}

func ExampleGraph_Verify() {
	g := ir.NewGraph()
	x := g.Param(ir.Of(ir.Float64, 3))
	g.Finish(g.Append(reduceSum{Axes: []int{0}}, []ir.Value{x}, []ir.Type{ir.Of(ir.Float64, 1)},
		ir.At("main.go:7")))
	fmt.Println(g.Verify())
	// Output:
	// node 0, `%1: float64[1] = reduce_sum{axes=[0]} %0` at main.go:7: its results are [float64[1]], and reduce_sum gives [float64[]] for these operands
}

func ExampleValue_String() {
	fmt.Println(ir.Known(ir.Wrap([]float64{0.1})))
	fmt.Println(ir.Known(ir.Wrap([]float32{1, 2.5, 3}, 3)))
	fmt.Println(ir.Known(ir.Wrap([]int32{1, 2, 30, 4}, 2, 2)))
	fmt.Println(ir.Known(ir.Fill(1.0, 1000)))
	fmt.Println(ir.NewGraph().Param(ir.Of(ir.Float64, 3)))
	fmt.Printf("%.2f\n", ir.Known(ir.Wrap([]float64{1, 0.333}, 2)))
	// Output:
	// 0.1
	// [1, 2.5, 3] float32
	// [[ 1,  2],
	//  [30,  4]] int32
	// [1, 1, 1, …, 1, 1, 1] float64[1000]
	// recorded float64[3]
	// [1.00, 0.33] float64
}
