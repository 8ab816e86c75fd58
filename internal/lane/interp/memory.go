package interp

import (
	"unsafe"

	"pullback/internal/lane"
)

// access is a lane.Access with as few axes as possible.
type access struct {
	lane.Access
}

// runs splits the addresses of n lanes from first on into runs of one stride.
func (a *access) runs(first, n int, visit func(at, count, address, stride int)) {
	last := len(a.Dims) - 1
	switch last {
	case -1:
		visit(0, n, a.Offset, 0)
		return
	case 0:
		visit(0, n, a.Offset+first*a.Dims[0].Stride, a.Dims[0].Stride)
		return
	}
	inner := a.Dims[last]
	row, column := first/inner.Extent, first%inner.Extent
	for at := 0; at < n; row++ {
		address, rest := a.Offset+column*inner.Stride, row
		for k := last - 1; k > 0; k-- {
			address += rest % a.Dims[k].Extent * a.Dims[k].Stride
			rest /= a.Dims[k].Extent
		}
		address += rest * a.Dims[0].Stride
		count := min(inner.Extent-column, n-at)
		visit(at, count, address, inner.Stride)
		at, column = at+count, 0
	}
}

// elements is the memory of a bound buffer.
func elements[T any](f *frame, i *instr) []T {
	b := &f.buffers[i.access.Buffer]
	return unsafe.Slice((*T)(b.data), b.len)
}

// clamped is an address moved into a buffer of n elements.
func clamped(address int64, n int) int {
	switch {
	case uint64(address) < uint64(n):
		return int(address)
	case address < 0:
		return 0
	}
	return n - 1
}

// load reads a buffer. Its types are unsigned integers, one for each width.
func load[T uint8 | uint32 | uint64](f *frame, i *instr) {
	d := lanes[T](f, i.out, f.count[i.block&1])
	if f.buffers[i.access.Buffer].fill {
		fill(d, *(*T)(f.buffers[i.access.Buffer].data))
		return
	}
	from := elements[T](f, i)
	if len(i.access.Dims) == 0 {
		fill(d, from[i.access.Offset])
		return
	}
	i.access.runs(f.lane, len(d), func(at, count, address, stride int) {
		d := d[at : at+count]
		switch stride {
		case 0:
			fill(d, from[address])
		case 1:
			copy(d, from[address:address+count])
		default:
			for k := range d {
				d[k] = from[address]
				address += stride
			}
		}
	})
}

// gather reads a buffer with an index operand.
func gather[T uint8 | uint32 | uint64](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	if f.buffers[i.access.Buffer].fill {
		fill(d, *(*T)(f.buffers[i.access.Buffer].data))
		return
	}
	index, from := lanes[int64](f, i.in[0], n), elements[T](f, i)
	i.access.runs(f.lane, n, func(at, count, address, stride int) {
		d, index := d[at:at+count], index[at:at+count]
		for k := range d {
			d[k] = from[clamped(int64(address)+index[k], len(from))]
			address += stride
		}
	})
}

// store writes a buffer; nan replaces any value that is not equal to itself.
func store[T comparable](nan T) op {
	return func(f *frame, i *instr) {
		n := f.count[i.block&1]
		x, to := lanes[T](f, i.in[1], n), elements[T](f, i)
		if !f.full(i) {
			storeMasked(f, i, x, to, nan)
			return
		}
		i.access.runs(f.lane, n, func(at, count, address, stride int) {
			x := x[at : at+count]
			if stride == 1 {
				to := to[address : address+count]
				for k, x := range x {
					if x != x {
						x = nan
					}
					to[k] = x
				}
				return
			}
			for _, x := range x {
				if x != x {
					x = nan
				}
				to[address] = x
				address += stride
			}
		})
	}
}

// storeMasked writes the lanes that the mask has left.
func storeMasked[T comparable](f *frame, i *instr, x, to []T, nan T) {
	mask := lanes[uint8](f, i.mask, len(x))
	i.access.runs(f.lane, len(x), func(at, count, address, stride int) {
		for k := at; k < at+count; k++ {
			if mask[k] != 0 {
				to[address] = x[k]
				if x[k] != x[k] {
					to[address] = nan
				}
			}
			address += stride
		}
	})
}

// scatter writes a buffer with an index operand.
func scatter[T comparable](nan T) op {
	return func(f *frame, i *instr) {
		n := f.count[i.block&1]
		index, x, to := lanes[int64](f, i.in[0], n), lanes[T](f, i.in[1], n), elements[T](f, i)
		var mask []uint8
		if !f.full(i) {
			mask = lanes[uint8](f, i.mask, n)
		}
		i.access.runs(f.lane, n, func(at, count, address, stride int) {
			for k := at; k < at+count; k++ {
				if mask == nil || mask[k] != 0 {
					element := &to[clamped(int64(address)+index[k], len(to))]
					*element = x[k]
					if x[k] != x[k] {
						*element = nan
					}
				}
				address += stride
			}
		})
	}
}

// Scratch arrays lie in the frame's memory at out (or in[2] for a load) as [imm][lanes].

// scratchLoad reads a row where the index is uniform, otherwise each lane its own element.
func scratchLoad[T uint8 | uint32 | uint64](f *frame, i *instr) {
	width, length := f.k.lanes, int(i.imm)
	d := lanes[T](f, i.out, f.count[i.block&1])
	from := lanes[T](f, i.in[2], width*length)
	if i.form&1 != 0 || i.block == 0 {
		row := clamped(lanes[int64](f, i.in[0], 1)[0], length)
		copy(d, from[row*width:])
		return
	}
	index := lanes[int64](f, i.in[0], len(d))
	for k := range d {
		d[k] = from[clamped(index[k], length)*width+k]
	}
}

// scratchStore writes a row or each lane its own element.
func scratchStore[T uint8 | uint32 | uint64](f *frame, i *instr) {
	width, length := f.k.lanes, int(i.imm)
	x := lanes[T](f, i.in[1], f.count[i.block&1])
	to := lanes[T](f, i.in[2], width*length)
	uniform := i.form&1 != 0 || i.block == 0
	if uniform && f.full(i) {
		copy(to[clamped(lanes[int64](f, i.in[0], 1)[0], length)*width:], x)
		return
	}
	index, step := lanes[int64](f, i.in[0], 1), 0
	if !uniform {
		index, step = lanes[int64](f, i.in[0], len(x)), 1
	}
	var mask []uint8
	if !f.full(i) {
		mask = lanes[uint8](f, i.mask, len(x))
	}
	for k := range x {
		if mask == nil || mask[k] != 0 {
			to[clamped(index[k*step], length)*width+k] = x[k]
		}
	}
}

// scratchClear zeroes an array of imm words.
func scratchClear(f *frame, i *instr) { clear(lanes[uint64](f, i.out, int(i.imm))) }
