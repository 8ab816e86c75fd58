package op

import (
	"slices"

	"pullback/ir"
)

// Rewrites ask an operation whether it is simpler than it looks: whether it is one of its own
// operands, or a cheaper operation on them, with the same bits. So x+0 is not x, since -0+0 is
// +0; x·1 and x/1 are.

// simplifier is a scalarKernel that sometimes simplifies.
type simplifier interface {
	Simplify(in []Value) (Value, bool)
}

// Simplify is the kernel's own.
func (elementwise[K]) Simplify(in []Value) (Value, bool) {
	var k K
	if s, ok := any(k).(simplifier); ok {
		return s.Simplify(in)
	}
	return Value{}, false
}

// Simplify drops a factor of one.
func (mul) Simplify(in []Value) (Value, bool) {
	switch {
	case isAll(in[1], 1):
		return in[0], true
	case isAll(in[0], 1):
		return in[1], true
	}
	return Value{}, false
}

// Simplify drops a divisor of one.
func (div) Simplify(in []Value) (Value, bool) { return in[0], isAll(in[1], 1) }

// Simplify is x for x & x, 0 for x & 0, and x for a bool x & true.
func (and) Simplify(in []Value) (Value, bool) {
	for i, v := range in {
		switch {
		case in[0] == in[1] || isAll(v, 0):
			return v, true
		case v.DType() == ir.Bool && isAll(v, 1):
			return in[1-i], true
		}
	}
	return Value{}, false
}

// Simplify is x for x | x, x for x | 0, and true for a bool x | true.
func (or) Simplify(in []Value) (Value, bool) {
	for i, v := range in {
		switch {
		case in[0] == in[1] || v.DType() == ir.Bool && isAll(v, 1):
			return v, true
		case isAll(v, 0):
			return in[1-i], true
		}
	}
	return Value{}, false
}

// Simplify decides a known condition, and one that does not matter.
func (selection) Simplify(in []Value) (Value, bool) {
	switch {
	case in[1] == in[2]:
		return in[1], true
	case isAll(in[0], 1):
		return in[1], true
	case isAll(in[0], 0):
		return in[2], true
	}
	return Value{}, false
}

// Simplify is x itself: whoever runs a program differentiates it no longer.
func (stopGradient) Simplify(in []Value) (Value, bool) { return in[0], true }

// isAll says whether v is known to be x everywhere, without looking at long arrays.
func isAll(v Value, x float64) bool {
	if !v.IsKnown() {
		return false
	}
	a := v.Array()
	return (a.IsFill() || a.Len() == 1) && a.Number(0) == x
}

// Simplify keeps the shape that is asked for already.
func (o reshape) Simplify(in []Value) (Value, bool) {
	return in[0], slices.Equal(o.Shape, in[0].Type().Shape)
}

// The rest is of an operation after another one, which made its operand from in.

// follower is a scalarKernel that sometimes is, after another, one simpler operation or nothing.
type follower interface {
	Follow(first ir.Op, in []Value) (Value, bool)
}

// Follow is the kernel's own.
func (elementwise[K]) Follow(first ir.Op, in []Value) (Value, bool) {
	var k K
	if f, ok := any(k).(follower); ok {
		return f.Follow(first, in)
	}
	return Value{}, false
}

// Follow undoes another negation.
func (neg) Follow(first ir.Op, in []Value) (Value, bool) {
	_, ok := first.(linear[neg])
	return in[0], ok
}

// Follow undoes another negation.
func (not) Follow(first ir.Op, in []Value) (Value, bool) {
	_, ok := first.(elementwise[not])
	return in[0], ok
}

// Follow is one reshape for two, and none if the shape is the first one again. The shape of what
// a single element was repeated to does not matter either.
func (o reshape) Follow(first ir.Op, in []Value) (Value, bool) {
	switch first := first.(type) {
	case reshape:
		return Reshape(in[0], o.Shape), true
	case broadcast:
		if ir.Of(ir.Bool, first.Shape...).Size() == 1 {
			return Reshape(in[0], o.Shape), true
		}
		if len(first.Axes) == 0 {
			return Scalar(in[0], o.Shape), true
		}
	}
	return Value{}, false
}

// Follow is one transpose for two.
func (o transpose) Follow(first ir.Op, in []Value) (Value, bool) {
	f, ok := first.(transpose)
	if !ok {
		return Value{}, false
	}
	return Transpose(in[0], permuted(f.Perm, o.Perm)), true
}

// Follow is one broadcast for two.
func (o broadcast) Follow(first ir.Op, in []Value) (Value, bool) {
	f, ok := first.(broadcast)
	if !ok {
		return Value{}, false
	}
	return Broadcast(in[0], o.Shape, permuted(o.Axes, f.Axes)), true
}

// Simplify is a reshape where nothing is repeated.
func (o broadcast) Simplify(in []Value) (Value, bool) {
	if in[0].Size() != 1 || ir.Of(ir.Bool, o.Shape...).Size() != 1 {
		return Value{}, false
	}
	return Reshape(in[0], o.Shape), true
}

// Simplify keeps an element type.
func (o convert) Simplify(in []Value) (Value, bool) { return in[0], in[0].DType() == o.DType }

// Simplify keeps what is not moved.
func (o transpose) Simplify(in []Value) (Value, bool) { return in[0], isIdentity(o.Perm) }
