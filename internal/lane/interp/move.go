package interp

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// fill sets all of d to x.
func fill[T any](d []T, x T) {
	for k := range d {
		d[k] = x
	}
}

// move copies a register in the lanes of its mask. Its types are unsigned integers, one for
// each width.
func move[T uint8 | uint32 | uint64](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	uniform := i.form&1 != 0
	if f.full(i) {
		if uniform {
			fill(d, lanes[T](f, i.in[0], 1)[0])
		} else {
			copy(d, lanes[T](f, i.in[0], n))
		}
		return
	}
	mask := lanes[uint8](f, i.mask, n)
	if uniform {
		a := lanes[T](f, i.in[0], 1)[0]
		for k, x := range d {
			if mask[k] != 0 {
				x = a
			}
			d[k] = x
		}
		return
	}
	a := lanes[T](f, i.in[0], n)
	for k, x := range d {
		y := a[k] // read whatever the mask says: a conditional move, not a branch
		if mask[k] != 0 {
			x = y
		}
		d[k] = x
	}
}

// choose is Select. Its types are unsigned integers, one for each width.
func choose[T uint8 | uint32 | uint64](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, c := lanes[T](f, i.out, n), lanes[uint8](f, i.in[0], n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[1], n), lanes[T](f, i.in[2], n)
		for k := range d {
			x, y := a[k], b[k]
			if c[k] != 0 {
				y = x
			}
			d[k] = y
		}
	case 2:
		x, b := lanes[T](f, i.in[1], 1)[0], lanes[T](f, i.in[2], n)
		for k := range d {
			y := b[k]
			if c[k] != 0 {
				y = x
			}
			d[k] = y
		}
	case 4:
		a, y := lanes[T](f, i.in[1], n), lanes[T](f, i.in[2], 1)[0]
		for k := range d {
			x := a[k]
			if c[k] == 0 {
				x = y
			}
			d[k] = x
		}
	case 6:
		x, y := lanes[T](f, i.in[1], 1)[0], lanes[T](f, i.in[2], 1)[0]
		for k := range d {
			z := y
			if c[k] != 0 {
				z = x
			}
			d[k] = z
		}
	}
}

// lookupOp is Lookup in a table of elements of type t.
func lookupOp(number uint64, t ir.DType) op {
	if t == ir.Float32 {
		return lookup[uint32](lane.Table(number, t))
	}
	return lookup[uint64](lane.Table(number, t))
}

func lookup[T uint32 | uint64](bits [lane.TableLen]uint64) op {
	var table [lane.TableLen]T
	for k, b := range bits {
		table[k] = T(b)
	}
	return func(f *frame, i *instr) {
		n := f.count[i.block&1]
		d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
		for k := range d {
			d[k] = table[a[k]%lane.TableLen]
		}
	}
}

// laneNumbers is Iota.
func laneNumbers(f *frame, i *instr) {
	for k, d := 0, lanes[int64](f, i.out, f.count[i.block&1]); k < len(d); k++ {
		d[k] = int64(f.lane + k)
	}
}
