package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// selector translates one instruction after the other.
type selector struct {
	selection
	p      *lane.Program
	values []virtual // by lane.Value
}

// selectInstructions translates p, which must be one foreach of straight-line code, and uniform
// instructions before it.
func selectInstructions(p *lane.Program) (*selection, error) {
	if !p.Splittable() {
		return nil, unsupported("loops, reductions, or several foreach loops")
	}
	s := &selector{p: p, values: make([]virtual, len(p.Types))}
	s.registers = []register{{mask: true}} // active
	var before, body lane.Block
	for _, stmt := range p.Body {
		if f, ok := stmt.(*lane.Foreach); ok {
			body = f.Body
		} else {
			before = append(before, stmt)
		}
	}
	// What nothing needs need not be supported: the number of the lane, above all.
	needed := make([]bool, len(p.Types))
	body = live(body, needed)
	before = live(before, needed)
	s.gang = 16
	for v, t := range p.Types {
		if needed[v] && t.Bits() == 64 {
			s.gang = 8
		}
	}
	for k, block := range []lane.Block{before, body} {
		if k == 1 {
			s.loop = len(s.code)
		}
		for _, stmt := range block {
			i, ok := stmt.(*lane.Instr)
			if !ok {
				return nil, unsupported("a loop in a foreach")
			}
			if err := s.instr(i); err != nil {
				return nil, err
			}
		}
	}
	return &s.selection, nil
}

// live is b without the instructions whose results nothing needs.
func live(b lane.Block, needed []bool) lane.Block {
	var out lane.Block
	for k := len(b) - 1; k >= 0; k-- {
		if i, ok := b[k].(*lane.Instr); ok {
			if i.Out != lane.None && !needed[i.Out] {
				continue
			}
			for _, v := range i.In {
				if v != lane.None {
					needed[v] = true
				}
			}
			if i.Out == lane.None { // a store needs its element's type
				needed[i.In[1]] = true
			}
		}
		out = append(out, b[k])
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// width is that of a vector of a gang's numbers of type t.
func (s *selector) width(t ir.DType) asm.Width {
	if s.gang*t.Bits() == 512 {
		return asm.Bits512
	}
	return asm.Bits256
}

func (s *selector) register(r register) virtual {
	s.registers = append(s.registers, r)
	return virtual(len(s.registers) - 1)
}

func (s *selector) vector(t ir.DType) virtual { return s.register(register{width: s.width(t)}) }
func (s *selector) mask() virtual             { return s.register(register{mask: true}) }

func (s *selector) constant(t ir.DType, bits uint64) virtual {
	return s.register(register{width: s.width(t), constant: true, bits: bits, size: t.Bits() / 8})
}

// add appends an instruction that makes out. What it returns is to be filled in before the next.
func (s *selector) add(op asm.Op, out virtual, in ...virtual) *instruction {
	i := instruction{op: op, out: out, in: [3]virtual{none, none, none}, under: none, imm: -1,
		access: -1}
	copy(i.in[:], in)
	s.code = append(s.code, i)
	return &s.code[len(s.code)-1]
}

// instr translates one instruction.
func (s *selector) instr(i *lane.Instr) error {
	var in [3]virtual
	for k, v := range i.In {
		in[k] = none
		if v != lane.None {
			in[k] = s.values[v]
		}
	}
	out, err := none, error(nil)
	switch t := s.operandType(i); {
	case i.Code == lane.Load || i.Code == lane.Store:
		out, err = s.memory(i, in)
	case i.Code == lane.Iota:
		out = s.iota()
	case i.Code == lane.Const && t != ir.Bool:
		out = s.constant(t, i.Imm)
	case i.Code == lane.Bitcast:
		out = s.bitcast(t, in[0])
	case i.Code == lane.Convert:
		out, err = s.convert(s.p.Types[i.Out], t, in[0])
	case t == ir.Bool:
		out, err = s.logic(i, in)
	case t.IsFloat():
		out, err = s.float(i.Code, t, in)
	default:
		out, err = s.integer(i.Code, t, in)
	}
	if i.Out != lane.None {
		s.values[i.Out] = out
	}
	return err
}

func (s *selector) operandType(i *lane.Instr) ir.DType {
	if i.Code == lane.Store {
		return s.p.Types[i.In[1]]
	}
	return s.p.OperandType(i)
}

// memory translates loads and stores of elements in a row, and loads of one for all.
func (s *selector) memory(i *lane.Instr, in [3]virtual) (virtual, error) {
	a := i.Access.Simplified()
	t := s.p.Buffers[a.Buffer].DType
	if in[0] != none || len(a.Dims) > 1 || len(a.Dims) == 1 && a.Dims[0].Stride != 1 {
		return none, unsupported("%v of elements that are not in a row", i.Code)
	}
	s.accesses = append(s.accesses, access{a.Buffer, a.Offset, t.Bits() / 8,
		len(a.Dims) == 0 && i.Code == lane.Load})
	at := len(s.accesses) - 1
	if i.Code == lane.Store {
		s.store(t, at, in[1])
		return none, nil
	}
	return s.load(t, at), nil
}

func (s *selector) load(t ir.DType, at int) virtual {
	uniform := s.accesses[at].uniform
	if t == ir.Bool {
		bytes, out := s.register(register{width: asm.Bits128}), s.mask()
		if uniform {
			s.add(asm.VPBROADCASTB, bytes).access = at
		} else {
			i := s.add(asm.VMOVDQU8, bytes)
			i.access, i.under, i.zero, i.always = at, active, true, true
		}
		s.add(asm.VPTESTMB, out, bytes, bytes)
		return out
	}
	out := s.vector(t)
	if uniform {
		s.add(either(t, asm.VBROADCASTSS, asm.VBROADCASTSD), out).access = at
		return out
	}
	i := s.add(either(t, asm.VMOVUPS, asm.VMOVUPD), out)
	i.access, i.under, i.zero = at, active, true
	return out
}

func (s *selector) store(t ir.DType, at int, x virtual) {
	op := either(t, asm.VMOVUPSS, asm.VMOVUPDS)
	if t == ir.Bool {
		ones := s.register(register{width: asm.Bits128, constant: true, bits: 0x01010101, size: 4})
		y := s.register(register{width: asm.Bits128})
		i := s.add(asm.VMOVDQU8, y, ones)
		i.under, i.zero, i.always = x, true, true
		op, x = asm.VMOVDQU8S, y
	} else if t.IsFloat() {
		x = s.canonical(t, x)
	}
	i := s.add(op, none, x)
	i.access, i.under, i.always = at, active, t == ir.Bool
}

// canonical is x with the one NaN in the place of all.
func (s *selector) canonical(t ir.DType, x virtual) virtual {
	nan := uint64(lane.NaN32)
	if t == ir.Float64 {
		nan = lane.NaN64
	}
	unordered, out := s.compare(t, x, x, 3), s.vector(t)
	s.add(either(t, asm.VBLENDMPS, asm.VBLENDMPD), out, x, s.constant(t, nan)).under = unordered
	return out
}

// either is the instruction for elements of t's size, 4 or 8 bytes.
func either(t ir.DType, single, double asm.Op) asm.Op {
	if t.Bits() == 64 {
		return double
	}
	return single
}

// compare is a mask of the lanes for which a predicate of VCMP holds.
func (s *selector) compare(t ir.DType, x, y virtual, predicate int) virtual {
	out := s.mask()
	s.add(either(t, asm.VCMPPSK, asm.VCMPPDK), out, x, y).imm = predicate
	return out
}
