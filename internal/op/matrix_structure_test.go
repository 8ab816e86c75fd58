package op_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pullback/internal/dense"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// How matrices are computed with: in one order however they are batched, and with little repeated.

// TestProductsAgree: a product has the same bits alone, as a column of a larger one, in a batch,
// and with its factors exchanged. Beyond one panel of 512 that says something.
func TestProductsAgree(t *testing.T) {
	const m, k, n = 3, 1300, 5
	a, b := op.Sin(ir.Known(spread(m, k))), op.Exp(ir.Known(spread(k, n)))
	for _, d := range []ir.DType{ir.Float64, ir.Float32} {
		a, b := op.Convert(a, d), op.Convert(b, d)
		columns := op.MatrixTranspose(b)
		want := op.MatMul(a, b)
		batched := func(f func(op.Value) op.Value, x op.Value) op.Value {
			g := record.Trace(unary(f), []ir.Type{ir.Of(d, k)})
			return transform.BatchAll(g, n, []op.Value{x}, []bool{true})[0]
		}
		for name, got := range map[string]op.Value{
			"transposed": op.MatrixTranspose(op.Contract(b, a, 0, true, true)),
			"batched": op.MatrixTranspose(batched(func(x op.Value) op.Value {
				return op.MatVec(a, x)
			}, columns)),
			"batched, from the left": op.MatrixTranspose(batched(func(x op.Value) op.Value {
				return op.VecMat(x, op.MatrixTranspose(a))
			}, columns)),
		} {
			if !slices.Equal(got.Floats(), want.Floats()) {
				t.Errorf("%s, %v: %v, want %v", name, d, got.Floats(), want.Floats())
			}
		}
		for j := range n {
			column := op.Slice(b, []int{0, j}, []int{k, j + 1}, nil)
			got := op.MatVec(a, op.Squeeze(column, 1))
			w := op.Slice(want, []int{0, j}, []int{m, j + 1}, nil)
			if !slices.Equal(got.Floats(), w.Floats()) {
				t.Errorf("column %d, %v: %v, want %v", j, d, got, w)
			}
		}
	}
}

func forward(x op.Value) op.Value { return op.TriangularSolve(x, x, dense.Triangle{}) }

// TestLargeStacks: a stack that is divided among threads gives each matrix the bits it has alone.
func TestLargeStacks(t *testing.T) {
	const count, n = 9000, 3
	random := op.Sin(to(count, n, n))
	large := op.Broadcast(ir.Known(ir.Fill(4.0)), []int{count, n, n}, nil)
	a := op.Add(random, op.Mul(large, op.Lead(op.Identity(ir.Float64, n), count)))
	for name, f := range map[string]func(op.Value) op.Value{
		"contract": func(x op.Value) op.Value {
			return op.Contract(x, x, x.Type().Rank()-2, false, true)
		},
		"solve":            func(x op.Value) op.Value { return op.Solve(x, x) },
		"triangular_solve": forward,
		"cholesky":         op.Cholesky,
		"eigenvectors": func(x op.Value) op.Value {
			_, v := op.Eigh(x)
			return v
		},
	} {
		got := f(a).Array()
		for i := 0; i < count; i += 101 {
			row, want := ir.Data[float64](got.Row(i)), f(ir.Known(a.Array().Row(i))).Floats()
			if !slices.Equal(row, want) {
				t.Errorf("%s: matrix %d is %v, alone %v", name, i, row, want)
			}
		}
	}
}

// nodes lists the operations of a program with the types of their results.
func nodes(g *ir.Graph) []string {
	var out []string
	for _, n := range g.Nodes() {
		out = append(out, fmt.Sprint(n.Op.Name(), " ", n.Out[0].Type()))
	}
	return out
}

// TestProbesBecomeOneProduct: Jᵀ(J v) of a thousand v is two products of matrices, with nothing
// repeated or rearranged.
func TestProbesBecomeOneProduct(t *testing.T) {
	const m, n, probes = 7, 4, 1000
	a, x := ir.Known(spread(m, n)), ir.Known(spread(n))
	f := record.Trace(unary(func(x op.Value) op.Value { return op.MatVec(a, x) }),
		[]ir.Type{x.Type()})
	gauss := record.Trace(func(v []op.Value) []op.Value {
		_, lin := transform.Linearize(f, []op.Value{x}, []bool{true})
		jv := lin.Apply([]record.Tangent{{Value: v[0]}}, 1)
		return []op.Value{lin.Transpose(jv, 1)[0].Value}
	}, []ir.Type{x.Type()})
	all := record.Trace(func(v []op.Value) []op.Value {
		return transform.BatchAll(gauss, probes, v, []bool{true})
	}, []ir.Type{ir.Of(ir.Float64, probes, n)})
	products := slices.DeleteFunc(nodes(all), func(s string) bool {
		return strings.HasPrefix(s, "reshape")
	})
	want := []string{"contract float64[1000,7]", "contract float64[1000,4]"}
	if !slices.Equal(products, want) {
		t.Errorf("it is made of %q, want %q\n%v", products, want, all)
	}
}

// TestFactorisedOnce: a system is factorised once for its solution, its derivatives and all
// right-hand sides of a batch.
func TestFactorisedOnce(t *testing.T) {
	const n, probes = 3, 8
	a, b := ir.Of(ir.Float64, n, n), ir.Of(ir.Float64, n)
	solve := record.Trace(binary(op.Solve), []ir.Type{a, b})
	both := record.Trace(func(x []op.Value) []op.Value {
		dx := []record.Tangent{{Value: x[2]}, {Value: x[3]}}
		y, lin := transform.Linearize(solve, x[:2], transform.All(2))
		back := lin.Transpose([]record.Tangent{{Value: y[0]}}, 2)
		dy := lin.Apply(dx, 1)
		return []op.Value{dy[0].Value, back[0].Value, back[1].Value}
	}, []ir.Type{a, b, a, b})
	batch := record.Trace(func(x []op.Value) []op.Value {
		return transform.BatchAll(solve, probes, x, []bool{false, true})
	}, []ir.Type{a, b.Batched(probes)})
	for name, c := range map[string]struct {
		graph *ir.Graph
		want  []string
	}{
		"derivatives": {both, []string{"lu float64[3,3]", "lu_solve float64[3,1]",
			"lu_solve float64[3,1]", "lu_solve float64[3,1]"}},
		"batch": {batch, []string{"lu float64[3,3]", "lu_solve float64[3,8]"}},
	} {
		got := slices.DeleteFunc(nodes(c.graph), func(s string) bool {
			return !strings.HasPrefix(s, "lu") && !strings.HasPrefix(s, "triangular")
		})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q\n%v", name, got, c.want, c.graph)
		}
	}
}
