package op

import (
	"fmt"
	"slices"

	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Contract multiplies matrices: for each place along the first batch axes, a's matrix (m, k) by
// b's matrix (k, n), which gives one of (m, n). With transposeA the matrices of a lie there as
// (k, m), with transposeB those of b as (n, k).
//
// The order, for each element on its own: k is taken in panels of 512, each a chain of fused
// multiply-adds from +0, and the panels are added from left to right. So it does not matter what
// else is multiplied at the same time, nor which factor comes first.
func Contract(a, b Value, batch int, transposeA, transposeB bool) Value {
	return record.Apply1(contract{batch, transposeA, transposeB}, a, b)
}

// MatMul is the product of the matrices a (m, k) and b (k, n), of shape (m, n).
func MatMul(a, b Value) Value { return Contract(a, b, 0, false, false) }

// MatVec is the product of the matrix a (m, k) and the vector x of k elements: a vector of m. It
// has the bits of a column of MatMul.
func MatVec(a, x Value) Value {
	return Squeeze(MatMul(a, ExpandDims(x, x.Type().Rank())), 1)
}

// VecMat is the product of the vector x of m elements and the matrix a (m, n): a vector of n. It
// has the bits of a row of MatMul.
func VecMat(x, a Value) Value { return Squeeze(MatMul(ExpandDims(x, 0), a), 0) }

type contract struct {
	BatchAxes              int // the number of batch axes
	TransposeA, TransposeB bool
}

var (
	_ record.Linear       = contract{}
	_ lane.Preparer       = contract{}
	_ lane.PrivateLowerer = contract{}
)

func (contract) Name() string { return "contract" }

func (o contract) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(2, len(in)); err != nil {
		return nil, err
	}
	d, err := numbers(2, []ir.DType{in[0].DType, in[1].DType})
	if err != nil {
		return nil, err
	}
	a, b, batch := in[0].Shape, in[1].Shape, o.BatchAxes
	if batch < 0 || len(a) != batch+2 || len(b) != batch+2 {
		return nil, fmt.Errorf("with %d batch axes it takes operands of rank %d, not %d and %d",
			batch, batch+2, len(a), len(b))
	}
	if !slices.Equal(a[:batch], b[:batch]) {
		return nil, fmt.Errorf("the first %d extents of %v and %v differ", batch, a, b)
	}
	m, k := matrixExtents(a, o.TransposeA)
	rows, n := matrixExtents(b, o.TransposeB)
	if k != rows {
		return nil, fmt.Errorf("a matrix of %d columns cannot be multiplied by one of %d rows",
			k, rows)
	}
	return []ir.Type{ir.Of(d, append(slices.Clone(a[:batch]), m, n)...)}, nil
}

// matrixExtents is the number of rows and columns of the matrices in an array.
func matrixExtents(shape []int, transposed bool) (rows, columns int) {
	rows, columns = shape[len(shape)-2], shape[len(shape)-1]
	if transposed {
		return columns, rows
	}
	return rows, columns
}

// Eval reads fills, too, where they are: all elements at one place.
func (o contract) Eval(in, out []ir.Array) {
	types, at := make([]ir.Type, len(in)), make([]lane.View, len(in))
	for i, a := range in {
		types[i] = a.Type()
		if at[i] = lane.Whole(types[i].Shape); a.IsFill() {
			at[i].Strides = make([]int, len(types[i].Shape))
		}
	}
	eval, _ := o.Prepare(types, at)
	eval(in, out)
}

// Prepare takes operands whose batch axes are spaced like one, which forwards strides say.
func (o contract) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	switch in[0].DType {
	case ir.Float64:
		return prepareContraction[float64](o, in, at)
	case ir.Float32:
		return prepareContraction[float32](o, in, at)
	case ir.Int32:
		return prepareContraction[int32](o, in, at)
	case ir.Int64:
		return prepareContraction[int64](o, in, at)
	case ir.Uint32:
		return prepareContraction[uint32](o, in, at)
	}
	return prepareContraction[uint64](o, in, at)
}

func prepareContraction[T ir.Number](o contract, in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	m, k := matrixExtents(in[0].Shape, o.TransposeA)
	_, n := matrixExtents(in[1].Shape, o.TransposeB)
	batch, _, _ := stackSize(in[0])
	a, okA := matrixStrides(in[0], at[0], o.TransposeA)
	b, okB := matrixStrides(in[1], at[1], o.TransposeB)
	c := &dense.Contraction[T]{Batch: batch, M: m, K: k, N: n, A: a, B: b}
	return func(in, out []ir.Array) {
		c.Run(ir.Stored[T](out[0]), from[T](in[0], at[0]), from[T](in[1], at[1]))
	}, okA && okB
}

// matrixStrides says where the elements of matrices are.
func matrixStrides(t ir.Type, at lane.View, transposed bool) (s dense.Strides, ok bool) {
	batch := t.Rank() - 2
	s.Row, s.Column = at.Strides[batch], at.Strides[batch+1]
	s.Batch, ok = lane.View{Strides: at.Strides[:batch]}.Stride(t.Shape[:batch])
	if transposed {
		s = s.Transposed()
	}
	return s, ok && s.Batch >= 0 && s.Row >= 0 && s.Column >= 0
}

// from is a's elements from the first of a view on; none if the view has none.
func from[T ir.Element](a ir.Array, v lane.View) []T {
	xs := ir.Stored[T](a)
	return xs[min(v.Offset, len(xs)):]
}

func (o contract) with(a, b Value) Value { return record.Apply1(o, a, b) }

// Private gives each lane matrices of its own, or, where there is but one a, rows of that.
func (o contract) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	m, k := matrixExtents(in[0].Shape, o.TransposeA)
	_, n := matrixExtents(in[1].Shape, o.TransposeB)
	batch, _, _ := stackSize(in[0])
	own := []bool{true, true}
	switch {
	case batch%lanes == 0:
		batch /= lanes
	case batch == 1 && m%lanes == 0 && !o.TransposeA:
		m /= lanes
		own[1] = false
	default:
		return p, false
	}
	lower := func(b *lane.Builder, in []lane.Elements) [][]lane.Value {
		var out []lane.Value
		for matrix := range batch {
			x := in[0].Slice(matrix*m*k, (matrix+1)*m*k)
			y := in[1].Slice(matrix*k*n, (matrix+1)*k*n)
			for i := range m {
				for j := range n {
					out = append(out, contractOne(b, k, func(l int) (x1, y1 lane.Value) {
						return element(x, m, k, i, l, o.TransposeA),
							element(y, k, n, l, j, o.TransposeB)
					}))
				}
			}
		}
		return [][]lane.Value{out}
	}
	return lane.Private{Own: own, Lower: lower, Cost: batch * m * n * k}, k > 0
}

// element is (i, j) of a matrix of that size, which may lie there transposed.
func element(x []lane.Value, rows, columns, i, j int, transposed bool) lane.Value {
	if transposed {
		return x[j*rows+i]
	}
	return x[i*columns+j]
}

// contractOne is one element of a contraction, in its order.
func contractOne(b *lane.Builder, k int, at func(l int) (x, y lane.Value)) lane.Value {
	var total lane.Value
	for first := 0; first < k; first += dense.ContractionPanel {
		x, y := at(first)
		sum := b.MulAdd(x, y, b.Bits(b.Type(x), 0))
		for l := first + 1; l < min(k, first+dense.ContractionPanel); l++ {
			x, y := at(l)
			sum = b.MulAdd(x, y, sum)
		}
		if first == 0 {
			total = sum
		} else {
			total = b.Add(total, sum)
		}
	}
	return total
}

func (o contract) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	var out record.Tangent
	if !dx[0].IsZero() {
		out.Value = o.with(dx[0].Value, x[1])
	}
	if !dx[1].IsZero() {
		out = AddTangents(out, some(o.with(x[0], dx[1].Value)))
	}
	return []record.Tangent{out}
}

// Transpose is a product with the other operand; where an operand lies transposed, so does its
// cotangent.
func (o contract) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	c := ct[0].Value
	if x[0].Linear {
		b := x[1].Value
		if o.TransposeA {
			return []record.Tangent{some(Contract(b, c, o.BatchAxes, o.TransposeB, true)), {}}
		}
		return []record.Tangent{some(Contract(c, b, o.BatchAxes, false, !o.TransposeB)), {}}
	}
	a := x[0].Value
	if o.TransposeB {
		return []record.Tangent{{}, some(Contract(c, a, o.BatchAxes, true, o.TransposeA))}
	}
	return []record.Tangent{{}, some(Contract(a, c, o.BatchAxes, !o.TransposeA, false))}
}

// Batch makes one product of many where one operand is the same in all problems: a matrix times
// a thousand vectors is a matrix times a matrix. The operand that differs goes to the left, since
// A·B is the transpose of Bᵀ·Aᵀ, and there its rows are the rows of all problems.
func (o contract) Batch(_ int, x []Value, batched []bool) ([]Value, []bool) {
	var y Value
	switch a, b := x[0], x[1]; {
	case batched[0] && batched[1]:
		y = Contract(a, b, o.BatchAxes+1, o.TransposeA, o.TransposeB)
	case batched[0]:
		y = rowsTogether(a, b, o.BatchAxes, o.TransposeA, o.TransposeB)
	default:
		y = MatrixTranspose(rowsTogether(b, a, o.BatchAxes, !o.TransposeB, !o.TransposeA))
	}
	return []Value{y}, nil
}

// rowsTogether is Contract of each of a number of problems' a [problems, batch..., m, k] by the
// same b.
func rowsTogether(a, b Value, batch int, transposeA, transposeB bool) Value {
	if transposeA {
		a = MatrixTranspose(a)
	}
	a = MoveAxis(a, 0, batch) // [batch..., problems, m, k]
	shape := a.Shape()
	joined := append(a.Shape()[:batch], shape[batch]*shape[batch+1], shape[batch+2])
	y := Contract(Reshape(a, joined), b, batch, false, transposeB)
	shape[batch+2] = y.Type().Shape[batch+1]
	return MoveAxis(Reshape(y, shape), batch, 0)
}
