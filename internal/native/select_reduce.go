package native

import (
	"encoding/binary"

	"pullback/internal/lane"
	"pullback/ir"
)

// reduce combines a gang's values into the accumulators of the current block of lanes, which are
// where they end: in the reduction's buffer. A gang has as many lanes as there are accumulators,
// or twice or four times as many, which are then combined in turn; or a part of that. None reaches
// over the end of a row.
func (s *selector) reduce(r lane.Reduction, f *foreach) error {
	t := s.p.Types[r.In[0]]
	m := s.at(r.Buffer, 0)
	m.block = f
	s.startBlock(r.Code, t, m)
	size := s.sizeIn(t)
	var in [2]value
	for k, v := range r.In {
		if v == lane.None {
			continue
		}
		if in[k] = s.values[v]; t == ir.Bool {
			in[k] = s.resized(in[k], size, s.varies[v])
		}
	}
	for k := range s.parts(size) {
		at := m
		at.number = k
		at.gang = s.lanes < lane.Accumulators
		at.disp += k * s.perPart(size) % lane.Accumulators * m.scale
		x := in[0].part(k)
		if t == ir.Bool {
			acc := s.set.loadMask(size, at)
			acc = s.set.logic(r.Code, size, [3]virtual{acc, x, none}, 0)
			s.set.storeMask(size, at, acc, none)
			continue
		}
		load := s.read(loadOp(size), size, at)
		load.short = true
		acc, err := none, error(nil)
		if r.Code == lane.FMA {
			acc = s.fma(t, [3]virtual{x, in[1].part(k), load.out}, 0)
		} else if acc, err = s.set.number(r.Code, t, [3]virtual{load.out, x, none}); err != nil {
			return err
		}
		store := s.add(storeOp(size), none, acc)
		store.memory, store.short = &at, true
	}
	if t.IsFloat() {
		s.endBlock(t, m)
	}
	return nil
}

// endBlock makes all NaNs of the accumulators the one NaN if a block ends: they are seen now.
func (s *selector) endBlock(t ir.DType, m memory) {
	inside := s.label()
	i := s.pseudo(skipInside)
	i.label, i.foreach = inside, m.block
	size := sizeOf(t)
	for k := 0; k < lane.Accumulators*size; k += s.width(size).Bytes() {
		at := m
		at.disp += k
		x := s.set.canonical(t, s.read(loadOp(size), size, at).out)
		s.add(storeOp(size), none, x).memory = &at
	}
	s.bind(inside)
}

// startBlock writes the identity to the accumulators if a block begins.
func (s *selector) startBlock(code lane.Code, t ir.DType, m memory) {
	begun := s.label()
	i := s.pseudo(skipBegun)
	i.label, i.foreach = begun, m.block
	var bytes []byte
	for range lane.Accumulators {
		bits := lane.IdentityBits(code, t)
		bytes = append(bytes, binary.LittleEndian.AppendUint64(nil, bits)[:bytesOf(t)]...)
	}
	// Bools take 16 bytes, other types a multiple of that.
	width := min(len(bytes), s.bytes)
	for k := 0; k < len(bytes); k += width {
		at := m
		at.disp += k
		c := s.constantRow(widthOf(width), bytes[k:k+width])
		s.add(storeOp(8), none, c).memory = &at
	}
	s.bind(begun)
}
