package ir

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// The types that have a text form of their own, whatever their kind.
var (
	dtypeType = reflect.TypeFor[DType]()
	typeType  = reflect.TypeFor[Type]()
	arrayType = reflect.TypeFor[Array]()
	graphType = reflect.TypeFor[*Graph]()
	opType    = reflect.TypeFor[Op]()
)

// hasOwnText says whether t is a type of numbers or of arrays: no parameter inside one.
func hasOwnText(t reflect.Type) bool { return t == dtypeType || t == typeType || t == arrayType }

// param is a parameter of an op: an exported field of its struct.
type param struct {
	name  string // as printed
	value reflect.Value
}

// params lists the exported fields of a struct in order, those of embedded structs in their
// place. It says also whether that is all of the struct.
func params(v reflect.Value) (list []param, all bool) {
	all = true
	for i := range v.NumField() {
		switch f := v.Type().Field(i); {
		case f.Name == "_":
		case f.Anonymous && f.Type.Kind() == reflect.Struct && !hasOwnText(f.Type):
			inner, allInner := params(v.Field(i))
			list, all = append(list, inner...), all && allInner
		case f.IsExported():
			list = append(list, param{paramName(f.Name), v.Field(i)})
		default:
			all = false
		}
	}
	return list, all
}

// opParams lists the parameters of an op that is a struct or a pointer to one; any other Go
// type has none, and its name says all.
func opParams(op Op) (list []param, all bool) {
	v := reflect.ValueOf(op)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() == reflect.Struct {
		return params(v)
	}
	return nil, v.CanInt() || v.CanUint() || v.Kind() == reflect.String
}

// paramName is a Go field name as a parameter's name: TransposeA is transpose_a, and a capital
// before another stays with it: DType is dtype, RTol is rtol, LHSBatch is lhs_batch.
func paramName(field string) string {
	runes := []rune(field)
	upper := func(i int) bool { return i >= 0 && i < len(runes) && unicode.IsUpper(runes[i]) }
	var s strings.Builder
	for i, r := range runes {
		newWord := upper(i) && i > 0 &&
			(!upper(i-1) || upper(i-2) && i+1 < len(runes) && !upper(i+1))
		if newWord {
			s.WriteByte('_')
		}
		s.WriteRune(unicode.ToLower(r))
	}
	return s.String()
}

// Printable says whether the text of op says all about it: it has no unexported fields and
// none that hold Go functions, maps or other things without a text form, and the graphs in it
// are closed and printable. Two printable ops with the same text from [Format] do the same,
// and [Parse] can read them.
func Printable(op Op) bool {
	list, all := opParams(op)
	return all && !slices.ContainsFunc(list, func(p param) bool { return !printable(p.value) })
}

// printable says whether the text of v says all about it.
func printable(v reflect.Value) bool {
	switch t := v.Type(); {
	case hasOwnText(t) || isNil(v):
		return true
	case t == graphType:
		return v.Interface().(*Graph).printable()
	}
	if op, ok := asOp(v); ok {
		return Printable(op)
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if !printable(v.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		list, all := params(v)
		return all && !slices.ContainsFunc(list, func(p param) bool { return !printable(p.value) })
	}
	return !opaque(v)
}

// opaque says whether v has no text form at all, such as a Go function.
func opaque(v reflect.Value) bool {
	if hasOwnText(v.Type()) || v.Type() == graphType || isNil(v) {
		return false
	}
	if _, ok := asOp(v); ok {
		return false
	}
	switch v.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Slice, reflect.Array:
		return false
	case reflect.Struct:
		list, all := params(v)
		return len(list) == 0 && !all
	}
	return !v.CanInt() && !v.CanUint()
}

// printable says whether g is closed and finished and has printable ops only.
func (g *Graph) printable() bool {
	return g.finished && len(g.Free()) == 0 &&
		!slices.ContainsFunc(g.nodes, func(n Node) bool { return n.Op == nil || !Printable(n.Op) })
}

// hasNil says whether values of kind k can be a nil that prints as none. A nil slice is an
// empty list instead.
func hasNil(k reflect.Kind) bool {
	switch k {
	case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Map, reflect.Chan,
		reflect.UnsafePointer:
		return true
	}
	return false
}

func isNil(v reflect.Value) bool { return hasNil(v.Kind()) && v.IsNil() }

// asOp is the op that v is, or holds as an interface.
func asOp(v reflect.Value) (Op, bool) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.Type().Implements(opType) || isNil(v) {
		return nil, false
	}
	return v.Interface().(Op), true
}

// GraphsOf lists the graphs among op's parameters, those of ops among them included, in order
// and without nil ones. An op that keeps its graphs elsewhere lists them by a method
// Graphs() []*Graph.
func GraphsOf(op Op) []*Graph {
	if holder, ok := op.(interface{ Graphs() []*Graph }); ok {
		isNil := func(g *Graph) bool { return g == nil }
		return slices.DeleteFunc(slices.Clone(holder.Graphs()), isNil)
	}
	list, _ := opParams(op)
	return graphsIn(list)
}

func graphsIn(list []param) (graphs []*Graph) {
	for _, p := range list {
		v := p.value
		if isNil(v) || hasOwnText(v.Type()) {
			continue
		}
		if v.Type() == graphType {
			graphs = append(graphs, v.Interface().(*Graph))
			continue
		}
		if op, ok := asOp(v); ok {
			graphs = append(graphs, GraphsOf(op)...)
			continue
		}
		switch v.Kind() {
		case reflect.Slice, reflect.Array:
			elements := make([]param, v.Len())
			for i := range elements {
				elements[i].value = v.Index(i)
			}
			graphs = append(graphs, graphsIn(elements)...)
		case reflect.Struct:
			inner, _ := params(v)
			graphs = append(graphs, graphsIn(inner)...)
		}
	}
	return graphs
}
