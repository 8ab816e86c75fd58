package native

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// halves is how many vectors of 8-byte elements have the lanes of one of 4-byte elements: one, of
// twice the width, or two.
func (g geometry) halves() int { return g.parts(8) / g.parts(4) }

// resized is the mask v for elements of another size.
func (s *selector) resized(v value, size int, varies bool) value {
	if v.size == size {
		return v
	}
	out := value{size: size}
	for k := range s.partsOf(varies, size) {
		var p virtual
		if size == 8 {
			p = s.set.splitMask(v.part(k/s.halves()), k%s.halves())
		} else {
			p = s.set.joinMasks(v.part(k*s.halves()), v.part((k+1)*s.halves()-1))
		}
		out.parts = append(out.parts, p)
	}
	return out
}

// convert translates a conversion.
func (s *selector) convert(to, from ir.DType, x lane.Value, varies bool) (value, error) {
	v, out := s.values[x], value{size: sizeOf(to)}
	switch {
	case to == from:
		return v, nil
	case to == ir.Bool:
		zero := s.constant(from, 0)
		for _, p := range v.parts {
			out.parts = append(out.parts, s.set.compare(lane.NotEqual, from, p, zero))
		}
		out.size = v.size
		return out, nil
	case from == ir.Bool:
		for _, p := range s.resized(v, out.size, varies).parts {
			out.parts = append(out.parts, s.blendOne(to, p))
		}
		return out, nil
	}
	for k := range s.partsOf(varies, out.size) {
		y, err := none, error(nil)
		switch {
		case v.size == out.size || s.halves() == 1:
			y, err = s.set.convert(to, from, v.part(k))
		case out.size == 8:
			y, err = s.set.convert(to, from, s.set.halfOf(v.part(k/2), k%2))
		default:
			var low, high virtual
			if low, err = s.set.convert(to, from, v.part(2*k)); err != nil {
				break
			}
			if high = low; varies {
				high, err = s.set.convert(to, from, v.part(2*k+1))
			}
			y = s.set.join(low, high)
		}
		if err != nil {
			return value{}, err
		}
		out.parts = append(out.parts, y)
	}
	return out, nil
}

// blendOne is the number one of type t where the mask holds, and zero elsewhere.
func (s *selector) blendOne(t ir.DType, mask virtual) virtual {
	one := uint64(1)
	switch t {
	case ir.Float32:
		one = 0x3f80_0000
	case ir.Float64:
		one = 1023 << 52
	}
	return s.set.blend(t, mask, s.constant(t, one), s.constant(t, 0))
}
