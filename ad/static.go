package ad

import (
	"math"
	"reflect"
)

// staticPart is a static part of a tree, or the length of a slice, or the key of a map.
type staticPart struct {
	of         *layout
	value      any
	comparable bool // otherwise there is no value
}

// same says whether a function of trees does the same with either: Go's ==, except that 0 is not
// -0, since a quotient tells them apart.
func (s staticPart) same(t staticPart) bool {
	return s.comparable == t.comparable && s.value == t.value &&
		(!s.of.zeros || sameZeros(reflect.ValueOf(s.value), reflect.ValueOf(t.value)))
}

// sameZeros says whether the floats in two equal values have the same signs, as far as == looks.
func sameZeros(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float32, reflect.Float64:
		return math.Signbit(a.Float()) == math.Signbit(b.Float())
	case reflect.Complex64, reflect.Complex128:
		x, y := a.Complex(), b.Complex()
		return math.Signbit(real(x)) == math.Signbit(real(y)) &&
			math.Signbit(imag(x)) == math.Signbit(imag(y))
	case reflect.Interface:
		return a.IsNil() || sameZeros(a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).Name != "_" && !sameZeros(a.Field(i), b.Field(i)) {
				return false
			}
		}
	case reflect.Array:
		for i := range a.Len() {
			if !sameZeros(a.Index(i), b.Index(i)) {
				return false
			}
		}
	}
	return true
}
