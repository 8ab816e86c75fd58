package exec_test

import (
	"strings"
	"testing"

	"pullback/ad"
	"pullback/internal/exec"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
)

// kernels is the listing of a program of parameters of the given types.
func kernels(do func(x []ir.Value) []ir.Value, in ...ir.Type) string {
	return "\n" + exec.Compile(record.Trace(do, in)).String()
}

// TestKernels pins down what becomes a kernel: that views cost none, that elementwise operations
// are one, that a loop of every lane's own is a part of it, and that products read their operands
// where they lie.
func TestKernels(t *testing.T) {
	matrix := ir.Of(ir.Float64, 4, 3)
	for _, c := range []struct {
		name string
		do   func(x []ir.Value) []ir.Value
		want string
	}{
		{"views of views", func(x []ir.Value) []ir.Value {
			y := op.Reverse(op.Transpose(op.Exp(x[0]), []int{1, 0}), 0)
			y = op.Slice(op.Reshape(y, []int{3, 2, 2}), []int{0, 0, 1}, []int{3, 2, 2}, nil)
			return []ir.Value{op.Neg(op.Broadcast(y, []int{3, 2, 1, 5}, []int{0, 1, 2}))}
		}, `
parameters b0 float64[4,3]
12 lanes: b0 float64[4,3] -> b1 float64[4,3]: exp
30 lanes: b1 float64[4,3] -> b2 float64[3,2,1,5]: neg
results b2 float64[3,2,1,5]
`},
		{"a reshape that no strides say is a copy like any lane operation",
			func(x []ir.Value) []ir.Value {
				return []ir.Value{op.Neg(op.Reshape(op.Transpose(x[0], []int{1, 0}), []int{12}))}
			}, `
parameters b0 float64[4,3]
12 lanes: b0 float64[4,3] -> b1 float64[12]: neg
results b1 float64[12]
`},
		{"products in place", func(x []ir.Value) []ir.Value {
			y := op.Transpose(x[0], []int{1, 0})
			z := op.Broadcast(op.Slice(x[0], []int{0, 0}, []int{4, 1}, nil), []int{4, 1, 2},
				[]int{0, 1})
			return []ir.Value{op.MatMul(y, op.Reshape(z, []int{4, 2})), op.Sum(y, 0)}
		}, `
parameters b0 float64[4,3]
contract{batch_axes=0, transpose_a=false, transpose_b=false}: b0 float64[4,3], b0 float64[4,3] -> b1 float64[3,2]
reduce_sum{axes=[0]}: b0 float64[4,3] -> b2 float64[4]
results b1 float64[3,2], b2 float64[4]
`},
		{"a loop in lanes", func(x []ir.Value) []ir.Value {
			one := ir.Known(ir.FillNumber(matrix, 1))
			y := while([]ir.Value{op.Abs(x[0])},
				func(s []ir.Value) ir.Value { return op.Less(s[0], one) },
				func(s []ir.Value) []ir.Value {
					return []ir.Value{op.Add(op.Mul(s[0], s[0]), one)}
				})
			return []ir.Value{op.Sqrt(y[0])}
		}, `
parameters b0 float64[4,3]
12 lanes: b0 float64[4,3] -> b1 float64[4,3]: abs while (less mul add) sqrt
results b1 float64[4,3]
`},
		{"a scan in lanes", func(x []ir.Value) []ir.Value {
			s, ys := ad.Scan(op.Sum(x[0], 0), x[0], func(s, row ir.Value) (ir.Value, ir.Value) {
				s = ad.ForI(3, s, func(i, s ir.Value) ir.Value {
					return op.Add(s, op.Scalar(op.Convert(i, ir.Float64), []int{3}))
				})
				return op.Mul(s, row), op.Sqrt(s)
			})
			return []ir.Value{op.Neg(s), ys}
		}, `
parameters b0 float64[4,3]
reduce_sum{axes=[0]}: b0 float64[4,3] -> b1 float64[3]
3 lanes: b1 float64[3], b0 float64[4,3], constant int64[3] -> b3 float64[4,3], b4 float64[3]: scan (scan (convert add) mul sqrt) neg
results b4 float64[3], b3 float64[4,3]
`},
		{"programs inside", func(x []ir.Value) []ir.Value {
			s := op.Sum(x[0], 0, 1)
			return []ir.Value{ad.Cond(op.Less(s, op.Zeros(s.Type())),
				func() ir.Value { return op.Sum(op.Exp(x[0]), 0) },
				func() ir.Value { return op.Sum(x[0], 0) })}
		}, `
parameters b0 float64[4,3]
12 lanes: b0 float64[4,3] -> b2 float64[]: reduce_sum
1 lane: b2 float64[] -> b3 bool[]: less
cond: b3 bool[], b0 float64[4,3] -> b4 float64[3]
  then:
    parameters b0 float64[4,3]
    12 lanes: b0 float64[4,3] -> b1 float64[4,3]: exp
    reduce_sum{axes=[0]}: b1 float64[4,3] -> b2 float64[3]
    results b2 float64[3]
  else:
    parameters b0 float64[4,3]
    reduce_sum{axes=[0]}: b0 float64[4,3] -> b1 float64[3]
    results b1 float64[3]
results b4 float64[3]
`},
	} {
		if got := kernels(c.do, matrix); got != c.want {
			t.Errorf("%s:%s\nwant%s", c.name, got, c.want)
		}
	}
}

// TestCurvatureIsTwoProducts is the matrix-free trace: many probes through one matrix, which is
// never copied.
func TestCurvatureIsTwoProducts(t *testing.T) {
	_, text, _ := strings.Cut(ad.Explain(curvature, probes(50, 4)), "kernels:\n")
	if strings.Count(text, "contract{") != 2 || strings.Count(text, "\n") != 6 {
		t.Error(text)
	}
}

func TestLanePrograms(t *testing.T) {
	exp := func(x []ir.Value) []ir.Value { return []ir.Value{op.Exp(x[0])} }
	g := record.Trace(exp, []ir.Type{ir.Of(ir.Float64, 5)})
	if text := exec.LanePrograms(g); !strings.Contains(text, "foreach 5") {
		t.Error(text)
	}
}
