package op

import (
	"pullback/internal/lane"
	"pullback/internal/lane/interp"
	"pullback/internal/native"
	"pullback/internal/parallel"
	"pullback/ir"
)

// evalImmediate is how many elements are computed at once, one by one, rather than compiled.
const evalImmediate = 8

// evalGrain is how many elements are worth a goroutine of their own.
const evalGrain = 16384

// evalLowered runs an elementwise operation's own lowering over whole arrays.
func evalLowered(op lane.Lowerer, in, out []ir.Array) {
	n := out[0].Len()
	if n <= evalImmediate {
		for i := range n {
			lane.Immediately(op, in, out, i)
		}
		return
	}
	p := elementwiseProgram(op, in, out, n)
	buffers := make([]ir.Array, 0, len(in)+len(out))
	for _, a := range in {
		if a.IsFill() {
			a = oneOf(a)
		}
		buffers = append(buffers, a)
	}
	buffers = append(buffers, out...)
	kernel, err := compileEager(p, n)
	if err != nil {
		panic(err) // a lowering that does not verify is our mistake, never the user's
	}
	parallel.For(n, evalGrain, func(lo, hi int) {
		frame := kernel.NewFrame()
		frame.Start(buffers, lo, hi)
		for frame.Run(lane.Fuel) {
		}
	})
}

// evalNative is how many elements are worth machine code that is run once.
const evalNative = 4096

func compileEager(p *lane.Program, n int) (lane.Kernel, error) {
	if n < evalNative {
		return interp.Executor{}.Compile(p)
	}
	return native.Compile(p)
}

// elementwiseProgram is one foreach: load, lower, store. Fills are loaded at one address.
func elementwiseProgram(op lane.Lowerer, in, out []ir.Array, n int) *lane.Program {
	b := lane.NewBuilder()
	for _, a := range in {
		length := n
		if a.IsFill() {
			length = 1
		}
		b.Buffer(a.Type().DType, length, false)
	}
	for _, a := range out {
		b.Buffer(a.Type().DType, n, true)
	}
	b.Foreach(n, func(lane.Value) {
		xs := make([]lane.Value, len(in))
		for i, a := range in {
			if a.IsFill() {
				xs[i] = b.Load(lane.Access{Buffer: i}, lane.None)
			} else {
				xs[i] = b.Load(lane.Contiguous(i, n), lane.None)
			}
		}
		for i, y := range op.Lower(b, xs) {
			b.Store(lane.Contiguous(len(in)+i, n), lane.None, y)
		}
	})
	return b.Program()
}

// shareFill computes an elementwise operation on fills once, for all elements.
func shareFill(op lane.Lowerer, in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	for _, a := range in {
		if !a.IsFill() {
			return nil, false
		}
	}
	one := make([]ir.Array, len(in))
	for i, a := range in {
		one[i] = oneOf(a)
	}
	ys := make([]ir.Array, len(out))
	for i, t := range out {
		ys[i] = ir.NewArray(ir.Of(t.DType))
	}
	evalLowered(op, one, ys)
	for i, t := range out {
		ys[i] = ys[i].Spread(t.Shape...)
	}
	return ys, true
}

// oneOf is a fill as a scalar array.
func oneOf(a ir.Array) ir.Array { return a.Spread() }
