package ad

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"pullback/internal/op"
	"pullback/ir"
)

// A tree is a Go value that holds Values: a Value, or a struct, array, slice or map of trees.
// Its other fields are static: they are carried along unchanged.

var valueType = reflect.TypeFor[Value]()

// Flatten lists the Values of a tree, in the order of its fields, elements and sorted keys, and
// gives a function that builds a tree like it, with memory of its own, from as many Values.
func Flatten[T any](tree T) (leaves []Value, rebuild func([]Value) T) {
	w := walker{}
	w.walk(reflect.ValueOf(&tree).Elem(), reflect.TypeFor[T]().String())
	leaves = w.leaves
	return leaves, func(vs []Value) T {
		if len(vs) != len(leaves) {
			panic(fmt.Sprintf("ad: a tree of %d values was given %d", len(leaves), len(vs)))
		}
		b := builder{vs}
		var out T
		reflect.ValueOf(&out).Elem().Set(b.build(reflect.ValueOf(&tree).Elem()))
		return out
	}
}

// walker collects the leaves, and refuses by name what could hold a Value that it cannot reach.
type walker struct {
	leaves  []Value
	statics []any // the static parts, in order: with the tree's type, the key of a compiled function
	key     bool
}

func (w *walker) walk(v reflect.Value, path string) {
	t := v.Type()
	switch {
	case t == valueType:
		x := v.Interface().(Value)
		if !x.IsValid() {
			panic(mistake("tree", nil, "%s was never set; a tree's Values must all be arrays", path))
		}
		w.leaves = append(w.leaves, x)
	case !holdsValue(t, nil):
		if v.Kind() == reflect.Interface && !v.IsNil() && holdsValue(v.Elem().Type(), nil) {
			panic(mistake("tree", nil, "%s is an interface that holds a %v, whose Values are out of reach; "+
				"give the field a concrete type", path, v.Elem().Type()))
		}
		w.static(v, path)
	case t.Kind() == reflect.Struct:
		for i := range v.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				panic(mistake("tree", nil, "%s.%s is unexported, so it can be neither read nor rebuilt; "+
					"export it, or keep it out of the argument and close over it", path, f.Name))
			}
			w.walk(v.Field(i), path+"."+f.Name)
		}
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		if w.key {
			w.statics = append(w.statics, v.Len())
		}
		for i := range v.Len() {
			w.walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case t.Kind() == reflect.Map:
		for _, k := range sortedKeys(v, path) {
			if w.key {
				w.statics = append(w.statics, k.Interface())
			}
			e := reflect.New(t.Elem()).Elem()
			e.Set(v.MapIndex(k))
			w.walk(e, fmt.Sprintf("%s[%v]", path, k))
		}
	default:
		panic(mistake("tree", nil, "%s is a %v, which holds Values out of reach; trees are structs, arrays, "+
			"slices and maps", path, t))
	}
}

// static notes a part without Values. Where a key is wanted it must be comparable.
func (w *walker) static(v reflect.Value, path string) {
	if !w.key {
		return
	}
	if !v.Comparable() {
		panic(mistake("jit", nil, "%s is a %v, which cannot be compared, so a compiled function cannot tell "+
			"whether it changed; close over it instead", path, v.Type()))
	}
	w.statics = append(w.statics, v.Interface())
}

// holdsValue says whether a tree of type t can hold a Value. Types on the way are not visited twice.
func holdsValue(t reflect.Type, on []reflect.Type) bool {
	if t == valueType {
		return true
	}
	if slices.Contains(on, t) {
		return false
	}
	on = append(on, t)
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsValue(t.Field(i).Type, on) {
				return true
			}
		}
	case reflect.Slice, reflect.Array, reflect.Pointer, reflect.Chan:
		return holdsValue(t.Elem(), on)
	case reflect.Map:
		return holdsValue(t.Elem(), on) || holdsValue(t.Key(), on)
	}
	return false
}

func sortedKeys(m reflect.Value, path string) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		switch {
		case a.CanInt():
			return cmp.Compare(a.Int(), b.Int())
		case a.CanUint():
			return cmp.Compare(a.Uint(), b.Uint())
		case a.CanFloat():
			return cmp.Compare(a.Float(), b.Float())
		case a.Kind() == reflect.String:
			return cmp.Compare(a.String(), b.String())
		}
		panic(mistake("tree", nil, "the keys of %s are %v; a tree's maps have strings or numbers for keys",
			path, a.Type()))
	})
	return keys
}

// builder makes a deep copy of a tree with new leaves.
type builder struct{ leaves []Value }

func (b *builder) build(like reflect.Value) reflect.Value {
	t := like.Type()
	switch {
	case t == valueType:
		v := b.leaves[0]
		b.leaves = b.leaves[1:]
		return reflect.ValueOf(v)
	case !holdsValue(t, nil):
		return like
	}
	out := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			out.Field(i).Set(b.build(like.Field(i)))
		}
	case reflect.Array:
		for i := range like.Len() {
			out.Index(i).Set(b.build(like.Index(i)))
		}
	case reflect.Slice:
		if like.IsNil() {
			return out
		}
		out.Set(reflect.MakeSlice(t, like.Len(), like.Len()))
		for i := range like.Len() {
			out.Index(i).Set(b.build(like.Index(i)))
		}
	case reflect.Map:
		if like.IsNil() {
			return out
		}
		out.Set(reflect.MakeMapWithSize(t, like.Len()))
		for _, k := range sortedKeys(like, t.String()) {
			e := reflect.New(t.Elem()).Elem()
			e.Set(like.MapIndex(k))
			out.SetMapIndex(k, b.build(e))
		}
	}
	return out
}

// leavesOf lists the Values of a tree.
func leavesOf[T any](tree T) []Value {
	leaves, _ := Flatten(tree)
	return leaves
}

// Ravel lays the elements of a tree's Values end to end in one vector, in the order of Flatten,
// and gives a function that builds a tree like it from such a vector. The Values have one
// element type.
func Ravel[T any](tree T) (flat Value, unravel func(Value) T) {
	leaves, rebuild := Flatten(tree)
	if len(leaves) == 0 {
		panic(mistake("ravel", nil, "a %T holds no Value", tree))
	}
	rows := make([]Value, len(leaves))
	types := ir.TypesOf(leaves)
	for i, v := range leaves {
		if types[i].DType != types[0].DType {
			panic(mistake("ravel", leaves, "the Values of a %T have different element types; convert them "+
				"to one with ad.Convert", tree))
		}
		rows[i] = op.Reshape(v, []int{types[i].Size()})
	}
	return op.Concatenate(0, rows...), func(flat Value) T {
		out := make([]Value, len(types))
		at := 0
		for i, t := range types {
			piece := op.Slice(flat, []int{at}, []int{at + t.Size()}, nil)
			out[i] = op.Reshape(piece, t.Shape)
			at += t.Size()
		}
		return rebuild(out)
	}
}
