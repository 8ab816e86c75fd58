package op_test

import (
	"reflect"
	"slices"
	"testing"

	"pullback/internal/exec"
	"pullback/internal/op"
	"pullback/internal/optest"
	"pullback/ir"
)

// cases lists the conformance cases of all families.
func cases() []optest.Case {
	return slices.Concat(
		arithmeticCases(),
		functionCases(),
		logicCases(),
		conversionCases(),
		structureCases(),
		indexingCases(),
		reductionCases(),
		productCases(),
		factorisationCases(),
	)
}

func TestConformance(t *testing.T) { optest.Run(t, cases(), compiled) }

// compiled runs a program as kernels.
func compiled(g *ir.Graph) func([]ir.Array) []ir.Array { return exec.Compile(g).Run }

// TestEveryPrimitiveConforms compares the registry with what the cases use.
func TestEveryPrimitiveConforms(t *testing.T) {
	used := optest.Ops(cases())
	for _, p := range op.Primitives() {
		if p.Name() == "iota" {
			continue // it has no operands, so it is never recorded
		}
		if !used[p.Name()] {
			t.Errorf("%s has no conformance case", p.Name())
		}
		delete(used, p.Name())
	}
	for name := range used {
		t.Errorf("%s is not in Primitives", name)
	}
}

func TestLookup(t *testing.T) {
	for _, p := range op.Primitives() {
		if q, ok := op.Lookup(p.Name()); !ok || reflect.TypeOf(q) != reflect.TypeOf(p) {
			t.Errorf("Lookup(%q) = %T, %v; want %T", p.Name(), q, ok, p)
		}
	}
	if _, ok := op.Lookup("nothing"); ok {
		t.Error("an op called nothing")
	}
}
