package lane

import "pullback/ir"

// Part is what one lane has of an array that is divided among lanes along its leading axes: lane
// i has the i-th of as many equal pieces, in row-major order.
type Part struct {
	View        // where the first lane's elements are, over Shape
	Shape []int // of a piece
	Lanes []Dim // where from there the other lanes' are; none for one lane or one place
	Axes  int   // how many leading axes count lanes alone
	Cut   bool  // the axis after them is cut into pieces

	count int // of lanes
}

// Parted divides the elements of v, a view over the given shape, among lanes. ok is false if the
// pieces would not be blocks along the leading axes.
func (v View) Parted(shape []int, lanes int) (p Part, ok bool) {
	p = Part{View: View{Offset: v.Offset}, count: lanes}
	for lanes > 1 && p.Axes < len(shape) && shape[p.Axes] > 0 && lanes%shape[p.Axes] == 0 {
		p.Lanes = append(p.Lanes, Dim{shape[p.Axes], v.Strides[p.Axes]})
		lanes /= shape[p.Axes]
		p.Axes++
	}
	p.Shape = append(p.Shape, shape[p.Axes:]...)
	p.Strides = append(p.Strides, v.Strides[p.Axes:]...)
	if lanes > 1 {
		if len(p.Shape) == 0 || p.Shape[0] == 0 || p.Shape[0]%lanes != 0 {
			return Part{}, false
		}
		p.Cut = true
		p.Shape[0] /= lanes
		p.Lanes = append(p.Lanes, Dim{lanes, p.Shape[0] * p.Strides[0]})
	}
	p.Lanes = (&Access{Dims: p.Lanes}).Simplified().Dims
	return p, true
}

// Divides says whether an array of the given shape can be divided among lanes: whether Parted can.
func Divides(shape []int, lanes int) bool {
	for _, n := range shape {
		switch {
		case lanes == 1:
			return true
		case n > 0 && lanes%n == 0:
			lanes /= n
		default:
			return n > 0 && n%lanes == 0
		}
	}
	return lanes == 1
}

// Size is the number of elements of a piece.
func (p Part) Size() int { return ir.Type{Shape: p.Shape}.Size() }

// Within says whether each lane finds its elements in its own piece of size elements.
func (p Part) Within(size int) bool {
	if p.count > 1 && (len(p.Lanes) != 1 || p.Lanes[0].Stride != size) {
		return false
	}
	least, greatest := p.Offset, p.Offset
	for i, n := range p.Shape {
		least += min(0, (n-1)*p.Strides[i])
		greatest += max(0, (n-1)*p.Strides[i])
	}
	return least >= 0 && greatest < size
}

// At is the address of element e, in row-major order of the shape.
func (v View) At(shape []int, e int) int {
	at := v.Offset
	for i := len(shape) - 1; i >= 0; i-- {
		at += e % shape[i] * v.Strides[i]
		e /= shape[i]
	}
	return at
}

// PrivateLowerer is an operation that a lane can compute on small arrays of its own, which it
// holds element by element.
type PrivateLowerer interface {
	// Private divides the operation among lanes, for operands of the given types.
	Private(lanes int, in []ir.Type) (p Private, ok bool)
}

// Private is an operation as one lane of several computes it.
type Private struct {
	// Own says which operands are divided: the lane has its piece of them. The others it has as
	// a whole, as have all lanes. Results are divided.
	Own []bool
	// Lower computes the elements of the lane's pieces of the results from those of its operands.
	Lower func(b *Builder, in []Elements) [][]Value
	// Cost is about how many instructions that are.
	Cost int
}

// Elements gives the elements of an array, in row-major order. Asking may emit what computes or
// loads one, so they are best asked for once, and when they are needed.
type Elements func(i int) Value

// Slice is elements lo to hi-1.
func (x Elements) Slice(lo, hi int) []Value {
	out := make([]Value, 0, hi-lo)
	for i := lo; i < hi; i++ {
		out = append(out, x(i))
	}
	return out
}
