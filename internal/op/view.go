package op

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// evalView fills out with the elements of in that a Viewer names.
func evalView(o lane.Viewer, in, out ir.Array) {
	from, to := in.Type(), out.Type().Shape
	v, _ := o.View(from, lane.Whole(from.Shape))
	transfer(to, out, lane.Whole(to), in, v)
}

// evalPlace lays in's elements where a Placer's view says.
func evalPlace(v lane.View, in, out ir.Array) {
	shape := in.Type().Shape
	transfer(shape, out, v, in, lane.Whole(shape))
}

// shareView is a Viewer's Share: a view of one element repeated is that element repeated.
func shareView(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	if !in[0].IsFill() && in[0].Len() != 1 {
		return nil, false
	}
	return []ir.Array{in[0].Spread(out[0].Shape...)}, true
}

// transfer sets out[to(c)] = in[from(c)] for all coordinates c of the given shape.
func transfer(shape []int, out ir.Array, to lane.View, in ir.Array, from lane.View) {
	if in.IsFill() {
		from = lane.View{Strides: make([]int, len(shape))}
	}
	newMovement(shape, to, from).run(out, in)
}

// movement is a transfer made ready: the places of its first element, and its axes.
type movement struct {
	write, read int
	axes        []copyAxis // at least one
}

// copyAxis is one axis of a movement, with its stride on either side.
type copyAxis struct{ extent, to, from int }

// newMovement joins neighbouring axes where both sides run through them with one stride, so that
// what is contiguous is copied in one piece.
func newMovement(shape []int, to, from lane.View) movement {
	m := movement{write: to.Offset, read: from.Offset}
	for i, n := range shape {
		x := copyAxis{n, to.Strides[i], from.Strides[i]}
		last := len(m.axes) - 1
		switch {
		case n == 1:
		case last >= 0 && m.axes[last].to == x.to*n && m.axes[last].from == x.from*n:
			m.axes[last] = copyAxis{m.axes[last].extent * n, x.to, x.from}
		default:
			m.axes = append(m.axes, x)
		}
	}
	if len(m.axes) == 0 {
		m.axes = []copyAxis{{extent: 1}}
	}
	return m
}

// run moves. Here is the one place where moving depends on the element type.
func (m movement) run(out, in ir.Array) {
	switch out.Type().DType {
	case ir.Float64:
		moveAll[float64](m, out, in)
	case ir.Float32:
		moveAll[float32](m, out, in)
	case ir.Int32:
		moveAll[int32](m, out, in)
	case ir.Int64:
		moveAll[int64](m, out, in)
	case ir.Uint32:
		moveAll[uint32](m, out, in)
	case ir.Uint64:
		moveAll[uint64](m, out, in)
	case ir.Bool:
		moveAll[bool](m, out, in)
	}
}

func moveAll[T ir.Element](m movement, out, in ir.Array) {
	move(m.axes, ir.Stored[T](out), ir.Stored[T](in), m.write, m.read)
}

func move[T ir.Element](axes []copyAxis, dst, src []T, write, read int) {
	x := axes[0]
	switch {
	case len(axes) > 1:
		for range x.extent {
			move(axes[1:], dst, src, write, read)
			write += x.to
			read += x.from
		}
	case x.extent > 0 && x.to == 1 && x.from == 1:
		copy(dst[write:write+x.extent], src[read:read+x.extent])
	default:
		for range x.extent {
			dst[write] = src[read]
			write += x.to
			read += x.from
		}
	}
}

// preparePlaces makes a Placer ready: it moves every operand from where it is to its place.
func preparePlaces(o lane.Placer, in []ir.Type, at []lane.View, out ir.Type) []movement {
	moves := make([]movement, len(in))
	for i, to := range o.Place(in, out) {
		moves[i] = newMovement(in[i].Shape, to, at[i])
	}
	return moves
}
