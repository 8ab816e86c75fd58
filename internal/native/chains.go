package native

import (
	"slices"

	"pullback/internal/lane"
	"pullback/internal/native/target"
)

// set is what a target has: its instructions, and how many vector registers values may have. Two
// more are for operands without one.
type set struct {
	selection func(*selector) instructionSet
	emission  emission
	vectors   int
}

func setOf(t target.Target) (m set, ok bool) {
	switch t {
	case target.AVX2:
		return set{newAVX2, avx2{}, 14}, true
	case target.AVX512:
		return set{func(s *selector) instructionSet { return avx512{s} }, avx512{}, 30}, true
	}
	return set{}, false
}

// The number of chains is that of the parts of a value. Four hide more of the time that each
// instruction takes than two, but need more registers. Measured on Newton's method for 100,000
// equations, on random numbers and on elementary functions and sums of them, four take nine tenths
// to three quarters of the time of two where there are registers enough, and two half to two
// thirds of that of one. Where four need much more memory than two they pay in loops, whose end
// the processor cannot foresee, and in long code. In short code it finds the next gang to work on
// itself.
const (
	mostChains = 4
	// In a longProgram the code of four would take long to make, and much of the cache.
	longProgram = 5000
	// So many touches of values in memory, for each instruction, that two are tried.
	someMemory = 0.05
	// So many instructions of two chains, and so many times the touches and instructions of two,
	// that two are better.
	shortCode  = 100
	moreMemory = 1.3
)

// arrange is p in a set's instructions, with registers.
func (m set) arrange(p *lane.Program) (*selection, *allocation, error) {
	chains, instructions := mostChains, 0
	lane.Walk(p.Body, func(lane.Stmt) { instructions++ })
	if instructions > longProgram {
		chains /= 2
	}
	s, a, err := m.inChains(p, chains)
	if err != nil || a.memory < someMemory || s.loopsOften() || chains < mostChains || !s.choice {
		return s, a, err
	}
	t, b, err := m.inChains(p, chains/2)
	if err != nil || t.often() >= shortCode && 1+a.memory < moreMemory*(1+b.memory) {
		return s, a, err
	}
	return t, b, nil
}

// loopsOften says whether there is a loop in which gangs go round.
func (s *selection) loopsOften() bool {
	return slices.ContainsFunc(s.loops, func(l *loop) bool { return l.foreach == nil })
}

// often is the number of instructions that are not in rare branches.
func (s *selection) often() int {
	n := 0
	for _, runs := range s.runs() {
		if runs >= 1 {
			n++
		}
	}
	return n
}

func (m set) inChains(p *lane.Program, chains int) (*selection, *allocation, error) {
	s, err := selectInstructions(p, m.selection, chains)
	if err != nil {
		return nil, nil, err
	}
	return s, allocate(s, pool{1<<m.vectors - 1, valueMasks}), nil
}
