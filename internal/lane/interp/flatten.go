package interp

import (
	"math/bits"

	"pullback/internal/lane"
	"pullback/ir"
)

// flattener turns a program into linear code over virtual registers.
type flattener struct {
	p         *lane.Program
	varies    []bool
	k         *kernel
	registers []register
	of        []uint32 // the register of each value, none before it is defined
	scratch   []uint32
	loops     []span
	// Of the foreach and the masked loop around the current statement:
	foreach *lane.Foreach
	mask    uint32
	masked  int32
}

// span is the code of a loop, from its first instruction to its back-edge.
type span struct{ first, last int32 }

func newSpan(first, last int) span { return span{int32(first), int32(last)} }

func flatten(p *lane.Program, block int) *kernel {
	c := &flattener{p: p, varies: p.Varies(), mask: none, masked: -1}
	c.k = &kernel{
		buffers: p.Buffers, splittable: p.Splittable(), unit: p.Unit(), extent: p.Extent(),
	}
	c.k.lanes = blockLanes(p, block)
	c.registers = make([]register, 0, len(p.Types))
	n := 0
	walkInstrs(p.Body, func(*lane.Instr) { n++ })
	c.k.code = make([]instr, 0, n) // loops and spreads need more, constants need less
	c.of = make([]uint32, len(p.Types))
	for v := range c.of {
		c.of[v] = none
	}
	for _, s := range p.Scratch {
		bytes := s.Len * c.k.lanes * s.DType.Bits() / 8
		c.scratch = append(c.scratch, c.register(register{size: (bytes + 7) &^ 7, pinned: true}))
	}
	c.constants(p.Body)
	c.block(p.Body)
	c.emit(newInstr(end, nil, 0))
	c.allocate()
	return c.k
}

// blockLanes is the width of a block: no more than any foreach has lanes, and less where the
// scratch of so many lanes would not stay in the cache.
func blockLanes(p *lane.Program, most int) int {
	extent, scratch := 1, 0
	var widest func(b lane.Block)
	widest = func(b lane.Block) {
		for _, s := range b {
			switch s := s.(type) {
			case *lane.Foreach:
				extent = max(extent, s.Extent)
			case *lane.While:
				widest(s.Body)
				widest(s.Cond)
			}
		}
	}
	widest(p.Body)
	if extent == 1 {
		return 1
	}
	for _, s := range p.Scratch {
		scratch += s.Len * s.DType.Bits() / 8
	}
	lanes := lane.Accumulators
	for lanes < min(extent, most) && 2*lanes*scratch <= 2*lane.MaxScratch {
		lanes *= 2
	}
	return lanes
}

// newInstr is an instruction without operands.
func newInstr(k control, run op, block uint8) instr {
	return instr{control: k, run: run, block: block, out: none, mask: none, masked: -1,
		in: [3]uint32{none, none, none}}
}

func (c *flattener) emit(i instr) int {
	c.k.code = append(c.k.code, i)
	return len(c.k.code) - 1
}

func (c *flattener) register(r register) uint32 {
	c.registers = append(c.registers, r)
	return uint32(len(c.registers) - 1)
}

// uniform is a new register of one number, block one of a number for each lane.
func (c *flattener) uniform() uint32 { return c.register(register{size: 8, pinned: true}) }

func (c *flattener) varying(t ir.DType) uint32 {
	return c.register(register{size: t.Bits() / 8})
}

// define gives a value its register.
func (c *flattener) define(v lane.Value) uint32 {
	if c.varies[v] {
		c.of[v] = c.varying(c.p.Types[v])
	} else {
		c.of[v] = c.uniform()
	}
	return c.of[v]
}

// constants gives every constant a register that is set when a frame is made. Equal ones share.
func (c *flattener) constants(b lane.Block) {
	type key struct {
		t    ir.DType
		bits uint64
	}
	seen := map[key]uint32{}
	var walk func(b lane.Block)
	walk = func(b lane.Block) {
		for _, s := range b {
			switch s := s.(type) {
			case *lane.Instr:
				if s.Code != lane.Const {
					continue
				}
				at := key{c.p.Types[s.Out], s.Imm}
				if _, ok := seen[at]; !ok {
					seen[at] = c.uniform()
					c.k.constants = append(c.k.constants, constant{seen[at], at.t, at.bits})
				}
				c.of[s.Out] = seen[at]
			case *lane.While:
				walk(s.Cond)
				walk(s.Body)
			case *lane.Foreach:
				walk(s.Body)
			}
		}
	}
	walk(b)
}

func (c *flattener) block(b lane.Block) {
	for _, s := range b {
		switch s := s.(type) {
		case *lane.Instr:
			if s.Out == lane.None || c.of[s.Out] == none {
				c.instr(s)
			}
		case *lane.While:
			c.loop(s)
		case *lane.Foreach:
			c.lanes(s)
		}
	}
}

func (c *flattener) lanes(f *lane.Foreach) {
	c.foreach = f
	i := newInstr(begin, nil, 0)
	i.imm, i.row = uint64(f.Extent), f.Row
	start := c.emit(i)
	if f.Extent > 0 {
		c.hoist(f.Body, c.stored(f.Body))
		first := len(c.k.code)
		c.clearScratch(f.Body)
		c.block(f.Body)
		for _, r := range f.Reductions {
			c.reduction(r)
		}
		i := newInstr(next, nil, 0)
		i.target, i.row = first, f.Row
		c.loops = append(c.loops, newSpan(first, c.emit(i)))
	}
	c.k.code[start].target = len(c.k.code)
	c.foreach = nil
}

// reduction gives a reduction its accumulators and takes the lanes' values into them.
func (c *flattener) reduction(r lane.Reduction) {
	t, many := c.p.Types[r.In[0]], c.foreach.Extent > 1
	i := newInstr(compute, reduceOp(r.Code, t), blockOf(many))
	i.out = c.register(register{size: lane.Accumulators * t.Bits() / 8, pinned: true})
	i.access, i.row = &access{lane.Access{Buffer: r.Buffer}}, c.foreach.Row
	for k, v := range r.In {
		switch {
		case v == lane.None:
		case many && !c.varies[v]:
			i.in[k] = c.spread(v)
		default:
			i.in[k] = c.of[v]
		}
	}
	c.emit(i)
}

// clearScratch sets the scratch that b uses to zero.
func (c *flattener) clearScratch(b lane.Block) {
	used := make([]bool, len(c.scratch))
	walkInstrs(b, func(i *lane.Instr) {
		if i.Code == lane.ScratchLoad || i.Code == lane.ScratchStore {
			used[i.Imm] = true
		}
	})
	for k, at := range c.scratch {
		if used[k] {
			i := newInstr(compute, scratchClear, 0)
			i.out, i.imm = at, uint64(c.registers[at].size/8)
			c.emit(i)
		}
	}
}

func blockOf(varies bool) uint8 {
	if varies {
		return 1
	}
	return 0
}

// hoist computes before a foreach what is the same in all its blocks. Every operation is total
// and so may run although the loop it stands in might not.
func (c *flattener) hoist(b lane.Block, stored []bool) {
	for _, s := range b {
		switch s := s.(type) {
		case *lane.While:
			c.hoist(s.Cond, stored)
			if !s.Rare {
				c.hoist(s.Body, stored)
			}
		case *lane.Instr:
			known := s.Out != lane.None && c.of[s.Out] == none && !c.varies[s.Out] &&
				s.Code != lane.ScratchLoad && !(s.Code == lane.Load && stored[s.Access.Buffer])
			for _, v := range s.In {
				known = known && (v == lane.None || c.of[v] != none)
			}
			if known {
				c.instr(s)
			}
		}
	}
}

// stored says for each buffer whether b writes it.
func (c *flattener) stored(b lane.Block) []bool {
	stored := make([]bool, len(c.p.Buffers))
	walkInstrs(b, func(i *lane.Instr) {
		if i.Code == lane.Store {
			stored[i.Access.Buffer] = true
		}
	})
	return stored
}

func walkInstrs(b lane.Block, visit func(*lane.Instr)) {
	lane.Walk(b, func(s lane.Stmt) {
		if i, ok := s.(*lane.Instr); ok {
			visit(i)
		}
	})
}

// spread copies a uniform value to a register of the block.
func (c *flattener) spread(v lane.Value) uint32 {
	i := newInstr(compute, moveOp(c.p.Types[v]), 1)
	i.form, i.out, i.in[0] = 1, c.varying(c.p.Types[v]), c.of[v]
	c.emit(i)
	return i.out
}

func (c *flattener) instr(s *lane.Instr) {
	i := newInstr(compute, nil, 0)
	i.imm = s.Imm
	t := c.p.Types[max(s.Out, 0)]
	switch s.Code {
	case lane.Load, lane.Store:
		i.access = &access{s.Access.Simplified()}
		t = c.p.Buffers[s.Access.Buffer].DType
		i.run = memoryOp(s.Code, t, s.In[0] != lane.None)
	case lane.ScratchLoad, lane.ScratchStore:
		t = c.p.Scratch[s.Imm].DType
		i.run = memoryOp(s.Code, t, true)
		i.in[2], i.imm = c.scratch[s.Imm], uint64(c.p.Scratch[s.Imm].Len)
	case lane.Iota:
		i.run = laneNumbers
	case lane.Lookup:
		i.run = lookupOp(s.Imm, t)
	default:
		i.run = computeOp(s.Code, t, c.p.OperandType(s))
	}
	varies := s.Out != lane.None && c.varies[s.Out]
	if s.Out == lane.None {
		// A store runs for all lanes, unless there is but one.
		varies = c.foreach != nil && c.foreach.Extent > 1
		i.mask, i.masked = c.mask, c.masked
	}
	i.block = blockOf(varies)
	c.operands(s, &i, varies)
	if s.Out != lane.None {
		i.out = c.define(s.Out)
	}
	c.emit(i)
}

// operands sets the registers that i reads, and its form: that of its op with the most uniform
// operands among those that are; the others are spread.
func (c *flattener) operands(s *lane.Instr, i *instr, varies bool) {
	in := s.In
	uniform := func(k int) bool { return varies && in[k] != lane.None && !c.varies[in[k]] }
	if commutes(s.Code) && uniform(0) && !uniform(1) {
		in[0], in[1] = in[1], in[0]
	}
	all := uint8(0)
	for k := range in {
		if uniform(k) {
			all |= 1 << k
		}
	}
	for form := range all + 1 {
		if form&^all == 0 && forms(s.Code)>>form&1 != 0 &&
			bits.OnesCount8(form) > bits.OnesCount8(i.form) {
			i.form = form
		}
	}
	for k, v := range in {
		switch {
		case v == lane.None:
		case (all&^i.form)>>k&1 != 0:
			i.in[k] = c.spread(v)
		default:
			i.in[k] = c.of[v]
		}
	}
}
