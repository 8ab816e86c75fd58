package optest

import "pullback/ir"

// FromFloats is the array of type t with the elements xs, converted by Go's rules.
func FromFloats(t ir.Type, xs []float64) ir.Array {
	a := ir.NewArray(t)
	switch t.DType {
	case ir.Float64:
		convert(ir.Stored[float64](a), xs)
	case ir.Float32:
		convert(ir.Stored[float32](a), xs)
	case ir.Int32:
		convert(ir.Stored[int32](a), xs)
	case ir.Int64:
		convert(ir.Stored[int64](a), xs)
	case ir.Uint32:
		convert(ir.Stored[uint32](a), xs)
	case ir.Uint64:
		convert(ir.Stored[uint64](a), xs)
	case ir.Bool:
		for i, x := range xs {
			ir.Stored[bool](a)[i] = x != 0
		}
	}
	return a
}

func convert[T ir.Number](out []T, xs []float64) {
	for i, x := range xs {
		out[i] = T(x)
	}
}

// numbers is a's elements as float64.
func numbers(a ir.Array) []float64 {
	xs := make([]float64, a.Len())
	for i := range xs {
		xs[i] = a.Number(i)
	}
	return xs
}

// element is element i as a scalar array.
func element(a ir.Array, i int) ir.Array {
	out := ir.NewArray(ir.Of(a.Type().DType))
	out.SetBits(0, a.Bits(i))
	return out
}

// stack puts arrays of one type side by side along a new leading axis.
func stack(arrays []ir.Array) ir.Array {
	t := arrays[0].Type().Batched(len(arrays))
	switch t.DType {
	case ir.Float64:
		return stackOf[float64](arrays, t)
	case ir.Float32:
		return stackOf[float32](arrays, t)
	case ir.Int32:
		return stackOf[int32](arrays, t)
	case ir.Int64:
		return stackOf[int64](arrays, t)
	case ir.Uint32:
		return stackOf[uint32](arrays, t)
	case ir.Uint64:
		return stackOf[uint64](arrays, t)
	case ir.Bool:
		return stackOf[bool](arrays, t)
	}
	panic("optest: no element type")
}

func stackOf[T ir.Element](arrays []ir.Array, t ir.Type) ir.Array {
	out := make([]T, 0, t.Size())
	for _, a := range arrays {
		out = append(out, ir.Data[T](a)...)
	}
	return ir.Wrap(out, t.Shape...)
}

func knownOf(arrays []ir.Array) []ir.Value {
	vs := make([]ir.Value, len(arrays))
	for i, a := range arrays {
		vs[i] = ir.Known(a)
	}
	return vs
}

func arraysOf(vs []ir.Value) []ir.Array {
	arrays := make([]ir.Array, len(vs))
	for i, v := range vs {
		arrays[i] = v.Array()
	}
	return arrays
}

func typesOf(arrays []ir.Array) []ir.Type {
	types := make([]ir.Type, len(arrays))
	for i, a := range arrays {
		types[i] = a.Type()
	}
	return types
}

// floatsOf lists the places of the arrays that are floats.
func floatsOf(arrays []ir.Array) []int {
	var places []int
	for i, a := range arrays {
		if a.Type().DType.IsFloat() {
			places = append(places, i)
		}
	}
	return places
}

func has32(arrays []ir.Array) bool { return has(arrays, ir.Float32) }
func has64(arrays []ir.Array) bool { return has(arrays, ir.Float64) }

func has(arrays []ir.Array, d ir.DType) bool {
	for _, a := range arrays {
		if a.Type().DType == d {
			return true
		}
	}
	return false
}
