package ir_test

import (
	"strings"
	"testing"

	"pullback/ir"
)

func TestVerify(t *testing.T) {
	other := builder{ir.NewGraph()}
	foreign := other.Param(ir.Of(ir.Float64))
	known := scalar(1.0)
	f64 := []ir.Type{ir.Of(ir.Float64)}
	// chain is a graph of three nodes, for spoiling.
	chain := func(spoil func(nodes []ir.Node)) *ir.Graph {
		g := build(func(b builder) []ir.Value {
			x := b.Param(ir.Of(ir.Float64))
			y := b.apply(unary(0), x)
			z := b.apply(add{}, y[0], x)
			return b.apply(unary(1), z[0])
		})
		spoil(g.Nodes())
		return g
	}
	for name, c := range map[string]struct {
		graph *ir.Graph
		want  string
	}{
		"good":       {chain(func([]ir.Node) {}), ""},
		"full":       {full(), ""},
		"unfinished": {ir.NewGraph(), "not finished"},
		"open": {build(func(b builder) []ir.Value { return b.apply(add{}, foreign, known) }),
			"node 0, `%0: float64[] = add ^0 float64[](1)` at main.go:10: operand 0: ^0 is a " +
				"value of another graph"},
		"open result": {build(func(builder) []ir.Value { return []ir.Value{known, foreign} }),
			"result 1 of the graph: ^0"},
		"no result": {build(func(builder) []ir.Value { return []ir.Value{{}} }),
			"result 0 of the graph: it is no value"},
		"empty array": {build(func(builder) []ir.Value {
			return []ir.Value{ir.Known(ir.Array{})}
		}), "without numbers"},
		"a result repeated": {build(func(builder) []ir.Value { return []ir.Value{known, known} }),
			""},
		"parameter type": {build(func(b builder) []ir.Value {
			b.Param(ir.Of(ir.DType(9)))
			return nil
		}), "no such element type"},
		"negative axis": {build(func(b builder) []ir.Value {
			b.Param(ir.Of(ir.Bool, -1))
			return nil
		}), "negative extent"},
		"no op": {chain(func(n []ir.Node) { n[1].Op = nil }),
			"node 1, `%2: float64[] = none %1 %0` at main.go:11: it has no op"},
		"nil op": {chain(func(n []ir.Node) { n[1].Op = (*everything)(nil) }),
			"it has no op"},
		"order": {chain(func(n []ir.Node) { n[0], n[1] = n[1], n[0] }),
			"node 0, `%1: float64[] = add %2 %0` at main.go:11: operand 0: %2 is used before"},
		"own result": {chain(func(n []ir.Node) { n[1].In[1] = n[1].Out[0] }),
			"%2 is used before"},
		"missing operand": {chain(func(n []ir.Node) { n[1].In[1] = ir.Value{} }),
			"operand 1: it is no value"},
		"defined twice": {chain(func(n []ir.Node) { n[1].Out[0] = n[0].Out[0] }),
			"%1 is defined a second time"},
		"defines foreign": {chain(func(n []ir.Node) { n[1].Out[0] = foreign }),
			"it defines ^0, which is no value of this graph"},
		"operand types": {chain(func(n []ir.Node) { n[1].Op = lu{} }),
			"lu(float64[], float64[]): it takes a matrix"},
		"op panics": {chain(func(n []ir.Node) { n[0].Op = reduceSum{[]int{4}} }),
			"reduce_sum{axes=[4]} panics"},
		"result count": {chain(func(n []ir.Node) { n[1].Out = nil }),
			"its results are [], and add gives [float64[]]"},
		"result type": {build(func(b builder) []ir.Value {
			return b.Append(unary(0), []ir.Value{scalar(float32(1))}, f64, nil)
		}), "node 0, `%0: float64[] = neg float32[](1)`: its results are [float64[]], and neg " +
			"gives [float32[]]"},
		"graph inside": {build(func(b builder) []ir.Value {
			open := build(func(b builder) []ir.Value { return []ir.Value{foreign} })
			return b.Append(&everything{Several: []ir.Op{choice{[]*ir.Graph{nil, open}}}},
				[]ir.Value{known}, f64, nil)
		}), "in graph 0 of its parameters: result 0 of the graph: ^0 is a value of another graph"},
		"graph in itself": {build(func(b builder) []ir.Value {
			return b.Append(cond{Then: b.Graph}, nil, nil, nil)
		}), "inside itself"},
		"listed graphs": {build(func(b builder) []ir.Value {
			return b.Append(lister{[]*ir.Graph{nil, ir.NewGraph()}}, nil, nil, nil)
		}), "in graph 0 of its parameters: the graph is not finished"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.graph.Verify()
			switch {
			case c.want == "" && err != nil:
				t.Errorf("%v in\n%v", err, c.graph)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// lister has its graphs where reflection does not see them.
type lister struct{ hidden []*ir.Graph }

func (lister) Name() string                      { return "lister" }
func (lister) Type([]ir.Type) ([]ir.Type, error) { return nil, nil }
func (l lister) Graphs() []*ir.Graph             { return l.hidden }
