package native

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// divide translates the division of integers, for which there are no vector instructions.
func (s *selector) divide(i *lane.Instr, t ir.DType, in [3]value) value {
	size := sizeOf(t)
	s.keep(atX, size, in[0].parts)
	s.keep(atY, size, in[1].parts)
	op := quotient
	if i.Code == lane.Rem {
		op = remainder
	}
	d := s.pseudo(byLane)
	d.scalar = &scalar{op: op, signed: signed(t), word: size, lanes: s.lanes, x: atX, y: atY,
		out: atOut}
	varies := s.varies[i.Out]
	if !varies {
		d.scalar.lanes = 1
		return s.uniform(s.read(s.broadcastOp(size), size, frameAt(atOut)).out, size)
	}
	return value{s.kept(atOut, size), size}
}

func signed(t ir.DType) bool { return t == ir.Int32 || t == ir.Int64 }
