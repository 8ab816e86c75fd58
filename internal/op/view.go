package op

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// evalView fills out with the elements of in that a Viewer's view names.
func evalView(v lane.View, in, out ir.Array) {
	shape := out.Type().Shape
	transfer(shape, out, lane.Whole(shape), in, v)
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
	if ir.Of(ir.Bool, shape...).Size() == 0 {
		return
	}
	if in.IsFill() {
		from = lane.View{Strides: make([]int, len(shape))}
	}
	axes := joinAxes(shape, to, from)
	outer, inner := axes[:len(axes)-1], axes[len(axes)-1]
	move := mover(out, in)
	at := make([]int, len(outer))
	write, read := to.Offset, from.Offset
	for {
		move(write, inner.to, read, inner.from, inner.extent)
		a := len(outer) - 1
		for ; a >= 0; a-- {
			at[a]++
			write += outer[a].to
			read += outer[a].from
			if at[a] < outer[a].extent {
				break
			}
			write -= at[a] * outer[a].to
			read -= at[a] * outer[a].from
			at[a] = 0
		}
		if a < 0 {
			return
		}
	}
}

// copyAxis is one axis of a transfer, with its stride on either side.
type copyAxis struct{ extent, to, from int }

// joinAxes lists the axes of a transfer, neighbours joined where both sides run through them
// with one stride, so that what is contiguous is copied in one piece. There is at least one.
func joinAxes(shape []int, to, from lane.View) []copyAxis {
	var axes []copyAxis
	for i, n := range shape {
		x := copyAxis{n, to.Strides[i], from.Strides[i]}
		if n == 1 {
			continue
		}
		if k := len(axes) - 1; k >= 0 && axes[k].to == x.to*n && axes[k].from == x.from*n {
			axes[k] = copyAxis{axes[k].extent * n, x.to, x.from}
			continue
		}
		axes = append(axes, x)
	}
	if len(axes) == 0 {
		axes = []copyAxis{{extent: 1}}
	}
	return axes
}

// mover copies n elements of in from address read on, in steps of from, to the addresses of out
// from write on, in steps of to. Here is the one place where moving depends on the element type.
func mover(out, in ir.Array) func(write, to, read, from, n int) {
	switch out.Type().DType {
	case ir.Float64:
		return moverOf[float64](out, in)
	case ir.Float32:
		return moverOf[float32](out, in)
	case ir.Int32:
		return moverOf[int32](out, in)
	case ir.Int64:
		return moverOf[int64](out, in)
	case ir.Uint32:
		return moverOf[uint32](out, in)
	case ir.Uint64:
		return moverOf[uint64](out, in)
	}
	return moverOf[bool](out, in)
}

func moverOf[T ir.Element](out, in ir.Array) func(write, to, read, from, n int) {
	dst, src := ir.Stored[T](out), ir.Stored[T](in)
	return func(write, to, read, from, n int) {
		if to == 1 && from == 1 {
			copy(dst[write:write+n], src[read:read+n])
			return
		}
		for range n {
			dst[write] = src[read]
			write += to
			read += from
		}
	}
}
