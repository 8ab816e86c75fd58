package exec_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/internal/lane/lanetest"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
	"pullback/random"
)

// TestReductionsOfThreads reduces what is made on the way, over all elements and over rows, where
// several threads share the work and blocks end within a row and with it.
func TestReductionsOfThreads(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, shape := range [][]int{{1}, {2}, {70_001}, {20 * 4096}, {600, 101}, {9, 4096}, {6, 9000},
		{40, 1, 1000}} {
		for _, d := range ir.DTypes() {
			typ := ir.Of(d, shape...)
			bits := func() ir.Array {
				b := make([]uint64, typ.Size())
				for i := range b {
					b[i] = lanetest.Bits(r, d)
				}
				return lanetest.Array(d, b).Reshaped(shape...)
			}
			all, last := op.Range(0, len(shape)), []int{len(shape) - 1}
			g := record.Trace(func(x []ir.Value) []ir.Value {
				if d == ir.Bool {
					y := op.Or(x[0], op.Not(x[1]))
					return []ir.Value{op.Any(y, all...), op.All(y, all...), op.Any(y, last...),
						op.All(y, last...)}
				}
				y := op.Sub(x[0], x[1])
				return []ir.Value{op.Sum(y, last...), op.Dot(x[0], op.Abs(y)), op.Prod(y, last...),
					op.ReduceMax(y, last...), op.ReduceMin(x[1], last...), op.Sum(y, all...),
					op.Sub(y, op.Unreduce(op.Sum(y, all...), shape, all))}
			}, []ir.Type{typ, typ})
			agrees(t, fmt.Sprint(typ), g, []ir.Array{bits(), bits()})
		}
	}
}

// integrand is what the kernels below sum.
func integrand(x ir.Value) ir.Value {
	s := op.Sin(x)
	return op.Add(op.Mul(op.Exp(op.Neg(op.Mul(x, x))), op.Log1p(x)), op.Mul(s, s))
}

// TestReductionKernels pins down what is one kernel with its reductions: in particular that a sum
// and its gradient read their operand once and write the gradient alone.
func TestReductionKernels(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(x []ir.Value) []ir.Value
		in   []int
		want string
	}{
		{"a sum and its gradient", func(x []ir.Value) []ir.Value {
			y := ad.ValueAndGrad(func(x ir.Value) ir.Value { return op.Sum(integrand(x), 0) })(x[0])
			return []ir.Value{y.Value, y.Grad}
		}, []int{1000}, `
parameters b0 float64[1000]
1000 lanes: b0 float64[1000] -> b3 float64[1000], b2 float64[]: OPS
results b2 float64[], b3 float64[1000]
`},
		{"random bits are made where they are used", func(x []ir.Value) []ir.Value {
			key := random.Key{Value: op.Bitcast(op.Slice(op.Convert(x[0], ir.Float32),
				[]int{0}, []int{2}, nil), ir.Uint32)}
			z := random.Normal(key, ir.Float64, 50, 20)
			signs := random.Rademacher(key, ir.Float64, 50, 20)
			return []ir.Value{op.Sum(op.Mul(op.Mul(z, z), signs), 0, 1)}
		}, []int{2}, `
parameters b0 float64[2]
2 lanes: b0 float64[2] -> b1 uint32[2]: OPS
1000 lanes: b1 uint32[2] -> b3 float64[]: OPS
results b3 float64[]
`},
		{"a softmax", func(x []ir.Value) []ir.Value {
			back := func(y ir.Value) ir.Value { return op.Unreduce(y, x[0].Shape(), []int{1}) }
			e := op.Exp(op.Sub(x[0], back(op.ReduceMax(x[0], 1))))
			return []ir.Value{op.Div(e, back(op.Sum(e, 1)))}
		}, []int{20, 50}, `
parameters b0 float64[20,50]
1000 lanes: b0 float64[20,50] -> b2 float64[20]: OPS
1000 lanes: b0 float64[20,50], b2 float64[20] -> b3 float64[20,50], b5 float64[20]: OPS
1000 lanes: b3 float64[20,50], b5 float64[20] -> b6 float64[20,50]: OPS
results b6 float64[20,50]
`},
		{"short rows and leading axes", func(x []ir.Value) []ir.Value {
			y := op.Exp(x[0])
			return []ir.Value{op.Sum(y, 2), op.Sum(y, 0), op.Sum(y, 1, 2)}
		}, []int{5, 10, 20}, `
parameters b0 float64[5,10,20]
1000 lanes: b0 float64[5,10,20] -> b1 float64[5,10,20], b3 float64[5]: OPS
reduce_sum{axes=[2]}: b1 float64[5,10,20] -> b4 float64[5,10]
reduce_sum{axes=[0]}: b1 float64[5,10,20] -> b5 float64[10,20]
results b4 float64[5,10], b5 float64[10,20], b3 float64[5]
`},
		{"an inner product of what a product makes", func(x []ir.Value) []ir.Value {
			return []ir.Value{op.Sum(op.Dot(x[0], op.MatMul(x[0], x[0])), 0)}
		}, []int{40, 40}, `
parameters b0 float64[40,40]
contract{batch_axes=0, transpose_a=false, transpose_b=false}: b0 float64[40,40], b0 float64[40,40] -> b1 float64[40,40]
1600 lanes: b0 float64[40,40], b1 float64[40,40] -> b3 float64[40]: OPS
40 lanes: b3 float64[40] -> b5 float64[]: OPS
results b5 float64[]
`},
		{"lanes with loops share out in smaller parts", func(x []ir.Value) []ir.Value {
			y := ad.ForI(3, x[0], func(_, y ir.Value) ir.Value { return op.Sin(y) })
			return []ir.Value{op.Sum(op.Exp(y), 0)}
		}, []int{1000}, `
parameters b0 float64[1000]
1000 lanes: b0 float64[1000] -> b1 float64[1000]: OPS
1000 lanes: b1 float64[1000] -> b3 float64[]: OPS
results b3 float64[]
`},
	} {
		lines := strings.Split(kernels(c.do, ir.Of(ir.Float64, c.in...)), "\n")
		for i, line := range lines {
			if at := strings.LastIndex(line, ": "); strings.Contains(line, " lanes:") {
				lines[i] = line[:at] + ": OPS"
			}
		}
		if got := strings.Join(lines, "\n"); got != c.want {
			t.Errorf("%s:%s\nwant%s", c.name, got, c.want)
		}
	}
}
