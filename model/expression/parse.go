package expression

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// The limits keep what a hostile text can cost small.
const (
	mostBytes = 64 << 10
	mostDepth = 200
)

// Parse reads a formula. An error is a *SyntaxError.
func Parse(text string) (Expr, error) {
	if len(text) > mostBytes {
		return nil, fault(Span{0, 0}, "define parts of it by names", "the formula has %d bytes, "+
			"more than %d", len(text), mostBytes)
	}
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	e := p.formula()
	if p.err == nil && p.next().kind != end {
		p.unexpected("an operator or the end")
	}
	if p.err == nil {
		p.err = check(e, anything)
	}
	if p.err != nil {
		return nil, p.err
	}
	return e, nil
}

// parser goes through the tokens once. After the first error it only returns.
type parser struct {
	tokens []token
	at     int
	depth  int
	err    *SyntaxError
}

func (p *parser) next() token { return p.tokens[p.at] }

// take goes past the next token if it is this sign.
func (p *parser) take(text string) bool {
	t := p.next()
	if p.err == nil && t.kind == sign && t.text == text {
		p.at++
		return true
	}
	return false
}

// must is take of a sign that has to be there.
func (p *parser) must(text string) {
	if p.err == nil && !p.take(text) {
		p.unexpected(fmt.Sprintf("%q", text))
	}
}

func (p *parser) unexpected(wanted string) {
	if p.err != nil {
		return
	}
	t := p.next()
	found := fmt.Sprintf("%q", t.text)
	if t.kind == end {
		found = "the formula ends"
		p.err = fault(t.Span, "", "%s where %s should follow", found, wanted)
		return
	}
	p.err = fault(t.Span, "", "%s stands where %s should", found, wanted)
}

// enter counts the depth; leave must follow.
func (p *parser) enter() bool {
	if p.depth++; p.depth > mostDepth && p.err == nil {
		p.err = fault(p.next().Span, "define parts of it by names",
			"the formula is nested more than %d deep", mostDepth)
	}
	return p.err == nil
}

func (p *parser) leave() { p.depth-- }

func (p *parser) span(from Span) Span {
	if p.at == 0 {
		return from
	}
	return Span{from.Start, p.tokens[p.at-1].End}
}

// formula is an if, or operators by rank.
func (p *parser) formula() Expr {
	defer p.leave()
	if !p.enter() {
		return nil
	}
	from := p.next().Span
	if !p.take("if") {
		return p.binary(0)
	}
	cond := p.formula()
	p.must("then")
	then := p.formula()
	p.must("else")
	otherwise := p.formula()
	return &If{p.span(from), cond, then, otherwise}
}

// ranks are the binary operators, the loosest first. Unary minus stands between products and
// powers, not between and and comparisons.
func ranks() [][]string {
	return [][]string{{"or"}, {"and"}, {"not"}, {"<", "<=", ">", ">=", "==", "!="}, {"+", "-"},
		{"*", "/"}}
}

const notRank, comparisonRank = 2, 3

func (p *parser) binary(rank int) Expr {
	if rank == len(ranks()) {
		return p.unary()
	}
	from := p.next().Span
	if rank == notRank {
		if !p.take("not") {
			return p.binary(rank + 1)
		}
		defer p.leave()
		if !p.enter() {
			return nil
		}
		x := p.binary(rank)
		return &Unary{p.span(from), Not, x}
	}
	x := p.binary(rank + 1)
	for compared := false; p.err == nil; compared = true {
		t := p.next()
		if t.kind != sign || !slices.Contains(ranks()[rank], t.text) {
			break
		}
		if rank == comparisonRank && compared {
			p.err = fault(t.Span, "write a < b and b < c", "comparisons do not chain")
			return nil
		}
		p.at++
		x = &Binary{Op: operator(t.text), X: x, Y: p.binary(rank + 1)}
		x.(*Binary).Span = p.span(from)
	}
	return x
}

func operator(text string) Operator {
	for op := Add; op <= Not; op++ {
		if op != Neg && op.String() == text {
			return op
		}
	}
	return Add
}

// unary is -x, +x, or a power.
func (p *parser) unary() Expr {
	defer p.leave()
	if !p.enter() {
		return nil
	}
	from := p.next().Span
	if p.take("-") {
		x := p.unary()
		return &Unary{p.span(from), Neg, x}
	}
	if p.take("+") {
		return p.unary()
	}
	x := p.atom()
	if p.take("^") {
		y := p.unary() // to the right, and 2^-1
		return &Binary{p.span(from), Pow, x, y}
	}
	return x
}

// atom is a number, a name with what follows it, or a bracket.
func (p *parser) atom() Expr {
	t := p.next()
	switch {
	case p.err != nil:
		return nil
	case t.kind == number:
		p.at++
		return &Number{t.Span, t.value}
	case t.kind == name:
		p.at++
		return p.named(t)
	case p.take("("):
		list := p.list()
		p.must(")")
		if len(list) > 1 {
			return &Tuple{p.span(t.Span), list}
		}
		return list[0]
	}
	p.unexpected("a number, a name or a bracket")
	return nil
}

// list is formulas with commas between them, one at least.
func (p *parser) list() []Expr {
	out := []Expr{p.formula()}
	for p.take(",") {
		out = append(out, p.formula())
	}
	return out
}

// named is a name, a lag, a call or a reduction.
func (p *parser) named(t token) Expr {
	switch {
	case p.take("["):
		return p.lag(t)
	case p.take("("):
		var args []Expr
		if !p.take(")") {
			args = p.list()
			if p.take("by") {
				key := p.next()
				if p.err == nil && key.kind != name {
					p.unexpected("the name of a column")
				}
				p.at++
				p.must(")")
				if p.err != nil {
					return nil
				}
				return p.group(t, args, key.text)
			}
			p.must(")")
		}
		if p.err == nil && len(args) == 1 && isReduction(t.text) {
			return p.group(t, args, "")
		}
		return &Call{p.span(t.Span), t.text, args}
	case t.text == "pi":
		return &Number{t.Span, math.Pi}
	}
	return &Name{t.Span, t.text}
}

func isReduction(function string) bool {
	return slices.Contains([]string{"sum", "mean", "min", "max"}, function)
}

func (p *parser) group(t token, args []Expr, key string) Expr {
	if !isReduction(t.text) || len(args) != 1 {
		p.err = fault(t.Span, "write sum(x by column); mean, min and max go too",
			"%s does not reduce %d formulas by group", t.text, len(args))
		return nil
	}
	return &Group{p.span(t.Span), t.text, args[0], key}
}

// lag is what follows the bracket of x[-1].
func (p *parser) lag(column token) Expr {
	minus := p.take("-")
	t := p.next()
	p.at += map[bool]int{true: 1}[t.kind == number]
	p.must("]")
	if p.err != nil {
		return nil
	}
	at := p.span(column.Span)
	by := int(t.value)
	if !minus || t.kind != number || float64(by) != t.value || by < 1 || by > 1_000_000 ||
		strings.ContainsAny(t.text, ".eE") {
		p.err = fault(at, "write "+column.text+"[-1] for the period before; there is no later one",
			"a lag must be a whole number of earlier periods")
		return nil
	}
	return &Lag{at, column.text, by}
}
