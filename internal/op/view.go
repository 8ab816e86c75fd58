package op

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// evalView copies the elements that a view names.
func evalView(v lane.View, in, out ir.Array) {
	if in.IsFill() {
		ir.Copy(out, in.Spread(out.Type().Shape...))
		return
	}
	switch out.Type().DType {
	case ir.Float64:
		copyView[float64](v, in, out)
	case ir.Float32:
		copyView[float32](v, in, out)
	case ir.Int32:
		copyView[int32](v, in, out)
	case ir.Int64:
		copyView[int64](v, in, out)
	case ir.Uint32:
		copyView[uint32](v, in, out)
	case ir.Uint64:
		copyView[uint64](v, in, out)
	case ir.Bool:
		copyView[bool](v, in, out)
	}
}

func copyView[T ir.Element](v lane.View, in, out ir.Array) {
	src, dst := ir.Stored[T](in), ir.Stored[T](out)
	shape := out.Type().Shape
	if len(dst) == 0 {
		return
	}
	if len(shape) == 0 {
		dst[0] = src[v.Offset]
		return
	}
	last := len(shape) - 1
	inner, step := shape[last], v.Strides[last]
	at := make([]int, last) // coordinates of all axes but the last
	address := v.Offset
	for row := 0; row < len(dst); row += inner {
		if step == 1 {
			copy(dst[row:row+inner], src[address:])
		} else {
			for i, a := 0, address; i < inner; i, a = i+1, a+step {
				dst[row+i] = src[a]
			}
		}
		for a := last - 1; a >= 0; a-- {
			at[a]++
			address += v.Strides[a]
			if at[a] < shape[a] {
				break
			}
			address -= at[a] * v.Strides[a]
			at[a] = 0
		}
	}
}
