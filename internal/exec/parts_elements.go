package exec

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// Operations without loops on parts.

// eager is the size of parts up to which all elements are computed where their operation stands.
// Elements of longer parts are computed when they are needed, so that a sum over many takes each as
// soon as it is made.
const eager = 4

// values is a part whose elements are there.
func values(xs []lane.Value) array {
	return array{own: func(i int) lane.Value { return xs[i] }}
}

// sharedValues are values that all lanes have in common.
func sharedValues(xs []lane.Value) array {
	return array{shared: func(i int) lane.Value { return xs[i] }}
}

// collect emits n elements.
func collect(element func(i int) lane.Value, n int) []lane.Value {
	xs := make([]lane.Value, n)
	for i := range xs {
		xs[i] = element(i)
	}
	return xs
}

// elementwise divides an elementwise operation.
func (d *divider) elementwise(part *division, op lane.Lowerer, n ir.Node, lanes int,
	in []form) bool {
	size, results := n.Out[0].Size()/lanes, len(n.Out)
	part.cost = d.cost(op, n) * size
	if size <= eager {
		part.emit = func(e *partEmitter, in []array) []array {
			return eagerElements(e.b, op, in, size, results)
		}
		return true
	}
	indexed := true
	for _, f := range in {
		indexed = indexed && f.indexed
	}
	if indexed && size > unrolled {
		part.cost = d.cost(op, n) * 3 * lane.Accumulators
	}
	for i := range part.out {
		part.out[i].indexed, part.out[i].loose = indexed, true
	}
	part.emit = func(e *partEmitter, in []array) []array {
		y := &partElements{b: e.b, op: op, in: in, made: make([][]lane.Value, size)}
		out := make([]array, results)
		for k := range out {
			out[k].own = func(i int) lane.Value { return y.at(i)[k] }
			if indexed {
				out[k].indexed = func() func(lane.Value) lane.Value {
					y.prepare()
					return func(index lane.Value) lane.Value { return y.indexed(index)[k] }
				}
			}
		}
		return out
	}
	return size <= lane.ReduceBlock
}

// eagerElements computes all elements of the results.
func eagerElements(b *lane.Builder, op lane.Lowerer, in []array, size, results int) []array {
	made := make([]lane.Value, size*results)
	xs := make([]lane.Value, len(in))
	for i := range size {
		for k, a := range in {
			xs[k] = a.own(i)
		}
		for k, y := range op.Lower(b, xs) {
			made[k*size+i] = y
		}
	}
	out := make([]array, results)
	for k := range out {
		out[k] = values(made[k*size:][:size])
	}
	return out
}

// partElements are the elements of an elementwise operation's results, all results' together.
type partElements struct {
	b    *lane.Builder
	op   lane.Lowerer
	in   []array
	made [][]lane.Value

	read   []func(index lane.Value) lane.Value
	madeAt map[lane.Value][]lane.Value // by index, which is of one block
}

func (y *partElements) at(i int) []lane.Value {
	if y.made[i] == nil {
		xs := make([]lane.Value, len(y.in))
		for k, a := range y.in {
			xs[k] = a.own(i)
		}
		y.made[i] = y.op.Lower(y.b, xs)
	}
	return y.made[i]
}

// prepare makes y ready to be read by index.
func (y *partElements) prepare() {
	if y.madeAt == nil {
		y.madeAt = map[lane.Value][]lane.Value{}
	}
	for len(y.read) < len(y.in) {
		y.read = append(y.read, y.in[len(y.read)].indexed())
	}
}

func (y *partElements) indexed(index lane.Value) []lane.Value {
	out, ok := y.madeAt[index]
	if !ok {
		xs := make([]lane.Value, len(y.read))
		for k, read := range y.read {
			xs[k] = read(index)
		}
		out = y.op.Lower(y.b, xs)
		y.madeAt[index] = out
	}
	return out
}

// view divides an operation that only names elements anew.
func (d *divider) view(op lane.Viewer, n ir.Node, lanes int, in []form) (part division, ok bool) {
	from, to := n.In[0].Type(), n.Out[0].Type()
	at, ok := op.View(from, lane.Whole(from.Shape))
	if !ok {
		return part, false
	}
	p, divided := at.Parted(to.Shape, lanes)
	own := divided && in[0].own && p.Within(from.Size()/lanes)
	repeated := divided && in[0].shared && len(p.Lanes) == 0
	stride, straight := p.Stride(p.Shape)
	f := form{own: own || repeated, shared: in[0].shared, loose: in[0].loose}
	f.indexed = own && straight && (stride == 0 || in[0].indexed)
	part.out = []form{f}
	part.emit = func(e *partEmitter, in []array) []array {
		x := in[0]
		var y array
		if own {
			y = partView(e.b, x, p, f)
		} else if repeated {
			y.own = func(i int) lane.Value { return x.shared(p.At(p.Shape, i)) }
		}
		if f.shared {
			y.shared = func(i int) lane.Value { return x.shared(at.At(to.Shape, i)) }
		}
		return []array{y}
	}
	return part, f.own || f.shared
}

// partView is a part of x's part, which has the form f.
func partView(b *lane.Builder, x array, p lane.Part, f form) array {
	if p.IsWhole(p.Shape) {
		return array{own: x.own, indexed: x.indexed}
	}
	y := array{own: func(i int) lane.Value { return x.own(p.At(p.Shape, i)) }}
	if !f.indexed {
		return y
	}
	y.indexed = func() func(lane.Value) lane.Value {
		stride, _ := p.Stride(p.Shape)
		if stride == 0 {
			same := x.own(p.Offset)
			return func(lane.Value) lane.Value { return same }
		}
		read := x.indexed()
		return func(index lane.Value) lane.Value {
			if stride != 1 {
				index = b.Mul(index, b.Int(ir.Int64, int64(stride)))
			}
			if p.Offset != 0 {
				index = b.Add(index, b.Int(ir.Int64, int64(p.Offset)))
			}
			return read(index)
		}
	}
	return y
}

// emitPlaces lays out the operands' elements, and zeros between them.
func emitPlaces(op lane.Placer, n ir.Node, lanes int) (
	emit func(*partEmitter, []array) []array, ok bool) {
	type origin struct{ operand, element int }
	out := n.Out[0].Type()
	from := make([]origin, out.Size()/lanes)
	for i := range from {
		from[i].operand = -1
	}
	for k, v := range op.Place(ir.TypesOf(n.In), out) {
		p, ok := v.Parted(n.In[k].Type().Shape, lanes)
		if !ok || !p.Within(len(from)) {
			return nil, false
		}
		for i := range p.Size() {
			from[p.At(p.Shape, i)] = origin{k, i}
		}
	}
	return func(e *partEmitter, in []array) []array {
		return []array{{own: func(i int) lane.Value {
			if from[i].operand < 0 {
				return e.b.Bits(out.DType, 0)
			}
			return in[from[i].operand].own(from[i].element)
		}}}
	}, true
}

// emitPrivate runs an operation that a lane can do on its own.
func emitPrivate(p lane.Private, n ir.Node, lanes int) func(*partEmitter, []array) []array {
	return func(e *partEmitter, in []array) []array {
		xs := make([]lane.Elements, len(in))
		for i, a := range in {
			if xs[i] = a.shared; p.Own[i] {
				xs[i] = a.own
			}
		}
		out := make([]array, len(n.Out))
		for i, ys := range p.Lower(e.b, xs) {
			out[i] = values(ys)
		}
		return out
	}
}
