package optest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// values checks that p gives the same bits in every way that it can be run. Batches of derivatives
// are of all operands, those of the case itself of each subset, and nested.
func (k *checker) values(p program, allSubsets bool) {
	k.t.Helper()
	want := p.at(p.in)
	g := p.graph()
	k.nodes(p, g)
	k.same(p.name+" replayed", arraysOf(transform.Run(g, knownOf(p.in))), want)
	k.elsewhere(p.name, g, p.in, want)
	k.fills(p)

	// Without operands there is nothing to batch.
	for mask := 1; mask < 1<<len(p.in); mask++ {
		all := mask == 1<<len(p.in)-1
		if allSubsets || all {
			batched := make([]bool, len(p.in))
			for i := range batched {
				batched[i] = mask>>i&1 == 1
			}
			q := k.batch(p, batched)
			if all && allSubsets {
				k.batch(q, batched)
			}
		}
	}
}

// nodes runs each operation by itself, as a graph's executor would.
func (k *checker) nodes(p program, g *ir.Graph) {
	k.t.Helper()
	env := map[ir.Value]ir.Array{}
	for i, v := range g.In() {
		env[v] = p.in[i].Dense()
	}
	for _, n := range g.Nodes() {
		label := p.name + ": " + n.Op.Name()
		in := make([]ir.Array, len(n.In))
		before := make([]ir.Array, len(n.In))
		for i, v := range n.In {
			if v.IsKnown() {
				in[i] = v.Array()
			} else {
				in[i] = env[v]
			}
			before[i] = in[i].Clone()
		}
		types, err := n.Op.Type(typesOf(in))
		if err != nil {
			k.t.Errorf("%s: its own operands %v are refused: %v", label, typesOf(in), err)
			return
		}
		if len(types) != len(n.Out) {
			k.t.Errorf("%s: %d types for %d results", label, len(types), len(n.Out))
			return
		}
		out := make([]ir.Array, len(n.Out))
		for i, v := range n.Out {
			if !types[i].Equal(v.Type()) {
				k.t.Errorf("%s: result %d is %v and was recorded as %v", label, i, types[i],
					v.Type())
			}
			out[i] = ir.NewArray(types[i])
		}
		n.Op.(ir.Evaluator).Eval(in, out)
		k.same(label+" operands after Eval", in, before)
		if s, ok := n.Op.(record.Sharer); ok {
			if shared, ok := s.Share(in, types); ok {
				k.same(label+" shared", shared, out)
			}
		}
		for i, v := range n.Out {
			env[v] = out[i]
		}
	}
}

// elsewhere checks that g is a good graph, its printed form, and the compilers.
func (k *checker) elsewhere(label string, g *ir.Graph, in, want []ir.Array) {
	k.t.Helper()
	if err := g.Verify(); err != nil {
		k.t.Errorf("%s: %v", label, err)
		return
	}
	if ops, printable := opsOf(g); printable {
		text := g.Text(ir.TextOptions{})
		parsed, err := ir.Parse(text, func(name string) (ir.Op, bool) {
			if op, ok := ops[name]; ok {
				return op, true
			}
			return control.Lookup(name) // operations that others hold as a parameter
		})
		if err != nil {
			k.t.Errorf("%s does not parse: %v\n%s", label, err, text)
			return
		}
		if again := parsed.Text(ir.TextOptions{}); again != text {
			k.t.Errorf("%s prints as\n%s\nand once parsed as\n%s", label, text, again)
		}
		k.same(label+" parsed", arraysOf(transform.Run(parsed, knownOf(in))), want)
	}
	for i, compile := range k.compilers {
		run := compile(g)
		k.same(fmt.Sprintf("%s by compiler %d", label, i), run(in), want)
		k.same(fmt.Sprintf("%s by compiler %d, again", label, i), run(in), want)
	}
}

// opsOf lists the ops of g, and of graphs among their parameters, by name and with their
// parameters forgotten; and says whether the text of g says all.
func opsOf(g *ir.Graph) (ops map[string]ir.Op, printable bool) {
	ops, printable = map[string]ir.Op{}, true
	for _, n := range g.Nodes() {
		printable = printable && ir.Printable(n.Op)
		if t := reflect.TypeOf(n.Op); t.Kind() == reflect.Pointer {
			ops[n.Op.Name()] = reflect.New(t.Elem()).Interface().(ir.Op)
		} else {
			ops[n.Op.Name()] = reflect.Zero(t).Interface().(ir.Op)
		}
		for _, inner := range ir.GraphsOf(n.Op) {
			more, all := opsOf(inner)
			printable = printable && all
			maps.Copy(ops, more)
		}
	}
	return ops, printable
}

// fills checks operands of which one element stands for all, against the same written out.
func (k *checker) fills(p program) {
	k.t.Helper()
	for only := -1; only < len(p.in); only++ {
		some := false
		in, dense := slices.Clone(p.in), slices.Clone(p.in)
		for i, a := range p.in {
			if (only < 0 || only == i) && a.Len() > 0 {
				in[i] = element(a, 0).Spread(a.Type().Shape...)
				dense[i] = in[i].Dense()
				some = true
			}
		}
		if some {
			k.same(p.name+" of fills", p.at(in), p.at(dense))
		}
	}
}

// batchSize is the number of problems in a batch: small, and no extent that cases use.
const batchSize = 3

// batch checks p for several problems at once against p for each, and returns the former.
func (k *checker) batch(p program, batched []bool) program {
	k.t.Helper()
	problems := make([][]ir.Array, batchSize)
	for j := range problems {
		problems[j] = p.vary(j, p.in)
	}
	in := stackColumns(p.in, problems, batched)
	inner := p.graph()
	q := program{
		name: fmt.Sprintf("%s batched %v", p.name, batched),
		do: func(x []ir.Value) []ir.Value {
			return transform.BatchAll(inner, batchSize, x, batched)
		},
		in: in,
		vary: func(j int, _ []ir.Array) []ir.Array {
			others := make([][]ir.Array, batchSize)
			for m := range others {
				others[m] = p.vary(j+m, p.in)
			}
			return stackColumns(p.in, others, batched)
		},
	}
	got := q.at(in)
	want := make([][]ir.Array, len(got))
	for j := range problems {
		x := slices.Clone(p.in)
		for i := range x {
			if batched[i] {
				x[i] = problems[j][i]
			}
		}
		for i, y := range p.at(x) {
			want[i] = append(want[i], y)
		}
	}
	looped := make([]ir.Array, len(got))
	for i := range got {
		looped[i] = stack(want[i])
	}
	k.same(q.name, got, looped)
	g := q.graph()
	k.same(q.name+" replayed", arraysOf(transform.Run(g, knownOf(in))), got)
	k.elsewhere(q.name, g, in, got)
	return q
}

// stackColumns is in, but operand i that of all problems side by side where batched[i].
func stackColumns(in []ir.Array, problems [][]ir.Array, batched []bool) []ir.Array {
	out := slices.Clone(in)
	for i := range in {
		if batched[i] {
			column := make([]ir.Array, len(problems))
			for j := range column {
				column[j] = problems[j][i]
			}
			out[i] = stack(column)
		}
	}
	return out
}

// varied is problem j of a batch, unless the case says otherwise.
func varied(j int, in []ir.Array) []ir.Array {
	out := make([]ir.Array, len(in))
	for i, a := range in {
		out[i] = a
		switch {
		case a.Type().DType.IsFloat():
			xs := numbers(a)
			for e := range xs {
				xs[e] *= 1 - float64(j)/32
			}
			out[i] = FromFloats(a.Type(), xs)
		case a.Len() > 0:
			elements := make([]ir.Array, a.Len())
			for e := range elements {
				elements[e] = element(a, (e+j)%a.Len())
			}
			out[i] = stack(elements).Reshaped(a.Type().Shape...)
		}
	}
	return out
}

// same reports the first element that differs.
func (k *checker) same(label string, got, want []ir.Array) {
	k.t.Helper()
	if len(got) != len(want) {
		k.t.Errorf("%s: %d results, want %d", label, len(got), len(want))
		return
	}
	for r := range got {
		if !got[r].Type().Equal(want[r].Type()) {
			k.t.Errorf("%s: result %d is %v, want %v", label, r, got[r].Type(), want[r].Type())
			continue
		}
		for i := range got[r].Len() {
			d := want[r].Type().DType
			a, b := lane.Canonical(d, got[r].Bits(i)), lane.Canonical(d, want[r].Bits(i))
			if a != b {
				k.t.Errorf("%s: result %d[%d] is %v (bits %#x), want %v (bits %#x)", label, r, i,
					got[r].Number(i), a, want[r].Number(i), b)
				break
			}
		}
	}
}
