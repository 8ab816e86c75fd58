package ad_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// outside is a program of a user's, whose functions are small enough to be inlined, and so are
// the closures that the transformers give.
const outside = `package main

import (
	"fmt"

	"pullback/ad"
)

func try(name string, do func()) {
	defer func() { fmt.Printf("%s: %v\n", name, recover()) }()
	do()
}

func main() {
	v, m := ad.Vector(1., 2.), ad.Matrix(1, 3, []float64{1, 2, 3})
	try("grad", func() {
		ad.Grad(func(x ad.Value) ad.Value { return x })(v) // <- grad
	})
	try("hessian", func() {
		ad.Hessian(func(x ad.Value) ad.Value { return x })(v) // <- hessian
	})
	try("jacobian", func() {
		ad.Jacobian(func(x ad.Value) ad.Value { return ad.Less(x, 1) })(v) // <- jacobian
	})
	try("vmap", func() {
		ad.Vmap(ad.Sin)(ad.Scalar(1.)) // <- vmap
	})
	try("custom_vjp", func() {
		ad.CustomVJP(ad.Sin, func(x ad.Value) (y, c ad.Value) { return ad.Sin(x), ad.Cos(x) },
			func(c, ct ad.Value) ad.Value { return m })(v) // <- custom_vjp
	})
	try("matvec", func() {
		ad.Jit(ad.Vmap(ad.Grad(func(x ad.Value) ad.Value {
			return ad.Sum(ad.MatVec(m, x)) // <- matvec
		})))(ad.Zeros(ad.Float64, 5, 2))
	})
}
`

// TestPositionsFromOutside runs a program that lies elsewhere, where the compiler may inline what
// is ours into what is the user's, and where paths may be trimmed.
func TestPositionsFromOutside(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command")
	}
	file := filepath.Join(t.TempDir(), "user.go")
	if err := os.WriteFile(file, []byte(outside), 0o644); err != nil {
		t.Fatal(err)
	}
	flags := []string{"-trimpath=false"}
	if os.Getenv("PULLBACK_LONG") != "" {
		flags = append(flags, "-trimpath=true")
	}
	for _, flag := range flags {
		out, err := exec.Command(goTool, "run", flag, file).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			name, sentence, _ := strings.Cut(line, ": ")
			want := lineOf(t, file, name)
			if want = filepath.Base(want); !strings.HasPrefix(sentence, want+": ") {
				t.Errorf("%s: %s\nwant it at %s", flag, line, want)
			}
		}
	}
}
