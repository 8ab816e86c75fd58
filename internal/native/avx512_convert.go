package native

import (
	"pullback/internal/native/asm"
	"pullback/ir"
)

// conversions are instructions from one type to another, but to integers from floats.
var conversions = map[[2]ir.DType]asm.Op{
	{ir.Float32, ir.Float64}: asm.VCVTPS2PD,
	{ir.Float64, ir.Float32}: asm.VCVTPD2PS,
	{ir.Int32, ir.Float32}:   asm.VCVTDQ2PS,
	{ir.Int32, ir.Float64}:   asm.VCVTDQ2PD,
	{ir.Uint32, ir.Float32}:  asm.VCVTUDQ2PS,
	{ir.Uint32, ir.Float64}:  asm.VCVTUDQ2PD,
	{ir.Int64, ir.Float32}:   asm.VCVTQQ2PS,
	{ir.Int64, ir.Float64}:   asm.VCVTQQ2PD,
	{ir.Uint64, ir.Float32}:  asm.VCVTUQQ2PS,
	{ir.Uint64, ir.Float64}:  asm.VCVTUQQ2PD,
	{ir.Int32, ir.Int64}:     asm.VPMOVSXDQ,
	{ir.Int32, ir.Uint64}:    asm.VPMOVSXDQ,
	{ir.Uint32, ir.Int64}:    asm.VPMOVZXDQ,
	{ir.Uint32, ir.Uint64}:   asm.VPMOVZXDQ,
	{ir.Int64, ir.Int32}:     asm.VPMOVQD,
	{ir.Int64, ir.Uint32}:    asm.VPMOVQD,
	{ir.Uint64, ir.Int32}:    asm.VPMOVQD,
	{ir.Uint64, ir.Uint32}:   asm.VPMOVQD,
}

// truncations are those to integers from floats.
var truncations = map[[2]ir.DType]asm.Op{
	{ir.Float32, ir.Int32}:  asm.VCVTTPS2DQ,
	{ir.Float32, ir.Uint32}: asm.VCVTTPS2UDQ,
	{ir.Float32, ir.Int64}:  asm.VCVTTPS2QQ,
	{ir.Float32, ir.Uint64}: asm.VCVTTPS2UQQ,
	{ir.Float64, ir.Int32}:  asm.VCVTTPD2DQ,
	{ir.Float64, ir.Uint32}: asm.VCVTTPD2UDQ,
	{ir.Float64, ir.Int64}:  asm.VCVTTPD2QQ,
	{ir.Float64, ir.Uint64}: asm.VCVTTPD2UQQ,
}

// firstTooLarge is the least float that a signed integer cannot be: 2^31 or 2^63.
var firstTooLarge = map[[2]ir.DType]uint64{
	{ir.Float32, ir.Int32}: (127 + 31) << 23,
	{ir.Float32, ir.Int64}: (127 + 63) << 23,
	{ir.Float64, ir.Int32}: (1023 + 31) << 52,
	{ir.Float64, ir.Int64}: (1023 + 63) << 52,
}

// convert translates conversions of numbers and Bools.
func (s avx512) convert(to, from ir.DType, x virtual) (virtual, error) {
	out := s.vector(sizeOf(to))
	switch {
	case from.IsFloat() && to.IsInteger():
		return s.saturate(to, from, x), nil
	case from.IsInteger() && from.Bits() == to.Bits() && to.IsInteger():
		return x, nil
	}
	op, ok := conversions[[2]ir.DType{from, to}]
	if !ok {
		return none, unsupported("convert %v to %v", from, to)
	}
	s.add(op, out, x)
	return out, nil
}

// saturate is a float truncated to the nearest integer there is, 0 for NaN.
func (s avx512) saturate(to, from ir.DType, x virtual) virtual {
	op := truncations[[2]ir.DType{from, to}]
	// What does not fit becomes the least signed number, or the greatest unsigned one.
	const ordered, greater, notLess = 7, 0x1e, 0x1d
	zero, predicate := s.constant(from, 0), ordered
	if !signed(to) {
		predicate = greater
	}
	within := s.predicate(from, x, zero, predicate)
	out := s.vector(sizeOf(to))
	i := s.add(op, out, x)
	i.under, i.zero = within, true
	if !signed(to) {
		return out
	}
	above := firstTooLarge[[2]ir.DType{from, to}]
	large := s.predicate(from, x, s.constant(from, above), notLess)
	return s.blend(to, large, s.constant(to, 1<<(to.Bits()-1)-1), out)
}
