package lane_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

// addresses lists where a view's elements are, in row-major order of the shape.
func addresses(v lane.View, shape []int) []int {
	out := make([]int, ir.Of(ir.Bool, shape...).Size())
	for i := range out {
		out[i] = v.Offset
		rest := i
		for a := len(shape) - 1; a >= 0; a-- {
			out[i] += rest % shape[a] * v.Strides[a]
			rest /= shape[a]
		}
	}
	return out
}

// TestViews compares what is said of random views with lists of their addresses.
func TestViews(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	random := func(xs ...int) int { return xs[r.IntN(len(xs))] }
	reshaped := 0
	for range 20000 {
		shape := make([]int, r.IntN(4))
		for i := range shape {
			shape[i] = random(1, 1, 2, 3, 4, 6)
		}
		v := lane.Whole(shape)
		for i := range shape {
			if r.IntN(4) == 0 {
				v.Strides[i] *= random(0, 2, -1)
			}
		}
		v = lane.View{Offset: r.IntN(3), Strides: v.Strides}
		if r.IntN(3) == 0 {
			perm := r.Perm(len(shape))
			v = v.Permuted(perm)
			old := slices.Clone(shape)
			for i, a := range perm {
				shape[i] = old[a]
			}
		}
		want := addresses(v, shape)

		access := v.Access(0, shape)
		for i, at := range want {
			if got := access.Address(i); got != at {
				t.Fatalf("%v over %v: lane %d at %d, want %d", v, shape, i, got, at)
			}
		}
		inOrder := true
		for i, at := range want {
			inOrder = inOrder && at == v.Offset+i
		}
		if v.InOrder(shape) != inOrder || v.IsWhole(shape) != (inOrder && v.Offset == 0) {
			t.Errorf("%v over %v: in order %v, whole %v", v, shape, v.InOrder(shape),
				v.IsWhole(shape))
		}
		stride, even := v.Stride(shape)
		for i, at := range want {
			if even && at != v.Offset+i*stride {
				t.Errorf("%v over %v: a stride of %d", v, shape, stride)
			}
		}

		// Split an axis, or join two; strides that are even everywhere can always say it.
		to := slices.Clone(shape)
		for range 2 {
			if i := r.IntN(len(to) + 1); i < len(to) && to[i]%2 == 0 {
				to = slices.Concat(to[:i], []int{2, to[i] / 2}, to[i+1:])
			} else if i+1 < len(to) {
				to = slices.Concat(to[:i], []int{to[i] * to[i+1]}, to[i+2:])
			}
		}
		got, ok := v.Reshaped(shape, to)
		if ok && !slices.Equal(addresses(got, to), want) {
			t.Errorf("%v from %v to %v is %v", v, shape, to, got)
		}
		if !ok && even {
			t.Errorf("%v from %v to %v: refused", v, shape, to)
		}
		if ok && !even {
			reshaped++
		}
	}
	if reshaped < 1000 {
		t.Errorf("only %d uneven views were reshaped", reshaped)
	}
}

func TestReshapedRefuses(t *testing.T) {
	transposed := lane.Whole([]int{2, 3}).Permuted([]int{1, 0})
	if v, ok := transposed.Reshaped([]int{3, 2}, []int{6}); ok {
		t.Errorf("a transposed matrix in one row is %v", v)
	}
}
