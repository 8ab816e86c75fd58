package native

import (
	"slices"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// geometry says how a gang's values lie in registers. A gang is a power of two of lanes that run
// together; a value of theirs is one vector or several, its parts, which hold the lanes in order.
// Two parts are two chains of instructions that do not wait for each other: one alone would leave
// most of the processor idle, since each instruction takes four cycles and two can start in one.
type geometry struct {
	lanes int // of a gang
	bytes int // of the widest vector
}

// parts is the number of vectors of a gang's value of elements of size bytes.
func (g geometry) parts(size int) int { return max(1, g.lanes*size/g.bytes) }

// width is that of each part.
func (g geometry) width(size int) asm.Width {
	switch bytes := min(g.lanes*size, g.bytes); {
	case bytes > 32:
		return asm.Bits512
	case bytes > 16:
		return asm.Bits256
	}
	return asm.Bits128
}

// perPart is the number of lanes of a part.
func (g geometry) perPart(size int) int { return g.lanes / g.parts(size) }

// sizeOf is the size in bytes of an element in a register. A Bool is a mask, of either size.
func sizeOf(t ir.DType) int {
	if t.Bits() == 64 {
		return 8
	}
	return 4
}

// findNeeded says for each value whether anything uses it. Loops keep all their states.
func (s *selector) findNeeded() []bool {
	used := make([]bool, len(s.p.Types))
	use := func(vs ...lane.Value) {
		for _, v := range vs {
			if v != lane.None {
				used[v] = true
			}
		}
	}
	var block func(b lane.Block)
	block = func(b lane.Block) {
		for _, stmt := range slices.Backward(b) {
			switch stmt := stmt.(type) {
			case *lane.Instr:
				if stmt.Out == lane.None || used[stmt.Out] {
					in, _ := s.operands(stmt)
					use(in[:]...)
				}
			case *lane.While:
				use(stmt.State...)
				use(stmt.Next...)
				block(stmt.Body)
				use(stmt.Test)
				block(stmt.Cond)
				use(stmt.Init...)
			case *lane.Foreach:
				for _, r := range stmt.Reductions {
					use(r.In[:]...)
				}
				block(stmt.Body)
			}
		}
	}
	block(s.p.Body)
	return used
}

// wide says whether a program computes mostly with 64 bits in what varies from lane to lane. Random
// numbers in float32 do not, though they begin with the lanes' numbers.
func (s *selector) wide() bool {
	wide, narrow := 0, 0
	for v, t := range s.p.Types {
		switch {
		case !s.needed[v] || !s.varies[v] || t == ir.Bool:
		case t.Bits() == 64:
			wide++
		default:
			narrow++
		}
	}
	return wide > 0 && narrow < 8*wide
}

// geometryOf chooses the gangs of a program, of vectors of so many bytes, in so many chains.
func (s *selector) geometryOf(bytes, chains int) geometry {
	lanes := bytes / 4
	if s.wide() {
		lanes = bytes / 8
	}
	extent := 1
	lane.Walk(s.p.Body, func(stmt lane.Stmt) {
		if f, ok := stmt.(*lane.Foreach); ok {
			extent = max(extent, f.Extent)
		}
	})
	lanes *= chains
	for lanes/2 >= extent {
		lanes /= 2
	}
	return geometry{lanes, bytes}
}
