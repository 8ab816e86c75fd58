package interp

import (
	"iter"
	"slices"
)

// register is a virtual register: size bytes for each lane of a block, or, pinned, size bytes
// that are its own for the whole call. Uniform registers are pinned: they are small.
type register struct {
	size   int
	pinned bool
}

// life is where a register is in use: from instruction first to last.
type life struct{ first, last int32 }

// padding keeps registers from falling into the same sets of the cache: without it all would
// be a power of two apart.
const padding = 64

// allocate gives every virtual register its place in a frame's memory and puts the places into
// the code. Registers of one size whose lives do not overlap share a place.
func (c *flattener) allocate() {
	lives := c.lives()
	places := make([]uint32, len(c.registers))
	free := map[int][]uint32{} // by size
	for r, v := range c.registers {
		if v.pinned {
			places[r] = uint32(c.k.size)
			c.k.size += v.size
		}
	}
	ends, starts := newLists(len(c.k.code), len(lives)), newLists(len(c.k.code), len(lives))
	for r, l := range lives {
		if !c.registers[r].pinned && l.first >= 0 {
			ends.add(l.last, uint32(r))
			starts.add(l.first, uint32(r))
		}
	}
	for at := range c.k.code {
		// An instruction may write over an operand that it is the last to read: each lane is
		// read before it is written.
		for r := range ends.at(at) {
			if lives[r].first != int32(at) {
				free[c.registers[r].size] = append(free[c.registers[r].size], places[r])
			}
		}
		for r := range starts.at(at) {
			size := c.registers[r].size
			if n := len(free[size]); n > 0 {
				places[r], free[size] = free[size][n-1], free[size][:n-1]
			} else {
				places[r] = uint32(c.k.size)
				c.k.size += (size*c.k.lanes+7)&^7 + padding
			}
		}
		for r := range ends.at(at) {
			if lives[r].first == int32(at) { // written and never read
				free[c.registers[r].size] = append(free[c.registers[r].size], places[r])
			}
		}
	}
	c.place(places)
}

// lists has a list of registers for each instruction; a register is in one list at most.
type lists struct {
	first []uint32 // by instruction
	next  []uint32 // by register
}

func newLists(instructions, registers int) lists {
	l := lists{make([]uint32, instructions), make([]uint32, registers)}
	for at := range l.first {
		l.first[at] = none
	}
	return l
}

func (l *lists) add(at int32, r uint32) { l.first[at], l.next[r] = r, l.first[at] }

func (l *lists) at(at int) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for r := l.first[at]; r != none && yield(r); r = l.next[r] {
		}
	}
}

// place replaces virtual registers by their places.
func (c *flattener) place(places []uint32) {
	for at := range c.k.code {
		i := &c.k.code[at]
		for _, r := range []*uint32{&i.out, &i.in[0], &i.in[1], &i.in[2], &i.mask} {
			if *r != none {
				*r = places[*r]
			}
		}
	}
	for k := range c.k.constants {
		c.k.constants[k].at = places[c.k.constants[k].at]
	}
}

// lives finds where each register is in use. One that is defined before a loop and used in it is
// in use to the loop's end.
func (c *flattener) lives() []life {
	lives := make([]life, len(c.registers))
	for r := range lives {
		lives[r] = life{-1, -1}
	}
	for at := range c.k.code {
		i := &c.k.code[at]
		for _, r := range []uint32{i.out, i.in[0], i.in[1], i.in[2], i.mask} {
			if r == none {
				continue
			}
			if lives[r].first < 0 {
				lives[r].first = int32(at)
			}
			lives[r].last = int32(at)
		}
	}
	inside, around := c.nesting()
	for r := range lives {
		l := &lives[r]
		if l.first < 0 {
			continue
		}
		for k := inside[l.last]; k >= 0 && l.first < c.loops[k].first; k = around[k] {
			l.last = c.loops[k].last
		}
	}
	return lives
}

// nesting says for each instruction which loop it is in, the innermost, and for each loop which
// one is around it; -1 is none.
func (c *flattener) nesting() (inside, around []int32) {
	inside, around = make([]int32, len(c.k.code)), make([]int32, len(c.loops))
	for at := range inside {
		inside[at] = -1
	}
	// Inner loops come before those around them.
	for k, l := range slices.Backward(c.loops) {
		around[k] = inside[l.first]
		for at := l.first; at <= l.last; at++ {
			inside[at] = int32(k)
		}
	}
	return inside, around
}
