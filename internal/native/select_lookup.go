package native

import (
	"encoding/binary"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// vectorOfWords is a constant vector of words of size bytes.
func (s *selector) vectorOfWords(size int, words []uint64) virtual {
	bytes := make([]byte, 0, size*len(words))
	for _, w := range words {
		if size == 8 {
			bytes = binary.LittleEndian.AppendUint64(bytes, w)
		} else {
			bytes = binary.LittleEndian.AppendUint32(bytes, uint32(w))
		}
	}
	return s.constantRow(widthOf(len(bytes)), bytes)
}

// lookup permutes a table, a vector of Float32 or two of Float64.
func (s avx512) lookup(t ir.DType, number uint64, index virtual) virtual {
	table := lane.Table(number, t)
	out := s.vector(sizeOf(t))
	if t == ir.Float32 {
		s.add(asm.VPERMPS, out, index, s.vectorOfWords(4, table[:])).whole = true
		return out
	}
	low, high := s.vectorOfWords(8, table[:8]), s.vectorOfWords(8, table[8:])
	i := s.add(asm.VPERMT2PD, out, low, index, high)
	i.whole, i.destroys = true, true
	return out
}

// lookup permutes the halves of a table, of Float64 the low and the high words separately, and
// chooses by the fourth bit of the index.
func (s avx2) lookup(t ir.DType, number uint64, index virtual) virtual {
	table := lane.Table(number, t)
	permuted := func(index virtual, words []uint64) virtual {
		out := s.vector(sizeOf(t))
		s.add(asm.VPERMPS, out, index, s.vectorOfWords(4, words)).whole = true
		return out
	}
	fourth := s.immediate(sizeOf(t), leftBy, t.Bits()-4, index)
	if t == ir.Float32 {
		return s.blend(t, fourth, permuted(index, table[8:]), permuted(index, table[:8]))
	}
	twice := s.vector(8)
	s.add(asm.VPSHUFD, twice, index).imm = 0b10_10_00_00 // in both words of an element
	var high [lane.TableLen]uint64
	for k, w := range table {
		high[k] = w >> 32
	}
	half := func(first int) virtual {
		out, last := s.vector(8), first+lane.TableLen/2
		low := permuted(twice, table[first:last])
		s.add(asm.VBLENDPS, out, low, permuted(twice, high[first:last])).imm = 0b10101010
		return out
	}
	return s.blend(t, fourth, half(8), half(0))
}
