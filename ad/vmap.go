package ad

import (
	"pullback/internal/transform"
	"pullback/ir"
)

// Vmap is the function that applies f along axis 0 of every Value in its argument at once, and
// stacks the results along a new axis 0. What f closes over is the same for all; MoveAxis brings
// another axis to the front.
func Vmap[In, Out any](f func(In) Out) func(In) Out {
	refuseNil("vmap", f == nil)
	return func(x In) Out {
		a := takeApart(x, false)
		in := a.leaves
		if len(in) == 0 {
			panic(mistake("vmap", nil, "the argument holds no Value to map over"))
		}
		types := make([]ir.Type, len(in))
		n := -1
		for i, v := range in {
			t := v.Type()
			if t.Rank() == 0 {
				panic(mistake("vmap", nil, "%s is a scalar and has no axis to map over; close "+
					"over it, or broadcast it", a.path(i)))
			}
			if n >= 0 && t.Shape[0] != n {
				panic(mistake("vmap", nil, "the leading axis of %s has %d elements, and others "+
					"have %d; they must be equal", a.path(i), t.Shape[0], n))
			}
			n = t.Shape[0]
			types[i] = ir.Type{DType: t.DType, Shape: t.Shape[1:]}
		}
		r := recordAt(f, a.rebuild, types)
		return r.rebuild(transform.BatchAll(r.graph, n, in, transform.All(len(in))))
	}
}
