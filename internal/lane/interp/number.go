package interp

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// The operations that every number has, each a loop over the lanes. Form 0 takes both operands
// from the block, form 1 and form 2 have the first or the second uniform. Where the operands
// may be exchanged there is no form 1; where it is rare, the uniform operand is spread first.

// numberOp is the op of a code on numbers, nil if there is none here.
func numberOp[T ir.Number](code lane.Code) op {
	switch code {
	case lane.Add:
		return add[T]
	case lane.Sub:
		return sub[T]
	case lane.Mul:
		return mul[T]
	case lane.Min:
		return least[T]
	case lane.Max:
		return greatest[T]
	case lane.Neg:
		return neg[T]
	case lane.Equal:
		return equal[T]
	case lane.NotEqual:
		return notEqual[T]
	case lane.Less:
		return less[T]
	case lane.LessEqual:
		return lessEqual[T]
	}
	return nil
}

// add is Add.
func add[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] + b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] + b
		}
	}
}

// sub is Sub.
func sub[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] - b[k]
		}
	case 1:
		a, b := lanes[T](f, i.in[0], 1)[0], lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a - b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] - b
		}
	}
}

// mul is Mul.
func mul[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] * b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] * b
		}
	}
}

// least is Min; Go's is IEEE-2019's.
func least[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = min(a[k], b[k])
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = min(a[k], b)
		}
	}
}

// greatest is Max.
func greatest[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = max(a[k], b[k])
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = max(a[k], b)
		}
	}
}

// neg is Neg.
func neg[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = -a[k]
	}
}

// equal is Equal.
func equal[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[bool](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] == b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] == b
		}
	}
}

// notEqual is NotEqual.
func notEqual[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[bool](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] != b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] != b
		}
	}
}

// less is Less.
func less[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[bool](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] < b[k]
		}
	case 1:
		a, b := lanes[T](f, i.in[0], 1)[0], lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a < b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] < b
		}
	}
}

// lessEqual is LessEqual.
func lessEqual[T ir.Number](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[bool](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] <= b[k]
		}
	case 1:
		a, b := lanes[T](f, i.in[0], 1)[0], lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a <= b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] <= b
		}
	}
}
