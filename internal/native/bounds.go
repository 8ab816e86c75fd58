package native

import (
	"math"

	"pullback/internal/lane"
	"pullback/ir"
)

// bounds are what is known of a float: its range, unless it is NaN, and that it is a number.
type bounds struct {
	low, high float64
	number    bool
}

var anything = bounds{math.Inf(-1), math.Inf(1), false}

// finite says whether no lane of a float is infinite.
func (b bounds) finite() bool { return b.low > math.Inf(-1) && b.high < math.Inf(1) }

func (b bounds) plus(c bounds) bounds {
	return bounds{b.low + c.low, b.high + c.high, b.number && c.number && b.finite() && c.finite()}
}

func (b bounds) negated() bounds { return bounds{-b.high, -b.low, b.number} }

func (b bounds) times(c bounds) bounds {
	out := bounds{math.Inf(1), math.Inf(-1), b.number && c.number && b.finite() && c.finite()}
	for _, x := range [4]float64{b.low * c.low, b.low * c.high, b.high * c.low, b.high * c.high} {
		if math.IsNaN(x) {
			return anything
		}
		out.low, out.high = min(out.low, x), max(out.high, x)
	}
	return out
}

// bound notes what can be said of the result of an operation on floats of type t.
func (s *selector) bound(code lane.Code, t ir.DType, in [3]virtual, out virtual) {
	of := func(k int) bounds { return s.registers[in[k]].bounds }
	b := anything
	switch code {
	case lane.Add:
		b = of(0).plus(of(1))
	case lane.Sub:
		b = of(0).plus(of(1).negated())
	case lane.Abs:
		x := of(0)
		b = bounds{max(0, x.low, -x.high), max(x.high, -x.low), x.number}
	case lane.Min:
		x, y := of(0), of(1)
		b = bounds{min(x.low, y.low), min(x.high, y.high), x.number && y.number}
	case lane.Max:
		x, y := of(0), of(1)
		b = bounds{max(x.low, y.low), max(x.high, y.high), x.number && y.number}
	case lane.Mul:
		b = of(0).times(of(1))
	case lane.Round, lane.Floor, lane.Ceil, lane.Trunc:
		b = bounds{math.Floor(of(0).low), math.Ceil(of(0).high), of(0).number}
	case lane.Neg:
		b = of(0).negated()
	}
	s.registers[out].bounds = b.rounded(t)
}

// boundFMA is bound for ±x*y ± z.
func (s *selector) boundFMA(t ir.DType, in [3]virtual, signs int, out virtual) {
	product := s.registers[in[0]].bounds.times(s.registers[in[1]].bounds)
	addend := s.registers[in[2]].bounds
	if signs&2 != 0 {
		product = product.negated()
	}
	if signs&1 != 0 {
		addend = addend.negated()
	}
	s.registers[out].bounds = product.plus(addend).rounded(t)
}

// chosen is what can be said of a selection among x and y: of x also what the condition says.
func (s *selector) chosen(i *lane.Instr, x, y virtual) bounds {
	b, c := s.registers[x].bounds, s.registers[y].bounds
	s.restrictBounds(&b, i.In[0], i.In[1])
	return bounds{min(b.low, c.low), max(b.high, c.high), b.number && c.number}
}

// restrictBounds adds to the bounds of v what holds where a condition does.
func (s *selector) restrictBounds(b *bounds, condition, v lane.Value) {
	i := s.makers[condition]
	if i == nil {
		return
	}
	switch i.Code {
	case lane.And:
		s.restrictBounds(b, i.In[0], v)
		s.restrictBounds(b, i.In[1], v)
	case lane.Less, lane.LessEqual:
		x, y := i.In[0], i.In[1]
		of := s.makers[x]
		switch {
		case x == v:
			b.high, b.number = min(b.high, s.most(y)), true
		case y == v:
			b.low, b.number = max(b.low, -s.most(x)), true
		case of != nil && of.Code == lane.Abs && of.In[0] == v:
			b.low, b.high, b.number = max(b.low, -s.most(y)), min(b.high, s.most(y)), true
		}
	}
}

// most is the greatest magnitude of a value that has been made.
func (s *selector) most(v lane.Value) float64 {
	most := 0.0
	for _, p := range s.values[v].parts {
		r := s.registers[p]
		most = max(most, -r.low, r.high)
	}
	return most
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
		if r := s.registers[k[0]]; r.repeated() {
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
