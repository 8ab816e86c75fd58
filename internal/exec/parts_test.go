package exec_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/internal/exec"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// batchOf is n problems of do, all operands of which differ.
func batchOf(n int, do func(x []ir.Value) []ir.Value, types ...ir.Type) *ir.Graph {
	one := record.Trace(do, types)
	batched := make([]ir.Type, len(types))
	for i, t := range types {
		batched[i] = t.Batched(n)
	}
	return record.Trace(func(p []ir.Value) []ir.Value {
		return transform.BatchAll(one, n, p, transform.All(len(p)))
	}, batched)
}

// halving is a loop that adds f of the state to the state while that is above 1, and then halves
// it.
func halving(x ir.Value, f func(s ir.Value) ir.Value) ir.Value {
	one := ir.Known(ir.FillNumber(x.Type(), 1))
	half := ir.Known(ir.FillNumber(x.Type(), 0.5))
	return ad.While(x,
		func(s ir.Value) ir.Value { return op.Less(one, s) },
		func(s ir.Value) ir.Value { return op.Mul(op.Min(s, op.Add(s, f(s))), half) })
}

// TestLongSums sums what lanes find in memory by strides of all kinds, in loops over the elements.
func TestLongSums(t *testing.T) {
	const n = 70
	views := map[string]func(x ir.Value) ir.Value{
		"in order": func(x ir.Value) ir.Value {
			return op.Slice(op.Reshape(x, []int{3 * n}), []int{n}, []int{2 * n}, nil)
		},
		"backwards": func(x ir.Value) ir.Value {
			return op.Slice(op.Reverse(op.Reshape(x, []int{3 * n}), 0), []int{5}, []int{5 + n}, nil)
		},
		"every third": func(x ir.Value) ir.Value {
			return op.Slice(op.Reshape(x, []int{3 * n}), []int{1}, []int{3 * n}, []int{3})
		},
		"one again and again": func(x ir.Value) ir.Value {
			one := op.Slice(op.Reshape(x, []int{3 * n}), []int{7}, []int{8}, nil)
			return op.Broadcast(op.Reshape(one, nil), []int{n}, nil)
		},
		"a row of the transpose": func(x ir.Value) ir.Value {
			rows := op.Transpose(op.Reshape(x, []int{n, 3}), []int{1, 0})
			return op.Reshape(op.Slice(rows, []int{1, 0}, []int{2, n}, nil), []int{n})
		},
	}
	for name, view := range views {
		g := batchOf(5, func(p []ir.Value) []ir.Value {
			return []ir.Value{halving(p[0], func(s ir.Value) ir.Value {
				x := op.Mul(view(p[1]), op.Scalar(s, []int{n}))
				return op.Add(op.Sum(x, 0), op.ReduceMax(op.Neg(x), 0))
			})}
		}, ir.Of(ir.Float64), ir.Of(ir.Float64, 3*n))
		a := &generator{r: rand.New(rand.NewPCG(1, 4))}
		states := ir.Wrap([]float64{100, 3, 0, 17, 1e6}, 5)
		in := []ir.Array{states, a.array(ir.Of(ir.Float64, 5, 3*n))}
		agrees(t, name, g, in)
		if text := exec.LanePrograms(g); strings.Contains(text, "while:") ||
			strings.Count(text, " = load ") > n-10 || strings.Count(text, " = while ") != 2 {
			t.Errorf("%s: no loop in lanes over the elements:\n%s", name, text)
		}
	}
}

// TestWhatIsNotDivided has loops that are too large for lanes, or whose problems have to do with
// each other.
func TestWhatIsNotDivided(t *testing.T) {
	state := ir.Of(ir.Float64)
	itself := func(x ir.Value) ir.Value { return x }
	for _, c := range []struct {
		name string
		view func(x ir.Value) ir.Value // what the loop reads
		f    func(s, x ir.Value) ir.Value
		size int
	}{
		{"a large product", itself, func(s, x ir.Value) ir.Value {
			m := op.Reshape(x, []int{20, 20})
			return op.Sum(op.MatMul(op.Mul(m, op.Scalar(s, []int{20, 20})), m), 0, 1)
		}, 400},
		{"more than a block", itself, func(s, x ir.Value) ir.Value {
			return op.Sum(op.Mul(x, op.Scalar(s, []int{5000})), 0)
		}, 5000},
		{"a long sum that no stride finds", func(x ir.Value) ir.Value {
			return op.Transpose(op.Reshape(x, []int{50, 60}), []int{1, 0})
		}, func(s, x ir.Value) ir.Value {
			return op.Sum(op.Mul(x, op.Scalar(s, []int{60, 50})), 0, 1)
		}, 3000},
		{"an index that depends", itself, func(s, x ir.Value) ir.Value {
			at := []ir.Value{op.Convert(s, ir.Int64)}
			return op.Reshape(op.DynamicSlice(x, at, []int{1}), nil)
		}, 9},
	} {
		g := batchOf(3, func(p []ir.Value) []ir.Value {
			x := c.view(p[1])
			return []ir.Value{halving(p[0], func(s ir.Value) ir.Value { return c.f(s, x) })}
		}, state, ir.Of(ir.Float64, c.size))
		a := &generator{r: rand.New(rand.NewPCG(1, 5))}
		in := []ir.Array{ir.Wrap([]float64{100, 3, 17}, 3), a.array(ir.Of(ir.Float64, 3, c.size))}
		agrees(t, c.name, g, in)
		if text := exec.Compile(g).String(); !strings.Contains(text, "while:") {
			t.Errorf("%s: it is a lane program:\n%s", c.name, text)
		}
	}
}

// TestSumsOfSums has sums that could take elements by turns, if one did not need the other.
func TestSumsOfSums(t *testing.T) {
	g := batchOf(3, func(p []ir.Value) []ir.Value {
		y := op.Sum(p[1], 0)
		z := op.Sum(op.Broadcast(y, []int{5, 5}, []int{1}), 0)
		return []ir.Value{z, op.Prod(p[1], 1), halving(p[0], func(s ir.Value) ir.Value {
			return op.Add(s, op.Sum(op.Mul(z, op.Scalar(s, []int{5})), 0))
		})}
	}, ir.Of(ir.Float64), ir.Of(ir.Float64, 5, 5))
	a := &generator{r: rand.New(rand.NewPCG(1, 6))}
	in := []ir.Array{ir.Wrap([]float64{100, 3, 17}, 3), a.array(ir.Of(ir.Float64, 3, 5, 5))}
	agrees(t, "sums of sums", g, in)
	if text := exec.Compile(g).String(); strings.Count(text, "lanes:") != 1 {
		t.Error(text)
	}
}
