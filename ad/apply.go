package ad

import (
	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/ir"
)

// Apply applies an operation of your own, for what cannot be said with those of this package: a
// routine of another library, a table, a simulation. Its Eval is given the operands' numbers (read
// them with ir.Data) and zeroed arrays for the results, whose memory ir.Data is too; a compiled
// function runs it as a kernel of its own. Eval must depend on its operands and the operation's
// fields alone, and may be called from several goroutines at once.
//
// Vmap applies it to one element of the batch after the other. No derivative is known of it: put
// it inside CustomJVP or CustomVJP, whose rules may apply other such operations.
func Apply(op ir.Evaluator, in ...Value) []Value {
	if op == nil {
		panic(mistake("apply", nil, "the operation is nil; give one"))
	}
	return record.Apply(control.NewForeign(op), in...)
}
