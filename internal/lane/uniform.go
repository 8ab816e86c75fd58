package lane

// Varies says for each value whether it can really differ from lane to lane. The builder calls
// the state of every loop in a foreach varying; this finds the counters of loops that all lanes
// run the same number of times, and with one lane nothing varies. It is the least solution: all
// is uniform until shown otherwise.
func (p *Program) Varies() []bool {
	u := uniformity{make([]bool, len(p.Types)), true}
	for u.changed {
		u.changed = false
		u.block(p.Body, 1)
	}
	return u.varies
}

type uniformity struct {
	varies  []bool
	changed bool
}

// block looks at statements that run for the given number of lanes.
func (u *uniformity) block(b Block, lanes int) {
	for _, s := range b {
		switch s := s.(type) {
		case *Instr:
			if s.Out != None && lanes > 1 {
				u.mark(s.Out, s.varies() || u.any(s.In[:]...))
			}
		case *While:
			u.block(s.Cond, lanes)
			u.block(s.Body, lanes)
			for i, v := range s.State {
				u.mark(v, u.any(s.Test, s.Init[i], s.Next[i]))
			}
		case *Foreach:
			u.block(s.Body, s.Extent)
		}
	}
}

// varies says whether the instruction differs from lane to lane whatever its operands.
func (i *Instr) varies() bool {
	if i.Code == Load {
		for _, d := range i.Access.Dims {
			if d.Extent > 1 && d.Stride != 0 {
				return true
			}
		}
	}
	return i.Code == Iota || i.Code == ScratchLoad
}

func (u *uniformity) any(vs ...Value) bool {
	for _, v := range vs {
		if v != None && u.varies[v] {
			return true
		}
	}
	return false
}

func (u *uniformity) mark(v Value, varies bool) {
	if varies && !u.varies[v] {
		u.varies[v], u.changed = true, true
	}
}
