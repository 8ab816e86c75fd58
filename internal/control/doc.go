// Package control holds the primitives that hold programs: conditionals, loops, and results
// whose derivative is a rule of its own. Their rules are made with package transform, which is
// why they do not stand in package op.
//
// The graphs they hold are closed: whatever the user's functions closed over is an operand.
package control

import "pullback/ir"

// Value is an array.
type Value = ir.Value

// CloseTogether closes graphs over one common list of foreign values: each closed graph's
// parameters are its own, then the list.
func CloseTogether(graphs ...*ir.Graph) (closed []*ir.Graph, free []Value) {
	at := map[Value]int{}
	for _, g := range graphs {
		for _, v := range g.Free() {
			if _, ok := at[v]; !ok {
				at[v] = len(free)
				free = append(free, v)
			}
		}
	}
	for _, g := range graphs {
		closed = append(closed, g.CloseOver(free))
	}
	return closed, free
}

func concat[T any](lists ...[]T) []T {
	var out []T
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// split cuts a list into consecutive pieces of the given lengths; the last takes the rest.
func split[T any](list []T, lengths ...int) [][]T {
	var out [][]T
	for _, n := range lengths {
		out = append(out, list[:n:n])
		list = list[n:]
	}
	return append(out, list)
}

func anyTrue(flags []bool) bool {
	for _, f := range flags {
		if f {
			return true
		}
	}
	return false
}

func count(flags []bool) int {
	n := 0
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}

// pick lists the elements whose flag is set.
func pick[T any](list []T, flags []bool) []T {
	var out []T
	for i, f := range flags {
		if f {
			out = append(out, list[i])
		}
	}
	return out
}

func typesEqual(a, b []ir.Type) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}
