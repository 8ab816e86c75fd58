package ad

import (
	"reflect"
	"unsafe"

	"pullback/internal/op"
	"pullback/ir"
)

// tree takes trees of type T apart and puts them together.
type tree[T any] struct{ *layout }

func treeOf[T any]() tree[T] { return tree[T]{layoutOf(reflect.TypeFor[T]())} }

// walk visits x; every Value must be set.
func (t tree[T]) walk(x *T, w *walk) {
	if t.flat {
		for _, at := range t.offsets {
			w.leaves = append(w.leaves, *(*Value)(unsafe.Add(unsafe.Pointer(x), at)))
		}
	} else {
		w.tree(t.layout, reflect.ValueOf(x).Elem())
	}
	for i, v := range w.leaves {
		if !v.IsValid() {
			panic(mistake("tree", nil, "%s was never set; a tree's Values must all be arrays, "+
				"such as ad.Scalar(0.5)", t.pathTo(reflect.ValueOf(x).Elem(), i)))
		}
	}
}

// set makes out a copy of like with other leaves.
func (t tree[T]) set(out, like *T, leaves []Value) {
	if t.flat {
		for i, at := range t.offsets {
			*(*Value)(unsafe.Add(unsafe.Pointer(out), at)) = leaves[i]
		}
		return
	}
	t.build(reflect.ValueOf(out).Elem(), reflect.ValueOf(like).Elem(), leaves)
}

// Flatten lists the Values of a tree, in the order of its fields, elements and sorted keys, and
// gives a function that builds a tree like it, with memory of its own, from as many Values.
func Flatten[T any](x T) (leaves []Value, rebuild func([]Value) T) {
	p := takeApart(x, false)
	return p.leaves, p.rebuild
}

// parts is a tree taken apart.
type parts[T any] struct {
	walk
	tree tree[T]
	like *T // a copy of the tree
}

// takeApart is Flatten, with the static parts if they are wanted.
func takeApart[T any](x T, wantStatics bool) parts[T] {
	p := parts[T]{walk{wantStatics: wantStatics}, treeOf[T](), &x}
	p.tree.walk(&x, &p.walk)
	if p.tree.shared { // what the caller writes into slices and maps later is not ours
		p.like = new(T)
		p.tree.set(p.like, &x, p.leaves)
	}
	return p
}

// rebuild is a tree like p with other leaves.
func (p parts[T]) rebuild(leaves []Value) (out T) {
	if len(leaves) != len(p.leaves) {
		panic(mistake("tree", leaves, "%s has %d Values here, and it was given %d to build it from",
			nameOf(reflect.TypeFor[T]()), len(p.leaves), len(leaves)))
	}
	p.tree.set(&out, p.like, leaves)
	return out
}

// path names leaf i.
func (p parts[T]) path(i int) string { return p.tree.pathTo(reflect.ValueOf(p.like).Elem(), i) }

// sameTypes refuses two trees that are no two states of one loop: they differ in static parts,
// or in the type of a Value.
func sameTypes[T any](name, first, second string, a, b parts[T]) {
	sameParts(name, first, second, a.walk, b.walk, true)
	for i, v := range a.leaves {
		if t, u := v.Type(), b.leaves[i].Type(); !t.Equal(u) {
			panic(mistake(name, nil, "%s is %v in %s and %v in %s; both must have the same type",
				a.path(i), t, first, u, second))
		}
	}
}

// sameParts refuses two trees of one type that differ in the lengths of their slices or the keys
// of their maps, or, if statics are to agree, in their static parts.
func sameParts(name, first, second string, a, b walk, statics bool) {
	for i := range min(len(a.statics), len(b.statics)) {
		x, y := a.statics[i], b.statics[i]
		if x.same(y) || x.of.kind == static && !(statics && x.comparable && y.comparable) {
			continue
		}
		what := "is"
		switch x.of.kind {
		case list:
			what = "has the length"
		case table:
			what = "has the key"
		}
		panic(mistake(name, nil, "%s %s %v in %s and %v in %s; both must have the same parts",
			x.of.path, what, x.value, first, y.value, second))
	}
	if len(a.leaves) != len(b.leaves) {
		panic(mistake(name, nil,
			"there are %d Values in %s and %d in %s; both must have the same parts", len(a.leaves),
			first, len(b.leaves), second))
	}
}

// Ravel lays the elements of a tree's Values end to end in one vector, in the order of Flatten,
// and gives a function that builds a tree like it from such a vector. The Values have one
// element type.
func Ravel[T any](x T) (flat Value, unravel func(Value) T) {
	leaves, rebuild := Flatten(x)
	if len(leaves) == 0 {
		panic(mistake("ravel", nil, "%s holds no Value", nameOf(reflect.TypeFor[T]())))
	}
	rows := make([]Value, len(leaves))
	types := ir.TypesOf(leaves)
	n := 0
	for i, v := range leaves {
		if types[i].DType != types[0].DType {
			panic(mistake("ravel", leaves, "the Values of %s have different element types; "+
				"convert them to one with ad.Convert", nameOf(reflect.TypeFor[T]())))
		}
		rows[i] = op.Reshape(v, []int{types[i].Size()})
		n += types[i].Size()
	}
	return op.Concatenate(0, rows...), func(flat Value) T {
		if t := flat.Type(); t.Rank() != 1 || t.Shape[0] != n {
			panic(mistake("unravel", []Value{flat}, "%s takes a vector of %d elements",
				nameOf(reflect.TypeFor[T]()), n))
		}
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
