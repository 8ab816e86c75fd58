package ir

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// op reads an operation's name and parameters.
func (p *parser) op() Op {
	defer p.nest()()
	at := p.tok.at
	var name string
	if strings.HasPrefix(p.tok.text, `"`) {
		name = p.quoted()
	} else {
		name = p.word(`an operation, or "return",`)
	}
	op, ok := p.lookup(name)
	if !ok || op == nil {
		p.fail(at, "no operation is called %s; check the spelling, or teach lookup the name", name)
	}
	v := reflect.ValueOf(op)
	isPointer := v.Kind() == reflect.Pointer && !v.IsNil()
	if isPointer {
		v = v.Elem()
	}
	copied := reflect.New(v.Type())
	copied.Elem().Set(v)
	if p.is("{") {
		var list []param
		if v.Kind() == reflect.Struct {
			list, _ = params(copied.Elem())
		}
		p.params(name, list)
	}
	if isPointer {
		op = copied.Interface().(Op)
	} else {
		op = copied.Elem().Interface().(Op)
	}
	if got, err := safeName(op); err != nil || got != name {
		p.fail(at, "lookup gave for %s an op that calls itself %q with these parameters%s",
			name, got, because(err))
	}
	return op
}

// safeName is op.Name() for parameters that come from a text and may be no name at all.
func safeName(op Op) (name string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the method Name panics: %v", r)
		}
	}()
	return op.Name(), nil
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}

// params reads {name=value, …} into the fields that list names. Where two fields share a
// name, the first in the text is the first of the struct, as in print.
func (p *parser) params(owner string, list []param) {
	open := slices.Clone(list)
	p.list("{", "}", func() {
		at := p.tok.at
		name := p.word("the name of a parameter")
		i := slices.IndexFunc(open, func(f param) bool { return f.name == name })
		switch {
		case i < 0 && slices.ContainsFunc(list, func(f param) bool { return f.name == name }):
			p.fail(at, "the parameter %s is given twice; leave one out", name)
		case i < 0:
			p.fail(at, "%s has no parameter %s; %s", owner, name, offer(list))
		case !p.is("="):
			p.fail(at, "the parameter %s of %s is a Go %v, which has no text form; "+
				"write the op in Go instead", name, owner, open[i].value.Kind())
		}
		p.advance()
		p.value(open[i].value)
		open = slices.Delete(open, i, i+1)
	})
}

// offer lists the names there are.
func offer(list []param) string {
	if len(list) == 0 {
		return "it has none"
	}
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = f.name
	}
	return "it has " + strings.Join(names, ", ")
}

// value reads a parameter's value into v as v's Go type asks.
func (p *parser) value(v reflect.Value) {
	defer p.nest()()
	switch v.Type() {
	case dtypeType:
		v.Set(reflect.ValueOf(p.dtype()))
		return
	case typeType:
		v.Set(reflect.ValueOf(p.typ()))
		return
	case arrayType:
		if p.accept("none") {
			v.SetZero()
		} else {
			v.Set(reflect.ValueOf(p.array()))
		}
		return
	}
	switch {
	case hasNil(v.Kind()) && p.accept("none"):
		v.SetZero()
	case v.Type() == graphType:
		v.Set(reflect.ValueOf(p.graph()))
	case v.Kind() == reflect.Interface || v.Type().Implements(opType):
		p.opValue(v)
	default:
		p.plainValue(v)
	}
}

func (p *parser) opValue(v reflect.Value) {
	at := p.tok.at
	op := reflect.ValueOf(p.op())
	if !op.Type().AssignableTo(v.Type()) {
		p.fail(at, "this op is a Go %v, and the parameter holds a %v; use an op of that type",
			op.Type(), v.Type())
	}
	v.Set(op)
}

func (p *parser) plainValue(v reflect.Value) {
	switch k := v.Kind(); {
	case k == reflect.String:
		v.SetString(p.quoted())
	case k == reflect.Bool:
		v.SetBool(number(p, v.Type(), strconv.ParseBool))
	case k == reflect.Float32 || k == reflect.Float64:
		v.SetFloat(number(p, v.Type(), floatOf(v.Type().Bits())))
	case v.CanInt():
		v.SetInt(number(p, v.Type(), intOf(v.Type().Bits())))
	case v.CanUint():
		v.SetUint(number(p, v.Type(), uintOf(v.Type().Bits())))
	case k == reflect.Struct:
		list, _ := params(v)
		p.params(v.Type().String(), list)
	case k == reflect.Slice:
		v.SetZero() // drop what lookup's value shares with others
		p.list("[", "]", func() {
			element := reflect.New(v.Type().Elem()).Elem()
			p.value(element)
			v.Set(reflect.Append(v, element))
		})
	case k == reflect.Array:
		at, n := p.tok.at, 0
		p.list("[", "]", func() {
			if n == v.Len() {
				p.fail(p.tok.at, "the list is longer than %d, as the parameter is; shorten it",
					v.Len())
			}
			p.value(v.Index(n))
			n++
		})
		if n < v.Len() {
			p.fail(at, "the list has %d elements, and the parameter %d; complete it", n, v.Len())
		}
	default:
		p.fail(p.tok.at, "a Go %v has no text form; write the op in Go instead", k)
	}
}
