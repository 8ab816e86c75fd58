package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// integer translates an operation on integers of type t.
func (s avx512) integer(code lane.Code, t ir.DType, in [3]virtual) (virtual, error) {
	x, y := in[0], in[1]
	binary := func(p pair, x, y virtual) virtual {
		out := s.vector(sizeOf(t))
		s.add(either(t, p.single, p.double), out, x, y)
		return out
	}
	commutative := func(p pair) virtual {
		out := binary(p, x, y)
		s.code[len(s.code)-1].commutes = true
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
	}
	return none, unsupported("%v of %v", code, t)
}
