//go:build !race

package exec_test

import (
	"testing"

	"pullback/ad"
	"pullback/internal/dense"
	"pullback/internal/exec"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
)

// TestNoAllocations runs programs of every kind of kernel into memory that is there. (With the
// race detector sync.Pool forgets on purpose.)
func TestNoAllocations(t *testing.T) {
	type list = []ad.Value
	n, m := 40, 3
	half := ir.Known(ir.Fill(0.5))
	rounds := func(s list) ad.Value { return op.Less(s[0], ir.Known(ir.Fill(20.0))) }
	up := func(x ad.Value) ad.Value { return op.Add(x, ir.Known(ir.FillNumber(x.Type(), 1))) }
	for name, do := range map[string]func(x list) list{
		"elementwise": func(x list) list { return list{op.Exp(op.Mul(x[0], x[1]))} },
		"views": func(x list) list {
			return list{op.Transpose(op.Reshape(x[0], []int{m, n}), []int{1, 0})}
		},
		"reductions": func(x list) list {
			return list{op.Sum(x[0], 0, 1), op.Prod(x[0], 0), op.ReduceMax(x[0], 1),
				op.Dot(x[0], x[1]), op.Any(op.Less(x[0], x[1]), 1), op.Sum(op.Mul(x[0], x[1]), 0)}
		},
		"contractions": func(x list) list {
			return list{op.MatMul(x[0], op.MatrixTranspose(x[1])),
				op.Contract(x[0], x[1], 0, true, false)}
		},
		"gather": func(x list) list { return list{op.Gather(x[0], x[3], 0)} },
		"scatter": func(x list) list {
			return list{op.ScatterAdd(x[0], x[3], op.Gather(x[0], x[3], 0), 0)}
		},
		"window": func(x list) list {
			return list{op.DynamicSlice(x[0], list{x[4], x[4]}, []int{3, 2})}
		},
		"update": func(x list) list {
			window := op.Slice(x[1], []int{0, 0}, []int{3, 2}, nil)
			return list{op.DynamicUpdateSlice(x[0], window, list{x[4], x[4]})}
		},
		"cumsum":   func(x list) list { return list{op.Cumsum(x[0], 0, false)} },
		"triangle": func(x list) list { return list{op.LowerTriangle(x[5], 0)} },
		"solve":    func(x list) list { return list{op.Solve(x[5], x[5])} },
		"triangular": func(x list) list {
			return list{op.TriangularSolve(x[5], x[5], dense.Triangle{})}
		},
		"cholesky": func(x list) list { return list{op.Cholesky(x[5])} },
		"eigen": func(x list) list {
			w, v := op.Eigh(x[5])
			return list{w, v}
		},
		"joins": func(x list) list {
			return list{op.Concatenate(1, x[0], x[1], x[0]),
				op.Pad(x[0], []int{1, 2}, []int{0, 1}, nil)}
		},
		"private loop": func(x list) list {
			return ad.While(list{x[2]}, rounds, func(s list) list { return list{up(s[0])} })
		},
		"loop": func(x list) list {
			return ad.While(list{x[2], x[0]}, rounds, func(s list) list {
				return list{up(s[0]), op.Mul(s[1], op.Scalar(op.Sum(s[1], 0, 1), []int{n, m}))}
			})
		},
		"scan": func(x list) list {
			carry, ys := ad.Scan(x[2], x[0], func(s, row ad.Value) (ad.Value, ad.Value) {
				s = op.Add(s, op.Sum(row, 0))
				return s, op.Mul(row, op.Scalar(s, []int{m}))
			})
			return list{carry, ys}
		},
		"condition": func(x list) list {
			return list{ad.Cond(op.Less(x[2], half),
				func() ad.Value { return op.Sum(op.Exp(x[0]), 0) },
				func() ad.Value { return op.Sum(op.Exp(x[1]), 0) })}
		},
	} {
		t.Run(name, func(t *testing.T) {
			matrix := make([]float64, n*m)
			for i := range matrix {
				matrix[i] = float64(i) / float64(n*m)
			}
			square := ir.Wrap([]float64{4, 1, 0, 1, 5, 2, 0, 2, 6}, 3, 3)
			in := []ir.Array{ir.Wrap(matrix, n, m), ir.Wrap(matrix, n, m), ir.Wrap([]float64{0.25}),
				ir.Wrap([]int64{3, 1, 100}, 3), ir.Wrap([]int64{1}), square}
			types := make([]ir.Type, len(in))
			for i, a := range in {
				types[i] = a.Type()
			}
			p := exec.Compile(record.Trace(do, types))
			out := p.Run(in)
			none := func(in []ir.Array) {
				t.Helper()
				if got := testing.AllocsPerRun(20, func() { p.RunInto(in, out) }); got != 0 {
					t.Errorf("%v allocations a run", got)
				}
			}
			none(in)
			none(append([]ir.Array{ir.Fill(0.5, n, m)}, in[1:]...))
		})
	}
}
