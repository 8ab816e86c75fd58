package lane

// Optimized is a program that computes the same without the instructions that nothing depends on.
// Equal ones are none here: a Builder makes no second.
func Optimized(p *Program) *Program {
	q := *p
	q.Body = prune(p.Body, make([]bool, len(p.Types)))
	return &q
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
			kept[at-1] = s
		case *While:
			use(s.Next...)
			use(s.Init...)
			w := *s
			w.Body = prune(s.Body, used)
			use(s.Test)
			w.Cond = prune(s.Cond, used)
			kept[at-1] = &w
		case *Foreach:
			for _, r := range s.Reductions {
				use(r.In[:]...)
			}
			f := *s
			f.Body = prune(s.Body, used)
			kept[at-1] = &f
		}
		at--
	}
	return kept[at:]
}
