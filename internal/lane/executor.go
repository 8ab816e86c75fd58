package lane

import "pullback/ir"

// Executor turns a verified Program into a Kernel. All executors compute the same bits.
type Executor interface {
	Name() string
	Compile(*Program) (Kernel, error)
}

// Kernel is a compiled program: immutable, for any number of goroutines.
type Kernel interface {
	// NewFrame makes the state of one call. A frame is reused from call to call, by one
	// goroutine at a time.
	NewFrame() Frame
}

// Frame is one call in progress.
type Frame interface {
	// Start binds the buffers, in the order of Program.Buffers, and the range of lanes to run.
	// The whole program is the range [0, Program.Extent()); part of it may be asked for only if
	// Program.Splittable(), so that several frames share the work. A part begins at a multiple
	// of Program.Unit() and ends at one or at Program.Extent().
	Start(buffers []ir.Array, lo, hi int)
	// Run goes on until the program ends, or until fuel back-edges of loops were taken: then it
	// keeps its live state and returns again = true, and the next Run resumes there. So a call
	// stays short whatever the program does, and its caller can stop between two calls.
	Run(fuel int) (again bool)
}

// Splittable says whether the lanes of p can be divided among frames: one foreach, and nothing
// but uniform instructions around it that store nothing and read nothing that the foreach may
// store.
func (p *Program) Splittable() bool {
	loops := 0
	for _, s := range p.Body {
		switch s := s.(type) {
		case *Foreach:
			loops++
		case *Instr:
			if s.Code == Store || s.Code == Load && p.Buffers[s.Access.Buffer].Written {
				return false
			}
		case *While:
			return false
		}
	}
	return loops == 1
}

// Unit is the number of lanes at multiples of which a splittable p may be divided: one, or where
// there are reductions a block of the only row, or a row of several.
func (p *Program) Unit() int {
	for _, s := range p.Body {
		switch f, ok := s.(*Foreach); {
		case !ok || len(f.Reductions) == 0:
		case f.Row < f.Extent:
			return f.Row
		default:
			return ReduceBlock
		}
	}
	return 1
}

// Extent is the number of lanes of the first foreach, 0 if there is none.
func (p *Program) Extent() int {
	for _, s := range p.Body {
		if f, ok := s.(*Foreach); ok {
			return f.Extent
		}
	}
	return 0
}

// Fuel is how many back-edges a call may take before it returns to Go: some tens of
// microseconds of work, so that a machine-code call never holds up the garbage collector.
const Fuel = 4096
