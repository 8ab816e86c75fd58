package native

import (
	"math"
	"math/bits"
)

// pool is the registers that values may have; the others are for operands that have none, for
// the moment of one instruction.
type pool struct{ vectors, masks uint32 }

// allocation says where each virtual register is.
type allocation struct {
	place []int // a real register; or -1-n, slot n of the frame
	slots int
	live  []interval // all, in the order of their starts
	// memory is how often values in slots are touched, for each instruction that runs.
	memory float64
}

// interval is from where a value is made to where it is needed last.
type interval struct {
	v          virtual
	start, end int32
	weight     float64 // how often it is touched, an estimate
	length     float64 // how many instructions run while it is needed, likewise
}

// allocate is a linear scan: values are looked at in the order in which they are made, and where
// all registers are taken, the one that is touched least for the time it lives goes to memory,
// for good. (Poletto and Sarkar, "Linear scan register allocation", TOPLAS 21, 1999.)
func allocate(s *selection, p pool) *allocation {
	runs, total := s.runs(), 0.0
	live, number := s.intervals(runs)
	a := &allocation{place: make([]int, len(s.registers)), live: live}
	for k := range s.code {
		if s.code[k].fused != nil {
			s.overwrite(&s.code[k], func(v virtual) bool {
				return number[v] >= 0 && live[number[v]].end == int32(k)
			})
		}
		total += runs[k]
	}
	a.scan(s, false, p.vectors)
	a.scan(s, true, p.masks)
	for k := range live {
		if a.place[live[k].v] < 0 {
			a.memory += live[k].weight / total
		}
	}
	return a
}

// overwrite orders the operands of a fused multiply-add so that the first, which the result
// replaces, is one that is not needed any more.
func (s *selection) overwrite(i *instruction, dies func(virtual) bool) {
	x, y, z := i.in[0], i.in[1], i.in[2]
	switch {
	case dies(z):
		i.op, i.in, i.fused = i.fused.f231, [3]virtual{z, x, y}, nil // z += x*y
	case dies(y) && !dies(x):
		i.in = [3]virtual{y, x, z}
	case s.registers[x].constant && !dies(x):
		i.in = [3]virtual{y, x, z}
	}
}

// reads appends the registers that i reads to a list, and none for what it lacks.
func (i *instruction) reads(list []virtual) []virtual {
	list = append(list, i.in[0], i.in[1], i.in[2], i.under)
	if i.memory != nil {
		list = append(list, i.memory.index, i.memory.gather)
	}
	if i.details != nil {
		list = append(list, i.also...)
		if i.scalar != nil {
			list = append(list, i.scalar.memory.index, i.scalar.memory.gather)
		}
	}
	return list
}

// intervals are those of all values but constants, in the order of their starts, and the number of
// each value's, -1 for none. What a loop needs from before it is needed until its end.
func (s *selection) intervals(runs []float64) (all []interval, number []int32) {
	values := 0
	number = make([]int32, len(s.registers))
	for v := range number {
		number[v] = -1
		if !s.registers[v].constant {
			values++
		}
	}
	all = make([]interval, 0, values)
	before := make([]float64, len(runs)+1) // the sums of runs
	var touched []virtual
	for k := range s.code {
		i := &s.code[k]
		before[k+1] = before[k] + runs[k]
		touched = append(i.reads(touched[:0]), i.out)
		for _, v := range touched {
			if v == none || s.registers[v].constant {
				continue
			}
			if number[v] < 0 {
				number[v] = int32(len(all))
				all = append(all, interval{v: v, start: int32(k)})
			}
			at := &all[number[v]]
			at.end = int32(k)
			at.weight += runs[k]
		}
	}
	for n := range all {
		i := &all[n]
		for k := len(s.loops) - 1; k >= 0; k-- { // inner ones first
			l := s.loops[k]
			if first, last := int32(l.first), int32(l.last); i.start < first && first <= i.end {
				i.end = max(i.end, last)
			}
		}
		i.length = before[i.end+1] - before[i.start]
	}
	return all, number
}

// rarely is the depth of the branches that are rarely taken, as if loops around them were left out:
// what they compute is to take no register from others.
const rarely = 4

// runs is how often each instruction runs, an estimate: eight times as often in a loop.
func (s *selection) runs() []float64 {
	depth := make([]int, len(s.code)+1)
	for _, l := range s.loops {
		depth[l.first]++
		depth[l.last+1]--
	}
	runs := make([]float64, len(s.code))
	n, weight := 0, 1.0
	for k := range runs {
		before := n
		switch n += depth[k]; s.code[k].form {
		case unlikely:
			n -= rarely
		case likely:
			n += rarely
		}
		if n != before {
			weight = math.Ldexp(1, 3*min(n, 6))
		}
		runs[k] = weight
	}
	return runs
}

// scan gives places to the values of one class, masks or vectors, in registers that are free.
func (a *allocation) scan(s *selection, masks bool, free uint32) {
	var held [32]int  // by register: the number of the interval of what it holds, if it is taken
	var end [32]int32 // and where that ends
	taken := uint32(0)
	for n := range a.live {
		i := &a.live[n]
		if s.registers[i.v].mask != masks {
			continue
		}
		code := &s.code[i.start]
		for rest := taken; rest != 0; rest &= rest - 1 {
			r := bits.TrailingZeros32(rest)
			if end[r] > i.start {
				continue
			}
			// A value that is used last where this one is made leaves its register to it, unless
			// the instruction writes its result while it still needs the others.
			last := !code.apart && (!code.destroys || a.live[held[r]].v == code.in[0])
			if end[r] < i.start || last {
				taken &^= 1 << r
			}
		}
		if free&^taken == 0 {
			least := n // of equals the new one, or else the first
			for rest := taken; rest != 0; rest &= rest - 1 {
				l := held[bits.TrailingZeros32(rest)]
				c, d := a.live[l].cost(), a.live[least].cost()
				if c < d || c == d && l < least && least != n {
					least = l
				}
			}
			v := a.live[least].v
			r := a.place[v]
			a.place[v] = a.slot()
			if least == n {
				continue
			}
			taken &^= 1 << r
		}
		open := free &^ taken
		r := bits.TrailingZeros32(open)
		if from := code.in[0]; code.form == copyRegister && !s.registers[from].constant &&
			a.place[from] >= 0 && open>>a.place[from]&1 != 0 {
			r = a.place[from] // nothing to copy
		}
		a.place[i.v], held[r], end[r] = r, n, i.end
		taken |= 1 << r
	}
}

// cost is what it costs to have a value in memory, against what its register is worth.
func (i *interval) cost() float64 { return i.weight / max(1, i.length) }

func (a *allocation) slot() int {
	a.slots++
	return -a.slots
}

// across lists the values that live where a loop goes back, or on from a stop there.
func (a *allocation) across(l *loop) (vs []virtual) {
	first, last := int32(l.first), int32(l.last)
	for _, i := range a.live {
		if i.start < first && i.end >= last && a.place[i.v] >= 0 {
			vs = append(vs, i.v)
		}
	}
	return vs
}
