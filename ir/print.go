package ir

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// TextOptions says what of a graph is printed.
type TextOptions struct {
	// Positions ends every line with the user's line it came from.
	Positions bool
	// Elide replaces the numbers of an array of more than 16 elements by a checksum. Such a
	// text cannot be parsed.
	Elide bool
}

// String is the text of g with long arrays elided and without positions.
func (g *Graph) String() string { return g.Text(TextOptions{Elide: true}) }

// Text is the text form of g, as described at the top of the package. Values are numbered in
// the order in which they are defined, so that equal graphs have equal texts. A value of
// another graph, in an open graph, prints as ^7, by its number in that graph. [Parse] reads
// the text of a closed graph back if all its ops are [Printable].
func (g *Graph) Text(o TextOptions) string {
	p := printer{TextOptions: o}
	p.graph(g)
	return string(p.out)
}

// Format is the name of op with its parameters: reduce_sum{axes=[0]}. For printable ops it
// is a key: two with the same text have the same name and equal parameters, where a nil list
// equals an empty one, and any NaN any other.
func Format(op Op) string {
	var p printer
	p.op(op)
	return string(p.out)
}

// printer writes the text form.
type printer struct {
	TextOptions
	brief   bool // write graphs among parameters as graph(…)
	out     []byte
	indent  int
	graphs  []*Graph // those being printed, outermost first
	numbers map[*Graph][]int
}

func (p *printer) write(s string) { p.out = append(p.out, s...) }

func (p *printer) newline() {
	p.out = append(p.out, '\n')
	for range p.indent {
		p.write("  ")
	}
}

func (p *printer) graph(g *Graph) {
	if p.brief || slices.Contains(p.graphs, g) { // a graph that holds itself has no text
		p.write("graph(…)")
		return
	}
	p.graphs = append(p.graphs, g)
	p.write("graph(")
	p.definitions(g.in)
	p.write(") {")
	p.indent++
	for _, n := range g.nodes {
		p.newline()
		p.node(n)
	}
	p.newline()
	if g.finished {
		p.write("return")
		for i, v := range g.out {
			p.write(separator(i, " "))
			p.operand(v)
		}
	} else {
		p.write("unfinished")
	}
	p.indent--
	p.newline()
	p.write("}")
	p.graphs = p.graphs[:len(p.graphs)-1]
}

// separator is what stands before element i of a list.
func separator(i int, first string) string {
	if i == 0 {
		return first
	}
	return ", "
}

func (p *printer) definitions(vs []Value) {
	for i, v := range vs {
		p.write(separator(i, ""))
		p.operand(v)
		if v.IsValid() {
			p.write(": " + v.Type().String())
		}
	}
}

func (p *printer) node(n Node) {
	p.definitions(n.Out)
	if len(n.Out) > 0 {
		p.write(" = ")
	}
	p.op(n.Op)
	for _, v := range n.In {
		p.write(" ")
		p.operand(v)
	}
	if pos := n.Pos.String(); p.Positions && pos != "?" {
		p.write("   @ " + plain(pos, pos == strings.TrimSpace(pos)))
	}
}

// plain is s as it is if it is fit to be, and contains nothing that needs quoting, or else quoted.
func plain(s string, fit bool) string {
	if quoted := strconv.Quote(s); !fit || s == "" || len(quoted) != len(s)+2 {
		return quoted
	}
	return s
}

func (p *printer) operand(v Value) {
	switch {
	case v.array != nil:
		p.out = appendArray(p.out, *v.array, p.Elide)
	case v.graph == nil:
		p.write("none")
	case len(p.graphs) > 0 && v.graph == p.graphs[len(p.graphs)-1]:
		p.write("%" + strconv.Itoa(p.number(v)))
	default:
		p.write("^" + strconv.Itoa(p.number(v)))
	}
}

// number is v's place in the order of definition in its graph. It differs from the ID where a
// parameter was added after a node.
func (p *printer) number(v Value) int {
	g := v.graph
	if p.numbers[g] == nil {
		if p.numbers == nil {
			p.numbers = map[*Graph][]int{}
		}
		p.numbers[g] = g.definitionOrder()
	}
	return p.numbers[g][v.id]
}

// definitionOrder numbers the values of g, by ID. Values that are nowhere defined, which
// Verify refuses, come last.
func (g *Graph) definitionOrder() []int {
	const unset = -1
	numbers := slices.Repeat([]int{unset}, len(g.types))
	next := 0
	set := func(id int) {
		if numbers[id] == unset {
			numbers[id] = next
			next++
		}
	}
	define := func(vs []Value) {
		for _, v := range vs {
			if v.graph == g {
				set(v.id)
			}
		}
	}
	define(g.in)
	for _, n := range g.nodes {
		define(n.Out)
	}
	for id := range numbers {
		set(id)
	}
	return numbers
}

func (p *printer) op(op Op) {
	if v := reflect.ValueOf(op); !v.IsValid() || isNil(v) {
		p.write("none")
		return
	}
	p.write(plain(op.Name(), isName(op.Name())))
	if list, _ := opParams(op); len(list) > 0 {
		p.params(list)
	}
}

// isName says whether an op's name needs no quotes: letters, digits, _ and dots that begin with
// a letter or _, and no word of the grammar.
func isName(s string) bool {
	for i := range len(s) {
		if !isWordByte(s[i]) || s[i] == '+' || s[i] == '-' {
			return false
		}
	}
	return s != "" && (s[0] == '_' || isLetter(s[0])) && !strings.Contains(s, "...") &&
		!slices.Contains([]string{"graph", "return", "unfinished", "none"}, s)
}

func (p *printer) params(list []param) {
	p.write("{")
	for i, f := range list {
		p.write(separator(i, "") + f.name)
		if !opaque(f.value) {
			p.write("=")
			p.value(f.value)
		}
	}
	p.write("}")
}

func (p *printer) value(v reflect.Value) {
	if isNil(v) {
		p.write("none")
		return
	}
	if op, ok := asOp(v); ok {
		p.op(op)
		return
	}
	switch v.Type() {
	case dtypeType, typeType:
		p.write(v.Interface().(interface{ String() string }).String())
		return
	case arrayType:
		p.out = appendArray(p.out, v.Interface().(Array), p.Elide)
		return
	case graphType:
		p.graph(v.Interface().(*Graph))
		return
	}
	if opaque(v) { // an element of a list
		p.write("?")
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		p.out = strconv.AppendBool(p.out, v.Bool())
	case reflect.String:
		p.out = strconv.AppendQuote(p.out, v.String())
	case reflect.Float32, reflect.Float64:
		p.out = appendFloat(p.out, v.Float(), v.Type().Bits())
	case reflect.Slice, reflect.Array:
		p.write("[")
		for i := range v.Len() {
			p.write(separator(i, ""))
			p.value(v.Index(i))
		}
		p.write("]")
	case reflect.Struct:
		list, _ := params(v)
		p.params(list)
	default:
		if v.CanInt() {
			p.out = strconv.AppendInt(p.out, v.Int(), 10)
		} else {
			p.out = strconv.AppendUint(p.out, v.Uint(), 10)
		}
	}
}
