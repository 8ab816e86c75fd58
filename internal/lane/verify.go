package lane

import (
	"errors"
	"fmt"
	"slices"

	"pullback/ir"
)

// verifyGang is the number of lanes for which a program's scratch must fit into MaxScratch.
const verifyGang = 16

// Verify says what is wrong with a program: a value used where it is not defined, or defined
// twice; a type that a code does not have; a uniform value made from varying ones; an address
// outside its buffer; stores of several lanes to one address; scratch that is too large. What
// an index operand reaches at run time it cannot know.
func Verify(p *Program) error {
	v := verifier{p: p, visible: make([]bool, len(p.Types)), defined: make([]bool, len(p.Types))}
	if len(p.Varying) != len(p.Types) {
		return errors.New("lane: Types and Varying differ in length")
	}
	size := 0
	for k, s := range p.Scratch {
		size += s.Len * s.DType.Bits() / 8 * verifyGang
		if s.Len < 1 {
			v.fail("scratch s%d has length %d", k, s.Len)
		}
	}
	if size > MaxScratch {
		v.fail("scratch of %d bytes for %d lanes is more than %d", size, verifyGang, MaxScratch)
	}
	v.block(p.Body)
	return v.err
}

type verifier struct {
	p       *Program
	visible []bool  // values that may be used here
	defined []bool  // values that were defined anywhere
	order   []Value // visible values in the order of their definition
	truths  []Value // constants that hold
	foreach *Foreach
	err     error // the first
}

func (v *verifier) fail(format string, args ...any) {
	if v.err == nil {
		v.err = fmt.Errorf("lane: "+format, args...)
	}
}

func (v *verifier) known(x Value) bool { return x >= 0 && int(x) < len(v.p.Types) }

func (v *verifier) define(x Value) {
	if !v.known(x) || v.defined[x] {
		v.fail("v%d is defined twice or has no type", x)
		return
	}
	if v.p.Varying[x] && v.foreach == nil {
		v.fail("v%d varies outside a foreach", x)
	}
	v.defined[x], v.visible[x] = true, true
	v.order = append(v.order, x)
}

func (v *verifier) use(x Value, by any) bool {
	if !v.known(x) || !v.visible[x] {
		v.fail("%v uses v%d, which is not defined there", by, x)
		return false
	}
	return true
}

// scope verifies statements whose values are not seen after end, which looks at the last ones.
func (v *verifier) scope(b Block, end func()) {
	outer := len(v.order)
	v.block(b)
	end()
	for _, x := range v.order[outer:] {
		v.visible[x] = false
	}
	v.order = v.order[:outer]
}

func (v *verifier) block(b Block) {
	for _, s := range b {
		switch s := s.(type) {
		case *Instr:
			v.instr(s)
		case *While:
			v.loop(s)
		case *Foreach:
			v.lanes(s)
		}
	}
}

func (v *verifier) lanes(f *Foreach) {
	if v.foreach != nil || f.Extent < 0 {
		v.fail("a foreach inside a foreach, or of extent %d", f.Extent)
	}
	if f.Extent > 0 && (f.Row <= 0 || f.Extent%f.Row != 0) {
		v.fail("%d lanes in rows of %d", f.Extent, f.Row)
		return
	}
	v.foreach = f
	v.scope(f.Body, func() {
		for k, r := range f.Reductions {
			if v.use(r.In[0], "reduce") && (r.In[1] == None || v.use(r.In[1], "reduce")) {
				v.reduction(f, k)
			}
		}
	})
	v.foreach = nil
}

// reduction verifies number k of those of f.
func (v *verifier) reduction(f *Foreach, k int) {
	r := f.Reductions[k]
	t := v.p.Types[r.In[0]]
	if !slices.Contains([]Code{Add, Mul, Min, Max, And, Or, FMA}, r.Code) || !r.Code.Defined(t) ||
		(r.Code == FMA) != (r.In[1] != None) || r.Code == FMA && v.p.Types[r.In[1]] != t {
		v.fail("no reduction %v of %v", r.Code, t)
	}
	if r.Buffer < 0 || r.Buffer >= len(v.p.Buffers) {
		v.fail("a reduction to no buffer")
		return
	}
	b := v.p.Buffers[r.Buffer]
	if !b.Written || b.DType != t || b.Len != f.Partials() {
		v.fail("the accumulators of %d lanes of %v do not fit b%d, %v[%d]", f.Extent, t,
			r.Buffer, b.DType, b.Len)
	}
	Walk(f.Body, func(s Stmt) {
		if i, ok := s.(*Instr); ok && i.Access != nil && i.Access.Buffer == r.Buffer {
			v.fail("%s touches accumulators", v.p.text(i))
		}
	})
	for _, other := range f.Reductions[:k] {
		if other.Buffer == r.Buffer {
			v.fail("two reductions to b%d", r.Buffer)
		}
	}
}

// Walk visits the statements of b, and after each those inside it.
func Walk(b Block, visit func(Stmt)) {
	for _, s := range b {
		visit(s)
		switch s := s.(type) {
		case *While:
			Walk(s.Cond, visit)
			Walk(s.Body, visit)
		case *Foreach:
			Walk(s.Body, visit)
		}
	}
}

func (v *verifier) loop(w *While) {
	if len(w.State) != len(w.Init) || len(w.Next) != len(w.Init) {
		v.fail("a while of %d, %d and %d values", len(w.Init), len(w.State), len(w.Next))
		return
	}
	for i, x := range w.Init {
		if v.use(x, "while") && v.known(w.State[i]) {
			v.carry(w, x, w.State[i])
		}
	}
	for _, x := range w.State {
		v.define(x)
	}
	v.scope(w.Cond, func() {
		if !v.use(w.Test, "while") {
			return
		}
		if v.p.Types[w.Test] != ir.Bool {
			v.fail("v%d, the test of a while, is a %v", w.Test, v.p.Types[w.Test])
		}
		for i, x := range w.State {
			if v.p.Varying[w.Test] && !v.p.Varying[x] {
				v.fail("v%d, state %d of a while, is uniform and the test varies", x, i)
			}
		}
	})
	if w.Rare && len(w.State) > 0 && v.known(w.State[0]) {
		v.visible[w.State[0]] = false // executors do not keep it
	}
	v.scope(w.Body, func() {
		for i, x := range w.Next {
			if v.use(x, "while") {
				v.carry(w, x, w.State[i])
			}
		}
	})
	if w.Rare && !v.once(w) {
		v.fail("a rare while may run for more than a round")
	}
}

// once says whether w runs while its first state does not hold, and that then does.
func (v *verifier) once(w *While) bool {
	if len(w.State) == 0 || len(w.Cond) != 1 {
		return false
	}
	i, ok := w.Cond[0].(*Instr)
	return ok && i.Code == Not && i.In[0] == w.State[0] && i.Out == w.Test &&
		slices.Contains(v.truths, w.Next[0])
}

// carry looks at a value that becomes a state of a loop.
func (v *verifier) carry(w *While, x, state Value) {
	if v.p.Types[x] != v.p.Types[state] {
		v.fail("v%d is %v and becomes v%d, %v", x, v.p.Types[x], state, v.p.Types[state])
	}
	if v.p.Varying[x] && !v.p.Varying[state] {
		v.fail("v%d varies and becomes the uniform v%d", x, state)
	}
}

func (v *verifier) instr(i *Instr) {
	operands := i.Code.Operands()
	if operands < 0 {
		v.fail("there is no %v", i.Code)
		return
	}
	varying := false
	for k, x := range i.In {
		switch {
		case k >= operands:
			if x != None {
				v.fail("%v with operand %d", i.Code, k)
			}
		case x == None && k == 0 && i.Access != nil: // no index
		case !v.use(x, i.Code):
			return
		default:
			varying = varying || v.p.Varying[x]
		}
	}
	switch i.Code {
	case Load, Store:
		v.memory(i)
	case ScratchLoad, ScratchStore:
		v.scratch(i)
	default:
		if !v.known(i.Out) || !i.typed(v.p) {
			v.fail("%s is wrongly typed", v.p.text(i))
		}
	}
	if i.Code == Store || i.Code == ScratchStore {
		if i.Out != None {
			v.fail("a store has a result")
		}
		return
	}
	if i.Code == Const && i.Imm == 1 && v.known(i.Out) && v.p.Types[i.Out] == ir.Bool {
		v.truths = append(v.truths, i.Out)
	}
	v.define(i.Out)
	if (varying || i.varies()) && v.known(i.Out) && !v.p.Varying[i.Out] {
		v.fail("v%d is uniform and made of varying values", i.Out)
	}
}
