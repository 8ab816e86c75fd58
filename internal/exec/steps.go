package exec

import "pullback/ir"

// operands are the buffers of an operation that stands alone, and the types under which it
// knows them.
type operands struct {
	in, out           []int
	inTypes, outTypes []ir.Type
}

func (o operands) reads() []int  { return o.in }
func (o operands) writes() []int { return o.out }

// bound is the operands of one state, made once and filled anew each run.
type bound struct{ in, out []ir.Array }

func (o operands) bind(s *state, b *bound) {
	if b.in == nil {
		b.in, b.out = make([]ir.Array, len(o.in)), make([]ir.Array, len(o.out))
	}
	for i, at := range o.in {
		b.in[i] = s.arrays[at].Reshaped(o.inTypes[i].Shape...)
	}
	for i, at := range o.out {
		b.out[i] = s.arrays[at].Reshaped(o.outTypes[i].Shape...)
	}
}

// keep is *own as a *T, made on first use.
func keep[T any](own *any) *T {
	t, ok := (*own).(*T)
	if !ok {
		t = new(T)
		*own = t
	}
	return t
}

// evalStep runs an operation's own kernel.
type evalStep struct {
	operands
	op ir.Evaluator
}

func (e *evalStep) run(s *state, own *any) {
	b := keep[bound](own)
	e.bind(s, b)
	for _, a := range b.out {
		a.Clear()
	}
	e.op.Eval(b.in, b.out)
}

// preparedStep runs an operation that was made ready for its operands' places.
type preparedStep struct {
	op      ir.Op
	in, out []int
	eval    func(in, out []ir.Array)
}

func (p *preparedStep) run(s *state, own *any) {
	b := keep[bound](own)
	if b.in == nil {
		b.in, b.out = make([]ir.Array, len(p.in)), make([]ir.Array, len(p.out))
	}
	for i, at := range p.in {
		b.in[i] = s.arrays[at]
	}
	for i, at := range p.out {
		b.out[i] = s.arrays[at]
	}
	p.eval(b.in, b.out)
}

func (p *preparedStep) reads() []int  { return p.in }
func (p *preparedStep) writes() []int { return p.out }

// condStep runs one of two programs.
type condStep struct {
	operands
	then, otherwise *Program
}

type condRun struct {
	bound
	then, otherwise *state
}

func (c *condStep) run(s *state, own *any) {
	r := keep[condRun](own)
	c.bind(s, &r.bound)
	if ir.Stored[bool](r.in[0])[0] {
		c.then.runWith(c.then.inner(&r.then), r.in[1:], r.out)
	} else {
		c.otherwise.runWith(c.otherwise.inner(&r.otherwise), r.in[1:], r.out)
	}
}
