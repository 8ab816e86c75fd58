package lane

// Optimized is a program that computes the same with fewer instructions: equal ones on equal
// operands are computed once, and those that nothing depends on not at all. So x^c and its
// derivative c·x^(c-1) share the logarithm of x.
func Optimized(p *Program) *Program {
	o := optimizer{p: p, name: make([]Value, len(p.Types)), known: newExpressions(len(p.Types))}
	for v := range o.name {
		o.name[v] = Value(v)
	}
	q := *p
	q.Body = o.share(p.Body)
	used := make([]bool, len(p.Types))
	q.Body = prune(q.Body, used)
	return &q
}

type optimizer struct {
	p      *Program
	name   []Value // the value that stands for each
	known  expressions
	copies instrs
}

// share is b with each expression computed once. What is computed inside is not known after it.
func (o *optimizer) share(b Block) Block {
	out := make(Block, 0, len(b))
	outer := len(o.known.order)
	for _, s := range b {
		switch s := s.(type) {
		case *Instr:
			i := o.copies.add(*s)
			o.rename(i.In[:], i.In[:])
			if i.touchesMemory() {
				out = append(out, i)
			} else if v := o.known.find(i, o.p.Types[i.Out]); v != i.Out {
				o.name[i.Out] = v
			} else {
				out = append(out, i)
			}
		case *While:
			w := &While{Init: o.renamed(s.Init), State: s.State}
			w.Cond = o.share(s.Cond)
			w.Test = o.name[s.Test]
			w.Body = o.share(s.Body)
			w.Next = o.renamed(s.Next)
			out = append(out, w)
		case *Foreach:
			f := &Foreach{Extent: s.Extent, Body: o.share(s.Body)}
			for _, r := range s.Reductions {
				o.rename(r.In[:], r.In[:])
				f.Reductions = append(f.Reductions, r)
			}
			out = append(out, f)
		}
	}
	o.known.forget(outer)
	return out
}

func (i *Instr) touchesMemory() bool {
	switch i.Code {
	case Load, Store, ScratchLoad, ScratchStore:
		return true
	}
	return false
}

func (o *optimizer) renamed(vs []Value) []Value {
	out := make([]Value, len(vs))
	o.rename(out, vs)
	return out
}

func (o *optimizer) rename(to, from []Value) {
	for k, v := range from {
		if to[k] = v; v != None {
			to[k] = o.name[v]
		}
	}
}

// prune is b without instructions whose result nothing uses; used says what comes after uses.
// Loops stay as they are, and so do all their states.
func prune(b Block, used []bool) Block {
	use := func(vs ...Value) {
		for _, v := range vs {
			if v != None {
				used[v] = true
			}
		}
	}
	kept := make(Block, len(b))
	at := len(b)
	for k := len(b) - 1; k >= 0; k-- {
		s := b[k]
		switch s := s.(type) {
		case *Instr:
			if s.Out != None && !used[s.Out] {
				continue
			}
			use(s.In[:]...)
		case *While:
			use(s.Next...)
			use(s.Init...)
			s.Body = prune(s.Body, used)
			use(s.Test)
			s.Cond = prune(s.Cond, used)
		case *Foreach:
			for _, r := range s.Reductions {
				use(r.In[:]...)
			}
			s.Body = prune(s.Body, used)
		}
		at--
		kept[at] = s
	}
	return kept[at:]
}
