package native

import (
	"encoding/binary"
	"math"
	"math/bits"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// maxExtent bounds the numbers of lanes that are divided into coordinates.
const maxExtent = 1 << 31

func (s *selector) int64(x int64) virtual { return s.constant(ir.Int64, uint64(x)) }

// operate is an operation on vectors of int64 that every set of instructions has.
func (s *selector) operate(code lane.Code, x, y virtual) virtual {
	out, err := s.set.number(code, ir.Int64, [3]virtual{x, y, none})
	if err != nil {
		panic(err)
	}
	return out
}

// sum is x + n.
func (s *selector) sum(x virtual, n int64) virtual {
	if n == 0 {
		return x
	}
	return s.operate(lane.Add, x, s.int64(n))
}

// clamped is an address moved into a buffer of n elements.
func (s *selector) clamped(x virtual, n int) virtual {
	if r := s.registers[x]; r.repeated() {
		return s.int64(max(0, min(int64(r.bits), int64(n-1))))
	}
	return s.operate(lane.Min, s.operate(lane.Max, x, s.int64(0)), s.int64(int64(n-1)))
}

// laneNumbers is 0, 1, … in the lanes of a gang.
func (s *selector) laneNumbers() []virtual {
	var out []virtual
	for k := range s.parts(8) {
		var bytes []byte
		for j := range s.width(8).Bytes() / 8 {
			bytes = binary.LittleEndian.AppendUint64(bytes, uint64(k*s.perPart(8)+j))
		}
		out = append(out, s.constantRow(s.width(8), bytes))
	}
	return out
}

// iota is the numbers of a gang's lanes in the foreach, zero if it has but one.
func (s *selector) iota(varies bool) value {
	if !varies {
		return s.uniform(s.int64(0), 8)
	}
	first := s.read(s.broadcastOp(8), 8, frameAt(atLane)).out
	out := value{size: 8}
	for _, n := range s.laneNumbers() {
		out.parts = append(out.parts, s.operate(lane.Add, first, n))
	}
	return out
}

// addresses is the elements that the lanes read or write, as parts of 8-byte elements, clamped
// into the buffer if there is an index.
func (s *selector) addresses(a *lane.Access, index lane.Value) ([]virtual, error) {
	if len(a.Dims) > 0 && int64(s.foreach.Extent) >= maxExtent {
		return nil, unsupported("coordinates of 2^31 lanes and more")
	}
	var lanes value
	if len(a.Dims) > 0 {
		lanes = s.iota(true)
	}
	var out []virtual
	for k := range s.parts(8) {
		at := s.int64(int64(a.Offset))
		if len(a.Dims) > 0 {
			at = s.coordinates(lanes.parts[k], a)
		}
		if index != lane.None {
			at = s.operate(lane.Add, s.values[index].part(k), at)
			at = s.clamped(at, s.p.Buffers[a.Buffer].Len)
		}
		out = append(out, at)
	}
	return out, nil
}

// coordinates is the addresses of lanes: their coordinates times the strides.
func (s *selector) coordinates(lanes virtual, a *lane.Access) virtual {
	at := none
	for j := len(a.Dims) - 1; j >= 0; j-- {
		d, coordinate := a.Dims[j], lanes
		if j > 0 {
			lanes = s.quotient(lanes, d.Extent)
			coordinate = s.operate(lane.Sub, coordinate, s.times(lanes, d.Extent))
		}
		switch {
		case d.Stride == 0:
		case at == none:
			at = s.times(coordinate, d.Stride)
		default:
			at = s.operate(lane.Add, at, s.times(coordinate, d.Stride))
		}
	}
	if at == none { // all of one element, with an index
		return s.int64(int64(a.Offset))
	}
	return s.sum(at, int64(a.Offset))
}

// times is x n for 0 <= x < 2^31.
func (s *selector) times(x virtual, n int) virtual {
	switch {
	case n == 1:
		return x
	case n < 0 || int64(n) > math.MaxUint32:
		return s.operate(lane.Mul, x, s.int64(int64(n)))
	}
	out := s.vector(8)
	s.add(asm.VPMULUDQ, out, x, s.int64(int64(n)))
	return out
}

// quotient is x / d for 0 <= x < 2^31: a product with 2^n/d rounded up, shifted right by n, which
// is exact for n = 31 + ⌈log2 d⌉ (Granlund and Montgomery, "Division by invariant integers using
// multiplication", PLDI 1994, theorem 4.2).
func (s *selector) quotient(x virtual, d int) virtual {
	n := 31 + bits.Len(uint(d-1))
	reciprocal := (uint64(1)<<n + uint64(d) - 1) / uint64(d)
	product := s.vector(8)
	s.add(asm.VPMULUDQ, product, x, s.int64(int64(reciprocal)))
	out := s.vector(8)
	s.add(asm.VPSRLQI, out, product).imm = n
	return out
}
