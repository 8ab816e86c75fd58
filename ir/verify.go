package ir

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// Verify says what is wrong with g as a program, in a sentence that names the node, or nil. A
// good graph is finished and closed; each value is defined once, and before its use; the
// results of every node have the types that its op gives for its operands; and the graphs
// among the parameters of its ops are good too. A graph that only the public functions of this
// package built is wrong where its builder gave wrong types, or left it open.
func (g *Graph) Verify() error {
	return (&verifier{checked: map[*Graph]bool{}}).graph(g)
}

type verifier struct {
	checked map[*Graph]bool // graphs that were begun, and whether they are found good
}

func (v *verifier) graph(g *Graph) error {
	if good, begun := v.checked[g]; good {
		return nil
	} else if begun {
		return errors.New("the graph is a parameter of an op inside itself")
	}
	v.checked[g] = false
	if !g.finished {
		return errors.New("the graph is not finished; call Finish with its results")
	}
	d := definitions{g, make([]bool, len(g.types))}
	for i, x := range g.in {
		if err := d.define(x); err != nil {
			return fmt.Errorf("parameter %d of the graph: %w", i, err)
		}
	}
	for i, n := range g.nodes {
		if err := v.node(n, d); err != nil {
			return fmt.Errorf("node %d, %s: %w", i, g.describe(n), err)
		}
	}
	for i, x := range g.out {
		if err := d.use(x); err != nil {
			return fmt.Errorf("result %d of the graph: %w", i, err)
		}
	}
	v.checked[g] = true
	return nil
}

func (v *verifier) node(n Node, d definitions) error {
	if op := reflect.ValueOf(n.Op); !op.IsValid() || isNil(op) {
		return errors.New("it has no op")
	}
	for i, x := range n.In {
		if err := d.use(x); err != nil {
			return fmt.Errorf("operand %d: %w", i, err)
		}
	}
	for i, inner := range GraphsOf(n.Op) {
		if err := v.graph(inner); err != nil {
			return fmt.Errorf("in graph %d of its parameters: %w", i, err)
		}
	}
	types, err := typesOfResults(n.Op, TypesOf(n.In))
	if err != nil {
		return err
	}
	for i, x := range n.Out {
		if err := d.define(x); err != nil {
			return fmt.Errorf("result %d: %w", i, err)
		}
	}
	if got := TypesOf(n.Out); !slices.EqualFunc(got, types, Type.Equal) {
		return fmt.Errorf("its results are %v, and %s gives %v for these operands",
			got, n.Op.Name(), types)
	}
	return nil
}

// definitions tells which values of a graph are defined at the node that is looked at.
type definitions struct {
	graph *Graph
	done  []bool // by ID
}

func (d definitions) define(x Value) error {
	switch {
	case x.graph != d.graph:
		return fmt.Errorf("it defines %s, which is no value of this graph", d.graph.nameOf(x))
	case d.done[x.id]:
		return fmt.Errorf("%s is defined a second time", d.graph.nameOf(x))
	}
	d.done[x.id] = true
	return x.Type().Check()
}

func (d definitions) use(x Value) error {
	switch {
	case x.array != nil:
		return x.array.check()
	case x.graph == nil:
		return errors.New("it is no value; give every operand and result a value")
	case x.graph != d.graph:
		return fmt.Errorf("%s is a value of another graph; "+
			"apply Close to turn such values into parameters", d.graph.nameOf(x))
	case !d.done[x.id]:
		return fmt.Errorf("%s is used before it is defined, or never defined", d.graph.nameOf(x))
	}
	return nil
}

// check says whether an array holds the numbers that its type promises.
func (a Array) check() error {
	if err := a.typ.Check(); err != nil {
		return fmt.Errorf("%v: %w", a.typ, err)
	}
	data := reflect.ValueOf(a.data)
	switch want := a.typ.Size(); {
	case !data.IsValid():
		return errors.New("it is an array without numbers")
	case data.Type().Elem().String() != a.typ.DType.String():
		return fmt.Errorf("it is a %v that holds numbers of type %v", a.typ, data.Type().Elem())
	case a.fill && data.Len() != 1:
		return fmt.Errorf("it is a fill %v of %d elements instead of one", a.typ, data.Len())
	case !a.fill && data.Len() != want:
		return fmt.Errorf("it is a %v of %d elements instead of %d", a.typ, data.Len(), want)
	}
	return nil
}

// describe is a node as an error shows it: on one line, with the user's own line.
func (g *Graph) describe(n Node) string {
	p := printer{TextOptions: TextOptions{Elide: true}, brief: true, graphs: []*Graph{g}}
	p.node(n)
	s := "`" + string(p.out) + "`"
	if pos := n.Pos.String(); pos != "?" {
		s += " at " + pos
	}
	return s
}

// nameOf is how v prints inside g.
func (g *Graph) nameOf(v Value) string {
	p := printer{TextOptions: TextOptions{Elide: true}, graphs: []*Graph{g}}
	p.operand(v)
	return string(p.out)
}
