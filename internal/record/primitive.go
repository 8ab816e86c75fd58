// Package record is the one door through which an operation is evaluated or recorded, and says
// what the transforms ask of an operation.
package record

import "pullback/ir"

// Primitive is an operation with all its rules. They are methods of one type, so that they
// stand together and a missing one does not compile.
type Primitive interface {
	ir.Evaluator

	// JVP gives the tangents of the results y at the operands x. At least one of dx is not
	// zero. The rule is made of other operations, applied to x, y and dx.
	JVP(x, y []ir.Value, dx []Tangent) []Tangent

	// Batch applies the operation to n problems at once: operand i has a new leading axis of n
	// where batched[i], and at least one has. It says which results have that axis; nil means all.
	Batch(n int, x []ir.Value, batched []bool) (y []ir.Value, batchedOut []bool)
}

// Linear is a Primitive that is linear in some of its operands.
type Linear interface {
	Primitive

	// Transpose gives the cotangents of the linear operands from those of the results, at least
	// one of which is not zero. Entries for other operands are ignored.
	Transpose(ct []Tangent, x []Operand) []Tangent
}

// Operand is what Transpose knows of an operand: the type always, the value only where the
// operation is not being transposed with respect to it.
type Operand struct {
	Type   ir.Type
	Value  ir.Value
	Linear bool
}

// Linearizer is an operation that holds graphs and makes its results and their tangents in one
// go, so that the first computation can keep what the second needs. It is asked instead of JVP.
type Linearizer interface {
	Primitive
	Linearize(x []ir.Value, dx []Tangent) (y []ir.Value, dy []Tangent)
}

// Sharer is an operation that can sometimes give known results without computing: a broadcast
// fill stays a fill, a reshaped array keeps its memory. ok is false where it cannot.
type Sharer interface {
	Share(in []ir.Array, out []ir.Type) (shared []ir.Array, ok bool)
}

// Tangent is a tangent or a cotangent. Its zero value is the zero of any type, which rules
// need neither compute nor store.
type Tangent struct{ ir.Value }

// IsZero says whether t is the structural zero.
func (t Tangent) IsZero() bool { return !t.IsValid() }

// Dense is t as a value of the given type, zeros written out.
func (t Tangent) Dense(typ ir.Type) ir.Value {
	if t.IsZero() {
		return ir.Known(ir.FillNumber(typ, 0))
	}
	return t.Value
}

// Some is the one-element list of tangents that most rules return.
func Some(v ir.Value) []Tangent { return []Tangent{{v}} }

// AnyNonzero says whether one of ts is not the structural zero.
func AnyNonzero(ts []Tangent) bool {
	for _, t := range ts {
		if !t.IsZero() {
			return true
		}
	}
	return false
}

// ForwardOnly is an operation that has no transpose, and says what to use instead.
type ForwardOnly interface {
	ForwardOnly() string
}

// Ruled is an operation that exists for its derivative rule alone. Once a program is to run and
// no longer to be differentiated, what Primal records takes its place.
type Ruled interface {
	Primitive
	Primal(x []ir.Value) []ir.Value
}

// Holder is an operation that holds programs, which rewrites go into.
type Holder interface {
	Primitive
	Graphs() []*ir.Graph
	WithGraphs([]*ir.Graph) Primitive
}
