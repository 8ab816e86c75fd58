package ir

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A value of more than layoutOver elements prints the first and last layoutEdge entries of
// every axis longer than both together.
const (
	layoutOver = 100
	layoutEdge = 3
)

// String is the number of a known scalar, the numbers of a known array in nested brackets with
// its element type, "recorded float64[3]" for a recorded value, and "no value" for the zero
// Value. Numbers are in the shortest form that reads back as the same bits. Long arrays are
// elided with … and then show their shape.
func (v Value) String() string {
	return v.layout(func(a Array, i int) string { return string(appendElement(nil, a, i)) })
}

// Format makes a Value work with the verbs of package fmt: %v and %s are String, and any other
// verb, or a width or precision, applies to each number of a known value, as in %.3f or %8.3g.
func (v Value) Format(s fmt.State, verb rune) {
	_, hasWidth := s.Width()
	_, hasPrecision := s.Precision()
	if (verb == 'v' || verb == 's') && !hasWidth && !hasPrecision {
		_, _ = io.WriteString(s, v.String()) // a fmt.State gives no error, and has no place for one
		return
	}
	if verb == 's' {
		verb = 'v'
	}
	format := fmt.FormatString(s, verb)
	_, _ = io.WriteString(s, v.layout(func(a Array, i int) string {
		return fmt.Sprintf(format, a.element(i))
	}))
}

// element is element i as a Go number or bool.
func (a Array) element(i int) any {
	if a.fill {
		i = 0
	}
	switch d := a.data.(type) {
	case []float64:
		return d[i]
	case []float32:
		return d[i]
	case []int32:
		return d[i]
	case []int64:
		return d[i]
	case []uint32:
		return d[i]
	case []uint64:
		return d[i]
	case []bool:
		return d[i]
	}
	return nil
}

func (v Value) layout(element func(a Array, i int) string) string {
	switch {
	case v.graph != nil:
		return "recorded " + v.Type().String()
	case v.array == nil || v.array.data == nil:
		return "no value"
	case v.array.typ.Rank() == 0:
		return element(*v.array, 0)
	}
	l := layout{array: *v.array, element: element, elide: v.Size() > layoutOver}
	if v.Size() == 0 {
		return "[] " + v.Type().String()
	}
	if v.array.typ.Rank() > 1 { // columns line up
		l.each(0, 0, func(i int) {
			l.width = max(l.width, utf8.RuneCountInString(element(l.array, i)))
		})
	}
	l.axis(0, 0)
	l.out.WriteByte(' ')
	if l.elide {
		l.out.WriteString(v.Type().String())
	} else {
		l.out.WriteString(v.DType().String())
	}
	return l.out.String()
}

// layout writes an array's numbers in nested brackets.
type layout struct {
	array   Array
	element func(a Array, i int) string
	elide   bool
	width   int // numbers are padded to it on the left
	out     strings.Builder
}

// shown lists the indices of an axis that are printed; -1 stands for those left out.
func (l *layout) shown(axis int) []int {
	n := l.array.typ.Shape[axis]
	var list []int
	for i := 0; i < n; i++ {
		if l.elide && i == layoutEdge && n > 2*layoutEdge {
			list = append(list, -1)
			i = n - layoutEdge
		}
		list = append(list, i)
	}
	return list
}

// each calls visit with every element that is printed below the given offset.
func (l *layout) each(axis, offset int, visit func(i int)) {
	if axis == l.array.typ.Rank() {
		visit(offset)
		return
	}
	for _, i := range l.shown(axis) {
		if i >= 0 {
			l.each(axis+1, offset+i*l.stride(axis), visit)
		}
	}
}

// stride is the distance of neighbours along an axis.
func (l *layout) stride(axis int) int {
	return Type{Shape: l.array.typ.Shape[axis+1:]}.Size()
}

func (l *layout) axis(axis, offset int) {
	last := axis == l.array.typ.Rank()-1
	l.out.WriteByte('[')
	for k, i := range l.shown(axis) {
		if k > 0 && last {
			l.out.WriteString(", ")
		}
		if k > 0 && !last {
			l.out.WriteString(",\n" + strings.Repeat(" ", axis+1))
		}
		switch {
		case i < 0:
			l.out.WriteString("…")
		case last:
			s := l.element(l.array, offset+i*l.stride(axis))
			l.out.WriteString(strings.Repeat(" ", max(0, l.width-utf8.RuneCountInString(s))) + s)
		default:
			l.axis(axis+1, offset+i*l.stride(axis))
		}
	}
	l.out.WriteByte(']')
}
