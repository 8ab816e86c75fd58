package ad_test

import (
	"fmt"
	"reflect"
	"testing"

	"pullback/ad"
)

type parameters struct {
	A     ad.Value
	List  []ad.Value
	Array [2]ad.Value
	Table map[string]struct{ V ad.Value }
	Years map[int]ad.Value
	Empty []ad.Value
	None  map[string]ad.Value
	Name  string
	Steps []int
	Notes map[string][]string
	Any   any
}

func someParameters() parameters {
	return parameters{
		A:     ad.Scalar(1.),
		List:  []ad.Value{ad.Scalar(2.), ad.Vector(3., 4.)},
		Array: [2]ad.Value{ad.Scalar(5.), ad.Scalar(6.)},
		Table: map[string]struct{ V ad.Value }{"z": {ad.Scalar(8.)}, "a": {ad.Scalar(7.)}},
		Years: map[int]ad.Value{2020: ad.Scalar(10.), -5: ad.Scalar(9.)},
		Empty: []ad.Value{},
		Name:  "n",
		Steps: []int{1, 2},
		Notes: map[string][]string{"k": {"v"}},
		Any:   3,
	}
}

func TestFlattenOrder(t *testing.T) {
	leaves, rebuild := ad.Flatten(someParameters())
	var got []float64
	for _, v := range leaves {
		got = append(got, v.Floats()...)
	}
	if want := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}; !reflect.DeepEqual(got, want) {
		t.Errorf("leaves %v, want %v", got, want)
	}
	same := rebuild(leaves)
	if !reflect.DeepEqual(same, someParameters()) {
		t.Errorf("rebuilt %+v", same)
	}
	if same.Empty == nil || same.None != nil {
		t.Error("an empty slice or a nil map became the other")
	}
	flat, unravel := ad.Ravel(someParameters())
	near(t, flat, got...)
	twice := unravel(ad.Mul(flat, 2))
	near(t, twice.Table["z"].V, 16)
	near(t, twice.List[1], 6, 8)
}

// TestCopiesAreDeep writes into everything that a function gets and gives.
func TestCopiesAreDeep(t *testing.T) {
	spoil := func(p parameters) {
		for i := range p.List {
			p.List[i] = ad.Scalar(-1.)
		}
		p.Table["z"] = struct{ V ad.Value }{ad.Scalar(-1.)}
		p.Table["new"] = p.Table["a"]
		delete(p.Years, 2020)
		p.Steps[0] = -1
		p.Notes["k"][0] = "spoilt"
		p.Notes["new"] = nil
	}
	x := someParameters()
	f := func(p parameters) parameters {
		q := p
		q.A = ad.Mul(p.A, 2)
		return q
	}
	leaves, rebuild := ad.Flatten(x)
	spoil(rebuild(leaves))
	first := rebuild(leaves)
	spoil(first)
	if again := rebuild(leaves); !reflect.DeepEqual(again, someParameters()) {
		t.Errorf("a tree built before reached one built after: %+v", again)
	}
	if !reflect.DeepEqual(x, someParameters()) {
		t.Errorf("a built tree reached the user's: %+v", x)
	}
	_, pullback := ad.VJP(func(p parameters) ad.Value { spoil(p); return p.A }, x)
	if !reflect.DeepEqual(x, someParameters()) {
		t.Errorf("the function reached the user's tree: %+v", x)
	}
	spoil(x)
	if g := pullback(ad.Scalar(1.)); len(g.Table) != 2 || len(g.Years) != 2 || g.Steps[0] != 1 {
		t.Errorf("the user reached a tree that was taken apart before: %+v", g)
	}

	// A compiled function's results are its callers' own.
	type plain struct{ List []ad.Value }
	var kept []ad.Value
	j := ad.Jit(func(p plain) plain { kept = []ad.Value{ad.Mul(p.List[0], 2)}; return plain{kept} })
	y := j(plain{[]ad.Value{ad.Scalar(3.)}})
	kept[0] = ad.Scalar(0.)
	y.List[0] = ad.Scalar(0.)
	near(t, j(plain{[]ad.Value{ad.Scalar(3.)}}).List[0], 6)
	_ = f
}

// TestKnownNumbersAreCopied writes into the slices that Values were made of and read into.
func TestKnownNumbersAreCopied(t *testing.T) {
	xs, shape := []float64{1, 2, 3, 4}, []int{2, 2}
	v := ad.Array(shape, xs)
	xs[0], shape[0] = -1, 4
	v.Floats()[1] = -1
	v.Shape()[1] = 7
	near(t, v, 1, 2, 3, 4)
	j := ad.Jit(func(x ad.Value) []ad.Value { return []ad.Value{x, v, ad.Transpose(x)} })
	for _, y := range j(v) {
		y.Floats()[0] = -1
	}
	near(t, j(v)[1], 1, 2, 3, 4)
}

type recursive struct {
	V    ad.Value
	Kids []recursive
}

func TestRecursiveTypes(t *testing.T) {
	x := recursive{ad.Scalar(1.),
		[]recursive{{ad.Scalar(2.), nil}, {ad.Scalar(3.), []recursive{{ad.Scalar(4.), nil}}}}}
	var sum func(r recursive) ad.Value
	sum = func(r recursive) ad.Value {
		s := ad.Mul(r.V, r.V)
		for _, k := range r.Kids {
			s = ad.Add(s, sum(k))
		}
		return s
	}
	near(t, ad.Grad(sum)(x).Kids[1].Kids[0].V, 8)
	near(t, ad.Jit(ad.Grad(sum))(x).Kids[1].Kids[0].V, 8)
}

type hidden struct {
	A ad.Value
	b ad.Value
}

type (
	withPointer   struct{ P *struct{ V ad.Value } }
	withInterface struct {
		A   ad.Value
		Any any
	}
	withChannel struct{ C chan ad.Value }
	withKeys    struct{ M map[[2]int]ad.Value }
	withOptions struct {
		A    ad.Value
		Opts struct {
			N     int
			Words []string
		}
	}
	withRate struct {
		A    ad.Value
		Rate float64
	}
)

// TestTreesRefused has what trees cannot be, with the sentence that names the part.
func TestTreesRefused(t *testing.T) {
	one := ad.Scalar(1.)
	options := withOptions{A: one}
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() { ad.Grad(func(h hidden) ad.Value { return h.A })(hidden{A: one, b: one}) },
			"tree: ad_test.hidden.b is unexported, so it can be neither read nor rebuilt; export " +
				"it, or keep it out of the argument and close over it"},
		{func() { ad.Flatten(withPointer{}) },
			"tree: ad_test.withPointer.P is *struct { V ad.Value }, which holds Values out of " +
				"reach; trees are structs, arrays, slices and maps"},
		{func() { ad.Jit(func(p *parameters) ad.Value { return p.A })(&parameters{}) },
			"tree: *ad_test.parameters is *ad_test.parameters, which holds Values out of reach; " +
				"trees are structs, arrays, slices and maps"},
		{func() { ad.Flatten(withInterface{one, one}) },
			"tree: ad_test.withInterface.Any is an interface that holds ad.Value, whose Values " +
				"are out of reach; give the field a concrete type"},
		{func() { ad.Flatten(withInterface{one, []any{1, map[string]any{"k": []ad.Value{one}}}}) },
			"tree: ad_test.withInterface.Any is an interface that holds []ad.Value, whose Values " +
				"are out of reach; give the field a concrete type"},
		{func() { ad.Flatten(withChannel{}) },
			"tree: ad_test.withChannel.C is chan ad.Value, which holds Values out of reach; " +
				"trees are structs, arrays, slices and maps"},
		{func() { ad.Flatten(withKeys{}) },
			"tree: the keys of ad_test.withKeys.M are [2]int; a tree's maps have strings or " +
				"integers for keys"},
		{func() { ad.Grad(func(p parameters) ad.Value { return p.A })(parameters{}) },
			"tree: ad_test.parameters.A was never set; a tree's Values must all be arrays, such " +
				"as ad.Scalar(0.5)"},
		{func() {
			p := someParameters()
			p.Table["m"] = struct{ V ad.Value }{}
			ad.Jit(func(p parameters) ad.Value { return p.A })(p)
		},
			"tree: ad_test.parameters.Table[m].V was never set; a tree's Values must all be " +
				"arrays, such as ad.Scalar(0.5)"},
		{func() { ad.Grad(func(p []ad.Value) ad.Value { return ad.Value{} })([]ad.Value{one}) },
			"tree: ad.Value was never set; a tree's Values must all be arrays, such as " +
				"ad.Scalar(0.5)"},
		{func() { ad.Jit(func(o withOptions) ad.Value { return o.A })(options) },
			"jit: ad_test.withOptions.Opts is a struct { N int; Words []string }, which cannot " +
				"be compared, so a compiled function cannot tell whether it changed; close over " +
				"it instead"},
		{func() {
			nan := 0.0
			nan /= nan
			ad.Jit(func(w withRate) ad.Value { return w.A })(withRate{one, nan})
		},
			"jit: ad_test.withRate.Rate is NaN, which equals nothing, so a compiled function " +
				"cannot tell whether it changed; close over it instead"},
		{func() { ad.Ravel([]ad.Value{one, ad.Scalar(1)}) },
			"ravel(float64[], int64[]): the Values of []ad.Value have different element types; " +
				"convert them to one with ad.Convert"},
		{func() { ad.Ravel([]ad.Value{}) }, "ravel: []ad.Value holds no Value"},
		{func() { _, unravel := ad.Ravel(one); unravel(ad.Vector(1., 2.)) },
			"unravel(float64[2]): ad.Value takes a vector of 1 elements"},
	} {
		got := caught(c.do)
		if _, sentence, _ := cutPosition(got); sentence != c.want {
			t.Errorf("\n got %s\nwant %s", got, c.want)
		}
	}
	// A nil interface and one that holds no Values are static parts like others.
	near(t, ad.Jit(func(w withInterface) ad.Value { return w.A })(withInterface{one, nil}), 1)
	near(t, ad.Jit(func(w withInterface) ad.Value { return w.A })(withInterface{one, "text"}), 1)
}

// cutPosition splits "tree_test.go:12: sentence".
func cutPosition(s string) (file, sentence string, ok bool) {
	var line int
	if n, _ := fmt.Sscanf(s, "tree_test.go:%d:", &line); n != 1 {
		return "", s, false
	}
	file = fmt.Sprintf("tree_test.go:%d: ", line)
	return file, s[len(file):], true
}
