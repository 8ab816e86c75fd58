package exec

import (
	"fmt"
	"sync"

	"pullback/internal/lane"
	"pullback/internal/lane/interp"
	"pullback/internal/parallel"
	"pullback/ir"
)

// laneStep runs a lane program.
type laneStep struct {
	size    int
	buffers []int // of the run, in the order of the program's
	written []bool
	program *lane.Program
	kernel  lane.Kernel
	grain   int       // lanes that are worth a thread of their own
	frames  sync.Pool // of lane.Frame
}

// straightGrain and loopGrain are how many lanes pay for waking another thread: some 50 µs of
// work, with and without loops in them.
const (
	straightGrain = 16384
	loopGrain     = 256
)

func (k *laneStep) compile(p *lane.Program) {
	kernel, err := interp.Executor{}.Compile(p)
	if err != nil {
		panic(fmt.Sprintf("exec: a lane program does not verify: %v\n%v", err, p))
	}
	k.program, k.kernel, k.grain = p, kernel, straightGrain
	if hasLoop(p.Body) {
		k.grain = loopGrain
	}
}

func hasLoop(b lane.Block) bool {
	for _, s := range b {
		switch s := s.(type) {
		case *lane.While:
			return true
		case *lane.Foreach:
			if hasLoop(s.Body) {
				return true
			}
		}
	}
	return false
}

// laneRun is what a step keeps in a state: so that a run makes neither slices nor closures.
type laneRun struct {
	step   *laneStep
	arrays []ir.Array
	body   func(lo, hi int)
}

func (k *laneStep) run(s *state, own *any) {
	r, ok := (*own).(*laneRun)
	if !ok {
		r = &laneRun{step: k, arrays: make([]ir.Array, len(k.buffers))}
		r.body = r.lanes
		*own = r
	}
	for i, b := range k.buffers {
		r.arrays[i] = s.arrays[b]
	}
	parallel.For(k.size, k.grain, r.body)
}

// lanes runs a part of the lanes with a frame of its own.
func (r *laneRun) lanes(lo, hi int) {
	f, ok := r.step.frames.Get().(lane.Frame)
	if !ok {
		f = r.step.kernel.NewFrame()
	}
	f.Start(r.arrays, lo, hi)
	for f.Run(lane.Fuel) {
	}
	r.step.frames.Put(f)
}

func (k *laneStep) reads() []int { return k.withFlag(false) }

func (k *laneStep) writes() []int { return k.withFlag(true) }

func (k *laneStep) withFlag(written bool) []int {
	var out []int
	for i, b := range k.buffers {
		if k.written[i] == written {
			out = append(out, b)
		}
	}
	return out
}

func (k *laneStep) String() string {
	return fmt.Sprintf("lanes %v -> %v\n%v", k.reads(), k.writes(), k.program)
}
