package lane

import "slices"

// Accumulation is a reduction of values that a lane has one after the other, in the fixed order
// of Reduce.
type Accumulation struct {
	b      *Builder
	code   Code
	n      int
	acc    []Value
	blocks []Value
}

// Accumulate begins the reduction by a code, of a type that Zero has if it is of no elements.
func (b *Builder) Accumulate(code Code) *Accumulation { return &Accumulation{b: b, code: code} }

// Combine is one step of the reduction.
func (a *Accumulation) Combine(x, y Value) Value { return a.b.binary(a.code, x, y) }

// Accumulators is what has been accumulated, of at most a block.
func (a *Accumulation) Accumulators() []Value { return slices.Clone(a.acc) }

// Set goes on from accumulators that have taken n values, of at most a block.
func (a *Accumulation) Set(n int, acc []Value) { a.n, a.acc = n, slices.Clone(acc) }

// Take is the next value. An accumulator starts as its first one, since the identity combines
// with it to itself.
func (a *Accumulation) Take(x Value) {
	if k := a.n % Accumulators; len(a.acc) == k && a.n < Accumulators {
		a.acc = append(a.acc, x)
	} else {
		a.acc[k] = a.Combine(a.acc[k], x)
	}
	if a.n++; a.n == ReduceBlock {
		a.endBlock()
	}
}

func (a *Accumulation) endBlock() {
	a.blocks = append(a.blocks, Tree(a.acc, a.Combine))
	a.acc, a.n = nil, 0
}

// Result ends the reduction of at least one value.
func (a *Accumulation) Result() Value {
	if a.n > 0 {
		a.endBlock()
	}
	return Tree(a.blocks, a.Combine)
}

// InnerProduct is the sum of n products, at least one, in the order of a reduction: an accumulator
// starts as its first product and takes the others by MulAdd.
func (b *Builder) InnerProduct(n int, factors func(i int) (x, y Value)) Value {
	sum := b.Accumulate(Add)
	for i := range n {
		x, y := factors(i)
		if k := sum.n % Accumulators; k == len(sum.acc) {
			sum.acc = append(sum.acc, b.Mul(x, y))
		} else {
			sum.acc[k] = b.MulAdd(x, y, sum.acc[k])
		}
		if sum.n++; sum.n == ReduceBlock {
			sum.endBlock()
		}
	}
	return sum.Result()
}

// MulAdd is x*y + z: fused for floats, and wrapping around for integers.
func (b *Builder) MulAdd(x, y, z Value) Value {
	if b.Type(x).IsFloat() {
		return b.FMA(x, y, z)
	}
	return b.Add(b.Mul(x, y), z)
}
