package ad

import (
	"reflect"
	"slices"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// at is a function linearized at a point.
type at[In, Out any] struct {
	x   parts[In]
	y   parts[Out]
	in  []Value // the argument's leaves
	out []Value // the result's
	lin transform.LinearMap
}

func linearize[In, Out any](name string, f func(In) Out, x In) at[In, Out] {
	var a at[In, Out]
	a.x = argument(name, x)
	a.in = a.x.leaves
	r := recordAt(f, a.x.rebuild, ir.TypesOf(a.in))
	a.y = r.parts
	a.out, a.lin = transform.Linearize(r.graph, a.in, transform.All(len(a.in)))
	a.y.leaves = a.out
	return a
}

// argument takes apart what a function is to be differentiated by.
func argument[In any](name string, x In) parts[In] {
	in := takeApart(x, true)
	if !slices.ContainsFunc(in.leaves, func(v Value) bool { return v.DType().IsFloat() }) {
		panic(mistake(name, in.leaves, "there is nothing to differentiate by: %s holds no Value "+
			"of floats here; a Go number is static, ad.Scalar makes it a Value",
			nameOf(reflect.TypeFor[In]())))
	}
	return in
}

// pullback gives the cotangents of the argument's leaves.
func (a at[In, Out]) pullback(ct []record.Tangent) []Value {
	return writtenOut(a.lin.Transpose(ct, len(a.in)), ir.TypesOf(a.in))
}

// pushforward gives the tangents of the result's leaves.
func (a at[In, Out]) pushforward(dx []record.Tangent) []Value {
	return writtenOut(a.lin.Apply(dx, len(a.out)), ir.TypesOf(a.out))
}

// JVP is f(x), and the derivative of f at x in the direction dx, which has x's types.
func JVP[In, Out any](f func(In) Out, x, dx In) (y, dy Out) {
	refuseNil("jvp", f == nil)
	return jvp("jvp", f, x, dx)
}

func jvp[In, Out any](name string, f func(In) Out, x, dx In) (y, dy Out) {
	in := argument(name, x)
	tangents := tangentsOf(name, "tangent", in.walk, takeApart(dx, true).walk)
	r := recordAt(f, in.rebuild, ir.TypesOf(in.leaves))
	ys, dys := transform.JVP(r.graph, in.leaves, tangents)
	return r.rebuild(ys), r.rebuild(writtenOut(dys, ir.TypesOf(ys)))
}

// VJP is f(x), and the function that pulls cotangents of f's result back to cotangents of x:
// the transposed derivative of f at x.
func VJP[In, Out any](f func(In) Out, x In) (y Out, pullback func(Out) In) {
	refuseNil("vjp", f == nil)
	a := linearize("vjp", f, x)
	return a.y.rebuild(a.out), func(ct Out) In {
		cts := tangentsOf("vjp", "cotangent", a.y.walk, takeApart(ct, true).walk)
		return a.x.rebuild(a.pullback(cts))
	}
}

// Linearize is f(x), and the derivative of f at x as a function, which costs no more evaluations
// of f.
func Linearize[In, Out any](f func(In) Out, x In) (y Out, derivative func(In) Out) {
	refuseNil("linearize", f == nil)
	a := linearize("linearize", f, x)
	return a.y.rebuild(a.out), func(dx In) Out {
		tangents := tangentsOf("linearize", "tangent", a.x.walk, takeApart(dx, true).walk)
		return a.y.rebuild(a.pushforward(tangents))
	}
}

// Grad is the function that gives the gradient of f, whose result is one float: a tree like the
// argument. Integers and bools in the argument get zeros. What is static in it, such as a Go
// number, is a label of the tree and no variable: it comes back as it is, and is no derivative.
func Grad[In any](f func(In) Value) func(In) In {
	refuseNil("grad", f == nil)
	return func(x In) In { return valueAndGrad("grad", f, x).Grad }
}

// ValueGrad is a value together with its gradient.
type ValueGrad[In any] struct {
	Value Value
	Grad  In
}

// ValueAndGrad is Grad that also keeps the value.
func ValueAndGrad[In any](f func(In) Value) func(In) ValueGrad[In] {
	refuseNil("value_and_grad", f == nil)
	return func(x In) ValueGrad[In] { return valueAndGrad("value_and_grad", f, x) }
}

func valueAndGrad[In any](name string, f func(In) Value, x In) ValueGrad[In] {
	a := linearize(name, f, x)
	y := a.out[0]
	if t := y.Type(); t.Rank() != 0 || !t.DType.IsFloat() {
		panic(mistake(name, nil, "the function's result is %v and must be one float; sum it, or "+
			"use ad.Jacobian", t))
	}
	one := record.Some(OnesLike(y))
	return ValueGrad[In]{y, a.x.rebuild(a.pullback(one))}
}

// HVP is the Hessian of f at x times v, by forward over reverse: it costs a few evaluations of
// f, whatever the size of x.
func HVP[In any](f func(In) Value, x, v In) In {
	refuseNil("hvp", f == nil)
	_, hv := jvp("hvp", func(x In) In { return valueAndGrad("hvp", f, x).Grad }, x, v)
	return hv
}

// Jacobian is the function that gives all first derivatives of f: a tree like the argument,
// where a leaf of shape s has the shape of f's result followed by s. It goes forward or in
// reverse, whichever needs fewer passes.
func Jacobian[In any](f func(In) Value) func(In) In {
	refuseNil("jacobian", f == nil)
	return func(x In) In { return jacobian("jacobian", f, x) }
}

func jacobian[In any](name string, f func(In) Value, x In) In {
	a := linearize(name, f, x)
	if t := a.out[0].Type(); !t.DType.IsFloat() {
		panic(mistake(name, nil, "the function's result is %v, which has no derivatives", t))
	}
	n := 0
	for i, v := range a.in {
		if !v.DType().IsFloat() {
			panic(mistake(name, nil, "%s is %v, which has no derivatives; close over it, or use "+
				"ad.Grad, which gives it zeros", a.x.path(i), v.Type()))
		}
		n += v.Size()
	}
	if m := a.out[0].Size(); m < n {
		return a.x.rebuild(a.jacobianReverse(m))
	}
	return a.x.rebuild(a.jacobianForward())
}

// jacobianReverse pulls back each of the m unit vectors of the result.
func (a at[In, Out]) jacobianReverse(m int) []Value {
	y := a.out[0].Type()
	units := op.Reshape(op.Identity(y.DType, m), append([]int{m}, y.Shape...))
	g := record.Trace(func(p []Value) []Value { return a.pullback(record.Some(p[0])) },
		[]ir.Type{y})
	rows := transform.BatchAll(g, m, []Value{units}, []bool{true})
	for i, v := range rows {
		rows[i] = op.Reshape(v, append(append([]int{}, y.Shape...), a.in[i].Type().Shape...))
	}
	return rows
}

// jacobianForward pushes forward the unit vectors of each leaf of the argument.
func (a at[In, Out]) jacobianForward() []Value {
	y := a.out[0].Type()
	out := make([]Value, len(a.in))
	for i, v := range a.in {
		t := v.Type()
		n := t.Size()
		units := op.Reshape(op.Identity(t.DType, n), append([]int{n}, t.Shape...))
		g := record.Trace(func(p []Value) []Value {
			dx := make([]record.Tangent, len(a.in))
			dx[i] = record.Tangent{Value: p[0]}
			return a.pushforward(dx)
		}, []ir.Type{t})
		columns := transform.BatchAll(g, n, []Value{units}, []bool{true})[0]
		columns = op.Reshape(columns, append(append([]int{}, t.Shape...), y.Shape...))
		resultFirst := append(op.Range(t.Rank(), t.Rank()+y.Rank()), op.Range(0, t.Rank())...)
		out[i] = op.Transpose(columns, resultFirst)
	}
	return out
}

// Hessian is the function that gives all second derivatives of f, whose result is one float. An
// argument that is one Value of shape s gives shape s + s; a tree of n elements in all gives
// the (n, n) matrix over them in the order of Ravel.
func Hessian[In any](f func(In) Value) func(In) Value {
	refuseNil("hessian", f == nil)
	return func(x In) Value {
		argument("hessian", x)
		flat, unravel := Ravel(x)
		ofFlat := func(v Value) Value { return f(unravel(v)) }
		gradient := func(v Value) Value { return valueAndGrad("hessian", ofFlat, v).Grad }
		h := jacobian("hessian", gradient, flat)
		if v, ok := any(x).(Value); ok {
			return op.Reshape(h, append(v.Shape(), v.Shape()...))
		}
		return h
	}
}
