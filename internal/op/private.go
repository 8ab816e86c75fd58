package op

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// privateStack gives each lane some of a stack of small problems; one computes a problem's results
// from its operands, in about cost instructions.
func privateStack(count, lanes, cost int, in []ir.Type,
	one func(b *lane.Builder, x [][]lane.Value) [][]lane.Value) (p lane.Private, ok bool) {
	if count == 0 || count%lanes != 0 {
		return p, false
	}
	p = lane.Private{Own: make([]bool, len(in)), Cost: count / lanes * cost}
	for i := range in {
		p.Own[i] = true
	}
	p.Lower = func(b *lane.Builder, xs []lane.Elements) [][]lane.Value {
		var out [][]lane.Value
		for k := range count / lanes {
			x := make([][]lane.Value, len(xs))
			for i, elements := range xs {
				size := in[i].Size() / count
				x[i] = elements.Slice(k*size, (k+1)*size)
			}
			y := one(b, x)
			out = append(out, make([][]lane.Value, len(y)-len(out))...)
			for i := range y {
				out[i] = append(out[i], y[i]...)
			}
		}
		return out
	}
	return p, true
}
