package ir_test

import (
	"fmt"
	"math"
	"testing"

	"pullback/ir"
)

func TestValueString(t *testing.T) {
	iota := func(shape ...int) ir.Value {
		data := make([]int32, ir.Of(ir.Int32, shape...).Size())
		for i := range data {
			data[i] = int32(i)
		}
		return ir.Known(ir.Wrap(data, shape...))
	}
	recorded := ir.NewGraph().Param(ir.Of(ir.Float64, 3))
	for _, c := range []struct {
		format string
		v      ir.Value
		want   string
	}{
		{"%v", ir.Value{}, "no value"},
		{"%v", ir.Known(ir.Array{}), "no value"},
		{"%.3f", recorded, "recorded float64[3]"},
		{"%v", scalar(0.1), "0.1"},
		{"%v", scalar(float32(0.1)), "0.1"},
		{"%v", scalar(1e6), "1000000"},
		{"%v", scalar(1e15), "1e+15"},
		{"%v", scalar(math.Copysign(0, -1)), "-0"},
		{"%s", scalar(math.NaN()), "nan"},
		{"%v", scalar(false), "false"},
		{"%v", ir.Known(ir.Fill(2.5, 3)), "[2.5, 2.5, 2.5] float64"},
		{"%v", iota(2, 3), "[[0, 1, 2],\n [3, 4, 5]] int32"},
		{"%v", iota(3, 2, 2), "[[[ 0,  1],\n  [ 2,  3]],\n [[ 4,  5],\n  [ 6,  7]],\n [[ 8,  " +
			"9],\n  [10, 11]]] int32"},
		{"%v", iota(0), "[] int32[0]"},
		{"%v", iota(2, 0), "[] int32[2,0]"},
		{"%v", iota(101), "[0, 1, 2, …, 98, 99, 100] int32[101]"},
		{"%v", iota(7, 20),
			"[[  0,   1,   2, …,  17,  18,  19],\n [ 20,  21,  22, …,  37,  38,  39],\n" +
				" [ 40,  41,  42, …,  57,  58,  59],\n …,\n [ 80,  81,  82, …,  97,  98,  99],\n" +
				" [100, 101, 102, …, 117, 118, 119],\n [120, 121, 122, …, 137, 138, 139]] " +
				"int32[7,20]"},
		{"%.2f", scalar(math.Pi), "3.14"},
		{"%8.3g|", scalar(math.Pi), "    3.14|"},
		{"%6s|", scalar(1.5), "   1.5|"},
		{"%.1f", ir.Known(ir.Wrap([]float64{1, 20, 3, 4}, 2, 2)),
			"[[ 1.0, 20.0],\n [ 3.0,  4.0]] float64"},
		{"%03d", iota(2), "[000, 001] int32"},
	} {
		if got := fmt.Sprintf(c.format, c.v); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.format, got, c.want)
		}
	}
	if got := fmt.Sprint(struct{ A, B ir.Value }{scalar(1.0), recorded}); got != "{1 recorded "+
		"float64[3]}" {
		t.Errorf("in a struct: %s", got)
	}
}
