package lane

import "pullback/ir"

// Reference runs a verified program one lane after the other, by its definition: the oracle of
// the executors. Buffers are bound as in Frame.Start; those written are no fills.
func Reference(p *Program, buffers []ir.Array) {
	r := &reference{p: p, buffers: buffers, env: make([]uint64, len(p.Types))}
	r.block(p.Body)
}

type reference struct {
	p       *Program
	buffers []ir.Array
	env     []uint64
	scratch [][]uint64
	lane    int
}

func (r *reference) block(b Block) {
	for _, s := range b {
		switch s := s.(type) {
		case *Instr:
			r.instr(s)
		case *While:
			r.loop(s)
		case *Foreach:
			r.foreach(s)
		}
	}
}

func (r *reference) foreach(f *Foreach) {
	r.scratch = make([][]uint64, len(r.p.Scratch))
	for i, s := range r.p.Scratch {
		r.scratch[i] = make([]uint64, s.Len)
	}
	for r.lane = range f.Extent {
		for i := range r.scratch {
			clear(r.scratch[i])
		}
		r.block(f.Body)
		for _, d := range f.Reductions {
			r.reduce(f.Row, d)
		}
	}
}

// reduce combines the lane's value into its accumulator.
func (r *reference) reduce(row int, d Reduction) {
	partials, t := r.buffers[d.Buffer], r.p.Buffers[d.Buffer].DType
	block, _ := BlockOf(row, r.lane)
	for j := range Accumulators {
		if r.lane%row%ReduceBlock == 0 {
			partials.SetBits(block*Accumulators+j, IdentityBits(d.Code, t))
		}
	}
	at := block*Accumulators + r.lane%row%Accumulators
	in := [3]uint64{partials.Bits(at), r.env[d.In[0]]}
	if d.Code == FMA {
		in = [3]uint64{r.env[d.In[0]], r.env[d.In[1]], partials.Bits(at)}
	}
	partials.SetBits(at, Canonical(t, Scalar(d.Code, t, t, in, 0)))
}

func (r *reference) loop(w *While) {
	assign := func(to, from []Value) {
		bits := make([]uint64, len(from))
		for i, v := range from {
			bits[i] = r.env[v]
		}
		for i, v := range to {
			r.env[v] = bits[i]
		}
	}
	assign(w.State, w.Init)
	for {
		r.block(w.Cond)
		if r.env[w.Test] == 0 {
			return
		}
		r.block(w.Body)
		assign(w.State, w.Next)
	}
}

func (r *reference) instr(i *Instr) {
	var in [3]uint64
	for k, v := range i.In {
		if v != None {
			in[k] = r.env[v]
		}
	}
	switch i.Code {
	case Iota:
		r.env[i.Out] = uint64(r.lane)
	case Load:
		r.env[i.Out] = r.buffers[i.Access.Buffer].Bits(r.address(i, in[0]))
	case Store:
		t := r.p.Buffers[i.Access.Buffer].DType
		r.buffers[i.Access.Buffer].SetBits(r.address(i, in[0]), Canonical(t, in[1]))
	case ScratchLoad:
		array := r.scratch[i.Imm]
		r.env[i.Out] = array[clamp(int64(in[0]), len(array))]
	case ScratchStore:
		array := r.scratch[i.Imm]
		array[clamp(int64(in[0]), len(array))] = in[1]
	default:
		r.env[i.Out] = Scalar(i.Code, r.p.Types[i.Out], r.p.OperandType(i), in, i.Imm)
	}
}

func (r *reference) address(i *Instr, index uint64) int {
	at := i.Access.Address(r.lane)
	if i.In[0] == None {
		return at
	}
	return clamp(int64(at)+int64(index), r.p.Buffers[i.Access.Buffer].Len)
}

func clamp(index int64, length int) int { return int(max(0, min(index, int64(length)-1))) }
