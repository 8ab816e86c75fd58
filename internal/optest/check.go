// Package optest is the conformance call: every primitive goes through Check, so that a rule
// that is wrong, missing or inexact cannot stay. It is imported by tests only.
package optest

import (
	"os"
	"testing"

	"pullback/internal/record"
	"pullback/ir"
)

// Case is a program to check and the operands to check it at. The program is mostly one
// primitive, called through its constructor; control flow and compositions do as well.
type Case struct {
	Name string
	// Do applies the program. It is called with known and with recorded values, of the types
	// of In, of their batched types never.
	Do func(x []ir.Value) []ir.Value
	// In is where values and derivatives are checked. The directions of derivatives are
	// random, so the program must be smooth in a neighbourhood of In of about 0.01.
	In []ir.Array

	// ValuesOnly leaves the derivatives out: for special values, and points where there is no
	// derivative.
	ValuesOnly bool
	// ForwardOnly leaves reverse mode out: for programs that cannot be transposed.
	ForwardOnly bool
	// Only64 leaves out the repetition with float64 operands turned into float32: for programs
	// that hold float64 constants.
	Only64 bool
	// Tolerance of derivatives against finite differences, relative to 1 + |derivative|; 0 is
	// 1e-6, which suits well-scaled operands. Float32 operands get 0.01 at least.
	Tolerance float64
	// Order is the highest order of derivatives to check; 0 is 2, and 3 in long mode.
	Order int
	// Vary makes problem i of a batch, 0 ≤ i < 5, from In or In in float32. By default floats are
	// scaled down a little, which keeps positive definite matrices so, and others are rotated.
	Vary func(i int, in []ir.Array) []ir.Array
}

// Compiler is another way to run a program, such as package exec: it must give the same bits.
type Compiler func(*ir.Graph) func([]ir.Array) []ir.Array

// Run checks each case as a subtest of its name.
func Run(t *testing.T, cases []Case, compilers ...Compiler) {
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { Check(t, c, compilers...) })
	}
}

// Check checks that
//
//   - each operation's Type fits what Eval computes, Eval writes no operand, and Share agrees
//     with it;
//   - recorded, replayed, printed and parsed, and compiled by each compiler, the program gives
//     the bits that it gives eagerly;
//   - batched over each subset of its operands it gives the bits that a loop gives, and batched
//     twice too;
//   - tangents agree with central differences, and <J v, w> = <v, Jᵀ w>;
//   - all of this holds of its tangent and cotangent programs as well, up to c.Order;
//   - in float32 it gives the same numbers and derivatives, up to rounding.
//
// Bits are compared with all NaNs the same.
func Check(t testing.TB, c Case, compilers ...Compiler) {
	t.Helper()
	k := &checker{t: t, Case: c, compilers: compilers}
	p := program{c.Name, c.Do, c.In, c.Vary}
	if p.vary == nil {
		p.vary = varied
	}
	k.values(p, true)
	if c.ValuesOnly {
		return
	}
	order := c.Order
	if order == 0 {
		if order = 2; os.Getenv("PULLBACK_LONG") != "" {
			order = 3
		}
	}
	k.derivatives(p, order)
	if !c.Only64 {
		k.narrow(p)
	}
}

// Ops lists the names of the operations that the cases' programs consist of, each once.
func Ops(cases []Case) map[string]bool {
	names := map[string]bool{}
	for _, c := range cases {
		for _, n := range record.Trace(c.Do, typesOf(c.In)).Nodes() {
			names[n.Op.Name()] = true
		}
	}
	return names
}

type checker struct {
	Case
	t         testing.TB
	compilers []Compiler
}

// program is what a case, or a derivative of one, computes.
type program struct {
	name string
	do   func(x []ir.Value) []ir.Value
	in   []ir.Array
	vary func(j int, in []ir.Array) []ir.Array
}

// at runs p at x.
func (p program) at(x []ir.Array) []ir.Array { return arraysOf(p.do(knownOf(x))) }

// graph records p.
func (p program) graph() *ir.Graph { return record.Trace(p.do, typesOf(p.in)) }
