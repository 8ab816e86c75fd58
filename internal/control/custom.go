package control

import (
	"fmt"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// CustomJVP is F with a derivative of the user's: Rule's parameters are those of F, then their
// tangents, and its results the tangents of F's results. Both are closed over one list of values,
// the last Free operands and parameters, which have no tangents.
type CustomJVP struct {
	F, Rule *ir.Graph
	Free    int
}

var _ record.Ruled = CustomJVP{}

func (CustomJVP) Name() string { return "custom_jvp" }

func (c CustomJVP) Type([]ir.Type) ([]ir.Type, error) { return ir.TypesOf(c.F.Out()), nil }

func (c CustomJVP) Eval(in, out []ir.Array) { evalGraph(c.F, in, out) }

func (c CustomJVP) Primal(x []Value) []Value { return transform.Run(c.F, x) }

func (c CustomJVP) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	own := len(x) - c.Free
	refuseClosedOver(c, dx[own:])
	tangents := make([]Value, own)
	for i := range own {
		tangents[i] = dx[i].Dense(x[i].Type())
	}
	return tangentsOf(transform.Run(c.Rule, concat(x[:own], tangents, x[own:])))
}

func (c CustomJVP) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return applyBatched(c, n, x, batched), nil
}

// refuseClosedOver refuses to give a zero derivative silently for what the user's rule cannot
// see. Whoever applies the rule knows the place.
func refuseClosedOver(o ir.Op, dFree []record.Tangent) {
	if record.AnyNonzero(dFree) {
		panic(&ir.UsageError{Op: o.Name(), Reason: "the function closes over a value that is " +
			"being differentiated, and its rule is for its argument only; make that value a part " +
			"of the argument, or close over its ad.StopGradient"})
	}
}

// CustomVJP is F with a pullback of the user's: Forward's results are those of F and then the
// residuals; Backward turns the residuals and cotangents of F's results into those of F's
// arguments. All are closed over one list of operands, the last Free ones.
type CustomVJP struct {
	F, Forward, Backward *ir.Graph
	Free                 int
}

var _ record.Ruled = CustomVJP{}

func (CustomVJP) Name() string { return "custom_vjp" }

func (c CustomVJP) Type([]ir.Type) ([]ir.Type, error) { return ir.TypesOf(c.F.Out()), nil }

func (c CustomVJP) Eval(in, out []ir.Array) { evalGraph(c.F, in, out) }

func (c CustomVJP) Primal(x []Value) []Value { return transform.Run(c.F, x) }

func (c CustomVJP) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	own := len(x) - c.Free
	refuseClosedOver(c, dx[own:])
	residuals := transform.Run(c.Forward, x)[len(y):]
	var active []bool
	var tangents []Value
	for i := range own {
		active = append(active, x[i].DType().IsFloat())
		if active[i] {
			tangents = append(tangents, dx[i].Dense(x[i].Type()))
		}
	}
	pulled := Pulled{Backward: c.Backward, Active: active, Residuals: len(residuals), Free: c.Free}
	return tangentsOf(record.Apply(pulled, concat(residuals, tangents, x[own:])...))
}

func (c CustomVJP) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return applyBatched(c, n, x, batched), nil
}

// Pulled is the derivative of a CustomVJP as a linear operation, whose transpose is the user's
// pullback. Its operands are residuals, the tangents of the float arguments, and what was closed
// over. To run it forward the pullback is transposed in turn.
type Pulled struct {
	Backward        *ir.Graph // (residuals, cotangents of results, free) -> cotangents of arguments
	Active          []bool    // the arguments that are floats
	Residuals, Free int
}

var (
	_ record.Linear = Pulled{}
	_ record.Ruled  = Pulled{}
)

func (Pulled) Name() string { return "pulled" }

func (p Pulled) Type([]ir.Type) ([]ir.Type, error) {
	in := p.Backward.In()
	return ir.TypesOf(in[p.Residuals : len(in)-p.Free]), nil
}

func (p Pulled) Eval(in, out []ir.Array) {
	for i, v := range p.Primal(knownValues(in)) {
		ir.Copy(out[i], v.Array())
	}
}

func (p Pulled) Primal(x []Value) []Value {
	parts := split(x, p.Residuals, count(p.Active))
	results := len(p.Backward.In()) - p.Residuals - p.Free
	linear := make([]bool, len(p.Backward.In()))
	for i := range results {
		linear[p.Residuals+i] = true
	}
	values := concat(parts[0], make([]Value, results), parts[2])
	t := transform.Transpose(p.Backward, values, linear, spreadTangents(parts[1], p.Active))
	out := make([]Value, results)
	for i, v := range p.Backward.In()[p.Residuals : p.Residuals+results] {
		out[i] = t[p.Residuals+i].Dense(v.Type())
	}
	return out
}

func (p Pulled) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	_, dy := transform.JVP(record.Trace(p.Primal, ir.TypesOf(x)), x, dx)
	return dy
}

func (p Pulled) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	// A tangent may be known, mostly zero; what is not a tangent always is.
	residuals, free := knownOperands(x[:p.Residuals]), knownOperands(x[len(x)-p.Free:])
	types, _ := p.Type(nil)
	cts := make([]Value, len(ct))
	for i, t := range ct {
		cts[i] = t.Dense(types[i])
	}
	y := transform.Run(p.Backward, concat(residuals, cts, free))
	out := make([]record.Tangent, len(x))
	for i, v := range pick(y, p.Active) {
		out[p.Residuals+i] = record.Tangent{Value: v}
	}
	return out
}

func (p Pulled) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return applyBatched(p, n, x, batched), nil
}

// Implicit is the solution y of F(y, θ) = 0: its first operand is y as a solver found it, the
// others are θ. The value is that first operand; its derivative does not depend on how it was
// found and comes from the implicit function theorem, dy = -(∂F/∂y)⁻¹ ∂F/∂θ dθ, at any order.
type Implicit struct {
	F *ir.Graph // (y, θ...) -> the residual, of y's type, a vector
}

var _ record.Ruled = Implicit{}

func (Implicit) Name() string { return "implicit" }

func (o Implicit) Type(in []ir.Type) ([]ir.Type, error) {
	if out := o.F.Out()[0].Type(); in[0].Rank() != 1 || !out.Equal(in[0]) {
		return nil, fmt.Errorf("the unknowns are %v and the equations %v; there must be as many "+
			"equations as unknowns", in[0], out)
	}
	return in[:1], nil
}

func (o Implicit) Eval(in, out []ir.Array) { ir.Copy(out[0], in[0]) }

func (o Implicit) Primal(x []Value) []Value { return x[:1] }

// JVP differentiates at the result y, not at the operand that gave it its value, so that the
// derivative of this rule sees y depend on θ.
func (o Implicit) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	theta := dx[1:]
	if !record.AnyNonzero(theta) {
		return make([]record.Tangent, 1)
	}
	at := concat(y, x[1:])
	_, dF := transform.JVP(o.F, at, concat(make([]record.Tangent, 1), theta))
	if dF[0].IsZero() {
		return dF
	}
	return record.Some(op.Neg(op.Solve(Jacobian(o.F, at), dF[0].Value)))
}

func (o Implicit) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return applyBatched(o, n, x, batched), nil
}
