package ad

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"pullback/internal/exec"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Jit is f compiled. The first call for each combination of tree type, element types, shapes
// and static fields records and compiles f; later calls run the program. What f closes over is
// read once, when f is recorded. In a recording Jit is f itself. The function may be called
// from many goroutines.
func Jit[In, Out any](f func(In) Out) func(In) Out {
	j := &jitted[In, Out]{f: f}
	return j.call
}

// JitChecked is Jit that returns mistakes in shapes and element types as errors.
func JitChecked[In, Out any](f func(In) Out) func(In) (Out, error) {
	call := Jit(f)
	return func(x In) (y Out, err error) {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case *Error:
				err = r
			case *record.NaNError:
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
	mu      sync.Mutex
	entries map[string][]*jitEntry[Out]
}

// jitEntry is f for one key. Whoever comes first compiles, and the others wait.
type jitEntry[Out any] struct {
	statics []any
	once    sync.Once
	recorded[Out]
	program *exec.Program
	failed  any // what recording panicked with, for those who waited
}

func (j *jitted[In, Out]) call(x In) Out {
	w := walker{key: true}
	w.walk(reflect.ValueOf(&x).Elem(), reflect.TypeFor[In]().String())
	_, like := Flatten(x)
	e := j.entry(w)
	e.once.Do(func() { j.compile(e, like, w.leaves) })
	if e.failed != nil {
		panic(e.failed)
	}
	if e.program == nil || record.Newest(w.leaves) != nil {
		if len(e.graph.Free()) > 0 {
			// f closes over a recording, and another one the next time: nothing to keep.
			r := recordAt(j.f, like, ir.TypesOf(w.leaves))
			return r.rebuild(transform.Run(r.graph, w.leaves))
		}
		return e.rebuild(transform.Run(e.graph, w.leaves))
	}
	in := make([]ir.Array, len(w.leaves))
	for i, v := range w.leaves {
		in[i] = v.Array()
	}
	arrays := e.program.Run(in)
	out := make([]Value, len(arrays))
	for i, a := range arrays {
		out[i] = ir.Known(a)
	}
	return e.rebuild(out)
}

// compile records f. A program that refers to another recording, and one that is to be checked
// for NaNs operation by operation, are not compiled but run node by node.
func (j *jitted[In, Out]) compile(e *jitEntry[Out], like func([]Value) In, leaves []Value) {
	defer func() {
		if r := recover(); r != nil {
			e.failed = r
		}
	}()
	e.recorded = recordAt(j.f, like, ir.TypesOf(leaves))
	if len(e.graph.Free()) == 0 && !record.DebugNaN() {
		e.program = exec.Compile(e.graph)
	}
}

// entry finds or makes the entry of a key.
func (j *jitted[In, Out]) entry(w walker) *jitEntry[Out] {
	var key strings.Builder
	for _, v := range w.leaves {
		key.WriteString(v.Type().String())
		key.WriteByte(' ')
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.entries == nil {
		j.entries = map[string][]*jitEntry[Out]{}
	}
	for _, e := range j.entries[key.String()] {
		if staticsEqual(e.statics, w.statics) {
			return e
		}
	}
	e := &jitEntry[Out]{statics: w.statics}
	j.entries[key.String()] = append(j.entries[key.String()], e)
	return e
}

func staticsEqual(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Explain shows the program of f for an argument like x: as recorded, and as rewritten before it
// is lowered to kernels, with the user's lines; and the kernels it becomes.
func Explain[In, Out any](f func(In) Out, x In) string {
	in, like := Flatten(x)
	r := recordAt(f, like, ir.TypesOf(in))
	closed, _ := r.graph.Close()
	return fmt.Sprintf("recorded:\n%s\n%s", closed.Text(ir.TextOptions{Positions: true, Elide: true}), exec.Explain(closed))
}
