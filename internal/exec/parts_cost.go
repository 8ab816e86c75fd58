package exec

import (
	"reflect"

	"pullback/internal/lane"
	"pullback/ir"
)

// costKey is what the number of an elementwise operation's instructions depends on.
type costKey struct {
	op ir.Op
	in ir.DType
}

// cost is the number of instructions of one element, counted by building them.
func (d *divider) cost(op lane.Lowerer, n ir.Node) int {
	key := costKey{n.Op, n.In[0].DType()}
	comparable := reflect.TypeOf(n.Op).Comparable()
	if comparable {
		if c, ok := d.instructions[key]; ok {
			return c
		}
	}
	b := lane.NewBuilder()
	in := make([]lane.Value, len(n.In))
	for i, v := range n.In {
		in[i] = b.Bits(v.DType(), 0)
	}
	op.Lower(b, in)
	c := instructions(b.Program().Body)
	if comparable {
		d.instructions[key] = c
	}
	return c
}

// instructions counts those of a block.
func instructions(b lane.Block) (n int) {
	for _, s := range b {
		switch s := s.(type) {
		case *lane.Instr:
			if s.Code != lane.Const {
				n++
			}
		case *lane.While:
			n += instructions(s.Cond) + instructions(s.Body)
		case *lane.Foreach:
			n += instructions(s.Body)
		}
	}
	return n
}
