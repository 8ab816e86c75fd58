package exec

import (
	"fmt"
	"sync"

	"pullback/internal/lane"
	"pullback/internal/native"
	"pullback/internal/parallel"
	"pullback/ir"
)

// laneStep runs a lane program.
type laneStep struct {
	name    string // what it computes, for people
	size    int
	buffers []int // of the run, in the order of the program's
	written []bool
	finish  []finish
	kernel  native.Compiled
	unit    int // lanes that are not divided
	grain   int // units that are worth a thread of their own
	tasks   parallel.Pool[*laneRun]
	frames  sync.Pool // of lane.Frame
}

// straightGrain and loopGrain are how many lanes pay for waking another thread: some 50 µs of
// work, with and without loops in them.
const (
	straightGrain = 16384
	loopGrain     = 256
)

func (k *laneStep) compile(p *lane.Program) {
	kernel, err := native.Compile(p)
	if err != nil {
		panic(fmt.Sprintf("exec: a lane program does not verify: %v\n%v", err, p))
	}
	k.kernel, k.grain = kernel, straightGrain
	if hasLoop(p.Body) {
		k.grain = loopGrain
	}
	k.unit = p.Unit()
	k.grain /= k.unit
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

// laneRun is what a step keeps in a state, so that a run allocates nothing.
type laneRun struct {
	step   *laneStep
	arrays []ir.Array
	frame  lane.Frame // of a run that is not divided
}

func (k *laneStep) run(s *state, own *any) {
	r, ok := (*own).(*laneRun)
	if !ok {
		r = &laneRun{step: k, arrays: make([]ir.Array, len(k.buffers)), frame: k.kernel.NewFrame()}
		*own = r
	}
	for i, b := range k.buffers {
		r.arrays[i] = s.arrays[b]
	}
	k.tasks.For((k.size+k.unit-1)/k.unit, k.grain, r)
	for _, f := range k.finish {
		f.combine(s.arrays[f.partials], s.arrays[f.out])
	}
}

// Run runs a part of the lanes, given in units, with a frame of its own.
func (r *laneRun) Run(lo, hi int) {
	lo, hi = lo*r.step.unit, min(hi*r.step.unit, r.step.size)
	if lo == 0 && hi == r.step.size {
		r.complete(r.frame, lo, hi)
		return
	}
	f, ok := r.step.frames.Get().(lane.Frame)
	if !ok {
		f = r.step.kernel.NewFrame()
	}
	r.complete(f, lo, hi)
	r.step.frames.Put(f)
}

func (r *laneRun) complete(f lane.Frame, lo, hi int) {
	f.Start(r.arrays, lo, hi)
	for f.Run(lane.Fuel) {
	}
}

func (k *laneStep) reads() []int { return k.withFlag(false) }

func (k *laneStep) writes() []int {
	out := k.withFlag(true)
	for _, f := range k.finish {
		out = append(out, f.out)
	}
	return out
}

func (k *laneStep) withFlag(written bool) []int {
	var out []int
	for i, b := range k.buffers {
		if k.written[i] == written {
			out = append(out, b)
		}
	}
	return out
}
