package control

import (
	"slices"

	"pullback/internal/record"
	"pullback/ir"
)

// Foreign is an operation of a user's, of which no more is known than its types and its numbers.
// It is never merged with another: that two Go values do the same is not for us to say, which the
// unexported field does.
type Foreign struct{ op ir.Evaluator }

var _ record.Primitive = Foreign{}

// NewForeign is a user's operation with the rules of a primitive.
func NewForeign(op ir.Evaluator) Foreign { return Foreign{op} }

func (f Foreign) Name() string { return f.op.Name() }

func (f Foreign) Type(in []ir.Type) ([]ir.Type, error) { return f.op.Type(in) }

func (f Foreign) Eval(in, out []ir.Array) { f.op.Eval(in, out) }

// JVP refuses. Whoever applies the rule knows the place.
func (f Foreign) JVP(x, _ []Value, _ []record.Tangent) []record.Tangent {
	panic(&ir.UsageError{Op: f.Name(), In: ir.TypesOf(x), Reason: "no derivative is known of an " +
		"operation that was applied with ad.Apply; put it inside ad.CustomJVP or ad.CustomVJP, " +
		"which give it one, or its operands inside ad.StopGradient"})
}

// Batch applies the operation to one problem after the other: as a scan, which has no state.
func (f Foreign) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	var shared, rows []Value
	for i, v := range x {
		if batched[i] {
			rows = append(rows, v)
		} else {
			shared = append(shared, v)
		}
	}
	types := slices.Concat(ir.TypesOf(shared), rowTypes(ir.TypesOf(rows)))
	body := record.Trace(func(p []Value) []Value {
		if g := record.Newest(x); g != nil { // the inner node stands where this one does
			p[0].Graph().Inherit(g.Inherited())
		}
		one, s, r := make([]Value, len(x)), p[:len(shared)], p[len(shared):]
		for i := range x {
			if batched[i] {
				one[i], r = r[0], r[1:]
			} else {
				one[i], s = s[0], s[1:]
			}
		}
		return record.Apply(f, one...)
	}, types)
	loop := Scan{Body: body, Length: n, Consts: len(shared)}
	return record.Apply(loop, slices.Concat(shared, rows)...), nil
}
