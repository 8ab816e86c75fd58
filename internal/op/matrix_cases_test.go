package op_test

import (
	"fmt"
	"math"

	"pullback/internal/dense"
	"pullback/internal/op"
	"pullback/internal/optest"
	"pullback/ir"
)

// The operations on matrices: each alone and in a stack of two, and without rows or columns.

// wellConditioned is a stack of n x n matrices that are diagonally dominant once their rows are
// exchanged, which pivoting has to find out.
func wellConditioned(shape ...int) ir.Array {
	a := spread(shape...)
	n := shape[len(shape)-1]
	for i, x := range ir.Stored[float64](a) {
		x /= 8
		if row, column := i/n%n, i%n; column == (row+1)%n {
			x += float64(n) / 2
		}
		ir.Stored[float64](a)[i] = x
	}
	return a
}

// symmetrical makes a function of symmetric matrices one of all matrices.
func symmetrical(do func(op.Value) []op.Value) func([]op.Value) []op.Value {
	return func(x []op.Value) []op.Value {
		return do(op.Add(x[0], op.MatrixTranspose(x[0])))
	}
}

// dominant is a stack of n x n matrices with small elements off the diagonal 1, 2, …
func dominant(shape ...int) ir.Array {
	a := spread(shape...)
	n := shape[len(shape)-1]
	for i, x := range ir.Stored[float64](a) {
		x /= 8
		if row, column := i/n%n, i%n; row == column {
			x += float64(1 + row)
		}
		ir.Stored[float64](a)[i] = x
	}
	return a
}

func productCases() []optest.Case {
	var out []optest.Case
	add := func(name string, do func(x, y op.Value) op.Value, in ...ir.Array) {
		out = append(out, optest.Case{Name: name, Do: binary(do), In: in})
	}
	orient := func(transposed bool, rows, columns int, batch ...int) ir.Array {
		if transposed {
			rows, columns = columns, rows
		}
		return spread(append(batch, rows, columns)...)
	}
	for _, ta := range []bool{false, true} {
		for _, tb := range []bool{false, true} {
			do := func(batch int) func(x, y op.Value) op.Value {
				return func(x, y op.Value) op.Value { return op.Contract(x, y, batch, ta, tb) }
			}
			name := func(what string) string { return fmt.Sprint("contract/", what, ta, tb) }
			add(name("matrices "), do(0), orient(ta, 2, 3), orient(tb, 3, 4))
			add(name("row "), do(0), orient(ta, 1, 3), orient(tb, 3, 2))
			add(name("column "), do(0), orient(ta, 2, 3), orient(tb, 3, 1))
			add(name("outer "), do(0), orient(ta, 2, 1), orient(tb, 1, 3))
			add(name("stack "), do(1), orient(ta, 2, 3, 2), orient(tb, 3, 2, 2))
			add(name("nothing "), do(0), orient(ta, 2, 0), orient(tb, 0, 3))
			add(name("no rows "), do(0), orient(ta, 0, 2), orient(tb, 2, 3))
			out = append(out, optest.Case{Name: name("long "), Do: binary(do(0)), ValuesOnly: true,
				In: []ir.Array{orient(ta, 3, 1100), orient(tb, 1100, 2)}})
		}
	}
	add("matmul", op.MatMul, spread(2, 3), spread(3, 2))
	add("matvec", op.MatVec, spread(2, 3), spread(3))
	add("vecmat", op.VecMat, spread(2), spread(2, 3))
	add("dot", op.Dot, spread(5), vector(1, -2, 0.5, 3, 1))
	add("dot/negative zeros", op.Dot, vector(-1, -2, -3), vector(0, 0, 0))
	add("dot/stack", op.Dot, spread(2, 3), spread(2, 3))
	add("dot/nothing", op.Dot, spread(2, 0), spread(2, 0))
	for _, n := range []int{67, 4100} {
		out = append(out, optest.Case{Name: fmt.Sprint("dot/", n), Do: binary(op.Dot),
			In: []ir.Array{spread(2, n), spread(2, n)}, ValuesOnly: true})
	}
	for _, d := range numbers {
		add("contract/"+d.String(), op.MatMul, counted(d, 2, 3), counted(d, 3, 4))
		add("dot/"+d.String(), op.Dot, counted(d, 5), counted(d, 5))
		x := special(d)
		out = append(out,
			optest.Case{Name: "contract/special " + d.String(), Do: binary(op.MatMul),
				ValuesOnly: true, In: []ir.Array{x.Reshaped(x.Len(), 1), x.Reshaped(1, x.Len())}},
			optest.Case{Name: "dot/special " + d.String(), Do: binary(op.Dot), ValuesOnly: true,
				In: []ir.Array{x, x}})
	}
	for _, d := range ir.DTypes() {
		for _, offset := range []int{-9, -1, 0, 1, 9} {
			x := counted(d, 2, 3, 4)
			if d == ir.Float64 {
				x = spread(2, 3, 4)
			}
			out = append(out, optest.Case{Name: fmt.Sprint("triangular_part/", d, offset),
				Do: func(x []op.Value) []op.Value {
					return []op.Value{op.LowerTriangle(x[0], offset),
						op.UpperTriangle(x[0], offset)}
				}, In: []ir.Array{x}})
		}
	}
	out = append(out,
		optest.Case{Name: "matrix transpose", In: []ir.Array{spread(2, 3, 4), spread(3, 1)},
			Do: func(x []op.Value) []op.Value {
				return []op.Value{op.MatrixTranspose(x[0]), op.MatrixTranspose(x[1])}
			}},
		optest.Case{Name: "diagonal", Do: unary(op.Diagonal), In: []ir.Array{spread(2, 3, 3)}})
	return out
}

func factorisationCases() []optest.Case {
	var out []optest.Case
	add := func(name string, do func([]op.Value) []op.Value, in ...ir.Array) {
		out = append(out, optest.Case{Name: name, Do: do, In: in, Tolerance: 1e-5})
	}
	for _, upper := range []bool{false, true} {
		for _, unit := range []bool{false, true} {
			for _, transposed := range []bool{false, true} {
				form := dense.Triangle{Upper: upper, Unit: unit, Transposed: transposed}
				do := binary(func(t, b op.Value) op.Value { return op.TriangularSolve(t, b, form) })
				add(fmt.Sprintf("triangular_solve/%+v", form), do, dominant(3, 3), spread(3, 2))
				add(fmt.Sprintf("triangular_solve/stack %+v", form), do, dominant(2, 2, 2),
					spread(2, 2, 1))
			}
		}
	}
	for _, stack := range [][]int{nil, {2}} {
		of := func(shape ...int) []int { return append(stack, shape...) }
		name := func(what string) string { return fmt.Sprint(what, stack) }
		add(name("lu/"), func(x []op.Value) []op.Value {
			factors, pivots, permutation := op.LU(x[0])
			return []op.Value{factors, pivots, permutation}
		}, wellConditioned(of(3, 3)...))
		add(name("cholesky/"), symmetrical(func(a op.Value) []op.Value {
			return []op.Value{op.Cholesky(a)}
		}), dominant(of(3, 3)...))
		add(name("eigh/"), symmetrical(func(a op.Value) []op.Value {
			w, v := op.Eigh(a)
			return []op.Value{w, v}
		}), dominant(of(3, 3)...))
		for _, n := range []int{0, 1, 2, 3} {
			a := wellConditioned(of(n, n)...)
			add(name(fmt.Sprint("solve/vector", n)), binary(op.Solve), a, spread(of(n)...))
			add(name(fmt.Sprint("solve/matrix", n)), binary(op.Solve), a, spread(of(n, 2)...))
		}
	}
	for name, a := range map[string][]float64{
		"equal components": {2, 1, 1, 2}, "diagonal": {1, 0, 0, 1}, "zero": {0, 0, 0, 0},
		"infinite": {1, 2, math.Inf(1), 1}, "tiny": {3e-320, 1e-320, 1e-320, 3e-320},
	} {
		out = append(out, optest.Case{Name: "eigh/" + name, ValuesOnly: true,
			Do: func(x []op.Value) []op.Value {
				w, v := op.Eigh(x[0])
				factors, pivots, _ := op.LU(x[0])
				return []op.Value{w, v, factors, pivots, op.Cholesky(x[0])}
			}, In: []ir.Array{ir.Wrap(a, 2, 2)}})
	}
	add("inverse", unary(op.Inverse), wellConditioned(3, 3))
	add("inverse/stack", unary(op.Inverse), wellConditioned(2, 2, 2))
	return out
}
