package ir_test

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"pullback/ir"
)

// add is the sum of two arrays of one type.
type add struct{}

func (add) Name() string { return "add" }
func (add) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) != 2 || !in[0].Equal(in[1]) {
		return nil, errors.New("it takes two arrays of the same type")
	}
	return in[:1], nil
}

// unary is one of several operations: its name is its parameter.
type unary uint8

func (u unary) Name() string { return []string{"neg", "abs"}[u] }
func (u unary) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) != 1 {
		return nil, errors.New("it takes one array")
	}
	return in, nil
}

type broadcast struct{ Shape, Dims []int }

func (broadcast) Name() string { return "broadcast" }
func (op broadcast) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) != 1 || in[0].Rank() != len(op.Dims) {
		return nil, errors.New("it takes one array with an axis for each of dims")
	}
	return []ir.Type{ir.Of(in[0].DType, op.Shape...)}, nil
}

type reduceSum struct{ Axes []int }

func (reduceSum) Name() string { return "reduce_sum" }
func (op reduceSum) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) != 1 {
		return nil, errors.New("it takes one array")
	}
	var shape []int
	for i, d := range in[0].Shape {
		if !slices.Contains(op.Axes, i) {
			shape = append(shape, d)
		}
	}
	for _, a := range op.Axes {
		_ = in[0].Shape[a] // panics for an axis that is not there, as a careless op would
	}
	return []ir.Type{ir.Of(in[0].DType, shape...)}, nil
}

// lu has two results.
type lu struct{}

func (lu) Name() string { return "lu" }
func (lu) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) != 1 || in[0].Rank() != 2 {
		return nil, errors.New("it takes a matrix")
	}
	return []ir.Type{in[0], ir.Of(ir.Int32, in[0].Shape[0])}, nil
}

// check has no result.
type check struct{ Message string }

func (check) Name() string                      { return "check" }
func (check) Type([]ir.Type) ([]ir.Type, error) { return nil, nil }

type cond struct{ Then, Else *ir.Graph }

func (cond) Name() string { return "cond" }
func (op cond) Type(in []ir.Type) ([]ir.Type, error) {
	if op.Then == nil {
		return nil, errors.New("it needs a graph")
	}
	return ir.TypesOf(op.Then.Out()), nil
}

// choice keeps its graphs in a list.
type choice struct{ Branches []*ir.Graph }

func (choice) Name() string { return "choice" }
func (op choice) Type(in []ir.Type) ([]ir.Type, error) {
	if len(op.Branches) == 0 {
		return nil, errors.New("it needs a branch")
	}
	return ir.TypesOf(op.Branches[0].Out()), nil
}

// custom holds Go functions, one of which may be nil.
type custom struct {
	N    int
	F, G func(float64) float64
}

func (custom) Name() string                         { return "a custom op" }
func (custom) Type(in []ir.Type) ([]ir.Type, error) { return in, nil }

// hidden has a field that does not print.
type hidden struct {
	N      int
	secret int
}

func (hidden) Name() string                         { return "hidden" }
func (hidden) Type(in []ir.Type) ([]ir.Type, error) { return in, nil }

// function is an op that is no struct, and a Go function besides.
type function func()

func (function) Name() string                         { return "function" }
func (function) Type(in []ir.Type) ([]ir.Type, error) { return in, nil }

// wrong has a name that depends on its parameter.
type wrong struct{ Kind int }

func (op wrong) Name() string                      { return []string{"wrong", "b"}[op.Kind] }
func (wrong) Type(in []ir.Type) ([]ir.Type, error) { return in, nil }

// names has field names of many forms.
type names struct{ A, TransposeA, DType, LUSolve, IsURL, X1Max int }

func (names) Name() string                         { return "names" }
func (names) Type(in []ir.Type) ([]ir.Type, error) { return in, nil }

// embedding has hidden's fields, the one that does not print included.
type embedding struct{ hidden }

// layout stands for what embedded structs do.
type layout struct {
	RowMajor bool
	LHSBatch [2]int8
}

type pair struct {
	A, B float32
	Tags []string
}

// everything has a parameter of every kind, and is used by a pointer.
type everything struct {
	DType ir.DType
	layout
	OutType ir.Type
	RTol    float64
	Count   uint16
	Label   string
	Start   ir.Array
	Inner   ir.Op
	Known   add
	Several []ir.Op
	Pairs   []pair
	Body    *ir.Graph
	Bodies  []*ir.Graph
	Nested  [][]int
	F       func()
}

func (*everything) Name() string                         { return "everything" }
func (*everything) Type(in []ir.Type) ([]ir.Type, error) { return in, nil }

func lookup(name string) (ir.Op, bool) {
	switch name {
	case "neg":
		return unary(0), true
	case "abs":
		return unary(1), true
	}
	for _, op := range []ir.Op{add{}, broadcast{}, reduceSum{}, lu{}, check{}, cond{}, choice{},
		custom{},
		hidden{}, wrong{}, &everything{}} {
		if op.Name() == name {
			return op, true
		}
	}
	return nil, false
}

// builder builds graphs in tests: types come from the ops.
type builder struct{ *ir.Graph }

func (b builder) apply(op ir.Op, in ...ir.Value) []ir.Value {
	types, err := op.Type(ir.TypesOf(in))
	if err != nil {
		panic(fmt.Sprintf("%s: %v", op.Name(), err))
	}
	return b.Append(op, in, types, ir.At(fmt.Sprintf("main.go:%d", 10+len(b.Nodes()))))
}

func build(f func(b builder) []ir.Value) *ir.Graph {
	b := builder{ir.NewGraph()}
	b.Finish(f(b))
	return b.Graph
}

func scalar[T ir.Element](x T) ir.Value { return ir.Known(ir.Wrap([]T{x})) }

// sample is the graph at the top of the package's documentation.
func sample() *ir.Graph {
	return build(func(b builder) []ir.Value {
		x, y := b.Param(ir.Of(ir.Float64)), b.Param(ir.Of(ir.Float64, 3))
		wide := b.apply(broadcast{Shape: []int{3}}, x)
		sum := b.apply(add{}, wide[0], y)
		return append(b.apply(reduceSum{Axes: []int{0}}, sum[0]), scalar(2.5))
	})
}

// full is a graph with everything that has a text form.
func full() *ir.Graph {
	neg := build(func(b builder) []ir.Value {
		return b.apply(unary(0), b.Param(ir.Of(ir.Float32)))
	})
	same := build(func(b builder) []ir.Value { return []ir.Value{b.Param(ir.Of(ir.Float32))} })
	none := build(func(builder) []ir.Value { return nil })
	return build(func(b builder) []ir.Value {
		x, m := b.Param(ir.Of(ir.Float32)), b.Param(ir.Of(ir.Float64, 2, 2))
		f := b.apply(lu{}, m)
		c := b.apply(cond{neg, nil}, x)
		d := b.apply(choice{[]*ir.Graph{same, neg, build(func(b builder) []ir.Value {
			return b.apply(cond{neg, same}, b.Param(ir.Of(ir.Float32)))
		})}}, c...)
		e := b.apply(&everything{
			DType:   ir.Uint32,
			layout:  layout{true, [2]int8{-128, 127}},
			OutType: ir.Of(ir.Bool, 2, 0),
			RTol:    1e-300,
			Count:   65535,
			Label:   "a \"label\", in {quotes}\n%1 \xff",
			Start: ir.Wrap([]float32{float32(math.Copysign(0, -1)), 1e-45, float32(math.Inf(-1))},
				3),
			Inner:   reduceSum{[]int{1, 2}},
			Several: []ir.Op{unary(1), nil, cond{Then: same}},
			Pairs:   []pair{{0.1, -3, []string{"x"}}, {}},
			Body:    none,
			Bodies:  []*ir.Graph{nil, same},
			Nested:  [][]int{{}, {1}, {2, 3}},
		}, d[0], ir.Known(ir.Fill(math.NaN(), 100)))
		b.Append(check{"no result"}, f, nil, ir.At(" odd \"position\""))
		late := b.Param(ir.Of(ir.Bool, 1)) // numbered third, after the nodes in the order of IDs
		return []ir.Value{e[0], late, scalar(math.MaxFloat64), scalar(true),
			scalar(uint64(math.MaxUint64)), ir.Known(ir.Wrap([]int64{math.MinInt64}, 1, 1)),
			ir.Known(ir.Wrap([]uint32{}, 0)), f[1],
			ir.Known(ir.Fill(float32(0.1), 2)), ir.Known(ir.Fill(int32(7))),
			ir.Known(ir.Wrap(make([]float64, 20), 4, 5))}
	})
}
