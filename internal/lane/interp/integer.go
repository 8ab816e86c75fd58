package interp

import "pullback/internal/lane"

// integerOp is the op of a code on integers alone, nil if there is none here.
func integerOp[T lane.Integer](code lane.Code) op {
	switch code {
	case lane.Div:
		return quotient[T]
	case lane.Rem:
		return remainder[T]
	case lane.Abs:
		return absolute[T]
	case lane.ShiftLeft:
		return shiftLeft[T]
	case lane.ShiftRight:
		return shiftRight[T]
	}
	return numberOp[T](code)
}

// bitOp is the op of a code on bits. Its types are unsigned integers, one for each width; a
// Bool is a byte of which one bit is used.
func bitOp[T uint8 | uint32 | uint64](code lane.Code, ones T) op {
	switch code {
	case lane.And:
		return and[T]
	case lane.Or:
		return or[T]
	case lane.Xor:
		return xor[T]
	case lane.Not:
		return not(ones)
	case lane.Select:
		return choose[T]
	}
	return nil
}

// quotient is Div.
func quotient[T lane.Integer](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = lane.Quotient(a[k], b[k])
		}
	case 1:
		a, b := lanes[T](f, i.in[0], 1)[0], lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = lane.Quotient(a, b[k])
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = lane.Quotient(a[k], b)
		}
	}
}

// remainder is Rem.
func remainder[T lane.Integer](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = lane.Remainder(a[k], b[k])
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = lane.Remainder(a[k], b)
		}
	}
}

// absolute is Abs.
func absolute[T lane.Integer](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		x := a[k]
		if x < 0 {
			x = -x
		}
		d[k] = x
	}
}

// shiftLeft is ShiftLeft.
func shiftLeft[T lane.Integer](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = lane.ShiftedLeft(a[k], b[k])
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = lane.ShiftedLeft(a[k], b)
		}
	}
}

// shiftRight is ShiftRight.
func shiftRight[T lane.Integer](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = lane.ShiftedRight(a[k], b[k])
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = lane.ShiftedRight(a[k], b)
		}
	}
}

// and is And.
func and[T uint8 | uint32 | uint64](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] & b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] & b
		}
	}
}

// or is Or.
func or[T uint8 | uint32 | uint64](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] | b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] | b
		}
	}
}

// xor is Xor.
func xor[T uint8 | uint32 | uint64](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] ^ b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] ^ b
		}
	}
}

// not is Not: ones has the bits that are used.
func not[T uint8 | uint32 | uint64](ones T) op {
	return func(f *frame, i *instr) {
		n := f.count[i.block&1]
		d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
		for k := range d {
			d[k] = a[k] ^ ones
		}
	}
}
