package control

import (
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Linearize runs a scan that also stacks the residuals of each round's derivative, and then a
// linear scan over those. Residuals that are constants of the scan, or elements that it scans
// over, are passed to the linear scan as what they are.
func (s Scan) Linearize(x []Value, dx []record.Tangent) ([]Value, []record.Tangent) {
	first := s.Consts + s.Carry // of the elements, among the body's parameters
	parts, tangents := split(x, s.Consts, s.Carry), split(dx, s.Consts, s.Carry)
	active := split(nonzero(dx), s.Consts, s.Carry)
	active[1] = fixpoint(active[1], func(carry []bool) []bool {
		l := linearizeGraph(s.Body, concat(active[0], carry, active[2]), never)
		return flagsAt(l.results, l.out)[:s.Carry]
	})
	l := linearizeGraph(s.Body, concat(active...),
		func(i int) bool { return i < s.Consts || i >= first })

	primal := s
	primal.Body = l.primal
	results := record.Apply(primal, x...)
	y, stacked := results[:l.results], results[l.results:]
	activeOut := flagsAt(l.results, l.out)
	copy(activeOut, active[1])
	if !anyTrue(activeOut) {
		return y, make([]record.Tangent, l.results)
	}

	var passed [2][]Value // constants, elements
	for _, i := range l.passed {
		if i < first {
			passed[0] = append(passed[0], x[i])
		} else {
			passed[1] = append(passed[1], x[i])
		}
	}
	dConsts := denseValues(tangents[0], active[0], parts[0])
	dCarry := denseValues(tangents[1], active[1], parts[1])
	dXs := denseValues(tangents[2], active[2], parts[2])
	lin := Scan{Length: s.Length, Reverse: s.Reverse,
		Consts: len(passed[0]) + len(dConsts), Carry: len(dCarry)}
	outTypes := pick(ir.TypesOf(s.Body.Out()), activeOut)
	lin.Body = record.Trace(func(p []Value) []Value {
		q := split(p, len(passed[0]), len(dConsts)+len(dCarry), len(passed[1]), l.computed)
		k := 0
		residuals := make([]Value, len(l.passed))
		for j, i := range l.passed {
			if i < first {
				residuals[j] = q[0][j-k]
			} else {
				residuals[j] = q[2][k]
				k++
			}
		}
		return densePick(l.apply(concat(q[1], q[4]), q[3], residuals), activeOut, outTypes)
	}, concat(ir.TypesOf(passed[0]), ir.TypesOf(dConsts), ir.TypesOf(dCarry),
		rowTypes(ir.TypesOf(concat(passed[1], stacked, dXs)))))
	operands := concat(passed[0], dConsts, dCarry, passed[1], stacked, dXs)
	return y, spreadTangents(record.Apply(lin, operands...), activeOut)
}

// Transpose scans in the other direction: the carry is the cotangents of the carry and, summed
// up over the rounds, of the linear constants.
func (s Scan) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	_, linear := partition(x)
	flags := split(linear, s.Consts, s.Carry)
	carry := fixpoint(flags[1], func(carry []bool) []bool {
		return dependent(s.Body, concat(flags[0], carry, flags[2]))[:s.Carry]
	})
	if count(carry) < s.Carry {
		return s.transposeLinearized(ct, x, linear)
	}
	// A part of the state that begins as a known tangent, mostly zero, is linear all the same.
	linear = concat(flags[0], carry, flags[2])
	parts := split(x, s.Consts, s.Carry)
	consts, xs := knownOperands(parts[0]), knownOperands(parts[2])
	body := s.Body.Out()
	ctCarry := make([]Value, s.Carry)
	for i := range ctCarry {
		ctCarry[i] = ct[i].Dense(body[i].Type())
	}
	activeYs := nonzero(ct[s.Carry:])
	ctYs := pickTangents(ct[s.Carry:], activeYs)
	sums := zeros(pick(operandTypes(parts[0]), flags[0]))

	back := Scan{Length: s.Length, Reverse: !s.Reverse,
		Consts: len(consts), Carry: s.Carry + len(sums)}
	back.Body = record.Trace(func(p []Value) []Value {
		q := split(p, len(consts), s.Carry, len(sums), len(ctYs))
		values := concat(fillKnown(parts[0], q[0]), make([]Value, s.Carry),
			fillKnown(parts[2], q[4]))
		cts := concat(tangentsOf(q[1]), spreadTangents(q[3], activeYs))
		t := split(transform.Transpose(s.Body, values, linear, cts), s.Consts, s.Carry)
		for k, dConst := range pick(t[0], flags[0]) {
			q[2][k] = op.AddTangents(record.Tangent{Value: q[2][k]}, dConst).Value
		}
		next := densePick(t[1], carry, ir.TypesOf(body[:s.Carry]))
		elements := densePick(t[2], flags[2], rowTypes(pick(operandTypes(parts[2]), flags[2])))
		return concat(next, q[2], elements)
	}, concat(ir.TypesOf(consts), ir.TypesOf(ctCarry), ir.TypesOf(sums),
		rowTypes(ir.TypesOf(concat(ctYs, xs)))))

	results := record.Apply(back, concat(consts, ctCarry, sums, ctYs, xs)...)
	r := split(results, s.Carry, len(sums))
	return concat(spreadTangents(r[1], flags[0]), tangentsOf(r[0]), spreadTangents(r[2], flags[2]))
}

// transposeLinearized transposes a scan that is linear in a part of its state only: a program
// that is linear is its own derivative, and in that what is not linear is computed beforehand.
func (s Scan) transposeLinearized(ct []record.Tangent, x []record.Operand,
	linear []bool) []record.Tangent {
	g := record.Trace(func(p []Value) []Value { return record.Apply(s, p...) }, operandTypes(x))
	values := make([]Value, len(x))
	for i, o := range x {
		if values[i] = o.Value; o.Linear {
			values[i] = op.Zeros(o.Type)
		}
	}
	_, lin := transform.Linearize(g, values, linear)
	return lin.Transpose(ct, len(x))
}
