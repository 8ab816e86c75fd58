package ad

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// A tree is a Go value that holds Values: a Value, or a struct, array, slice or map of trees.
// Its other parts are static: they are carried along unchanged. A layout is what the Go type
// alone says about taking a tree apart and putting one together.
type layout struct {
	kind   layoutKind
	typ    reflect.Type
	path   string    // what mistakes call it, such as Market.Rates[]
	elem   *layout   // of a list or table
	fields []*layout // of a record
	opaque bool      // of a static part: an interface in it could hide a Value
	zeros  bool      // of a static part: it could hold floats, whose two zeros are == and differ
	shared bool      // the part holds slices or maps, which copies must not share
	// A leaf, or a struct of nothing but such: its Values are at these offsets, and it is made
	// and taken apart without reflection.
	flat    bool
	offsets []uintptr
}

type layoutKind uint8

const (
	leaf   layoutKind = iota // a Value
	static                   // no Values inside
	group                    // a struct
	list                     // an array or a slice
	table                    // a map
)

var valueType = reflect.TypeFor[Value]()

// layoutOf is the layout of trees of type t. It refuses by name what could hold a Value that is
// out of reach.
func layoutOf(t reflect.Type) *layout { return layouts{}.of(t, nameOf(t)) }

var aliased = regexp.MustCompile(`\b(pullback/)?ir\.Value\b`)

// nameOf is t as users write it, with ad.Value for what Go knows as ir.Value.
func nameOf(t reflect.Type) string {
	if t == valueType {
		return "ad.Value"
	}
	name := t.String()
	if !strings.Contains(name, "ir.Value") { // which costs less than asking aliased
		return name
	}
	return aliased.ReplaceAllString(name, "ad.Value")
}

// layouts are those of the types met so far: a type can hold slices of itself.
type layouts map[reflect.Type]*layout

func (known layouts) of(t reflect.Type, path string) *layout {
	if l, ok := known[t]; ok && l.kind != static {
		return l
	}
	l := &layout{typ: t, path: path}
	known[t] = l
	l.shared = holds(t, func(t reflect.Type) bool {
		return t.Kind() == reflect.Slice || t.Kind() == reflect.Map
	})
	switch {
	case t == valueType:
		l.kind, l.shared = leaf, false
		l.flat, l.offsets = true, []uintptr{0}
	case !holds(t, isValue):
		l.kind = static
		l.opaque = holds(t, func(t reflect.Type) bool { return t.Kind() == reflect.Interface })
		l.zeros = l.opaque || holds(t, isFloat)
	case t.Kind() == reflect.Struct:
		l.kind, l.flat = group, true
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() && f.Name != "_" {
				panic(mistake("tree", nil, "%s.%s is unexported, so it can be neither read nor "+
					"rebuilt; export it, or keep it out of the argument and close over it", path,
					f.Name))
			}
			inner := known.of(f.Type, path+"."+f.Name)
			l.fields = append(l.fields, inner)
			l.flat = l.flat && inner.flat
			for _, at := range inner.offsets {
				l.offsets = append(l.offsets, f.Offset+at)
			}
		}
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		l.kind = list
		l.elem = known.of(t.Elem(), path+"[]")
	case t.Kind() == reflect.Map:
		l.kind = table
		if k := t.Key().Kind(); k != reflect.String && (k < reflect.Int || k > reflect.Uintptr) {
			panic(mistake("tree", nil, "the keys of %s are %v; a tree's maps have strings or "+
				"integers for keys", path, t.Key()))
		}
		l.elem = known.of(t.Elem(), path+"[]")
	default:
		panic(mistake("tree", nil, "%s is %v, which holds Values out of reach; trees are structs, "+
			"arrays, slices and maps", path, nameOf(t)))
	}
	return l
}

func isValue(t reflect.Type) bool { return t == valueType }

func isFloat(t reflect.Type) bool {
	return t.Kind() >= reflect.Float32 && t.Kind() <= reflect.Complex128
}

// holds says whether t is or holds, pointers included, a type for which is holds.
func holds(t reflect.Type, is func(reflect.Type) bool) bool {
	seen := map[reflect.Type]bool{}
	var visit func(t reflect.Type) bool
	visit = func(t reflect.Type) bool {
		if is(t) {
			return true
		}
		if seen[t] || t == valueType {
			return false
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Struct:
			for i := range t.NumField() {
				if visit(t.Field(i).Type) {
					return true
				}
			}
		case reflect.Map:
			return visit(t.Key()) || visit(t.Elem())
		case reflect.Slice, reflect.Array, reflect.Pointer, reflect.Chan:
			return visit(t.Elem())
		}
		return false
	}
	return visit(t)
}

// walk visits the parts of a tree in order.
type walk struct {
	leaves []Value
	// The static parts, if wanted, and the lengths and keys: with the tree's type they are what
	// a recording of a function depends on besides its leaves.
	statics     []staticPart
	wantStatics bool
}

// tree walks v, which is addressable.
func (w *walk) tree(l *layout, v reflect.Value) {
	switch l.kind {
	case leaf:
		w.leaves = append(w.leaves, *v.Addr().Interface().(*Value))
	case static:
		w.static(l, v)
	case group:
		for i, f := range l.fields {
			w.tree(f, v.Field(i))
		}
	case list:
		if w.wantStatics && l.typ.Kind() == reflect.Slice {
			w.statics = append(w.statics, staticPart{l, v.Len(), true})
		}
		for i := range v.Len() {
			w.tree(l.elem, v.Index(i))
		}
	case table:
		for _, k := range sortedKeys(v) {
			if w.wantStatics {
				w.statics = append(w.statics, staticPart{l, k.Interface(), true})
			}
			w.tree(l.elem, element(v, k))
		}
	}
}

func (w *walk) static(l *layout, v reflect.Value) {
	if l.opaque {
		refuseHidden(l, v)
	}
	if !w.wantStatics || l.typ.Size() == 0 {
		return
	}
	part := staticPart{of: l}
	if v.Comparable() && v.CanInterface() {
		part.value, part.comparable = v.Interface(), true
	}
	w.statics = append(w.statics, part)
}

// refuseHidden refuses interfaces that hold Values.
func refuseHidden(l *layout, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		if t := v.Elem().Type(); holds(t, isValue) {
			panic(mistake("tree", nil, "%s is an interface that holds %v, whose Values are out "+
				"of reach; give the field a concrete type", l.path, nameOf(t)))
		}
		refuseHidden(l, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			refuseHidden(l, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			refuseHidden(l, v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			refuseHidden(l, v.MapIndex(k))
		}
	}
}

// element is an addressable copy of m[k].
func element(m, k reflect.Value) reflect.Value {
	e := reflect.New(m.Type().Elem()).Elem()
	e.Set(m.MapIndex(k))
	return e
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		switch {
		case a.CanInt():
			return cmp.Compare(a.Int(), b.Int())
		case a.CanUint():
			return cmp.Compare(a.Uint(), b.Uint())
		}
		return cmp.Compare(a.String(), b.String())
	})
	return keys
}

// build sets out to a copy of like with other leaves, which it takes from the front of the list
// and gives back the rest of. Nothing is shared with like but what static pointers point to.
func (l *layout) build(out, like reflect.Value, leaves []Value) (rest []Value) {
	switch l.kind {
	case leaf:
		*out.Addr().Interface().(*Value) = leaves[0]
		return leaves[1:]
	case static:
		copyStatic(out, like)
	case group:
		for i, f := range l.fields {
			leaves = f.build(out.Field(i), like.Field(i), leaves)
		}
	case list:
		if l.typ.Kind() == reflect.Slice {
			if like.IsNil() {
				return leaves
			}
			out.Set(reflect.MakeSlice(l.typ, like.Len(), like.Len()))
		}
		for i := range like.Len() {
			leaves = l.elem.build(out.Index(i), like.Index(i), leaves)
		}
	case table:
		if like.IsNil() {
			return leaves
		}
		out.Set(reflect.MakeMapWithSize(l.typ, like.Len()))
		for _, k := range sortedKeys(like) {
			e := reflect.New(l.typ.Elem()).Elem()
			leaves = l.elem.build(e, element(like, k), leaves)
			out.SetMapIndex(k, e)
		}
	}
	return leaves
}

// copyStatic sets out to v with slices and maps of its own, except in unexported fields.
func copyStatic(out, v reflect.Value) {
	out.Set(v)
	switch v.Kind() {
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			reflect.Copy(out, v)
			copyElements(out, v)
		}
	case reflect.Array:
		copyElements(out, v)
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for _, k := range v.MapKeys() {
				e := reflect.New(v.Type().Elem()).Elem()
				copyStatic(e, v.MapIndex(k))
				out.SetMapIndex(k, e)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				copyStatic(out.Field(i), v.Field(i))
			}
		}
	}
}

// copyElements gives the elements of out copies of what those of v refer to, if they do.
func copyElements(out, v reflect.Value) {
	switch v.Type().Elem().Kind() {
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Struct:
		for i := range v.Len() {
			copyStatic(out.Index(i), v.Index(i))
		}
	}
}

// pathTo names the n-th leaf of a tree, with indices and keys.
func (l *layout) pathTo(v reflect.Value, n int) string {
	left := n
	var find func(l *layout, v reflect.Value, path string) (string, bool)
	find = func(l *layout, v reflect.Value, path string) (string, bool) {
		switch l.kind {
		case leaf:
			left--
			return path, left < 0
		case group:
			for i, f := range l.fields {
				if p, ok := find(f, v.Field(i), path+"."+l.typ.Field(i).Name); ok {
					return p, true
				}
			}
		case list:
			for i := range v.Len() {
				if p, ok := find(l.elem, v.Index(i), fmt.Sprintf("%s[%d]", path, i)); ok {
					return p, true
				}
			}
		case table:
			for _, k := range sortedKeys(v) {
				if p, ok := find(l.elem, element(v, k), fmt.Sprintf("%s[%v]", path, k)); ok {
					return p, true
				}
			}
		}
		return path, false
	}
	path, _ := find(l, v, l.path)
	return path
}
