package native

import (
	"math/bits"
	"slices"
)

// Registers that values may have; the others are for operands that have none, for the moment of
// one instruction.
const (
	vectorRegisters = 29 // 0 to 28
	maskRegisters   = 0b11110
	maskScratch     = 5 // and 6
	maskActive      = 7
)

// allocation says where each virtual register is.
type allocation struct {
	place []int // a real register; or -1-n, slot n of the frame
	slots int
	dies  [][]virtual // by instruction: values it uses last
}

// interval is from where a value is made to where it is used last.
type interval struct {
	v          virtual
	start, end int
}

// allocate is a linear scan: values are looked at in the order in which they are made, and where
// all registers are taken, the one that is needed for longest goes to memory, for good.
// (Poletto and Sarkar, "Linear scan register allocation", TOPLAS 21, 1999.)
func allocate(s *selection) *allocation {
	a := &allocation{place: make([]int, len(s.registers)), dies: make([][]virtual, len(s.code))}
	a.place[active] = maskActive
	var vectors, masks []interval
	for _, i := range s.intervals() {
		if s.registers[i.v].mask {
			masks = append(masks, i)
		} else {
			vectors = append(vectors, i)
		}
		if i.end < len(s.code) {
			a.dies[i.end] = append(a.dies[i.end], i.v)
		}
	}
	for k := range s.code {
		if s.code[k].fused != nil {
			s.overwrite(&s.code[k], a.dies[k])
		}
	}
	a.scan(s, vectors, 1<<vectorRegisters-1)
	a.scan(s, masks, maskRegisters)
	return a
}

// overwrite orders the operands of a fused multiply-add so that the first, which the result
// replaces, is one that is not needed any more.
func (s *selection) overwrite(i *instruction, dies []virtual) {
	x, y, z := i.in[0], i.in[1], i.in[2]
	switch {
	case slices.Contains(dies, z):
		i.op, i.in, i.fused = i.fused.f231, [3]virtual{z, x, y}, nil // z += x*y
	case slices.Contains(dies, y) && !slices.Contains(dies, x):
		i.in = [3]virtual{y, x, z}
	case s.registers[x].constant && !slices.Contains(dies, x):
		i.in = [3]virtual{y, x, z}
	}
}

// intervals are those of all values but constants, in the order of their starts.
func (s *selection) intervals() []interval {
	start, end := make([]int, len(s.registers)), make([]int, len(s.registers))
	for v := range start {
		start[v] = -1
	}
	var order []virtual
	for k, i := range s.code {
		for _, v := range []virtual{i.in[0], i.in[1], i.in[2], i.under} {
			if v == none {
				continue
			}
			end[v] = k
			if start[v] >= 0 && start[v] < s.loop && k >= s.loop {
				end[v] = len(s.code) // every round of the loop needs it
			}
		}
		if i.out != none {
			start[i.out], end[i.out] = k, k
			order = append(order, i.out)
		}
	}
	out := make([]interval, len(order))
	for k, v := range order {
		out[k] = interval{v, start[v], end[v]}
	}
	return out
}

// scan gives places to the values of one class.
func (a *allocation) scan(s *selection, all []interval, free uint32) {
	var live []interval
	for _, i := range all {
		// A value that is used last where this one is made leaves its register to it, unless the
		// instruction overwrites its first operand while it still needs the others.
		code := s.code[i.start]
		live = slices.DeleteFunc(live, func(l interval) bool {
			last := l.end == i.start && (!code.destroys || l.v == code.in[0])
			if l.end < i.start || last {
				free |= 1 << a.place[l.v]
				return true
			}
			return false
		})
		if free == 0 {
			longest := 0
			for k, l := range live {
				if l.end > live[longest].end {
					longest = k
				}
			}
			if live[longest].end <= i.end {
				a.place[i.v] = a.slot()
				continue
			}
			free |= 1 << a.place[live[longest].v]
			a.place[live[longest].v] = a.slot()
			live = slices.Delete(live, longest, longest+1)
		}
		a.place[i.v] = bits.TrailingZeros32(free)
		free &= free - 1
		live = append(live, i)
	}
}

func (a *allocation) slot() int {
	a.slots++
	return -a.slots
}
