package native

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// A scratch array lies in the frame as [length][lanes of a gang]; Bools in it are words.

// rowBytes is the size of a row of elements of size bytes.
func (g geometry) rowBytes(size int) int { return g.parts(size) * g.width(size).Bytes() }

// scratchRow is the address of a row.
func (s *selector) scratchRow(array int, index virtual) memory {
	a := s.p.Scratch[array]
	m := frameAt(s.scratch[array])
	m.base = inScratch
	m.index = s.clamped(index, a.Len)
	m.scale = s.rowBytes(s.sizeIn(a.DType))
	return m
}

// scratchElements is the number of each lane's element in the array's memory.
func (s *selector) scratchElements(array int, index value) []virtual {
	size := s.sizeIn(s.p.Scratch[array].DType)
	numbers := s.laneNumbers()
	var out []virtual
	for k := range s.parts(8) {
		row := s.clamped(index.part(k), s.p.Scratch[array].Len)
		out = append(out, s.operate(lane.Add, s.times(row, s.rowBytes(size)/size), numbers[k]))
	}
	return out
}

func (s *selector) scratchLoad(i *lane.Instr) (value, error) {
	array := int(i.Imm)
	t, index := s.p.Scratch[array].DType, s.values[i.In[0]]
	word := t
	if t == ir.Bool {
		word = s.integer(s.masks)
	}
	var out value
	if !s.varies[i.In[0]] {
		m := s.scratchRow(array, index.parts[0])
		out.size = sizeOf(word)
		for k := range s.parts(out.size) {
			part := m
			part.disp += k * s.width(out.size).Bytes()
			out.parts = append(out.parts, s.read(loadOp(out.size), out.size, part).out)
		}
	} else {
		m := frameAt(s.scratch[array])
		m.base, m.scale = inScratch, sizeOf(word)
		out = s.gathers(word, m, s.scratchElements(array, index))
	}
	if t == ir.Bool {
		for k, p := range out.parts {
			out.parts[k] = s.set.compare(lane.NotEqual, word, p, s.constant(word, 0))
		}
	}
	return out, nil
}

func (s *selector) scratchStore(i *lane.Instr) error {
	array := int(i.Imm)
	t, index, x := s.p.Scratch[array].DType, s.values[i.In[0]], s.values[i.In[1]]
	if t == ir.Bool {
		x = s.words(x, i.In[1])
	}
	if s.varies[i.In[0]] {
		m := frameAt(s.scratch[array])
		m.base, m.scale = inScratch, x.size
		if t == ir.Bool {
			t = s.integer(s.masks)
		}
		s.scatter(t, m, s.scratchElements(array, index), x, i.In[1])
		return nil
	}
	m := s.scratchRow(array, index.parts[0])
	under := s.underMask(x.size)
	for k := range s.parts(x.size) {
		part := m
		part.disp += k * s.width(x.size).Bytes()
		store := s.add(storeOp(x.size), none, x.part(k))
		store.memory, store.under = &part, under.part(k)
	}
	return nil
}
