package doctor

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"pullback/internal/lane/interp"
	"pullback/ir"
)

var update = flag.Bool("update", false, "write digits.txt anew")

// TestDigits holds the interpreter to digits.txt, as SelfTest does every executor.
func TestDigits(t *testing.T) {
	var text strings.Builder
	for _, f := range functions() {
		for _, d := range []ir.DType{ir.Float32, ir.Float64} {
			out, err := f.run(interp.Executor{}, d)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&text, "%s of %v: %s\n", f.name, d, checksum(out))
		}
	}
	if *update {
		if err := os.WriteFile("digits.txt", []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("digits.txt")
	if err != nil {
		t.Fatal(err)
	}
	if text.String() != string(want) {
		t.Errorf("other digits than digits.txt, which -update writes anew:\n%s", &text)
	}
}

// TestExamine examines this machine.
func TestExamine(t *testing.T) {
	r, err := Examine()
	if err != nil {
		t.Fatal(err)
	}
	chosen := 0
	for _, e := range r.Executors {
		if e.Chosen {
			chosen++
		}
		for _, name := range e.Test.Wrong {
			t.Errorf("%s: %s", e.Name, name)
		}
		if e.Test.Points == 0 || e.Speed.Exp <= 0 || e.Speed.Pow <= 0 {
			t.Errorf("%s: %+v", e.Name, e)
		}
	}
	if chosen != 1 || !r.Healthy() || r.Executors[len(r.Executors)-1].Name != "interp" {
		t.Errorf("%+v", r)
	}
}

// TestWrongDigits sees that another number is noticed.
func TestWrongDigits(t *testing.T) {
	a := ir.NewArray(ir.Of(ir.Float64, 3))
	before := checksum(a)
	a.SetBits(2, 1)
	if checksum(a) == before {
		t.Error("a checksum that does not see the last bit")
	}
}
