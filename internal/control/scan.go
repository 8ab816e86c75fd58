package control

import (
	"fmt"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Scan runs Body Length times. Its operands are constants, the first carry, and arrays whose
// leading axis has Length elements, one for each round; Body turns (constants, carry, elements)
// into (carry, elements), and the results are the last carry and the elements stacked.
// A reversed scan starts with the last elements.
type Scan struct {
	Body          *ir.Graph
	Length        int
	Consts, Carry int
	Reverse       bool
}

var (
	_ record.Linear     = Scan{}
	_ record.Linearizer = Scan{}
	_ record.Holder     = Scan{}
)

func (Scan) Name() string { return "scan" }

func (s Scan) Type(in []ir.Type) ([]ir.Type, error) {
	parts := split(in, s.Consts, s.Carry)
	for _, t := range parts[2] {
		if t.Rank() == 0 || t.Shape[0] != s.Length {
			return nil, fmt.Errorf("an array to scan over is %v, and the scan has %d rounds", t,
				s.Length)
		}
	}
	out := ir.TypesOf(s.Body.Out())
	if next := out[:s.Carry]; !typesEqual(next, parts[1]) {
		return nil, fmt.Errorf("the body turns the state %v into %v; both must have the same types",
			parts[1], next)
	}
	types := append([]ir.Type(nil), out[:s.Carry]...)
	for _, t := range out[s.Carry:] {
		types = append(types, t.Batched(s.Length))
	}
	return types, nil
}

func (s Scan) Eval(in, out []ir.Array) {
	parts := split(in, s.Consts, s.Carry)
	consts, carry := knownValues(parts[0]), knownValues(parts[1])
	for k := range s.Length {
		i := s.Round(k)
		rows := make([]ir.Array, len(parts[2]))
		for j, a := range parts[2] {
			rows[j] = a.Row(i)
		}
		y := transform.Run(s.Body, concat(consts, carry, knownValues(rows)))
		carry = y[:s.Carry]
		for j, v := range y[s.Carry:] {
			ir.Copy(out[s.Carry+j].Row(i), v.Array())
		}
	}
	for i, v := range carry {
		ir.Copy(out[i], v.Array())
	}
}

// Round is the index of the elements that round k works on.
func (s Scan) Round(k int) int {
	if s.Reverse {
		return s.Length - 1 - k
	}
	return k
}

// JVP is never asked: Linearize is.
func (s Scan) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	_, dy := s.Linearize(x, dx)
	return dy
}

// Batch batches the body; the arrays scanned over keep their rounds in front.
func (s Scan) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	parts, flags := split(x, s.Consts, s.Carry), split(batched, s.Consts, s.Carry)
	carryFlags := fixpoint(flags[1], func(carry []bool) []bool {
		return batchedResults(s.Body, n, concat(flags[0], carry, flags[2]))[:s.Carry]
	})
	var carry, xs []Value
	for i, v := range parts[1] {
		if carryFlags[i] && !flags[1][i] {
			v = op.Lead(v, n)
		}
		carry = append(carry, v)
	}
	types := concat(ir.TypesOf(parts[0]), ir.TypesOf(carry))
	for i, v := range parts[2] {
		if flags[2][i] {
			v = op.MoveAxis(v, 0, 1)
		}
		xs = append(xs, v)
		types = append(types, ir.Type{DType: v.DType(), Shape: v.Type().Shape[1:]})
	}
	in := concat(flags[0], carryFlags, flags[2])
	out := batchedResults(s.Body, n, in)
	copy(out, carryFlags)
	b := s
	b.Body = batchGraphAs(s.Body, n, types, in, out)
	results := record.Apply(b, concat(parts[0], carry, xs)...)
	for i := s.Carry; i < len(results); i++ {
		if out[i] {
			results[i] = op.MoveAxis(results[i], 1, 0)
		}
	}
	return results, out
}

// Graphs lists the body.
func (s Scan) Graphs() []*ir.Graph { return []*ir.Graph{s.Body} }

// WithGraphs is s with another body.
func (s Scan) WithGraphs(g []*ir.Graph) record.Primitive {
	s.Body = g[0]
	return s
}
