package ir

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

func (p *parser) dtype() DType {
	at := p.tok.at
	name := p.word("an element type")
	all := DTypes()
	i := slices.IndexFunc(all, func(d DType) bool { return d.String() == name })
	if i < 0 {
		p.fail(at, "%s is no element type; the element types are %v", name, all)
	}
	return all[i]
}

func (p *parser) typ() Type {
	at := p.tok.at
	t := Type{DType: p.dtype()}
	p.list("[", "]", func() {
		t.Shape = append(t.Shape, number(p, "length of an axis", strconv.Atoi))
	})
	if err := t.Check(); err != nil {
		p.fail(at, "%v: %v; check the shape", t, err)
	}
	return t
}

// array reads a constant. It needs no more memory than its text: a dense one has all its
// elements there, and a fill has one.
func (p *parser) array() Array {
	t := p.typ()
	switch t.DType {
	case Float64:
		return elements(p, t, floatOf(64))
	case Float32:
		return elements(p, t, narrow[float32](floatOf(32)))
	case Int32:
		return elements(p, t, narrow[int32](intOf(32)))
	case Int64:
		return elements(p, t, intOf(64))
	case Uint32:
		return elements(p, t, narrow[uint32](uintOf(32)))
	case Uint64:
		return elements(p, t, uintOf(64))
	}
	return elements(p, t, strconv.ParseBool)
}

func elements[T Element](p *parser, t Type, read func(string) (T, error)) Array {
	at := p.tok.at
	if t.Rank() == 0 {
		p.expect("(")
		x := number(p, t.DType, read)
		p.expect(")")
		return Array{typ: t, data: []T{x}}
	}
	var data []T
	fill := false
	p.list("{", "}", func() {
		if p.is("elided") {
			p.fail(p.tok.at, "the numbers of this array were elided; print the graph with Text, "+
				"which writes them all")
		}
		if fill {
			p.expected(`"}"`)
		}
		data = append(data, number(p, t.DType, read))
		fill = p.is("...")
		if fill && len(data) > 1 {
			p.expected(`","`)
		}
		p.accept("...")
	})
	if !fill && len(data) != t.Size() {
		p.fail(at, "%v holds %d elements, and %d are written; complete them, "+
			"or write {x...} for equal ones", t, t.Size(), len(data))
	}
	if data == nil {
		data = []T{}
	}
	return Array{typ: t, data: data, fill: fill}
}

// number reads a word as a number, a bool included; kind says for the error what it is to be.
func number[T any](p *parser, kind any, read func(string) (T, error)) T {
	at := p.tok.at
	word := p.word(fmt.Sprintf("a number (%v)", kind))
	x, err := read(word)
	if errors.Is(err, strconv.ErrRange) {
		p.fail(at, "%s is out of range (%v); write a number that fits", word, kind)
	}
	if err != nil {
		p.fail(at, "%s does not read as a number (%v); write it in Go's decimal notation",
			word, kind)
	}
	return x
}

// narrow makes a reader of 64 bits that checks the range of T one of T.
func narrow[T, Wide Number](read func(string) (Wide, error)) func(string) (T, error) {
	return func(s string) (T, error) {
		x, err := read(s)
		return T(x), err
	}
}

func floatOf(bits int) func(string) (float64, error) {
	return func(s string) (float64, error) { return strconv.ParseFloat(s, bits) }
}

func intOf(bits int) func(string) (int64, error) {
	return func(s string) (int64, error) { return strconv.ParseInt(s, 10, bits) }
}

func uintOf(bits int) func(string) (uint64, error) {
	return func(s string) (uint64, error) { return strconv.ParseUint(s, 10, bits) }
}
