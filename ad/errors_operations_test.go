package ad_test

import (
	"pullback/ad"
	"pullback/ir"
)

// mistakesInOperations are wrong operands, wrong shapes, and Values read or used where they are not
// known.
func mistakesInOperations() map[string]mistake {
	x, v := ad.Scalar(0.5), ad.Vector(1., 2., 3.)
	m := ad.Matrix(2, 3, make([]float64, 6))
	return map[string]mistake{
		// Operands
		"dtypes": {func() {
			ad.Add(ad.Scalar(1.), ad.Scalar[float32](1)) // <- dtypes
		}, "add(float64[], float32[]): the element types differ; convert one with ad.Convert"},
		"weak": {func() {
			ad.Mul(ad.Vector[int32](1, 2), 0.5) // <- weak
		}, "mul: the number 0.5 is no int32; convert the other operand with ad.Convert, or write " +
			"a number that fits"},
		"weak negative": {func() {
			ad.Add(ad.Vector[uint64](1, 2), -1) // <- weak negative
		}, "add: the number -1 is no uint64; convert the other operand with ad.Convert, or write " +
			"a number that fits"},
		"weak too great": {func() {
			ad.Add(ad.Scalar(1), 9223372036854775808.) // <- weak too great
		}, "add: the number 9.223372036854776e+18 is no int64; convert the other operand with " +
			"ad.Convert, or write a number that fits"},
		"weak overflow": {func() {
			ad.Mul(ad.Scalar[float32](1), 1e300) // <- weak overflow
		}, "mul: the number 1e+300 is no float32; convert the other operand with ad.Convert, or " +
			"write a number that fits"},
		"weak bool": {func() {
			ad.And(ad.Scalar(true), 1) // <- weak bool
		}, "and: the number 1 is no bool; convert the other operand with ad.Convert, or write a " +
			"number that fits"},
		"shapes": {func() {
			ad.Add(v, ad.Vector(1., 2.)) // <- shapes
		}, "add(float64[3], float64[2]): the shapes [3] and [2] do not broadcast: aligned at the " +
			"last axis, extents must be equal or one of them 1"},
		"bool arithmetic": {func() {
			ad.Add(ad.Scalar(true), ad.Scalar(true)) // <- bool arithmetic
		}, "add(bool[], bool[]): a bool is no number; convert it with ad.Convert"},
		"integer function": {func() {
			ad.Sin(ad.Scalar(3)) // <- integer function
		}, "sin(int64[]): int64 is no float; convert it with ad.Convert"},
		"polygamma": {func() {
			ad.Polygamma(101, x) // <- polygamma
		}, "polygamma(float64[]): the order is 101 and must be from 0 to 100"},
		"where": {func() {
			ad.Where(x, x, x) // <- where
		}, "where(float64[], float64[], float64[]): the condition is float64[] and must be bool"},
		"zero value": {func() {
			var unset ad.Value
			ad.Add(unset, 1) // <- zero value
		}, "a Value was used that was never set; make one with ad.Scalar, ad.Vector or another " +
			"constructor"},

		// Shapes
		"elements": {func() {
			ad.Matrix(2, 2, []float64{1, 2, 3}) // <- elements
		}, "array: 3 elements do not fill the shape [2 2]"},
		"negative shape": {func() {
			ad.Zeros(ad.Float64, 2, -1) // <- negative shape
		}, "full: the shape [2 -1] has a negative extent"},
		"axis": {func() {
			ad.Sum(v, 1) // <- axis
		}, "sum(float64[3]): there is no axis 1; axes go from 0 to 0, or from -1 to -1 counted " +
			"from the end"},
		"no axis": {func() {
			ad.Sum(x, 0) // <- no axis
		}, "sum(float64[]): there is no axis 0; a scalar has none"},
		"axis twice": {func() {
			ad.Sum(m, 1, -1) // <- axis twice
		}, "sum(float64[2,3]): axis 1 is named twice"},
		"reshape": {func() {
			ad.Reshape(v, 2, 2) // <- reshape
		}, "reshape(float64[3]): 3 elements do not fill the shape [2 2], which holds 4"},
		"reshape the rest": {func() {
			ad.Reshape(v, 2, -1) // <- reshape the rest
		}, "reshape(float64[3]): 3 elements do not divide into groups of 2, which is what the " +
			"other extents hold"},
		"reshape the rest twice": {func() {
			ad.Reshape(v, -1, -1) // <- reshape the rest twice
		}, "reshape(float64[3]): only one extent of [-1 -1] can be -1, which stands for what is " +
			"left"},
		"reshape to negative": {func() {
			ad.Reshape(v, -3, -1) // <- reshape to negative
		}, "reshape: the shape [-3] has a negative extent"},
		"negative power": {func() {
			ad.Pow(2, -1) // <- negative power
		}, "pow(int64[], int64[]): the integer -1 as an exponent is negative, and integers have " +
			"no such powers; convert both with ad.Convert to powers of floats"},
		"powers of many": {func() {
			ad.Pow(2, ad.Vector(1, 2)) // <- powers of many
		}, "pow(int64[2], int64[2]): integers have powers whose exponent is one known number; " +
			"convert both with ad.Convert to powers of floats"},
		"element": {func() {
			ad.At(v, 3) // <- element
		}, "at(float64[3]): there is no element 3; there are 3, counted from 0"},
		"broadcast": {func() {
			ad.BroadcastTo(v, 2) // <- broadcast
		}, "broadcast(float64[3]): it does not broadcast to [2]"},
		"nothing to join": {func() {
			ad.Concatenate(0) // <- nothing to join
		}, "concatenate: there is nothing to join; give at least one Value"},
		"matmul": {func() {
			ad.MatMul(m, m) // <- matmul
		}, "matmul(float64[2,3], float64[2,3]): a matrix (m, k) times a matrix (k, n) of one " +
			"element type is asked for, or stacks of them with the same leading axes; ad.Vmap " +
			"repeats one of the two"},
		"matmul of unequal batches": {func() {
			// <- matmul of unequal batches
			ad.MatMul(ad.Zeros(ad.Float64, 2, 3, 3), ad.Zeros(ad.Float64, 3, 3))
		}, "matmul(float64[2,3,3], float64[3,3]): a matrix (m, k) times a matrix (k, n) of one " +
			"element type is asked for, or stacks of them with the same leading axes; ad.Vmap " +
			"repeats one of the two"},
		"square": {func() {
			ad.Solve(m, v) // <- square
		}, "solve(float64[2,3]): a square matrix is asked for"},

		// Values in a recording
		"unknown": {func() {
			ad.Grad(func(x ad.Value) ad.Value {
				if x.Float() > 0 { // <- unknown
					return x
				}
				return ad.Neg(x)
			})(x)
		}, "the numbers of a recorded float64[] were asked for; inside Grad, Vmap or Jit a value " +
			"is known only when the program runs: decide with ad.Cond, ad.While or ad.Where " +
			"instead of Go's if and for"},
		"kept": {func() {
			var kept ad.Value
			ad.Grad(func(x ad.Value) ad.Value { kept = ad.Mul(x, x); return kept })(x)
			ad.Add(kept, 1) // <- kept
		}, "add(float64[], float64[]): an operand outlived its recording: a value made inside a " +
			"function given to Grad, Vmap, Jit or a control-flow operation was kept and used " +
			"after the function returned; return it from the function instead"},
		"kept and read": {func() {
			var kept ad.Value
			ad.Jit(func(x ad.Value) ad.Value { kept = ad.Mul(x, x); return kept })(x)
			kept.Float() // <- kept and read
		}, "the numbers of a float64[] were asked for that outlived its recording: a value made " +
			"inside a function given to Grad, Vmap, Jit or a control-flow operation was kept and " +
			"used after the function returned; return it from the function instead"},
		"kept for another recording": {func() {
			var kept ad.Value
			ad.Grad(func(x ad.Value) ad.Value { kept = ad.Mul(x, x); return kept })(x)
			ad.Jit(func(x ad.Value) ad.Value {
				return ad.Add(x, kept) // <- kept for another recording
			})(x)
		}, "add(float64[], float64[]): an operand outlived its recording: a value made inside a " +
			"function given to Grad, Vmap, Jit or a control-flow operation was kept and used " +
			"after the function returned; return it from the function instead"},

		// Reading
		"float of many": {func() {
			v.Float() // <- float of many
		}, "Float needs one element, and this is float64[3]; choose one with ad.At, or read all " +
			"with Floats"},
		"int of a float": {func() {
			x.Int() // <- int of a float
		}, "Int needs one integer, and this is float64[]; use Float"},
		"int of many": {func() {
			ad.Vector[int32](1, 2).Int() // <- int of many
		}, "Int needs one integer, and this is int32[2]; choose one with ad.At, or read all with " +
			"Floats"},
		"bool of many": {func() {
			ad.Less(v, 2).Bool() // <- bool of many
		}, "Bool needs one element, and this is bool[3]; reduce it with ad.All or ad.Any, or " +
			"choose one with ad.At"},
		"too few leaves": {func() {
			_, rebuild := ad.Flatten(args{x, v})
			rebuild([]ad.Value{v}) // <- too few leaves
		}, "tree(float64[3]): ad_test.args has 2 Values here, and it was given 1 to build it from"},
		"slice of another type": {func() {
			ir.Slice[float32](v) // <- slice of another type
		}, "a slice of float32 was asked of a float64[3]; convert it first"},
	}
}
