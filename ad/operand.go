package ad

import (
	"math"
	"reflect"

	"pullback/internal/op"
	"pullback/ir"
)

// Operand is what binary operations take: a Value, or a Go number, which adapts to the other
// operand's element type. Two numbers give float64 if either is a float, else int64.
type Operand interface {
	Value | ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 |
		~float32 | ~float64
}

// weak is a Go number that has no element type of its own yet.
type weak struct {
	value   float64
	integer int64
	isInt   bool
	isBig   bool // an unsigned integer beyond int64: integer holds its bits
}

// lift takes an operand apart: a Value, or else a weak number.
func lift[A Operand](a A) (v Value, w weak, isValue bool) {
	switch x := any(a).(type) {
	case Value:
		return x, w, true
	case float64:
		return v, weak{value: x}, false
	case int:
		return v, weak{value: float64(x), integer: int64(x), isInt: true}, false
	}
	switch r := reflect.ValueOf(a); r.Kind() {
	case reflect.Float32, reflect.Float64:
		return v, weak{value: r.Float()}, false
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		u := r.Uint()
		return v, weak{value: float64(u), integer: int64(u), isInt: true,
			isBig: u > math.MaxInt64}, false
	default:
		return v, weak{value: float64(r.Int()), integer: r.Int(), isInt: true}, false
	}
}

// as is w in element type d, or a mistake if d cannot hold it.
func (w weak) as(name string, d ir.DType) Value {
	fits := false
	switch d {
	case ir.Float64:
		return Full(d, w.value)
	case ir.Float32:
		if fits = math.IsInf(w.value, 0) || !math.IsInf(float64(float32(w.value)), 0); fits {
			return Full(d, w.value)
		}
	case ir.Int32:
		fits = w.whole(math.MinInt32, math.MaxInt32)
	case ir.Uint32:
		fits = w.whole(0, math.MaxUint32)
	case ir.Int64:
		fits = w.isInt && !w.isBig || w.whole(math.MinInt64, belowTwo63)
	case ir.Uint64:
		fits = w.isBig || w.isInt && w.integer >= 0 || w.whole(0, belowTwo64)
	case ir.Bool:
	}
	if !fits {
		panic(mistake(name, nil, "the number %v is no %v; convert the other operand with "+
			"ad.Convert, or write a number that fits", w.value, d))
	}
	i := w.integer
	if !w.isInt {
		if i = int64(w.value); w.value > belowTwo63 {
			i = int64(uint64(w.value))
		}
	}
	switch d {
	case ir.Int32:
		return ir.Known(ir.Fill(int32(i)))
	case ir.Uint32:
		return ir.Known(ir.Fill(uint32(i)))
	case ir.Uint64:
		return ir.Known(ir.Fill(uint64(i)))
	}
	return ir.Known(ir.Fill(i))
}

// The greatest float64s that 64-bit integers can hold: the next are 2^63 and 2^64.
const (
	belowTwo63 = 1<<63 - 1<<10
	belowTwo64 = 1<<64 - 1<<11
)

// whole says whether w is an integer in [lo, hi].
func (w weak) whole(lo, hi float64) bool {
	return w.value == math.Trunc(w.value) && w.value >= lo && w.value <= hi
}

// own is w among numbers only.
func (w weak) own(name string, float bool) Value {
	if float {
		return w.as(name, ir.Float64)
	}
	return w.as(name, ir.Int64)
}

// pair makes two operands Values of one element type and one shape.
func pair[A, B Operand](name string, a A, b B) (Value, Value) {
	x, wx, xIs := lift(a)
	y, wy, yIs := lift(b)
	switch {
	case xIs && yIs:
	case xIs:
		y = wy.as(name, x.DType())
	case yIs:
		x = wx.as(name, y.DType())
	default:
		float := !wx.isInt || !wy.isInt
		x, y = wx.own(name, float), wy.own(name, float)
	}
	if x.DType() != y.DType() {
		panic(mistake(name, []Value{x, y}, "the element types differ; convert one with ad.Convert"))
	}
	return Aligned(name, x, y)
}

// Aligned broadcasts two values to their common shape, by NumPy's rule: shapes are aligned at
// their last axes, and an axis of one element, or a missing one, repeats.
func Aligned(name string, x, y Value) (Value, Value) {
	shape, ok := commonShape(x.Type().Shape, y.Type().Shape)
	if !ok {
		panic(mistake(name, []Value{x, y}, "the shapes %v and %v do not broadcast: aligned at "+
			"the last axis, extents must be equal or one of them 1", x.Type().Shape,
			y.Type().Shape))
	}
	return broadcastTo(x, shape), broadcastTo(y, shape)
}

func commonShape(a, b []int) (shape []int, ok bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	shape = append([]int{}, a...)
	for i, d := range b {
		k := len(a) - len(b) + i
		switch {
		case shape[k] == d || d == 1:
		case shape[k] == 1:
			shape[k] = d
		default:
			return nil, false
		}
	}
	return shape, true
}

// broadcastTo drops the axes of x that repeat and lets op.Broadcast put them back.
func broadcastTo(x Value, shape []int) Value {
	from := x.Type().Shape
	var kept, axes []int
	for i, d := range from {
		if k := len(shape) - len(from) + i; d == shape[k] {
			kept = append(kept, d)
			axes = append(axes, k)
		}
	}
	if len(kept) < len(from) {
		x = op.Reshape(x, kept)
	}
	return op.Broadcast(x, shape, axes)
}
