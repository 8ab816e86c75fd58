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
			return nil, fmt.Errorf("an array to scan over is %v, and the scan has %d rounds", t, s.Length)
		}
	}
	out := ir.TypesOf(s.Body.Out())
	if next := out[:s.Carry]; !typesEqual(next, parts[1]) {
		return nil, fmt.Errorf("the body turns the state %v into %v; both must have the same types", parts[1], next)
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

// Linearize runs a scan that also stacks the residuals of each round's derivative, and then a
// linear scan over those.
func (s Scan) Linearize(x []Value, dx []record.Tangent) ([]Value, []record.Tangent) {
	flags := split(nonzero(dx), s.Consts, s.Carry)
	tangent := split(dx, s.Consts, s.Carry)
	parts := split(x, s.Consts, s.Carry)
	flags[1] = fixpoint(flags[1], func(carry []bool) []bool {
		l := linearizeGraph(s.Body, concat(flags[0], carry, flags[2]))
		return flagsAt(s.Carry, l.outBelow(s.Carry))
	})
	l := linearizeGraph(s.Body, concat(flags[0], flags[1], flags[2]))

	primal := s
	primal.Body = l.primal
	results := record.Apply(primal, x...)
	nOut := len(s.Body.Out())
	y, residuals := results[:nOut], results[nOut:]

	activeOut := flagsAt(nOut, l.out)
	copy(activeOut, flags[1])
	if !anyTrue(activeOut) {
		return y, make([]record.Tangent, nOut)
	}
	dConsts := denseValues(tangent[0], flags[0], parts[0])
	dCarry := denseValues(tangent[1], flags[1], parts[1])
	dXs := denseValues(tangent[2], flags[2], parts[2])
	rowsOf := func(vs []Value) []ir.Type {
		types := ir.TypesOf(vs)
		for i, t := range types {
			types[i] = ir.Type{DType: t.DType, Shape: t.Shape[1:]}
		}
		return types
	}
	outTypes := pick(ir.TypesOf(s.Body.Out()), activeOut)
	lin := Scan{Length: s.Length, Reverse: s.Reverse, Consts: len(dConsts), Carry: len(dCarry)}
	lin.Body = record.Trace(func(p []Value) []Value {
		q := split(p, len(dConsts)+len(dCarry)+len(dXs))
		return densePick(l.apply(q[1], q[0]), activeOut, outTypes)
	}, concat(ir.TypesOf(dConsts), ir.TypesOf(dCarry), rowsOf(dXs), rowsOf(residuals)))
	dy := record.Apply(lin, concat(dConsts, dCarry, dXs, residuals)...)
	return y, spreadTangents(dy, activeOut)
}

func (l *linearized) outBelow(n int) []int {
	var out []int
	for _, j := range l.out {
		if j < n {
			out = append(out, j)
		}
	}
	return out
}

// Transpose scans in the other direction: the carry is the cotangents of the carry and, summed
// up over the rounds, of the linear constants. The carry must be linear throughout, which it is
// in every scan that Linearize makes.
func (s Scan) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	parts := split(x, s.Consts, s.Carry)
	for _, o := range parts[1] {
		if !o.Linear {
			panic(&ir.UsageError{Pos: ir.Here(1), Op: s.Name(), In: operandTypes(x),
				Reason: "a scan that is linear in a part of its state only cannot be transposed; " +
					"differentiate the function that contains it instead"})
		}
	}
	constsKnown, constsLinear := partition(parts[0])
	xsKnown, xsLinear := partition(parts[2])
	_, linear := partition(x)

	bodyOut := s.Body.Out()
	ctCarry := make([]Value, s.Carry)
	for i := range ctCarry {
		ctCarry[i] = ct[i].Dense(bodyOut[i].Type())
	}
	ysActive := nonzero(ct[s.Carry:])
	ctYs := pickTangents(ct[s.Carry:], ysActive)
	ctConsts := zeros(pick(operandTypes(parts[0]), constsLinear))

	back := Scan{Length: s.Length, Reverse: !s.Reverse, Consts: len(constsKnown), Carry: s.Carry + len(ctConsts)}
	rows := func(types []ir.Type) []ir.Type {
		out := make([]ir.Type, len(types))
		for i, t := range types {
			out[i] = ir.Type{DType: t.DType, Shape: t.Shape[1:]}
		}
		return out
	}
	back.Body = record.Trace(func(p []Value) []Value {
		q := split(p, len(constsKnown), s.Carry, len(ctConsts), len(ctYs))
		values := concat(fillKnown(parts[0], q[0]), make([]Value, s.Carry), fillKnown(parts[2], q[4]))
		cts := concat(tangentsOf(q[1]), spreadTangents(q[3], ysActive))
		t := split(transform.Transpose(s.Body, values, linear, cts), s.Consts, s.Carry)
		sums := make([]Value, 0, len(q[2]))
		for i, o := range parts[0] {
			if o.Linear {
				acc := record.Tangent{Value: q[2][len(sums)]}
				sums = append(sums, op.AddTangents(acc, t[0][i]).Value)
			}
		}
		carry := make([]Value, s.Carry)
		for i := range carry {
			carry[i] = t[1][i].Dense(bodyOut[i].Type())
		}
		var elements []Value
		for i, o := range parts[2] {
			if o.Linear {
				elements = append(elements, t[2][i].Dense(rows([]ir.Type{o.Type})[0]))
			}
		}
		return concat(carry, sums, elements)
	}, concat(ir.TypesOf(constsKnown), ir.TypesOf(ctCarry), ir.TypesOf(ctConsts),
		rows(ir.TypesOf(ctYs)), rows(ir.TypesOf(xsKnown))))

	results := record.Apply(back, concat(constsKnown, ctCarry, ctConsts, ctYs, xsKnown)...)
	r := split(results, s.Carry, len(ctConsts))
	return concat(spreadTangents(r[1], constsLinear), tangentsOf(r[0]), spreadTangents(r[2], xsLinear))
}

func operandTypes(x []record.Operand) []ir.Type {
	types := make([]ir.Type, len(x))
	for i, o := range x {
		types[i] = o.Type
	}
	return types
}

func tangentsOf(vs []Value) []record.Tangent {
	out := make([]record.Tangent, len(vs))
	for i, v := range vs {
		out[i] = record.Tangent{Value: v}
	}
	return out
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
