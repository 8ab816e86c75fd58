package native

import (
	"encoding/binary"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

func signed(t ir.DType) bool { return t == ir.Int32 || t == ir.Int64 }

// integer translates an operation on integers of type t.
func (s *selector) integer(code lane.Code, t ir.DType, in [3]virtual) (virtual, error) {
	x, y := in[0], in[1]
	binary := func(p pair, x, y virtual) virtual {
		out := s.vector(t)
		s.add(either(t, p.single, p.double), out, x, y)
		return out
	}
	commutative := func(p pair) virtual {
		out := binary(p, x, y)
		s.code[len(s.code)-1].commutes = true
		return out
	}
	compared := func(predicate int) virtual {
		op := either(t, asm.VPCMPUDK, asm.VPCMPUQK)
		if signed(t) {
			op = either(t, asm.VPCMPDK, asm.VPCMPQK)
		}
		out := s.mask()
		s.add(op, out, x, y).imm = predicate
		return out
	}
	switch code {
	case lane.Add:
		return commutative(pair{asm.VPADDD, asm.VPADDQ}), nil
	case lane.Sub:
		return binary(pair{asm.VPSUBD, asm.VPSUBQ}, x, y), nil
	case lane.Mul:
		return commutative(pair{asm.VPMULLD, asm.VPMULLQ}), nil
	case lane.Min:
		if signed(t) {
			return commutative(pair{asm.VPMINSD, asm.VPMINSQ}), nil
		}
		return commutative(pair{asm.VPMINUD, asm.VPMINUQ}), nil
	case lane.Max:
		if signed(t) {
			return commutative(pair{asm.VPMAXSD, asm.VPMAXSQ}), nil
		}
		return commutative(pair{asm.VPMAXUD, asm.VPMAXUQ}), nil
	case lane.Neg:
		return binary(pair{asm.VPSUBD, asm.VPSUBQ}, s.constant(t, 0), x), nil
	case lane.Abs:
		if !signed(t) {
			return x, nil
		}
		return binary(pair{asm.VPABSD, asm.VPABSQ}, x, none), nil
	case lane.And:
		return commutative(pair{asm.VPANDD, asm.VPANDQ}), nil
	case lane.Or:
		return commutative(pair{asm.VPORD, asm.VPORQ}), nil
	case lane.Xor:
		return commutative(pair{asm.VPXORD, asm.VPXORQ}), nil
	case lane.Not:
		y = s.constant(t, ^uint64(0)>>(64-t.Bits()))
		return commutative(pair{asm.VPXORD, asm.VPXORQ}), nil
	case lane.ShiftLeft: // VPSLLV and its kin take counts as unsigned, and give what lane wants
		return binary(pair{asm.VPSLLVD, asm.VPSLLVQ}, x, y), nil
	case lane.ShiftRight:
		if signed(t) {
			return binary(pair{asm.VPSRAVD, asm.VPSRAVQ}, x, y), nil
		}
		return binary(pair{asm.VPSRLVD, asm.VPSRLVQ}, x, y), nil
	case lane.Equal:
		return compared(0), nil
	case lane.NotEqual:
		return compared(4), nil
	case lane.Less:
		return compared(1), nil
	case lane.LessEqual:
		return compared(2), nil
	case lane.Select:
		return s.blend(t, x, y, in[2]), nil
	}
	return none, unsupported("%v of %v", code, t)
}

// iota is the numbers of a gang's lanes.
func (s *selector) iota() virtual {
	var steps []byte
	for k := range uint64(s.gang) {
		steps = binary.LittleEndian.AppendUint64(steps, k)
	}
	first, out := s.vector(ir.Int64), s.vector(ir.Int64)
	s.add(asm.VPBROADCASTQR, first)
	s.add(asm.VPADDQ, out, first, s.register(register{width: asm.Bits512, constant: true,
		steps: steps}))
	return out
}
