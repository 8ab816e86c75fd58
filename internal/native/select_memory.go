package native

import (
	"slices"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// bytesOf is the size of an element in memory.
func bytesOf(t ir.DType) int { return t.Bits() / 8 }

// sizeIn is the size in bytes of an element of v in a register: of a Bool, that of its mask.
func (s *selector) sizeIn(t ir.DType) int {
	if t == ir.Bool {
		return s.masks
	}
	return sizeOf(t)
}

// farAway is how many elements an instruction may reach from the beginning of a buffer.
const farAway = 1 << 24

// at is the address of an element of a buffer, for all lanes the same.
func (s *selector) at(buffer, offset int) memory {
	size := bytesOf(s.p.Buffers[buffer].DType)
	a := access{buffer: buffer}
	disp := offset * size
	if int64(offset) > farAway { // a displacement has 32 bits
		a.offset, disp = offset, 0
	}
	k := slices.Index(s.accesses, a)
	if k < 0 {
		k = len(s.accesses)
		s.accesses = append(s.accesses, a)
	}
	return memory{access: k, disp: disp, scale: size, index: none, gather: none}
}

// frameAt is a place in the frame.
func frameAt(disp int) memory {
	return memory{base: inFrame, disp: disp, index: none, gather: none}
}

// part is the address of one vector of elements that lie one after the other, the first lane's
// at m.
func (s *selector) part(m memory, size, number int) memory {
	m.number = number
	m.disp += number * s.perPart(size) * m.scale
	return m
}

// inOrder says whether the lanes' elements lie one after the other.
func inOrder(a *lane.Access) bool { return len(a.Dims) == 1 && a.Dims[0].Stride == 1 }

// load translates a load: of one element for all lanes, of elements in a row, or of each lane's.
func (s *selector) load(i *lane.Instr) (value, error) {
	a := i.Access.Simplified()
	t := s.p.Buffers[a.Buffer].DType
	indexed := i.In[0] != lane.None
	switch {
	case !s.varies[i.Out] && !indexed:
		return s.loadOne(t, s.at(a.Buffer, a.Offset)), nil
	case !s.varies[i.Out]:
		m := s.at(a.Buffer, 0)
		m.index = s.clamped(s.sum(s.values[i.In[0]].parts[0], int64(a.Offset)),
			s.p.Buffers[a.Buffer].Len)
		return s.loadOne(t, m), nil
	case inOrder(&a) && !indexed:
		return s.loadRow(t, s.row(&a, none)), nil
	case inOrder(&a) && !s.varies[i.In[0]] && t != ir.Bool:
		return s.loadIndexedRow(t, &a, i.In[0])
	}
	return s.loadEach(t, &a, i.In[0])
}

// row is the address of elements in a row, moved by an index or none.
func (s *selector) row(a *lane.Access, index virtual) memory {
	m := s.at(a.Buffer, a.Offset)
	m.lanes, m.index = true, index
	return m
}

// read appends a load.
func (s *selector) read(op asm.Op, size int, m memory) *instruction {
	i := s.add(op, s.vector(size))
	i.memory = &m
	return i
}

// loadOne loads one element for all lanes.
func (s *selector) loadOne(t ir.DType, m memory) value {
	if t == ir.Bool {
		return s.uniform(s.set.loadTruth(m), s.masks)
	}
	size := sizeOf(t)
	return s.uniform(s.read(s.broadcastOp(size), size, m).out, size)
}

// broadcastOp loads an element of size bytes into all lanes of a vector.
func (s *selector) broadcastOp(size int) asm.Op {
	switch {
	case size == 4:
		return asm.VBROADCASTSS
	case s.width(8) == asm.Bits128:
		return asm.VMOVDDUP
	}
	return asm.VBROADCASTSD
}

// loadOp and storeOp move a vector.
func loadOp(size int) asm.Op {
	if size == 4 {
		return asm.VMOVUPS
	}
	return asm.VMOVUPD
}

func storeOp(size int) asm.Op {
	if size == 4 {
		return asm.VMOVUPSS
	}
	return asm.VMOVUPDS
}

// loadRow loads elements that lie one after the other.
func (s *selector) loadRow(t ir.DType, m memory) value {
	v := value{size: s.sizeIn(t)}
	for k := range s.parts(v.size) {
		part := s.part(m, v.size, k)
		if t == ir.Bool {
			v.parts = append(v.parts, s.set.loadMask(v.size, part))
			continue
		}
		i := s.read(loadOp(v.size), v.size, part)
		i.short = true
		v.parts = append(v.parts, i.out)
	}
	return v
}

// loadIndexedRow loads a row that an index chooses, if all of it is in the buffer, and otherwise
// each element on its own, since then some addresses are clamped.
func (s *selector) loadIndexedRow(t ir.DType, a *lane.Access, index lane.Value) (value, error) {
	size := sizeOf(t)
	slow, done := s.label(), s.label()
	out := value{size: size}
	for range s.parts(size) {
		out.parts = append(out.parts, s.vector(size))
	}
	s.skipOutside(a, s.values[index].parts[0], slow)
	s.moves(out.parts, s.loadRow(t, s.row(a, s.values[index].parts[0])).parts)
	s.pseudo(skip).label = done
	s.bind(slow)
	each, err := s.loadEach(t, a, index)
	s.moves(out.parts, each.parts)
	s.bind(done)
	return out, err
}

// skipOutside goes to slow unless all elements of a row lie in their buffer.
func (s *selector) skipOutside(a *lane.Access, index virtual, slow asm.Label) {
	least := s.int64(int64(-a.Offset))
	greatest := s.int64(int64(s.p.Buffers[a.Buffer].Len - a.Offset - a.Dims[0].Extent))
	for _, c := range [][2]virtual{{least, index}, {index, greatest}} {
		test := s.set.compare(lane.LessEqual, ir.Int64, c[0], c[1])
		i := s.pseudo(skipUnless)
		i.in[0], i.label = test, slow
	}
}

// loadEach loads each lane's element from an address of its own.
func (s *selector) loadEach(t ir.DType, a *lane.Access, index lane.Value) (value, error) {
	m := s.at(a.Buffer, 0)
	at, err := s.addresses(a, index)
	if err != nil {
		return value{}, err
	}
	if t != ir.Bool {
		return s.gathers(t, m, at), nil
	}
	s.keep(atX, 8, at)
	i := s.pseudo(byLane)
	i.scalar = &scalar{op: loadEach, size: 1, word: s.masks, lanes: s.lanes, x: atX, out: atOut,
		bits: atBits, memory: m}
	out := value{size: s.masks}
	for _, p := range s.kept(atOut, s.masks) {
		out.parts = append(out.parts, s.set.compare(lane.NotEqual, s.integer(s.masks), p,
			s.constantOf(s.masks, 0)))
	}
	return out, nil
}

// integer is an integer type of that size in bytes.
func (s *selector) integer(size int) ir.DType {
	if size == 8 {
		return ir.Int64
	}
	return ir.Int32
}

// gathers loads elements of 4 or 8 bytes at the addresses of all lanes.
func (s *selector) gathers(t ir.DType, m memory, at []virtual) value {
	out := value{size: sizeOf(t)}
	for k, x := range at {
		part := m
		part.gather, part.number = x, k
		y := s.set.gather(out.size, part)
		if out.size == 4 && s.halves() == 2 && k%2 == 1 {
			last := &out.parts[len(out.parts)-1]
			*last = s.set.join(*last, y)
			continue
		}
		out.parts = append(out.parts, y)
	}
	return out
}

// keep stores the parts of a value in the frame, lane after lane; kept loads them.
func (s *selector) keep(place, size int, parts []virtual) {
	for k := range s.parts(size) {
		m := frameAt(place + k*s.width(size).Bytes())
		i := s.add(storeOp(size), none, value{parts: parts}.part(k))
		i.memory = &m
	}
}

func (s *selector) kept(place, size int) []virtual {
	var parts []virtual
	for k := range s.parts(size) {
		m := frameAt(place + k*s.width(size).Bytes())
		parts = append(parts, s.read(loadOp(size), size, m).out)
	}
	return parts
}

// store translates a store.
func (s *selector) store(i *lane.Instr) error {
	a := i.Access.Simplified()
	t := s.p.Buffers[a.Buffer].DType
	x := s.values[i.In[1]]
	if t.IsFloat() {
		c := value{size: x.size}
		for _, p := range x.parts {
			c.parts = append(c.parts, s.set.canonical(t, p))
		}
		x = c
	}
	indexed := i.In[0] != lane.None
	switch {
	case s.foreach == nil || s.foreach.Extent == 1:
		m := s.at(a.Buffer, a.Offset)
		if indexed {
			m = s.at(a.Buffer, 0)
			m.index = s.clamped(s.sum(s.values[i.In[0]].parts[0], int64(a.Offset)),
				s.p.Buffers[a.Buffer].Len)
		}
		s.storeOne(t, m, x)
	case inOrder(&a) && !indexed:
		s.storeRow(t, s.row(&a, none), x, i.In[1])
	case inOrder(&a) && !s.varies[i.In[0]]:
		slow, done := s.label(), s.label()
		index := s.values[i.In[0]].parts[0]
		s.skipOutside(&a, index, slow)
		s.storeRow(t, s.row(&a, index), x, i.In[1])
		s.pseudo(skip).label = done
		s.bind(slow)
		err := s.storeEach(t, &a, i.In[0], x, i.In[1])
		s.bind(done)
		return err
	default:
		return s.storeEach(t, &a, i.In[0], x, i.In[1])
	}
	return nil
}

// storeOne stores the one element of a uniform value.
func (s *selector) storeOne(t ir.DType, m memory, x value) {
	if t == ir.Bool {
		i := s.pseudo(storeBit)
		i.also, i.memory = x.parts[:1], &m
		return
	}
	op := asm.VMOVSDS
	if x.size == 4 {
		op = asm.VMOVSSS
	}
	s.add(op, none, x.parts[0]).memory = &m
}

// storeRow stores elements one after the other.
func (s *selector) storeRow(t ir.DType, m memory, x value, v lane.Value) {
	size := s.sizeIn(t)
	if t == ir.Bool {
		x = s.resized(x, size, s.varies[v])
	}
	under := s.underMask(size)
	for k := range s.parts(size) {
		part := s.part(m, size, k)
		if t == ir.Bool {
			s.set.storeMask(size, part, x.part(k), under.part(k))
			continue
		}
		i := s.add(storeOp(size), none, x.part(k))
		i.memory, i.short, i.under = &part, s.mask == nil, under.part(k)
	}
}

// underMask is the lanes of the loop around, which may be none: then it is none.
func (s *selector) underMask(size int) value {
	if s.mask == nil {
		return s.uniform(none, size)
	}
	return s.resized(value{s.mask, s.masks}, size, true)
}

// storeEach stores each lane's element to an address of its own.
func (s *selector) storeEach(t ir.DType, a *lane.Access, index lane.Value, x value,
	v lane.Value) error {
	at, err := s.addresses(a, index)
	if err != nil {
		return err
	}
	s.scatter(t, s.at(a.Buffer, 0), at, x, v)
	return nil
}

// scatter stores elements at the addresses of all lanes.
func (s *selector) scatter(t ir.DType, m memory, at []virtual, x value, v lane.Value) {
	size := x.size
	if t == ir.Bool {
		x = s.words(x, v)
		size = x.size
	}
	s.keep(atX, 8, at)
	s.keep(atY, size, x.parts)
	bits := atBits
	if s.mask != nil {
		bits = atChosen
		i := s.pseudo(laneBits)
		i.also, i.imm = s.mask, s.masks
	}
	i := s.pseudo(byLane)
	i.scalar = &scalar{op: storeEach, size: m.scale, word: size, lanes: s.lanes, x: atX, y: atY,
		bits: bits, memory: m}
}

// words is a Bool as integers 0 and 1 of its mask's size.
func (s *selector) words(x value, v lane.Value) value {
	x = s.resized(x, s.masks, s.varies[v])
	out := value{size: s.masks}
	for _, p := range x.parts {
		out.parts = append(out.parts, s.blendOne(s.integer(s.masks), p))
	}
	return out
}
