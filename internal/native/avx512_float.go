package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// float translates an operation on floats of type t.
func (s avx512) float(code lane.Code, t ir.DType, in [3]virtual) (virtual, error) {
	x, y := in[0], in[1]
	sign := func() virtual { return s.constant(t, 1<<(t.Bits()-1)) }
	rest := func() virtual { return s.constant(t, 1<<(t.Bits()-1)-1) }
	binary := func(p pair, x, y virtual) (virtual, *instruction) {
		out := s.vector(sizeOf(t))
		return out, s.add(either(t, p.single, p.double), out, x, y)
	}
	commutative := func(p pair, x, y virtual) virtual {
		out, i := binary(p, x, y)
		i.commutes = true
		return out
	}
	rounded := func(mode int) virtual {
		out, i := binary(pair{asm.VRNDSCALEPS, asm.VRNDSCALEPD}, x, none)
		i.imm = 8 | mode // no exception for being inexact
		return out
	}
	switch code {
	case lane.Add:
		return commutative(pair{asm.VADDPS, asm.VADDPD}, x, y), nil
	case lane.Mul:
		return commutative(pair{asm.VMULPS, asm.VMULPD}, x, y), nil
	case lane.Sub:
		out, _ := binary(pair{asm.VSUBPS, asm.VSUBPD}, x, y)
		return out, nil
	case lane.Div:
		out, _ := binary(pair{asm.VDIVPS, asm.VDIVPD}, x, y)
		return out, nil
	case lane.Sqrt:
		out, _ := binary(pair{asm.VSQRTPS, asm.VSQRTPD}, x, none)
		return out, nil
	case lane.Min:
		// VMIN gives its second operand where one is NaN or both are zero: OR of both orders has
		// the sign of -0 and remains a NaN.
		least := pair{asm.VMINPS, asm.VMINPD}
		if c, z, ok := s.plainConstant(t, x, y); ok {
			out, _ := binary(least, c, z)
			return out, nil
		}
		first, _ := binary(least, x, y)
		second, _ := binary(least, y, x)
		return commutative(pair{asm.VORPS, asm.VORPD}, first, second), nil
	case lane.Max:
		if c, z, ok := s.plainConstant(t, x, y); ok {
			out, _ := binary(pair{asm.VMAXPS, asm.VMAXPD}, c, z)
			return out, nil
		}
		// VRANGE orders zeros, but prefers a number to a NaN.
		out, i := binary(pair{asm.VRANGEPS, asm.VRANGEPD}, x, y)
		i.imm = 5 // the maximum, with its own sign
		return s.added(t, out, s.predicate(t, x, y, 3), x, y), nil
	case lane.Round:
		return rounded(0), nil
	case lane.Floor:
		return rounded(1), nil
	case lane.Ceil:
		return rounded(2), nil
	case lane.Trunc:
		return rounded(3), nil
	case lane.Exponent:
		out, _ := binary(pair{asm.VGETEXPPS, asm.VGETEXPPD}, x, none)
		return out, nil
	case lane.Mantissa:
		out, i := binary(pair{asm.VGETMANTPS, asm.VGETMANTPD}, x, none)
		i.imm = 0 // in [1, 2), with the sign of x
		unchanged := s.maskRegister(0)
		// zeros, infinities
		s.add(either(t, asm.VFPCLASSPS, asm.VFPCLASSPD), unchanged, x).imm = 0x1e
		return s.blend(t, unchanged, x, out), nil
	case lane.Scale:
		out, _ := binary(pair{asm.VSCALEFPS, asm.VSCALEFPD}, x, y)
		if s.registers[y].finite() {
			return out, nil
		}
		// NaN times 2^±Inf is an infinity or zero for VSCALEF.
		return s.blend(t, s.unordered(t, x), x, out), nil
	case lane.CopySign:
		// The sign of a NaN counts as positive: those lanes become zero.
		ordered := s.predicate(t, y, y, 7)
		signs, i := binary(pair{asm.VANDPS, asm.VANDPD}, y, sign())
		i.under, i.zero = ordered, true
		return commutative(pair{asm.VORPS, asm.VORPD},
			commutative(pair{asm.VANDPS, asm.VANDPD}, x, rest()), signs), nil
	case lane.Neg:
		return commutative(pair{asm.VXORPS, asm.VXORPD}, x, sign()), nil
	case lane.Abs:
		return commutative(pair{asm.VANDPS, asm.VANDPD}, x, rest()), nil
	}
	return none, unsupported("%v of %v", code, t)
}

// added is old, and in the lanes of a mask x + y.
func (s avx512) added(t ir.DType, old, mask, x, y virtual) virtual {
	out := s.vector(sizeOf(t))
	i := s.add(either(t, asm.VADDPS, asm.VADDPD), out, old, x, y)
	i.under, i.destroys = mask, true
	return out
}
