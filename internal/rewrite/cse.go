package rewrite

import (
	"fmt"
	"strings"

	"pullback/internal/record"
	"pullback/ir"
)

// cse computes equal operations on equal operands once.
func cse(g *ir.Graph) *ir.Graph {
	seen := map[string][]ir.Value{}
	return replay(g, func(n ir.Node, in []ir.Value) []ir.Value {
		op := within(n.Op, cse)
		if _, holds := op.(record.Holder); holds || !ir.Printable(op) {
			return record.ApplyAt(n.Pos, op, in...)
		}
		key := keyOf(op, in)
		if out, ok := seen[key]; ok {
			return out
		}
		out := record.ApplyAt(n.Pos, op, in...)
		seen[key] = out
		return out
	})
}

// keyOf names an operation with its operands: recorded ones by number, fills by their bits.
// Other known arrays are told apart by where they are.
func keyOf(op ir.Op, in []ir.Value) string {
	var s strings.Builder
	s.WriteString(ir.Format(op))
	for _, v := range in {
		switch {
		case !v.IsKnown():
			fmt.Fprintf(&s, " %%%d", v.ID())
		case v.Array().IsFill():
			fmt.Fprintf(&s, " %v(%x)", v.Type(), v.Array().Memory())
		default:
			fmt.Fprintf(&s, " %v@%p", v.Type(), v.Array().Memory())
		}
	}
	return s.String()
}
