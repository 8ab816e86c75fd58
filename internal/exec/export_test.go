package exec

import (
	"math"

	"pullback/ir"
)

// Lower makes kernels of a program as it is, without rewrites.
func Lower(g *ir.Graph) *Program { return lower(g, nil) }

// RunPoisoned runs p with memory that a former run has used and whose every temporary is then
// overwritten, so that a result that depends on what is left there differs.
func (p *Program) RunPoisoned(in []ir.Array) []ir.Array {
	s := p.newState()
	out := p.newResults()
	p.runWith(s, in, out)
	p.poison(s)
	p.runWith(s, in, out)
	return out
}

func (p *Program) poison(s *state) {
	if s == nil { // of a branch or body that never ran
		return
	}
	for i, b := range p.buffers {
		if b.kind == temporary {
			poison(s.arrays[i])
		}
	}
	for i, st := range p.steps {
		switch r := s.own[i].(type) {
		case *whileRun:
			w := st.(*whileStep)
			poison(r.state...)
			poison(r.next...)
			poison(r.pred...)
			w.cond.poison(r.cond)
			w.body.poison(r.body)
		case *scanRun:
			poison(r.carry...)
			poison(r.next...)
			poison(r.bodyOut...)
			st.(*scanStep).body.poison(r.body)
		case *condRun:
			c := st.(*condStep)
			c.then.poison(r.then)
			c.otherwise.poison(r.otherwise)
		}
	}
}

func poison(arrays ...ir.Array) {
	for _, a := range arrays {
		switch d := a.Memory().(type) {
		case []float64:
			fill(d, math.NaN())
		case []float32:
			fill(d, float32(math.NaN()))
		case []int32:
			fill(d, 0x55aa55aa)
		case []int64:
			fill(d, 0x55aa55aa55aa55aa)
		case []uint32:
			fill(d, 0xaa55aa55)
		case []uint64:
			fill(d, 0xaa55aa55aa55aa55)
		case []bool:
			fill(d, true)
		}
	}
}

func fill[T any](xs []T, x T) {
	for i := range xs {
		xs[i] = x
	}
}
