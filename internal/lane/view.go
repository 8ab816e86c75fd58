package lane

import "pullback/ir"

// Lowerer is an elementwise operation: operands and results have one shape, and Lower computes
// one element of each result from that element of each operand.
type Lowerer interface {
	Lower(b *Builder, in []Value) []Value
}

// Viewer is an operation that only says where its result's elements are found in its operand,
// so that lowering can fold it into the loads of whoever uses the result.
type Viewer interface {
	// View says where the result's elements are, for an operand of type in whose own elements are
	// at the given view; so views of views are views. ok is false where no strides say it, which
	// happens to reshapes of operands that are not Whole, and to nothing else.
	View(in ir.Type, at View) (v View, ok bool)
}

// Preparer is an operation whose evaluation can be made ready once for many runs.
type Preparer interface {
	// Prepare gives the evaluation of operands of the given types. Of the arrays that eval is
	// called with the shapes do not matter: the elements of operand i are at the view at[i]. eval
	// writes every element of its results, may be called from many goroutines, and keeps its
	// scratch, so that after a first call it allocates nothing. ok is false where operands at such
	// views cannot be read; for operands that are Whole that means: only by Eval.
	Prepare(in []ir.Type, at []View) (eval func(in, out []ir.Array), ok bool)
}

// Placer is a Viewer the other way round: Place says where in the result each operand's elements
// are laid. The places do not overlap, and what none of them covers is zero.
type Placer interface {
	Place(in []ir.Type, out ir.Type) []View
}

// Reducer is an operation that combines its operand's elements along axes, or for FMA the products
// of its two operands' elements, in row-major order of those axes and in the order of reduce.go.
// Unlike the instruction, FMA is here for integers too.
type Reducer interface {
	Reduction(in []ir.Type) (c Code, axes []int)
}

// View maps coordinates to an address: Offset plus each coordinate times its stride. A Viewer's
// coordinates are its result's and the address is one in the operand; a Placer's coordinates are
// an operand's and the address is one in the result. Of an array without elements it says nothing.
type View struct {
	Offset  int
	Strides []int
}

// Whole is the view of an array of the given shape as it lies.
func Whole(shape []int) View { return View{Strides: RowMajor(shape)} }

// InOrder says whether v runs through elements that lie one after the other, in row-major order
// of the given shape.
func (v View) InOrder(shape []int) bool {
	for i, stride := range RowMajor(shape) {
		if shape[i] != 1 && v.Strides[i] != stride {
			return false
		}
	}
	return true
}

// IsWhole says whether v is Whole(shape), but for the strides of axes of one element.
func (v View) IsWhole(shape []int) bool { return v.Offset == 0 && v.InOrder(shape) }

// Permuted is v with coordinate i where perm[i] was.
func (v View) Permuted(perm []int) View {
	p := View{v.Offset, make([]int, len(perm))}
	for i, a := range perm {
		p.Strides[i] = v.Strides[a]
	}
	return p
}

// Reshaped is v, a view over the shape from, as one over the shape to, which has as many
// elements, in the same row-major order. ok is false where no strides say it.
func (v View) Reshaped(from, to []int) (r View, ok bool) {
	if (ir.Type{Shape: to}).Size() == 0 {
		return Whole(to), true
	}
	axes := v.axes(from)
	r = View{v.Offset, make([]int, len(to))}
	rest := Dim{Extent: 1} // of the axis that is being divided, the last first
	for i := len(to) - 1; i >= 0; i-- {
		if to[i] == 1 {
			continue
		}
		if rest.Extent == 1 {
			rest, axes = axes[len(axes)-1], axes[:len(axes)-1]
		}
		if rest.Extent%to[i] != 0 {
			return View{}, false
		}
		r.Strides[i] = rest.Stride
		rest = Dim{rest.Extent / to[i], rest.Stride * to[i]}
	}
	return r, true
}

// Access is the addresses of v's elements in a buffer, lane i having element i.
func (v View) Access(buffer int, shape []int) Access {
	a := Access{Buffer: buffer, Offset: v.Offset, Dims: v.axes(shape)}
	if len(a.Dims) == 1 && a.Dims[0].Stride == 0 {
		a.Dims = nil
	}
	return a
}

// axes is v over shape with as few axes as say it: those of one element go, and neighbours that
// are spaced like one long axis become it.
func (v View) axes(shape []int) []Dim {
	var axes []Dim
	for i, n := range shape {
		last := len(axes) - 1
		switch {
		case n == 1:
		case last >= 0 && axes[last].Stride == n*v.Strides[i]:
			axes[last] = Dim{axes[last].Extent * n, v.Strides[i]}
		default:
			axes = append(axes, Dim{n, v.Strides[i]})
		}
	}
	return axes
}

// Stride is the one stride at which v runs through all its elements in row-major order; ok is
// false if there is none.
func (v View) Stride(shape []int) (stride int, ok bool) {
	switch axes := v.axes(shape); len(axes) {
	case 0:
		return 0, true
	case 1:
		return axes[0].Stride, true
	}
	return 0, false
}

// RowMajor lists the strides of an array of the given shape.
func RowMajor(shape []int) []int {
	strides := make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = n
		n *= shape[i]
	}
	return strides
}
