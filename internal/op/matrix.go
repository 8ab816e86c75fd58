package op

import (
	"fmt"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/parallel"
	"pullback/ir"
)

// What the operations on matrices share. A stack of matrices has shape [batch..., m, n], with any
// number of batch axes.

// MatrixTranspose exchanges the last two axes.
func MatrixTranspose(x Value) Value {
	shape := x.Shape()
	rank := len(shape)
	if rank < 2 {
		return Transpose(x, []int{1, 0}) // which refuses it
	}
	m, n := shape[rank-2], shape[rank-1]
	if m == 1 || n == 1 { // the elements keep their order
		shape[rank-2], shape[rank-1] = n, m
		return Reshape(x, shape)
	}
	return Transpose(x, append(Range(0, rank-2), rank-1, rank-2))
}

// Diagonal is the diagonal of each matrix of a stack [batch..., n, n], of shape [batch..., n].
func Diagonal(x Value) Value {
	refuseUnlessSquare("diagonal", x)
	t := x.Type()
	last := t.Rank() - 2
	n := t.Shape[last]
	// In a row the elements of the diagonal are n+1 apart.
	rows := append(x.Shape()[:last], n*n)
	stride := repeated(1, last+1)
	stride[last] = n + 1
	return Slice(Reshape(x, rows), repeated(0, last+1), rows, stride)
}

// multiply is the product of two stacks of matrices.
func multiply(a, b Value) Value { return Contract(a, b, a.Type().Rank()-2, false, false) }

// symmetricPart is (x + xᵀ)/2.
func symmetricPart(x Value) Value {
	return Mul(Add(x, MatrixTranspose(x)), like(x, 0.5))
}

// squareMatrices says what is wrong if t is no stack of square matrices.
func squareMatrices(t ir.Type) error {
	if r := t.Rank(); r < 2 || t.Shape[r-1] != t.Shape[r-2] {
		return fmt.Errorf("%v is no square matrix", t)
	}
	return nil
}

// squareFloats says what is wrong if t is no stack of square matrices of floats.
func squareFloats(t ir.Type) error {
	if _, err := floats(1, []ir.DType{t.DType}); err != nil {
		return err
	}
	return squareMatrices(t)
}

// refuseUnlessSquare is for what is made of operations that are not about matrices.
func refuseUnlessSquare(name string, x Value) {
	if err := squareMatrices(x.Type()); err != nil {
		in := []ir.Type{x.Type()}
		panic(&ir.UsageError{Pos: ir.Here(2), Op: name, In: in, Reason: err.Error()})
	}
}

// rightHandSides says what is wrong if b has not, for each matrix of the stack a, a matrix with as
// many rows.
func rightHandSides(a, b ir.Type) error {
	last := a.Rank() - 1
	if a.DType == b.DType && b.Rank() == a.Rank() && slices.Equal(b.Shape[:last], a.Shape[:last]) {
		return nil
	}
	return fmt.Errorf("the right-hand sides %v do not fit the matrix %v", b, a)
}

// stackSize is how many matrices t stacks, and the extents of one.
func stackSize(t ir.Type) (batch, m, n int) {
	r := t.Rank()
	return ir.Of(t.DType, t.Shape[:r-2]...).Size(), t.Shape[r-2], t.Shape[r-1]
}

// columnsTogether applies solve, which treats the columns of each matrix of a stack
// [batch..., n, m] one by one, to a number of such stacks [problems, batch..., n, m], as columns
// of one: what solve knows of the matrix need not be repeated.
func columnsTogether(b Value, solve func(b Value) Value) Value {
	last := b.Type().Rank() - 1
	b = MoveAxis(b, 0, last-1) // [batch..., n, problems, m]
	shape := b.Shape()
	joined := append(b.Shape()[:last-1], shape[last-1]*shape[last])
	return MoveAxis(Reshape(solve(Reshape(b, joined)), shape), last-1, 0)
}

// prepareStack makes an evaluation ready that treats the matrices of a stack one by one, each at a
// cost of so many multiplications. Its operands lie whole.
func prepareStack(in []ir.Type, at []lane.View, batch, cost int,
	each func(in, out []ir.Array, lo, hi int)) (eval func(in, out []ir.Array), ok bool) {
	const grain = 1 << 16 // multiplications that are worth a goroutine of their own
	pool := new(parallel.Pool[stackTask])
	return func(in, out []ir.Array) {
		pool.For(batch, grain/max(cost, 1), stackTask{in, out, each})
	}, allWhole(in, at)
}

// stackTask is one evaluation; its range is over the matrices.
type stackTask struct {
	in, out []ir.Array
	each    func(in, out []ir.Array, lo, hi int)
}

func (t stackTask) Run(lo, hi int) { t.each(t.in, t.out, lo, hi) }

func allWhole(in []ir.Type, at []lane.View) bool {
	for i, t := range in {
		if !at[i].IsWhole(t.Shape) {
			return false
		}
	}
	return true
}

// evalPrepared evaluates once what can be made ready.
func evalPrepared(o lane.Preparer, in, out []ir.Array) {
	whole, types := make([]ir.Array, len(in)), make([]ir.Type, len(in))
	at := make([]lane.View, len(in))
	for i, a := range in {
		whole[i], types[i], at[i] = a.Dense(), a.Type(), lane.Whole(a.Type().Shape)
	}
	eval, _ := o.Prepare(types, at)
	eval(whole, out)
}
