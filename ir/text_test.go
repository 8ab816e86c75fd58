package ir_test

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"pullback/ir"
)

var everyText = ir.TextOptions{Positions: true}

// roundTrip checks that text is what its graph prints as.
func roundTrip(t *testing.T, text string) {
	t.Helper()
	g, err := ir.Parse(text, lookup)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if again := g.Text(everyText); again != text {
		t.Errorf("printed again as\n%s\nbefore\n%s", again, text)
	}
	if err := g.Verify(); err != nil {
		t.Errorf("verify: %v in\n%s", err, text)
	}
}

func TestTextRoundTrip(t *testing.T) {
	roundTrip(t, sample().Text(everyText))
	roundTrip(t, full().Text(everyText))
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no testdata: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, strings.TrimSuffix(string(text), "\n"))
	}
}

// TestFullText pins the text form itself, which a round trip does not.
func TestFullText(t *testing.T) {
	want, err := os.ReadFile("testdata/full.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got := full().Text(everyText) + "\n"; got != string(want) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestParsedOpsAreEqual compares what was built with what was read, not texts.
func TestParsedOpsAreEqual(t *testing.T) {
	g, err := ir.Parse(sample().String(), lookup)
	if err != nil {
		t.Fatal(err)
	}
	want := []ir.Op{broadcast{Shape: []int{3}}, add{}, reduceSum{Axes: []int{0}}}
	for i, n := range g.Nodes() {
		if !reflect.DeepEqual(n.Op, want[i]) {
			t.Errorf("node %d: %#v, want %#v", i, n.Op, want[i])
		}
	}
	op := &everything{DType: ir.Int64, layout: layout{LHSBatch: [2]int8{1, 2}}, Inner: add{},
		Count: 3, Label: "é"}
	text := "graph(%0: float64[]) {\n %1 = " + ir.Format(op) + " %0\n return %1 }"
	if g, err = ir.Parse(text, lookup); err != nil {
		t.Fatal(err)
	}
	if got := g.Nodes()[0].Op; !reflect.DeepEqual(got, op) {
		t.Errorf("%#v, want %#v", got, op)
	}
}

func TestElision(t *testing.T) {
	long := func(last float64) *ir.Graph {
		return build(func(builder) []ir.Value {
			data := make([]float64, 17)
			data[16] = last
			return []ir.Value{ir.Known(ir.Wrap(data, 17))}
		})
	}
	a, b := long(1).String(), long(2).String()
	if !strings.Contains(a, "float64[17]{elided, sum 0x") || a == b {
		t.Errorf("%s and %s", a, b)
	}
	if a != long(1).String() {
		t.Error("two texts of one graph differ")
	}
	if _, err := ir.Parse(a, lookup); err == nil || !strings.Contains(err.Error(), "elided") {
		t.Errorf("parsing an elided array: %v", err)
	}
	roundTrip(t, long(1).Text(everyText))
}

func TestOpenAndUnfinishedText(t *testing.T) {
	outer := builder{ir.NewGraph()}
	outer.Param(ir.Of(ir.Float64))
	v := outer.apply(unary(0), outer.In()[0])[0]
	open := build(func(b builder) []ir.Value {
		return b.apply(add{}, v, b.Param(ir.Of(ir.Float64)))
	})
	want := "graph(%0: float64[]) {\n  %1: float64[] = add ^1 %0\n  return %1\n}"
	if got := open.String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if !strings.Contains(outer.String(), "unfinished") {
		t.Errorf("%s does not say that it is unfinished", outer)
	}
	if ir.Printable(cond{Then: open}) || ir.Printable(cond{Then: outer.Graph}) {
		t.Error("an open or unfinished graph is said to print in full")
	}
}

// TestGraphInItself needs a text that ends; Verify then refuses the graph.
func TestGraphInItself(t *testing.T) {
	g := build(func(b builder) []ir.Value { return b.Append(cond{Then: b.Graph}, nil, nil, nil) })
	if want := "graph() {\n  cond{then=graph(…), else=none}\n  return\n}"; g.String() != want {
		t.Errorf("%s\nwant\n%s", g, want)
	}
}

// TestFormatIsInjective has pairs of ops that a careless text would not tell apart.
func TestFormatIsInjective(t *testing.T) {
	body := func(x float64) *ir.Graph {
		return build(func(builder) []ir.Value { return []ir.Value{scalar(x)} })
	}
	wide := func(last float32) ir.Array {
		data := make([]float32, 1000)
		data[999] = last
		return ir.Wrap(data, 1000)
	}
	ops := []ir.Op{
		add{}, unary(0), unary(1), lu{}, reduceSum{}, reduceSum{[]int{0}}, reduceSum{[]int{0, 1}},
		reduceSum{[]int{01}}, broadcast{[]int{1}, nil}, broadcast{nil, []int{1}}, check{},
		check{"none"},
		check{"a, b"}, check{`a", "b`}, cond{}, cond{Then: body(0)}, cond{Else: body(0)},
		cond{Then: body(1e-320)},
		&everything{RTol: 0.1}, &everything{RTol: 0.1 + 1e-17 + 2e-17}, &everything{Start: wide(1)},
		&everything{Start: wide(2)},
		&everything{Inner: reduceSum{}}, &everything{Inner: reduceSum{[]int{0}}},
		&everything{Several: []ir.Op{nil}},
		&everything{Nested: [][]int{{1}, {2}}}, &everything{Nested: [][]int{{1, 2}}},
		&everything{Pairs: []pair{{Tags: []string{"a", "b"}}}},
		&everything{Pairs: []pair{{Tags: []string{"a"}}, {Tags: []string{"b"}}}},
	}
	seen := map[string]int{}
	for i, op := range ops {
		text := ir.Format(op)
		if !ir.Printable(op) {
			t.Errorf("%s is not printable", text)
		}
		if j, taken := seen[text]; taken && !reflect.DeepEqual(op, ops[j]) {
			t.Errorf("%#v and %#v are both %s", op, ops[j], text)
		}
		seen[text] = i
	}
	for _, op := range []ir.Op{custom{F: func(x float64) float64 { return x }}, hidden{secret: 1},
		&everything{F: func() {}}, &everything{Inner: hidden{}}, function(func() {}), embedding{},
		cond{Then: uses(hidden{})},
		&everything{Several: []ir.Op{add{}, hidden{}}}} {
		if ir.Printable(op) {
			t.Errorf("%s is said to print in full", ir.Format(op))
		}
	}
	if !ir.Printable(cond{Then: uses(unary(0))}) {
		t.Error("a closed graph of printable ops is said not to print in full")
	}
	want := `"a custom op"{n=3, f, g=none}`
	if got := ir.Format(custom{N: 3, F: func(x float64) float64 { return x }}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// uses is a closed graph that applies op to its parameter.
func uses(op ir.Op) *ir.Graph {
	return build(func(b builder) []ir.Value { return b.apply(op, b.Param(ir.Of(ir.Float64))) })
}

// TestParameterNames pins how Go field names print.
func TestParameterNames(t *testing.T) {
	want := "names{a=0, transpose_a=0, dtype=0, lu_solve=0, is_url=0, x1_max=0}"
	if got := ir.Format(names{}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestGraphsOf(t *testing.T) {
	g := sample()
	op := &everything{Body: g, Bodies: []*ir.Graph{g, nil}, Several: []ir.Op{cond{Then: g}, nil},
		Inner: choice{[]*ir.Graph{g}}}
	if n := len(ir.GraphsOf(op)); n != 4 { // nils are left out
		t.Errorf("%d graphs: %v", n, ir.GraphsOf(op))
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "line 1, column 1: found the end of the text"},
		{"graph(%0) { return }", "line 1, column 7: the parameter %0 has no type"},
		{"graph(%0: float16[]) { return }", "column 11: float16 is no element type"},
		{"graph(%0: float64[-1]) { return }",
			"column 11: float64[-1]: the shape [-1] has a negative extent"},
		{"graph(%0: float64[2000000000,2000000000]) { return }",
			"more elements than any machine holds"},
		{"graph(%0: float64[0,9223372036854775807]) { return }",
			"more elements than any machine holds"},
		{"graph(%0: float64[4,4611686018427387904]) { return }",
			"more elements than any machine holds"},
		{"graph(%0: float64[0,2000000000,2000000000]) { return }",
			"more elements than any machine holds"},
		{"graph(%0: float64[99999999999999999999]) { return }", "out of range"},
		{"graph(%0: bool[], %0: bool[]) { return }", "%0 is defined a second time"},
		{"graph() {\n  %1 = nagate %0\n", "line 2, column 8: no operation is called nagate"},
		{"graph() {\n  %1 = neg %0\n return }", "line 2, column 12: %0 is not defined above"},
		{"graph() {\n  %1 = neg ^0\n return }", "apply Close before printing"},
		{"graph(%0: bool[]) {\n  %1: int32[] = neg %0\n return }",
			"line 2, column 3: the text says that %1 is int32[], and neg gives bool[]"},
		{"graph(%0: bool[]) {\n  %1 = lu %0\n return }",
			"line 2, column 8: lu(bool[]): it takes a matrix"},
		{"graph(%0: bool[]) {\n  neg %0\n return }", "neg gives 1 results, and 0 are named"},
		{"graph(%0: bool[]) {\n  %1 = reduce_sum{axis=[0]} %0\n return }",
			"reduce_sum has no parameter axis; it has axes"},
		{"graph(%0: bool[]) {\n  %1 = reduce_sum{axes=[5]} %0\n return }",
			"reduce_sum{axes=[5]} panics"},
		{"graph(%0: bool[]) {\n  %1 = reduce_sum{axes=[], axes=[]} %0\n return }", "given twice"},
		{"graph(%0: bool[]) {\n  %1 = broadcast{shape=[-2]} float64[](1)\n return }",
			"negative extent"},
		{"graph(%0: bool[]) {\n  %1 = neg{x=1} %0\n return }",
			"neg has no parameter x; it has none"},
		{`graph(%0: bool[]) { %1 = "a custom op"{n=1, f} %0`,
			"is a Go func, which has no text form"},
		{`graph(%0: bool[]) { %1 = "a custom op"{n=1, f=x} %0`, "a Go func has no text form"},
		{`graph(%0: bool[]) { %1 = "a custom`, "this string has no end"},
		{"graph(%0: bool[]) { %1 = everything{count=65536} %0", "65536 is out of range (uint16)"},
		{"graph(%0: bool[]) { %1 = everything{row_major=3} %0",
			"3 does not read as a number (bool)"},
		{"graph(%0: bool[]) { %1 = everything{lhs_batch=[1]} %0",
			"the list has 1 elements, and the parameter 2"},
		{"graph(%0: bool[]) { %1 = everything{lhs_batch=[1, 2, 3]} %0",
			"the list is longer than 2"},
		{"graph(%0: bool[]) { %1 = everything{known=neg} %0", "this op is a Go ir_test.unary"},
		{"graph() { return float64[3]{1, 2} }", "float64[3] holds 3 elements, and 2 are written"},
		{"graph() { return float64[1073741824]{1, 2} }", "holds 1073741824 elements"},
		{"graph() { return float64[3]{1, 2...} }", `found "..." where "," was expected`},
		{"graph() { return float32[](1e39) }", "1e39 is out of range (float32)"},
		{"graph() { return none }", "none is no element type"},
		{"graph(%0: bool[]) { %1 = wrong{kind=7} %0", "the method Name panics"},
		{"graph(%0: bool[]) { %1 = wrong{kind=1} %0", `an op that calls itself "b"`},
		{"graph(%0: bool[]) { %1 = neg %0 add %0", "add is no element type"},
		{"graph(%0: bool[]) { check{message=x}", "a string in double quotes"},
		{"graph(%0: bool[]) { return %0 %0 }", `found "%0" where "," was expected`},
		{"graph(%0: bool[] %1: bool[]) { return }", `found "%1" where "," or ")" was expected`},
		{"graph(%0: bool[]) { %1 = neg %0 @ \"a\" b\n return }", "the end of the line"},
		{"graph() { return } x", `found "x" where the end of the text was expected`},
		{"graph() {\n  unfinished\n}", "print it after Finish"},
		{"graph(%0: bool[]) { %1 = neg %0 @\n return }", "a position is missing"},
		{strings.Repeat("graph() { cond{then=", 200), "nested more than 100 deep"},
	} {
		g, err := ir.Parse(c.text, lookup)
		if err == nil || !strings.Contains(err.Error(), c.want) || g != nil {
			t.Errorf("%.80q\n gives %v\n want  %s", c.text, err, c.want)
		}
	}
}

// TestParseLeavesDefaultsAlone has a lookup whose ops hold memory that parsing must not write.
func TestParseLeavesDefaultsAlone(t *testing.T) {
	standard := &broadcast{Shape: append(make([]int, 0, 8), 5)}
	find := func(string) (ir.Op, bool) { return standard, true }
	g, err := ir.Parse("graph() {\n %0 = broadcast float64[](1)\n"+
		" %1 = broadcast{shape=[3, 4]} float64[](1)\n %2 = broadcast float64[](1)\n return }", find)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"[5]", "[3, 4]", "[5]"} {
		if got := ir.Format(g.Nodes()[i].Op); got != "broadcast{shape="+want+", dims=[]}" {
			t.Errorf("node %d: %s", i, got)
		}
	}
	if full := standard.Shape[:2]; full[0] != 5 || full[1] != 0 {
		t.Errorf("the default's memory holds %v", full)
	}
}

// TestParseTakesLittleMemory has texts that ask for much more than they hold.
func TestParseTakesLittleMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, text := range []string{
		"graph() { return float64[1073741824]{1...} }",
		"graph() { return float64[1073741824]{1} }",
		"graph(%0: float64[1073741824]) { return %0 }",
		strings.Repeat("graph(", 1e5),
	} {
		if g, err := ir.Parse(text, lookup); err == nil {
			_ = g.String()
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 10e6 {
		t.Errorf("%d bytes", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample().Text(everyText))
	f.Add(full().Text(everyText))
	f.Add("graph(%0: bool[]) { %1 = reduce_sum{axes=[5]} %0 @ x\n return %1, float64[2]{1...} }")
	f.Add("graph() { return float64[0,4]{}, int32[](-2147483648), float32[3]{nan, -inf, 1e-45} }")
	f.Add("graph() { %x, %y = lu float64[2,2]{0...} @ \"\\x00\"\n return %y }")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := ir.Parse(text, lookup)
		if err != nil {
			return
		}
		roundTrip(t, g.Text(everyText))
		_ = g.String()
	})
}
