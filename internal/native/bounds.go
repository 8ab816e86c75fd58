package native

import (
	"math"

	"pullback/internal/lane"
	"pullback/ir"
)

// bounds are what is known of a float besides that it may be NaN.
type bounds struct{ low, high float64 }

var anything = bounds{math.Inf(-1), math.Inf(1)}

// finite says whether no lane of a float is infinite.
func (r register) finite() bool { return r.low > math.Inf(-1) && r.high < math.Inf(1) }

// bound notes what can be said of the result of an operation on floats of type t.
func (s *selector) bound(code lane.Code, t ir.DType, in [3]virtual, out virtual) {
	of := func(k int) bounds { return s.registers[in[k]].bounds }
	b := anything
	switch code {
	case lane.Add:
		x, y := of(0), of(1)
		b = bounds{x.low + y.low, x.high + y.high}
	case lane.Sub:
		x, y := of(0), of(1)
		b = bounds{x.low - y.high, x.high - y.low}
	case lane.Abs:
		x := of(0)
		b = bounds{max(0, x.low, -x.high), max(x.high, -x.low)}
	case lane.Min:
		x, y := of(0), of(1)
		b = bounds{min(x.low, y.low), min(x.high, y.high)}
	case lane.Max:
		x, y := of(0), of(1)
		b = bounds{max(x.low, y.low), max(x.high, y.high)}
	case lane.Mul:
		x, y := of(0), of(1)
		corners := []float64{x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high}
		b = bounds{math.Inf(1), math.Inf(-1)}
		for _, c := range corners {
			if math.IsNaN(c) {
				c = math.Inf(1)
				b.low = -c
			}
			b.low, b.high = min(b.low, c), max(b.high, c)
		}
	case lane.Round, lane.Floor, lane.Ceil, lane.Trunc:
		b = bounds{math.Floor(of(0).low), math.Ceil(of(0).high)}
	case lane.Neg:
		b = bounds{-of(0).high, -of(0).low}
	}
	s.registers[out].bounds = b.rounded(t)
}

// rounded is b for results that are rounded to t; those that overflow are infinite.
func (b bounds) rounded(t ir.DType) bounds {
	if t == ir.Float32 {
		down, up := float32(math.Inf(-1)), float32(math.Inf(1))
		b.low = float64(math.Nextafter32(float32(b.low), down))
		b.high = float64(math.Nextafter32(float32(b.high), up))
	}
	if math.IsNaN(b.low) || math.IsNaN(b.high) {
		return anything
	}
	return b
}

// plainConstant is the constant among x and y that is neither zero nor NaN, and the other one.
// The instructions for minima and maxima give their second operand if one is a NaN or both are
// zeros: with such a constant first that is right.
func (s *selector) plainConstant(t ir.DType, x, y virtual) (c, z virtual, ok bool) {
	for _, k := range [][2]virtual{{x, y}, {y, x}} {
		if r := s.registers[k[0]]; r.constant && r.bytes == nil {
			v := floatOf(t, r.bits)
			return k[0], k[1], v != 0 && v == v
		}
	}
	return none, none, false
}

func floatOf(t ir.DType, bits uint64) float64 {
	if t == ir.Float32 {
		return float64(math.Float32frombits(uint32(bits)))
	}
	return math.Float64frombits(bits)
}
