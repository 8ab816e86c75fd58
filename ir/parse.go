package ir

import (
	"fmt"
	"slices"
	"strings"
)

// maxDepth bounds nested graphs, ops, lists and structs in a text, far beyond any that is meant.
const maxDepth = 100

// Parse reads the text form of a closed graph, as [Graph.Text] writes it. Operations are found
// by lookup, which gives for a name an op with its parameters at their defaults, usually the
// zero value of a struct type; the parameters in the text are set on a copy of it. Result types
// are asked of the op and compared with the types in the text, which may be left out. An error
// is a [*SyntaxError] that gives the line and column. A parsed graph passes [Graph.Verify].
func Parse(text string, lookup func(name string) (Op, bool)) (g *Graph, err error) {
	p := parser{lexer: lexer{text: text}, lookup: lookup}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *SyntaxError:
			g, err = nil, e
		default:
			panic(e)
		}
	}()
	p.advance()
	g = p.graph()
	if p.tok.text != "" {
		p.expected("the end of the text")
	}
	return g, nil
}

// parser reads by recursive descent. Its methods fail by a panic that Parse catches, and leave
// the lexer on the token after what they read.
type parser struct {
	lexer
	lookup func(name string) (Op, bool)
	depth  int
}

// nest bounds the depth of recursion: p.nest()() around a part that can hold its like.
func (p *parser) nest() (leave func()) {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.tok.at, "graphs and parameters are nested more than %d deep; split the graph",
			maxDepth)
	}
	return func() { p.depth-- }
}

// scope is a graph being read, and its values by their names in the text.
type scope struct {
	graph  *Graph
	values map[string]Value
}

func (p *parser) graph() *Graph {
	defer p.nest()()
	s := scope{NewGraph(), map[string]Value{}}
	p.expect("graph")
	p.list("(", ")", func() {
		at := p.tok.at
		r := p.result()
		if !r.typed {
			p.fail(at,
				"the parameter %s has no type; write one after a colon, such as %s: float64[]",
				r.name, r.name)
		}
		p.define(s, r, s.graph.Param(r.typ))
	})
	p.expect("{")
	for !p.is("return") {
		p.node(s)
	}
	p.advance()
	var out []Value
	for !p.accept("}") {
		if len(out) > 0 {
			p.expect(",")
		}
		out = append(out, p.operand(s))
	}
	s.graph.Finish(out)
	return s.graph
}

// result is a definition as written: a name and perhaps a type.
type result struct {
	name  string
	at    int
	typ   Type
	typed bool
}

func (p *parser) result() result {
	r := result{name: p.tok.text, at: p.tok.at}
	if !strings.HasPrefix(r.name, "%") || len(r.name) < 2 {
		p.expected("the name of a value, such as %3,")
	}
	p.advance()
	if p.accept(":") {
		r.typ, r.typed = p.typ(), true
	}
	return r
}

func (p *parser) define(s scope, r result, v Value) {
	if _, taken := s.values[r.name]; taken {
		p.fail(r.at, "%s is defined a second time in this graph; give it a number of its own",
			r.name)
	}
	s.values[r.name] = v
}

func (p *parser) node(s scope) {
	var results []result
	if strings.HasPrefix(p.tok.text, "%") {
		results = append(results, p.result())
		for p.accept(",") {
			results = append(results, p.result())
		}
		p.expect("=")
	}
	at := p.tok.at
	if p.is("unfinished") {
		p.fail(at, "the graph is unfinished: it was printed while it was being recorded; "+
			"print it after Finish")
	}
	op := p.op()
	var in []Value
	for p.tok.sameLine && !slices.Contains([]string{"@", "}", ""}, p.tok.text) {
		in = append(in, p.operand(s))
	}
	var pos *Position
	if p.tok.sameLine && p.is("@") {
		pos = p.position()
	} else if p.tok.sameLine {
		p.expected("an operand, a position or the end of the line")
	}
	values := s.graph.Append(op, in, p.resultTypes(op, at, TypesOf(in), results), pos)
	for i, r := range results {
		p.define(s, r, values[i])
	}
}

// resultTypes asks op for the types of its results and compares them with the text.
func (p *parser) resultTypes(op Op, at int, in []Type, results []result) []Type {
	types, err := typesOfResults(op, in)
	if err != nil {
		p.fail(at, "%v", err)
	}
	if len(types) != len(results) {
		p.fail(at, "%s gives %d results, and %d are named; name each of them, as in %%5, %%6 = %s",
			op.Name(), len(types), len(results), op.Name())
	}
	for i, r := range results {
		if r.typed && !r.typ.Equal(types[i]) {
			p.fail(r.at, "the text says that %s is %v, and %s gives %v; "+
				"correct the type or leave it out", r.name, r.typ, op.Name(), types[i])
		}
	}
	return types
}

// typesOfResults is op.Type with its failures made sentences. Texts and faulty rewrites make
// ops that no user can, so that a Type method which runs off its parameters is caught here.
func typesOfResults(op Op, in []Type) (out []Type, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s panics when asked for the types of its results: %v", Format(op), r)
		}
	}()
	out, err = op.Type(in)
	if err != nil {
		return nil, &UsageError{Op: op.Name(), In: in, Reason: err.Error()}
	}
	for _, t := range out {
		if err := t.Check(); err != nil {
			return nil, fmt.Errorf("%s gives %v: %w", op.Name(), t, err)
		}
	}
	return out, nil
}

func (p *parser) operand(s scope) Value {
	name := p.tok.text
	switch {
	case strings.HasPrefix(name, "^"):
		p.fail(p.tok.at, "%s is a value of another graph, and only closed graphs can be read; "+
			"apply Close before printing", name)
	case !strings.HasPrefix(name, "%"):
		return Known(p.array())
	}
	v, ok := s.values[name]
	if !ok {
		p.fail(p.tok.at, "%s is not defined above in this graph; a graph sees its own values "+
			"only, each after its definition", name)
	}
	p.advance()
	return v
}

// position reads what follows @ up to the end of the line.
func (p *parser) position() *Position {
	if rest := strings.TrimLeft(p.text[p.next:], " \t"); !strings.HasPrefix(rest, `"`) {
		at := p.next
		text := p.restOfLine()
		if text == "" {
			p.fail(at, `a position is missing after "@"; write one such as main.go:12, or no "@"`)
		}
		return At(text)
	}
	p.advance()
	text := p.quoted()
	if p.tok.sameLine {
		p.expected("the end of the line")
	}
	return At(text)
}
