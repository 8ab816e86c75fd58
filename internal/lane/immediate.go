package lane

import "pullback/ir"

// Immediately computes one element of an elementwise operation with the meaning of each code in
// Scalar, building and compiling nothing: for arrays of a few elements that is cheaper by far
// than a program. It gives out[k][i] from in[j][i], or from in[j][0] where in[j] is a fill.
func Immediately(op Lowerer, in, out []ir.Array, i int) {
	b := &Builder{immediate: true}
	xs := make([]Value, len(in))
	for k, a := range in {
		xs[k] = b.now(a.Type().DType, a.Bits(i))
	}
	for k, y := range op.Lower(b, xs) {
		out[k].SetBits(i, Canonical(b.Type(y), b.bits[y]))
	}
}

// now is a value with its bits, in a builder that computes what it is asked to build.
func (b *Builder) now(t ir.DType, bits uint64) Value {
	v := b.value(t, false)
	b.bits[v] = bits
	return v
}

// compute is op in such a builder.
func (b *Builder) compute(c Code, t ir.DType, in []Value) Value {
	var x [3]uint64
	for k, v := range in {
		x[k] = b.bits[v]
	}
	of := in[0]
	if c == Select {
		of = in[1]
	}
	return b.now(t, Scalar(c, t, b.Type(of), x, 0))
}

// loop is While in such a builder.
func (b *Builder) loop(state []Value, cond func([]Value) Value,
	body func([]Value) []Value) []Value {
	for b.bits[cond(state)] != 0 {
		state = body(state)
	}
	return state
}
