package op

import "pullback/ir"

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

// Simplify is x for x & x.
func (and) Simplify(in []Value) (Value, bool) { return in[0], in[0] == in[1] }

// Simplify is x for x | x.
func (or) Simplify(in []Value) (Value, bool) { return in[0], in[0] == in[1] }

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

// Simplify keeps the shape that is asked for already, and looks through another reshape.
func (o reshape) Simplify(in []Value) (Value, bool) {
	return in[0], ir.Of(ir.Bool, o.Shape...).Equal(in[0].Type().With(ir.Bool))
}
