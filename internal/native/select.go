package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// instructionSet is what a target does its own way: operations on single vectors and masks. Each
// method appends instructions and gives the virtual register of their result. Operands of types
// of 4 and 8 bytes are vectors of the geometry's width for that size.
type instructionSet interface {
	bytes() int // of the widest vector
	maskRegister(size int) virtual
	// number is an operation on numbers that gives a number of the same type.
	number(code lane.Code, t ir.DType, in [3]virtual) (virtual, error)
	// compare gives a mask for elements of t's size: Equal, NotEqual, Less, LessEqual.
	compare(code lane.Code, t ir.DType, x, y virtual) virtual
	// blend is x where the mask holds, y elsewhere.
	blend(t ir.DType, mask, x, y virtual) virtual
	// merge writes x to the register old in the lanes of a mask.
	merge(size int, old, mask, x virtual)
	canonical(t ir.DType, x virtual) virtual
	// lookup is the elements of a table of type t, in the widest vector.
	lookup(t ir.DType, number uint64, index virtual) virtual
	// logic is And, Or, Xor, Not and Select of masks, and Const.
	logic(code lane.Code, size int, in [3]virtual, imm uint64) virtual
	mergeMask(size int, old, mask, x virtual)
	// convert goes between numbers; between sizes the vectors hold the same number of lanes.
	convert(to, from ir.DType, x virtual) (virtual, error)
	// halfOf is one half of the lanes of a vector of 4-byte elements, for convert alone. join is
	// its inverse.
	halfOf(x virtual, number int) virtual
	join(x, y virtual) virtual
	// splitMask is a mask for 4-byte elements, or the half of that number, as one for 8 bytes;
	// joinMasks is its inverse: of one mask, given twice, or of two.
	splitMask(x virtual, number int) virtual
	joinMasks(x, y virtual) virtual
	// loadMask reads a row of bytes that are Bools as a mask for elements of size bytes, storeMask
	// writes one in the lanes of another mask, or of the gang if that is none. loadTruth reads
	// one byte for all lanes.
	loadMask(size int, m memory) virtual
	storeMask(size int, m memory, x, under virtual)
	loadTruth(m memory) virtual
	// active is the mask of the lanes that the gang has.
	active(size, number int) virtual
	// gather reads elements of size bytes at m.gather, a part of 8-byte elements.
	gather(size int, m memory) virtual
}

// value is what lane values become: their parts, or one vector of equal elements if they are
// uniform. Bools are masks for elements of size bytes.
type value struct {
	parts []virtual
	size  int
}

// selector translates one statement after the other.
type selector struct {
	selection
	set     instructionSet
	p       *lane.Program
	varies  []bool
	makers  []*lane.Instr // by lane.Value: what computes it, nil for states of loops
	needed  []bool        // by lane.Value: whether anything uses it
	values  []value       // by lane.Value; no parts before they are made
	scratch []int         // places of the scratch arrays
	rest    []virtual     // see room
	masks   int           // the size for which masks are kept

	foreach *lane.Foreach
	mask    []virtual // lanes of the loop around, nil for all of the gang's
	stored  []bool    // buffers that the current foreach writes
}

// selectInstructions translates p for a set of instructions, with so many chains of them.
func selectInstructions(p *lane.Program, set func(*selector) instructionSet, chains int) (
	*selection, error) {
	s := &selector{p: p, varies: p.Varies(), makers: makers(p)}
	s.values = make([]value, len(p.Types))
	s.needed = s.findNeeded()
	s.set = set(s)
	s.geometry = s.geometryOf(s.set.bytes(), chains)
	s.choice = s.geometryOf(s.set.bytes(), chains/2) != s.geometry
	s.masks = 4
	if s.wide() {
		s.masks = 8
	}
	// About one register and instruction for each part of a value.
	n := len(p.Types)*s.parts(s.masks) + 64
	s.registers, s.code = make([]register, 0, n), make([]instruction, 0, n)
	for _, a := range p.Scratch {
		s.scratch = append(s.scratch, s.scratchBytes)
		s.scratchBytes += (a.Len*s.rowBytes(s.sizeIn(a.DType)) + slot - 1) &^ (slot - 1)
	}
	if err := s.block(p.Body); err != nil {
		return nil, err
	}
	return &s.selection, nil
}

func (s *selector) register(r register) virtual {
	if r.bounds == (bounds{}) {
		r.bounds = anything
	}
	s.registers = append(s.registers, r)
	return virtual(len(s.registers) - 1)
}

// vector is a new register for a part of elements of size bytes.
func (s *selector) vector(size int) virtual { return s.register(register{width: s.width(size)}) }

// like is a new register of the same kind and width.
func (s *selector) like(x virtual) virtual {
	return s.register(register{mask: s.registers[x].mask, width: s.registers[x].width})
}

func (s *selector) constant(t ir.DType, bits uint64) virtual {
	c := s.constantOf(sizeOf(t), bits)
	if x := floatOf(t, bits); t.IsFloat() && x == x {
		s.registers[c].bounds = bounds{x, x, true}
	}
	return c
}

// nan is the one NaN of a float type.
func (s *selector) nan(t ir.DType) virtual {
	if t == ir.Float64 {
		return s.constant(t, lane.NaN64)
	}
	return s.constant(t, uint64(lane.NaN32))
}

func (s *selector) constantOf(size int, bits uint64) virtual {
	return s.register(register{width: s.width(size), constant: true, bits: bits, size: uint8(size)})
}

// constantRow is a constant whose lanes have bytes of their own.
func (s *selector) constantRow(w asm.Width, bytes []byte) virtual {
	s.rows = append(s.rows, bytes)
	return s.register(register{width: w, constant: true, row: int32(len(s.rows))})
}

// add appends an instruction that makes out. What it returns is to be filled in before the next.
func (s *selector) add(op asm.Op, out virtual, in ...virtual) *instruction {
	i := s.plain(machine)
	i.op, i.out = op, out
	copy(i.in[:], in)
	return i
}

// plain appends an instruction without details.
func (s *selector) plain(f form) *instruction {
	s.code = append(s.code, instruction{form: f, out: none, under: none, imm: -1,
		in: [3]virtual{none, none, none}})
	return &s.code[len(s.code)-1]
}

// pseudo appends one with details.
func (s *selector) pseudo(f form) *instruction {
	i := s.plain(f)
	i.details = &details{}
	return i
}

// label is a new place in the code.
func (s *selector) label() asm.Label {
	s.labels++
	return s.labels
}

func (s *selector) bind(l asm.Label) { s.pseudo(mark).label = l }

// made says whether v exists already, computed before its turn.
func (s *selector) made(v lane.Value) bool { return s.values[v].parts != nil }

func (s *selector) block(b lane.Block) error {
	for _, stmt := range b {
		var err error
		switch stmt := stmt.(type) {
		case *lane.Instr:
			if stmt.Out == lane.None || s.needed[stmt.Out] && !s.made(stmt.Out) {
				err = s.instr(stmt)
			}
		case *lane.While:
			err = s.while(stmt)
		case *lane.Foreach:
			err = s.foreachLoop(stmt)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// part is one of v's, the one there is if v is uniform.
func (v value) part(k int) virtual {
	if len(v.parts) == 1 {
		return v.parts[0]
	}
	return v.parts[k]
}

// room is memory for the parts of a value, taken from a block for many.
func (s *selector) room(parts int) []virtual {
	if len(s.rest) < parts {
		s.rest = make([]virtual, 512)
	}
	room := s.rest[:0:parts]
	s.rest = s.rest[parts:]
	return room
}

// uniform is a value of one part.
func (s *selector) uniform(x virtual, size int) value { return value{append(s.room(1), x), size} }

// partsOf is how many parts a result of the given size has.
func (s *selector) partsOf(varies bool, size int) int {
	if !varies {
		return 1
	}
	return s.parts(size)
}

// instr translates one instruction.
func (s *selector) instr(i *lane.Instr) error {
	var out value
	var err error
	switch i.Code {
	case lane.Load:
		out, err = s.load(i)
	case lane.Store:
		return s.store(i)
	case lane.ScratchLoad:
		out, err = s.scratchLoad(i)
	case lane.ScratchStore:
		return s.scratchStore(i)
	case lane.Iota:
		out = s.iota(s.varies[i.Out])
	case lane.Const:
		if t := s.p.Types[i.Out]; t == ir.Bool {
			out = s.logic(i)
		} else {
			out = s.uniform(s.constant(t, i.Imm), sizeOf(t))
		}
	case lane.Convert:
		out, err = s.convert(s.p.Types[i.Out], s.p.Types[i.In[0]], i.In[0], s.varies[i.Out])
	default:
		if t := s.p.OperandType(i); t == ir.Bool {
			out = s.logic(i)
		} else if c, ok := s.folded(i, t); ok {
			out = s.uniform(c, sizeOf(t))
		} else {
			out, err = s.compute(i, t)
		}
	}
	if err != nil {
		return err
	}
	s.values[i.Out] = out
	return nil
}

// folded is what an operation on constants of type t gives, if that is a constant of t too.
func (s *selector) folded(i *lane.Instr, t ir.DType) (virtual, bool) {
	var in [3]uint64
	for k, v := range i.In {
		if v == lane.None {
			continue
		}
		if s.values[v].parts == nil || s.p.Types[v] != t {
			return none, false
		}
		r := s.registers[s.values[v].parts[0]]
		if !r.repeated() {
			return none, false
		}
		in[k] = r.bits
	}
	if s.p.Types[i.Out] != t {
		return none, false
	}
	return s.constant(t, lane.Scalar(i.Code, t, t, in, i.Imm)), true
}

// compute translates an operation that is done part by part.
func (s *selector) compute(i *lane.Instr, t ir.DType) (value, error) {
	size := sizeOf(t)
	reads, signs := s.operands(i)
	var in [3]value
	for k, v := range reads {
		if v == lane.None {
			continue
		}
		if in[k] = s.values[v]; i.Code == lane.Select && k == 0 {
			in[k] = s.resized(in[k], size, s.varies[v])
		}
	}
	if (i.Code == lane.Div || i.Code == lane.Rem) && t.IsInteger() {
		return s.divide(i, t, in), nil
	}
	n := s.partsOf(s.varies[i.Out], size)
	out := value{s.room(n), size}
	for k := range n {
		var x [3]virtual
		for j, v := range reads {
			if x[j] = none; v != lane.None {
				x[j] = in[j].part(k)
			}
		}
		y, err := none, error(nil)
		switch i.Code {
		case lane.FMA:
			y = s.fma(t, x, signs)
			s.boundFMA(t, x, signs, y)
		case lane.Select:
			y = s.set.blend(t, x[0], x[1], x[2])
			s.registers[y].bounds = s.chosen(i, x[1], x[2])
		case lane.Lookup:
			y = s.set.lookup(s.p.Types[i.Out], i.Imm, x[0])
		case lane.Equal, lane.NotEqual, lane.Less, lane.LessEqual:
			y = s.set.compare(i.Code, t, x[0], x[1])
		case lane.Bitcast:
			if y = x[0]; t.IsFloat() && !s.registers[y].number {
				y = s.set.canonical(t, y)
			}
		default:
			if y, err = s.set.number(i.Code, t, x); t.IsFloat() && err == nil {
				s.bound(i.Code, t, x, y)
			}
		}
		if err != nil {
			return value{}, err
		}
		out.parts = append(out.parts, y)
	}
	return out, nil
}

// logic translates an operation on Bools, for the size of one of its operands.
func (s *selector) logic(i *lane.Instr) value {
	size := s.masks
	for _, v := range i.In {
		if v != lane.None {
			size = s.values[v].size
			break
		}
	}
	var in [3]value
	for k, v := range i.In {
		if v != lane.None {
			in[k] = s.resized(s.values[v], size, s.varies[v])
		}
	}
	n := s.partsOf(s.varies[i.Out], size)
	out := value{s.room(n), size}
	for k := range n {
		x := [3]virtual{none, none, none}
		for j, v := range i.In {
			if v != lane.None {
				x[j] = in[j].part(k)
			}
		}
		out.parts = append(out.parts, s.set.logic(i.Code, size, x, i.Imm))
	}
	return out
}
