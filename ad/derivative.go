package ad

import (
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

func linearize[In, Out any](f func(In) Out, x In) at[In, Out] {
	var a at[In, Out]
	a.x = takeApart(x, true)
	a.in = a.x.leaves
	r := recordAt(f, a.x.rebuild, ir.TypesOf(a.in))
	a.y = r.parts
	a.out, a.lin = transform.Linearize(r.graph, a.in, transform.All(len(a.in)))
	a.y.leaves = a.out
	return a
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
	in := takeApart(x, true)
	tangents := tangentsOf("jvp", "tangent", in.walk, takeApart(dx, true).walk)
	r := recordAt(f, in.rebuild, ir.TypesOf(in.leaves))
	ys, dys := transform.JVP(r.graph, in.leaves, tangents)
	return r.rebuild(ys), r.rebuild(writtenOut(dys, ir.TypesOf(ys)))
}

// VJP is f(x), and the function that pulls cotangents of f's result back to cotangents of x:
// the transposed derivative of f at x.
func VJP[In, Out any](f func(In) Out, x In) (y Out, pullback func(Out) In) {
	a := linearize(f, x)
	return a.y.rebuild(a.out), func(ct Out) In {
		cts := tangentsOf("vjp", "cotangent", a.y.walk, takeApart(ct, true).walk)
		return a.x.rebuild(a.pullback(cts))
	}
}

// Linearize is f(x), and the derivative of f at x as a function, which costs no more evaluations
// of f.
func Linearize[In, Out any](f func(In) Out, x In) (y Out, derivative func(In) Out) {
	a := linearize(f, x)
	return a.y.rebuild(a.out), func(dx In) Out {
		tangents := tangentsOf("linearize", "tangent", a.x.walk, takeApart(dx, true).walk)
		return a.y.rebuild(a.pushforward(tangents))
	}
}

// Grad is the function that gives the gradient of f, whose result is one float: a tree like the
// argument. Integers and bools in the argument get zeros.
func Grad[In any](f func(In) Value) func(In) In {
	both := ValueAndGrad(f)
	return func(x In) In { return both(x).Grad }
}

// ValueGrad is a value together with its gradient.
type ValueGrad[In any] struct {
	Value Value
	Grad  In
}

// ValueAndGrad is Grad that also keeps the value.
func ValueAndGrad[In any](f func(In) Value) func(In) ValueGrad[In] {
	return func(x In) ValueGrad[In] {
		a := linearize(f, x)
		y := a.out[0]
		if t := y.Type(); t.Rank() != 0 || !t.DType.IsFloat() {
			panic(mistake("grad", nil, "the function's result is %v and must be one float; sum it, or use "+
				"ad.Jacobian", t))
		}
		one := record.Some(OnesLike(y))
		return ValueGrad[In]{y, a.x.rebuild(a.pullback(one))}
	}
}

// HVP is the Hessian of f at x times v, by forward over reverse: it costs a few evaluations of
// f, whatever the size of x.
func HVP[In any](f func(In) Value, x, v In) In {
	_, hv := JVP(Grad(f), x, v)
	return hv
}

// Jacobian is the function that gives all first derivatives of f: a tree like the argument,
// where a leaf of shape s has the shape of f's result followed by s. It goes forward or in
// reverse, whichever needs fewer passes.
func Jacobian[In any](f func(In) Value) func(In) In {
	return func(x In) In {
		a := linearize(f, x)
		if t := a.out[0].Type(); !t.DType.IsFloat() {
			panic(mistake("jacobian", nil, "the function's result is %v, which has no derivatives", t))
		}
		n := 0
		for i, v := range a.in {
			if !v.DType().IsFloat() {
				panic(mistake("jacobian", nil, "%s is %v, which has no derivatives; close over it, or use "+
					"ad.Grad, which gives it zeros", a.x.path(i), v.Type()))
			}
			n += v.Size()
		}
		if m := a.out[0].Size(); m < n {
			return a.x.rebuild(a.jacobianReverse(m))
		}
		return a.x.rebuild(a.jacobianForward())
	}
}

// jacobianReverse pulls back each of the m unit vectors of the result.
func (a at[In, Out]) jacobianReverse(m int) []Value {
	y := a.out[0].Type()
	units := op.Reshape(op.Identity(y.DType, m), append([]int{m}, y.Shape...))
	g := record.Trace(func(p []Value) []Value { return a.pullback(record.Some(p[0])) }, []ir.Type{y})
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
	return func(x In) Value {
		flat, unravel := Ravel(x)
		h := Jacobian(Grad(func(v Value) Value { return f(unravel(v)) }))(flat)
		if v, ok := any(x).(Value); ok {
			return op.Reshape(h, append(v.Shape(), v.Shape()...))
		}
		return h
	}
}
