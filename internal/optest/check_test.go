package optest_test

import (
	"fmt"
	"strings"
	"testing"

	"pullback/internal/op"
	"pullback/internal/optest"
	"pullback/internal/record"
	"pullback/ir"
)

// spy collects what Check reports.
type spy struct {
	testing.TB
	reports []string
}

func (s *spy) Helper() {}

func (s *spy) Errorf(format string, args ...any) {
	s.reports = append(s.reports, fmt.Sprintf(format, args...))
}

func (s *spy) Fatalf(format string, args ...any) {
	s.Errorf(format, args...)
	panic(s)
}

// reports is what Check says about c.
func reports(c optest.Case, compilers ...optest.Compiler) []string {
	s := &spy{}
	func() {
		defer func() {
			if r := recover(); r != nil && r != any(s) {
				panic(r)
			}
		}()
		optest.Check(s, c, compilers...)
	}()
	return s.reports
}

// product is x·y with at most one rule wrong.
type product struct{ Wrong string }

var _ record.Linear = product{}

func (product) Name() string { return "product" }

func (product) Type(in []ir.Type) ([]ir.Type, error) { return in[:1], nil }

func (o product) Eval(in, out []ir.Array) {
	if in[0].Type().DType == ir.Float32 {
		multiply[float32](in, out)
	} else {
		multiply[float64](in, out)
	}
	if o.Wrong == "eval" {
		ir.Copy(in[0], out[0])
	}
}

func multiply[T float32 | float64](in, out []ir.Array) {
	x, y, z := ir.Data[T](in[0]), ir.Data[T](in[1]), ir.Stored[T](out[0])
	for i := range z {
		z[i] = x[i] * y[i]
	}
}

func (o product) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	if o.Wrong == "share" && in[0].IsFill() {
		return in[:1], true
	}
	return nil, false
}

func (o product) with(x, y ir.Value) ir.Value { return record.Apply1(o, x, y) }

func (o product) JVP(x, y []ir.Value, dx []record.Tangent) []record.Tangent {
	var out record.Tangent
	if !dx[0].IsZero() {
		out.Value = o.with(dx[0].Value, x[1])
	}
	switch {
	case dx[1].IsZero():
	case o.Wrong == "jvp":
		out = op.AddTangents(out, dx[1])
	case o.Wrong == "second":
		// The tangent itself is right, and made of known numbers where it must not be.
		out = op.AddTangents(out, record.Tangent{Value: op.Mul(dx[1].Value, stop{}.of(x[0]))})
	default:
		out = op.AddTangents(out, record.Tangent{Value: op.Mul(dx[1].Value, x[0])})
	}
	return []record.Tangent{out}
}

func (o product) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	if o.Wrong == "transpose" {
		return []record.Tangent{ct[0], {}}
	}
	return []record.Tangent{{Value: op.Mul(ct[0].Value, x[1].Value)}, {}}
}

func (o product) Batch(n int, x []ir.Value, batched []bool) ([]ir.Value, []bool) {
	y := append([]ir.Value(nil), x...)
	for i := range y {
		if !batched[i] {
			y[i] = op.Lead(y[i], n)
		}
	}
	if o.Wrong == "batch" && !batched[1] {
		y[1] = y[0]
	}
	return record.Apply(o, y...), nil
}

// stop is the identity without a tangent.
type stop struct{}

func (s stop) of(x ir.Value) ir.Value             { return record.Apply1(s, x) }
func (stop) Name() string                         { return "stop" }
func (stop) Type(in []ir.Type) ([]ir.Type, error) { return in, nil }
func (stop) Eval(in, out []ir.Array)              { ir.Copy(out[0], in[0]) }
func (stop) JVP(_, _ []ir.Value, _ []record.Tangent) []record.Tangent {
	return []record.Tangent{{}}
}
func (s stop) Batch(_ int, x []ir.Value, _ []bool) ([]ir.Value, []bool) {
	return record.Apply(s, x...), nil
}

func productCase(wrong string) optest.Case {
	return optest.Case{
		Name: "product",
		Do: func(x []ir.Value) []ir.Value {
			return []ir.Value{product{wrong}.with(x[0], x[1])}
		},
		In: []ir.Array{ir.Wrap([]float64{1, -2, 3}, 3), ir.Wrap([]float64{0.5, 0.25, -4}, 3)},
	}
}

func TestCheckAcceptsWhatIsRight(t *testing.T) {
	if r := reports(productCase("")); len(r) > 0 {
		t.Error(r)
	}
}

// TestCheckFindsEachWrongRule breaks one rule after the other.
func TestCheckFindsEachWrongRule(t *testing.T) {
	for wrong, want := range map[string]string{
		"eval":      "operands after Eval",
		"share":     "fills",
		"jvp":       "by differences",
		"second":    "product tangent: tangent",
		"transpose": "<J v, w>",
		"batch":     "batched [true false]",
	} {
		t.Run(wrong, func(t *testing.T) {
			r := reports(productCase(wrong))
			if !strings.Contains(strings.Join(r, "\n"), want) {
				t.Errorf("no report with %q among %q", want, r)
			}
		})
	}
}

func TestCheckFindsAWrongCompiler(t *testing.T) {
	wrong := func(g *ir.Graph) func([]ir.Array) []ir.Array {
		return func(in []ir.Array) []ir.Array { return in[:1] }
	}
	if r := reports(productCase(""), wrong); len(r) == 0 ||
		!strings.Contains(r[0], "by compiler 0") {
		t.Errorf("%q", r)
	}
}

func TestOps(t *testing.T) {
	got := optest.Ops([]optest.Case{productCase("")})
	if len(got) != 1 || !got["product"] {
		t.Error(got)
	}
}
