package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// integer translates an operation on integers of type t.
func (s avx2) integer(code lane.Code, t ir.DType, in [3]virtual) (virtual, error) {
	x, y, size := in[0], in[1], sizeOf(t)
	switch code {
	case lane.Add:
		return s.commute(size, addition, x, y), nil
	case lane.Sub:
		return s.apply(size, subtract, x, y), nil
	case lane.Mul:
		if size == 8 {
			return s.product(x, y), nil
		}
		return s.commute(size, pair{single: asm.VPMULLD}, x, y), nil
	case lane.Min, lane.Max:
		return s.extreme(code, t, x, y), nil
	case lane.Neg:
		return s.apply(size, subtract, s.constant(t, 0), x), nil
	case lane.Abs:
		return s.magnitude(t, x), nil
	case lane.And:
		return s.commute(size, pair{asm.VPAND, asm.VPAND}, x, y), nil
	case lane.Or:
		return s.commute(size, pair{asm.VPOR, asm.VPOR}, x, y), nil
	case lane.Xor:
		return s.commute(size, pair{asm.VPXOR, asm.VPXOR}, x, y), nil
	case lane.Not:
		return s.commute(size, pair{asm.VPXOR, asm.VPXOR}, x, s.ones(size)), nil
	case lane.ShiftLeft: // VPSLLV and its kin take counts as unsigned, and give what lane wants
		return s.apply(size, pair{asm.VPSLLVD, asm.VPSLLVQ}, x, y), nil
	case lane.ShiftRight:
		return s.shiftRight(t, x, y), nil
	}
	return none, unsupported("%v of %v", code, t)
}

// extreme is the least or the greatest of two.
func (s avx2) extreme(code lane.Code, t ir.DType, x, y virtual) virtual {
	op := map[lane.Code]pair{ // signed and unsigned
		lane.Min: {asm.VPMINSD, asm.VPMINUD},
		lane.Max: {asm.VPMAXSD, asm.VPMAXUD},
	}[code]
	switch {
	case t == ir.Int32:
		return s.commute(4, pair{single: op.single}, x, y)
	case t == ir.Uint32:
		return s.commute(4, pair{single: op.double}, x, y)
	case code == lane.Min:
		return s.blend(t, s.greater(t, x, y), y, x)
	}
	return s.blend(t, s.greater(t, x, y), x, y)
}

func (s avx2) magnitude(t ir.DType, x virtual) virtual {
	switch t {
	case ir.Int32:
		return s.apply(4, pair{single: asm.VPABSD}, x)
	case ir.Int64: // a blend looks at signs alone
		return s.apply(8, blendV, x, s.apply(8, subtract, s.constant(t, 0), x), x)
	}
	return x
}

func (s avx2) shiftRight(t ir.DType, x, y virtual) virtual {
	logical := pair{asm.VPSRLVD, asm.VPSRLVQ}
	switch t {
	case ir.Int32:
		return s.apply(4, pair{single: asm.VPSRAVD}, x, y)
	case ir.Int64: // zeros go into what is not negative, or its complement
		sign := s.greater(t, s.constant(t, 0), x)
		return s.commute(8, bitXor, s.apply(8, logical, s.commute(8, bitXor, x, sign), y), sign)
	}
	return s.apply(sizeOf(t), logical, x, y)
}

// product is the low 64 bits of x*y: with x = 2^32 h + l, those of l y + 2^32 (h y + l h').
func (s avx2) product(x, y virtual) virtual {
	multiply := pair{double: asm.VPMULUDQ} // of the low halves
	if r := s.registers[x]; r.constant {
		x, y = y, x
	}
	high := func(x virtual) virtual { return s.immediate(8, rightBy, 32, x) }
	low := s.commute(8, multiply, x, y)
	cross := s.commute(8, multiply, high(x), y)
	switch r := s.registers[y]; {
	case !r.repeated():
		cross = s.commute(8, addition, cross, s.commute(8, multiply, x, high(y)))
	case r.bits>>32 != 0:
		cross = s.commute(8, addition, cross,
			s.commute(8, multiply, x, s.constantOf(8, r.bits>>32)))
	}
	return s.commute(8, addition, low, s.immediate(8, leftBy, 32, cross))
}
