package interp

import "slices"

// register is a virtual register: size bytes for each lane of a block, or, pinned, size bytes
// that are its own for the whole call. Uniform registers are pinned: they are small.
type register struct {
	size   int
	pinned bool
}

// life is where a register is in use: from instruction first to last.
type life struct{ first, last int }

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
	ends := make([][]uint32, len(c.k.code)) // the registers whose life ends at an instruction
	starts := make([][]uint32, len(c.k.code))
	for r, l := range lives {
		if !c.registers[r].pinned && l.first >= 0 {
			ends[l.last] = append(ends[l.last], uint32(r))
			starts[l.first] = append(starts[l.first], uint32(r))
		}
	}
	for at := range c.k.code {
		// An instruction may write over an operand that it is the last to read: each lane is
		// read before it is written.
		for _, r := range ends[at] {
			if lives[r].first != at {
				free[c.registers[r].size] = append(free[c.registers[r].size], places[r])
			}
		}
		for _, r := range starts[at] {
			size := c.registers[r].size
			if n := len(free[size]); n > 0 {
				places[r], free[size] = free[size][n-1], free[size][:n-1]
			} else {
				places[r] = uint32(c.k.size)
				c.k.size += (size*c.k.lanes+7)&^7 + padding
			}
		}
		for _, r := range ends[at] {
			if lives[r].first == at { // written and never read
				free[c.registers[r].size] = append(free[c.registers[r].size], places[r])
			}
		}
	}
	c.place(places)
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
				lives[r].first = at
			}
			lives[r].last = at
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
func (c *flattener) nesting() (inside, around []int) {
	inside, around = make([]int, len(c.k.code)), make([]int, len(c.loops))
	for at := range inside {
		inside[at] = -1
	}
	// Inner loops come before those around them.
	for k, l := range slices.Backward(c.loops) {
		around[k] = inside[l.first]
		for at := l.first; at <= l.last; at++ {
			inside[at] = k
		}
	}
	return inside, around
}
