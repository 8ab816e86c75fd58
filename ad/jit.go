package ad

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"pullback/internal/exec"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Jit is f compiled. The first call for each combination of tree type, element types, shapes
// and static fields, which are compared by == but for 0 and -0, records and compiles f; later
// calls run the program. What f closes over is
// read once, when f is recorded. In a recording Jit is f itself. The function may be called
// from many goroutines.
func Jit[In, Out any](f func(In) Out) func(In) Out {
	refuseNil("jit", f == nil)
	j := &jitted[In, Out]{f: f, in: sync.OnceValue(treeOf[In])}
	return j.call
}

// JitFor is Jit that records and compiles f now, for arguments like x, instead of in the first
// call: in a service before the first request, and where a call is to be timed. f is not run.
func JitFor[In, Out any](f func(In) Out, x In) func(In) Out {
	refuseNil("jit", f == nil)
	j := &jitted[In, Out]{f: f, in: sync.OnceValue(treeOf[In])}
	w := walk{wantStatics: true}
	j.in().walk(&x, &w)
	if e := j.recorded(&w, x); !e.open && !record.DebugNaN() {
		e.program()
	}
	return j.call
}

// JitChecked is Jit that returns mistakes in shapes and element types as errors, each an *Error,
// and with PULLBACK_DEBUG=nan in the environment NaNs, each a *NaNError.
func JitChecked[In, Out any](f func(In) Out) func(In) (Out, error) {
	call := Jit(f)
	return func(x In) (y Out, err error) {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case *Error:
				err = r
			case *NaNError:
				err = r
			default:
				panic(r)
			}
		}()
		return call(x), nil
	}
}

type jitted[In, Out any] struct {
	f       func(In) Out
	in      func() tree[In]
	calls   sync.Pool                         // of *jitCall[In, Out]
	latest  atomic.Pointer[jitEntry[In, Out]] // recorded, of the call before
	mu      sync.RWMutex
	entries map[uint64][]*jitEntry[In, Out]
}

// jitCall is the memory of one call, kept from call to call: a call allocates its results only.
type jitCall[In, Out any] struct {
	walk
	x       In
	y       Out
	in, out []ir.Array
	results []Value
}

// jitEntry is f for one key. Whoever comes first records or compiles, and the others wait.
type jitEntry[In, Out any] struct {
	key     uint64
	types   []ir.Type
	statics []staticPart

	record  sync.Once
	graph   *ir.Graph
	open    bool // graph refers to others
	out     tree[Out]
	like    Out // a result, with leaves that are dead
	failed  any // what recording panicked with, for those who waited
	program func() *exec.Program
}

func (j *jitted[In, Out]) call(x In) Out {
	c, _ := j.calls.Get().(*jitCall[In, Out])
	if c == nil {
		c = &jitCall[In, Out]{walk: walk{wantStatics: true}}
	}
	c.x = x
	j.in().walk(&c.x, &c.walk)
	e := j.recorded(&c.walk, x)
	switch {
	case e.open:
		// f closes over a recording, and over another one the next time: nothing to keep.
		in := takeApart(x, false)
		r := recordAt(j.f, in.rebuild, ir.TypesOf(in.leaves))
		return r.rebuild(transform.Run(r.graph, in.leaves))
	case record.DebugNaN() || record.Newest(c.leaves) != nil:
		c.results = append(c.results, transform.Run(e.graph, c.leaves)...)
	default:
		c.run(e)
	}
	e.out.set(&c.y, &e.like, c.results)
	y := c.y
	c.clear()
	j.calls.Put(c)
	return y
}

// recorded is the entry of an argument, recorded.
func (j *jitted[In, Out]) recorded(w *walk, x In) *jitEntry[In, Out] {
	if e := j.latest.Load(); e != nil && e.is(w) {
		return e
	}
	e := j.entry(w)
	e.record.Do(func() { j.recordEntry(e, x) })
	if e.failed != nil {
		panic(e.failed)
	}
	j.latest.Store(e)
	return e
}

// run runs the program on the leaves, which are known.
func (c *jitCall[In, Out]) run(e *jitEntry[In, Out]) {
	for _, v := range c.leaves {
		c.in = append(c.in, v.Array())
	}
	for _, v := range e.graph.Out() {
		c.out = append(c.out, ir.NewArray(v.Type()))
	}
	e.program().RunInto(c.in, c.out)
	for _, a := range c.out {
		c.results = append(c.results, ir.Known(a))
	}
}

// clear forgets the call's arrays, which belong to the caller.
func (c *jitCall[In, Out]) clear() {
	var x In
	var y Out
	c.x, c.y = x, y
	c.leaves, c.statics, c.results = emptied(c.leaves), emptied(c.statics), emptied(c.results)
	c.in, c.out = emptied(c.in), emptied(c.out)
}

func emptied[T any](list []T) []T {
	clear(list)
	return list[:0]
}

// recordEntry records f. If that fails the entry is dropped, so that the next call tries anew.
// A panic goes on to the caller with its stack, and with its value alone to those who waited.
func (j *jitted[In, Out]) recordEntry(e *jitEntry[In, Out], x In) {
	e.failed = mistake("jit", nil, "the function ended its goroutine while it was recorded")
	defer func() {
		if r := recover(); r != nil {
			e.failed = r
			j.drop(e)
			panic(r) // inside the deferred function the frames of f are still there
		}
		if e.failed != nil {
			j.drop(e)
		}
	}()
	in := takeApart(x, false)
	e.out = treeOf[Out]()
	e.graph = trace(func(params []Value) []Value {
		y := takeApart(j.f(in.rebuild(params)), false)
		e.like = y.rebuild(y.leaves)
		return y.leaves
	}, e.types)
	e.open, e.failed = len(e.graph.Free()) > 0, nil
}

func (j *jitted[In, Out]) drop(e *jitEntry[In, Out]) {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := slices.Clone(j.entries[e.key])
	j.entries[e.key] = slices.DeleteFunc(list, func(f *jitEntry[In, Out]) bool { return e == f })
}

// entry finds or makes the entry of a call.
func (j *jitted[In, Out]) entry(w *walk) *jitEntry[In, Out] {
	key := keyOf(w.leaves)
	j.mu.RLock()
	e := j.find(key, w)
	j.mu.RUnlock()
	if e != nil {
		return e
	}
	refuseIncomparable(w.statics)
	j.mu.Lock()
	defer j.mu.Unlock()
	if e := j.find(key, w); e != nil { // made meanwhile
		return e
	}
	if j.entries == nil {
		j.entries = map[uint64][]*jitEntry[In, Out]{}
	}
	e = &jitEntry[In, Out]{key: key, types: ir.TypesOf(w.leaves), statics: slices.Clone(w.statics)}
	e.program = sync.OnceValue(func() *exec.Program { return exec.Compile(e.graph) })
	j.entries[key] = append(slices.Clone(j.entries[key]), e)
	return e
}

func (j *jitted[In, Out]) find(key uint64, w *walk) *jitEntry[In, Out] {
	for _, e := range j.entries[key] {
		if e.is(w) {
			return e
		}
	}
	return nil
}

// is says whether e is the entry of a call.
func (e *jitEntry[In, Out]) is(w *walk) bool {
	if len(e.types) != len(w.leaves) || !slices.EqualFunc(e.statics, w.statics, sameKey) {
		return false
	}
	for i, v := range w.leaves {
		if !v.Type().Equal(e.types[i]) {
			return false
		}
	}
	return true
}

func sameKey(s, t staticPart) bool { return s.of == t.of && s.same(t) }

// refuseIncomparable refuses static parts that a key cannot hold. A part that is not comparable
// never equals another, so that only calls that make an entry come here.
func refuseIncomparable(statics []staticPart) {
	for _, s := range statics {
		switch {
		case !s.comparable:
			panic(mistake("jit", nil, "%s is a %v, which cannot be compared, so a compiled "+
				"function cannot tell whether it changed; close over it instead", s.of.path,
				s.of.typ))
		case s.value != s.value: //nolint:staticcheck // NaN, or a struct with one
			panic(mistake("jit", nil, "%s is NaN, which equals nothing, so a compiled function "+
				"cannot tell whether it changed; close over it instead", s.of.path))
		}
	}
}

// keyOf is a hash of the types of Values (FNV-1a).
func keyOf(vs []Value) uint64 {
	h := uint64(14695981039346656037)
	add := func(n int) { h = (h ^ uint64(n)) * 1099511628211 }
	for _, v := range vs {
		t := v.Type()
		add(int(t.DType))
		add(len(t.Shape))
		for _, n := range t.Shape {
			add(n)
		}
	}
	return h
}

// Explain shows the program of f for an argument like x: as recorded, and as rewritten before it
// is lowered to kernels, with the user's lines; and the kernels it becomes.
func Explain[In, Out any](f func(In) Out, x In) string {
	in, like := Flatten(x)
	r := recordAt(f, like, ir.TypesOf(in))
	closed, _ := r.graph.Close()
	return fmt.Sprintf("recorded:\n%s\n%s",
		closed.Text(ir.TextOptions{Positions: true, Elide: true}), exec.Explain(closed))
}

// ExplainKernels shows the kernels of f for an argument like x: what each reads, computes and
// writes, its lane program, and the machine code that it runs, in hexadecimal digits for a
// disassembler.
func ExplainKernels[In, Out any](f func(In) Out, x In) string {
	in, like := Flatten(x)
	closed, _ := recordAt(f, like, ir.TypesOf(in)).graph.Close()
	return exec.LanePrograms(closed)
}
