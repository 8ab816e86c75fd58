package lanetest

import (
	"math/rand/v2"

	"pullback/internal/lane"
	"pullback/ir"
)

// Random is a valid random program: several foreach loops, some in a uniform loop, with masked
// loops two deep, reductions, scratch, all types and kinds of access. It ends after a few rounds
// of each loop whatever its buffers hold.
func Random(r *rand.Rand) *lane.Program {
	g := &generator{r: r, Builder: lane.NewBuilder()}
	g.extents = []int{1, g.extent(), g.extent()}
	for range 1 + r.IntN(3) {
		t := g.anyType()
		g.scratch = append(g.scratch, g.Scratch(t, 1+r.IntN(5)))
		g.scratchTypes = append(g.scratchTypes, t)
	}
	for _, t := range ir.DTypes() {
		g.inputs = append(g.inputs, g.Buffer(t, 1+r.IntN(50), false))
	}
	if r.IntN(3) == 0 { // a splittable program, sometimes of several blocks of reductions
		g.uniformCode(3)
		lanes := []int{g.extents[r.IntN(3)], 600 + r.IntN(100)}[r.IntN(2)]
		if r.IntN(16) == 0 {
			lanes = (lane.ReduceBlock*(1+r.IntN(2)) + []int{0, 1, 50}[r.IntN(3)]) * (1 + r.IntN(2))
		}
		g.foreach(lanes)
		return g.Program()
	}
	for range 1 + r.IntN(3) {
		g.uniformCode(1 + r.IntN(4))
		g.foreach(g.extents[r.IntN(3)])
		g.loadPartials()
		if r.IntN(3) == 0 {
			g.loop(1, func() {
				g.uniformCode(2)
				g.foreach(g.extents[r.IntN(3)])
				g.loadPartials()
			})
		}
		g.storeUniform()
	}
	return g.Program()
}

// Bind makes random buffers for p, some of those only read a fill.
func Bind(r *rand.Rand, p *lane.Program) []ir.Array {
	var out []ir.Array
	for _, b := range p.Buffers {
		bits := make([]uint64, b.Len)
		for i := range bits {
			bits[i] = Bits(r, b.DType)
		}
		a := Array(b.DType, bits)
		if !b.Written && r.IntN(4) == 0 && b.Len > 0 {
			a = Array(b.DType, bits[:1]).Spread(b.Len)
		}
		out = append(out, a)
	}
	return out
}

type generator struct {
	*lane.Builder
	r            *rand.Rand
	extents      []int
	lanes        int // of the current foreach, 0 outside
	lane         lane.Value
	values       []lane.Value // what may be used here
	inputs       []int        // buffers that are only read, one of each type
	scratch      []int
	scratchTypes []ir.DType
	own          []access // written by this foreach: each lane has addresses of its own
	partials     []int    // accumulators of the reductions of this foreach
}

// access is one of a buffer whose elements from a lane's address on, span of them, are its own.
type access struct {
	lane.Access
	t    ir.DType
	span int
}

func (g *generator) extent() int {
	sizes := []int{1, 2, 15, 16, 17, 31, 100, 127, 128, 129, 255, 256, 257, 513}
	return sizes[g.r.IntN(len(sizes))]
}

func (g *generator) anyType() ir.DType { return ir.DTypes()[g.r.IntN(7)] }

// of is a value of type t: one there is, a constant, or one made for the purpose.
func (g *generator) of(t ir.DType) lane.Value {
	var have []lane.Value
	for _, v := range g.values {
		if g.Type(v) == t {
			have = append(have, v)
		}
	}
	if len(have) > 0 && g.r.IntN(8) > 0 {
		return have[max(g.r.IntN(len(have)), g.r.IntN(len(have)))] // rather a late one
	}
	if len(g.values) > 0 && g.r.IntN(2) == 0 {
		return g.keep(g.Convert(t, g.values[g.r.IntN(len(g.values))]))
	}
	return g.keep(g.Bits(t, Bits(g.r, t)))
}

func (g *generator) keep(v lane.Value) lane.Value {
	g.values = append(g.values, v)
	return v
}

// scoped runs f and forgets the values it made.
func (g *generator) scoped(f func()) {
	n := len(g.values)
	f()
	g.values = g.values[:n:n]
}

func (g *generator) operation() {
	for {
		code := lane.Code(g.r.IntN(int(lane.Lookup))) + 1
		t := g.anyType()
		if !code.Defined(t) {
			continue
		}
		in := []lane.Value{g.of(t), g.of(t), g.of(t)}
		if code == lane.Select {
			in[0] = g.of(ir.Bool)
		}
		out := g.anyType()
		if code == lane.Bitcast {
			for out == ir.Bool || out.Bits() != t.Bits() {
				out = g.anyType()
			}
		}
		g.keep(apply(g.Builder, code, out, in[:code.Operands()]))
		return
	}
}

func (g *generator) uniformCode(n int) {
	for range n {
		switch g.r.IntN(4) {
		case 0:
			b := g.inputs[g.r.IntN(len(g.inputs))]
			a := lane.Access{Buffer: b, Offset: g.r.IntN(g.Program().Buffers[b].Len)}
			g.keep(g.Load(a, g.optional(g.of(ir.Int64))))
		case 1:
			g.loop(1+g.r.IntN(2), func() { g.operation() })
		case 2:
			g.unless(g.operation)
		default:
			g.operation()
		}
	}
}

func (g *generator) optional(v lane.Value) lane.Value {
	if g.r.IntN(2) == 0 {
		return lane.None
	}
	return v
}

func (g *generator) storeUniform() {
	for _, v := range g.values {
		b := g.Buffer(g.Type(v), 2, true)
		g.Store(lane.Access{Buffer: b, Offset: 1}, lane.None, v)
	}
}

func (g *generator) foreach(lanes int) {
	g.lanes, g.own, g.partials = lanes, nil, nil
	g.scoped(func() {
		g.Rows(g.lanes, g.row(), func(v lane.Value) {
			g.lane = g.keep(v)
			for range 3 {
				g.load()
			}
			g.statements(2+g.r.IntN(12), 2)
			for range 2 {
				g.store(g.values[g.r.IntN(len(g.values))])
			}
			for g.r.IntN(2) == 0 {
				g.reduce()
			}
		})
	})
	g.lanes = 0
}

func (g *generator) reduce() {
	codes := []lane.Code{lane.Add, lane.Mul, lane.Min, lane.Max, lane.And, lane.Or, lane.FMA}
	code, x, y := codes[g.r.IntN(len(codes))], g.values[g.r.IntN(len(g.values))], lane.None
	if !code.Defined(g.Type(x)) {
		return
	}
	if code == lane.FMA {
		y = g.of(g.Type(x))
	}
	b := g.Buffer(g.Type(x), g.Partials(g.Type(x)).Size(), true)
	g.Reduce(code, b, x, y)
	g.partials = append(g.partials, b)
}

// row is a number of lanes that divides those of the foreach.
func (g *generator) row() int {
	row := g.lanes
	for d := 2; d < 100 && g.r.IntN(40) > 0; d++ {
		if row%d == 0 && g.r.IntN(3) == 0 {
			row /= d
		}
	}
	return row
}

// loadPartials reads accumulators of the last foreach.
func (g *generator) loadPartials() {
	for _, b := range g.partials {
		at := g.r.IntN(g.Program().Buffers[b].Len)
		g.keep(g.Load(lane.Access{Buffer: b, Offset: at}, lane.None))
	}
}

func (g *generator) statements(n, depth int) {
	for range n {
		switch g.r.IntN(12) {
		case 0:
			g.load()
		case 1:
			k := g.r.IntN(len(g.scratch))
			g.ScratchStore(g.scratch[k], g.small(), g.of(g.scratchTypes[k]))
		case 2:
			g.keep(g.ScratchLoad(g.scratch[g.r.IntN(len(g.scratch))], g.small()))
		case 3:
			g.store(g.values[g.r.IntN(len(g.values))])
		case 6:
			if depth > 0 {
				g.unless(func() { g.statements(1+g.r.IntN(5), depth-1) })
			}
		case 4, 5:
			if depth > 0 {
				g.loop(1+g.r.IntN(3), func() { g.statements(1+g.r.IntN(5), depth-1) })
			}
		default:
			g.operation()
		}
	}
}

// small is an index that mostly lies in a scratch array.
func (g *generator) small() lane.Value {
	switch g.r.IntN(3) {
	case 0:
		return g.of(ir.Int64)
	case 1:
		return g.Int(ir.Int64, int64(g.r.IntN(5)))
	}
	return g.And(g.of(ir.Int64), g.Int(ir.Int64, 3))
}

// loop is a while of n states that makes no more than a few rounds.
func (g *generator) loop(n int, body func()) {
	init := []lane.Value{g.Bits(ir.Int64, 0)}
	for range n {
		init = append(init, g.of(g.anyType()))
	}
	most := g.Int(ir.Int64, int64(g.r.IntN(6)))
	if g.r.IntN(2) == 0 {
		most = g.And(g.of(ir.Int64), g.Int(ir.Int64, 7))
	}
	var state []lane.Value
	g.scoped(func() {
		state = g.While(init, func(s []lane.Value) (test lane.Value) {
			g.scoped(func() {
				g.values = append(g.values, s...)
				test = g.Less(s[0], most)
				if g.r.IntN(2) == 0 {
					g.operation()
					test = g.And(test, g.of(ir.Bool))
				}
			})
			return test
		}, func(s []lane.Value) []lane.Value {
			next := []lane.Value{g.Add(s[0], g.Int(ir.Int64, 1))}
			g.scoped(func() {
				g.values = append(g.values, s...)
				body()
				for _, v := range s[1:] {
					next = append(next, g.of(g.Type(v)))
				}
			})
			return next
		})
	})
	g.values = append(g.values, state...)
}

// unless is values that are others in some lanes.
func (g *generator) unless(body func()) {
	var usual []lane.Value
	for range 1 + g.r.IntN(3) {
		usual = append(usual, g.of(g.anyType()))
	}
	g.values = append(g.values, g.Unless(g.of(ir.Bool), usual, func() (rare []lane.Value) {
		g.scoped(func() {
			body()
			for _, v := range usual {
				rare = append(rare, g.of(g.Type(v)))
			}
		})
		return rare
	})...)
}

// load reads an input in some way, or what this foreach wrote.
func (g *generator) load() {
	if len(g.own) > 0 && g.r.IntN(3) == 0 {
		a := g.own[g.r.IntN(len(g.own))]
		g.keep(g.Load(a.Access, g.within(a)))
		return
	}
	k := g.r.IntN(len(g.inputs))
	length := g.Program().Buffers[k].Len
	switch g.r.IntN(4) {
	case 0: // the same for all lanes
		g.keep(g.Load(lane.Access{Buffer: k, Offset: length - 1}, g.optional(g.of(ir.Int64))))
	case 1: // anywhere
		dims := g.dims(g.r.IntN(3), g.r.IntN(3)-1)
		g.keep(g.Load(lane.Access{Buffer: k, Dims: dims, Offset: g.r.IntN(length)}, g.of(ir.Int64)))
	default:
		a := lane.Access{Dims: g.dims(g.r.IntN(4), g.r.IntN(4)-1)}
		least, greatest := 0, 0
		for _, d := range a.Dims {
			least += min(0, (d.Extent-1)*d.Stride)
			greatest += max(0, (d.Extent-1)*d.Stride)
		}
		a.Offset = -least + g.r.IntN(3)
		a.Buffer = g.Buffer(g.anyType(), a.Offset+greatest+1, false)
		g.keep(g.Load(a, lane.None))
	}
}

// dims divides the lanes into rows and columns and gives them strides.
func (g *generator) dims(outer, inner int) []lane.Dim {
	var factors []int
	for n, f := g.lanes, 2; n > 1; {
		if n%f == 0 {
			factors = append(factors, f)
			n /= f
		} else {
			f++
		}
	}
	columns := 1
	for _, f := range factors {
		if g.r.IntN(2) == 0 {
			columns *= f
		}
	}
	rows := g.lanes / columns
	switch g.r.IntN(4) {
	case 0:
		return []lane.Dim{{Extent: g.lanes, Stride: inner}}
	case 1:
		return []lane.Dim{{Extent: rows, Stride: outer}, {Extent: columns, Stride: inner}}
	case 2:
		return []lane.Dim{{Extent: rows, Stride: inner * columns}, {Extent: 1, Stride: 7},
			{Extent: columns, Stride: outer}}
	}
	// Three axes, where the lanes have so many factors.
	planes := 1
	if len(factors) > 0 && rows%factors[0] == 0 {
		planes = factors[0]
	}
	return []lane.Dim{{Extent: planes, Stride: inner}, {Extent: rows / planes, Stride: 3},
		{Extent: columns, Stride: outer}}
}

// store writes v to elements that are the lane's own: contiguous, transposed or with room for an
// index.
func (g *generator) store(v lane.Value) {
	a := access{t: g.Type(v), span: 1}
	columns := 1
	for f := 2; f < 8; f++ {
		if g.lanes%f == 0 && g.r.IntN(2) == 0 {
			columns = f
		}
	}
	rows := g.lanes / columns
	switch g.r.IntN(4) {
	case 0:
		a.Dims = []lane.Dim{{Extent: rows, Stride: 1}, {Extent: columns, Stride: rows}}
	case 1:
		a.Dims, a.span = []lane.Dim{{Extent: g.lanes, Stride: 4}}, 4
	default:
		a.Dims = []lane.Dim{{Extent: g.lanes, Stride: 1}}
	}
	a.Buffer = g.Buffer(a.t, g.lanes*a.span, true)
	g.own = append(g.own, a)
	g.Store(a.Access, g.within(a), v)
}

// within is an index into a lane's own elements.
func (g *generator) within(a access) lane.Value {
	if a.span == 1 {
		return lane.None
	}
	return g.And(g.of(ir.Int64), g.Int(ir.Int64, int64(a.span-1)))
}
