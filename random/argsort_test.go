package random

import (
	"math"
	"slices"
	"testing"

	"pullback/internal/optest"
	"pullback/ir"
)

func TestArgsort(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		x    []float64
		want []int64
	}{
		{[]float64{3, 1, 2}, []int64{1, 2, 0}},
		{[]float64{1, 0, 1, 0}, []int64{1, 3, 0, 2}}, // equal ones keep their order
		{[]float64{nan, 1, math.Inf(1), nan, math.Inf(-1)}, []int64{4, 1, 2, 0, 3}},
	} {
		got := ir.Slice[int64](argsort(ir.Known(ir.Wrap(c.x, len(c.x)))))
		if !slices.Equal(got, c.want) {
			t.Errorf("argsort(%v) = %v, want %v", c.x, got, c.want)
		}
	}
}

// TestArgsortIsStable sorts so many that a sort which is not stable shows it.
func TestArgsortIsStable(t *testing.T) {
	x := make([]uint32, 1000)
	for i := range x {
		x[i] = uint32(i * i % 7)
	}
	order := ir.Slice[int64](argsort(ir.Known(ir.Wrap(x, len(x)))))
	for k := 1; k < len(order); k++ {
		i, j := order[k-1], order[k]
		if x[i] > x[j] || x[i] == x[j] && i > j {
			t.Fatalf("%d stands before %d", i, j)
		}
	}
}

func TestArgsortConforms(t *testing.T) {
	sorted := func(x []ir.Value) []ir.Value { return []ir.Value{argsort(x[0])} }
	for name, x := range map[string]ir.Array{
		"uint32":  ir.Wrap([]uint32{4, 1, 1, 9, 3, 1}, 2, 3),
		"float64": ir.Wrap([]float64{4, 1, 1, -9}, 4),
		"empty":   ir.Wrap([]uint32{}, 2, 0),
	} {
		optest.Check(t, optest.Case{Name: name, Do: sorted, In: []ir.Array{x}, ValuesOnly: true})
	}
}
