package ir

import (
	"strings"
	"testing"
)

// TestTwoGoroutines stands for the moment in which another goroutine appends.
func TestTwoGoroutines(t *testing.T) {
	g := NewGraph()
	x := g.Param(Of(Float64))
	g.busy.Store(true)
	defer func() {
		e, ok := recover().(*UsageError)
		want := "two goroutines record into one recording; a function given to Grad, Vmap or Jit " +
			"must run on one goroutine"
		if !ok || !strings.HasSuffix(e.Error(), want) {
			t.Errorf("got %v, want %s", e, want)
		}
	}()
	g.Append(nothing{}, []Value{x}, nil, nil)
}

type nothing struct{}

func (nothing) Name() string                { return "nothing" }
func (nothing) Type([]Type) ([]Type, error) { return nil, nil }
