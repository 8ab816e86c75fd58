package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// engine are the packages whose arithmetic decides digits.
var engine = []string{"ad", "ir", "random", "stats", "linear", "root", "minimise", "leastsquares",
	"optim", "trace", "estimate", "internal/control", "internal/dense", "internal/exec",
	"internal/implicit", "internal/lane", "internal/lane/interp", "internal/op",
	"internal/orthogonal", "internal/parallel", "internal/record", "internal/rewrite",
	"internal/transform"}

// exact are the functions of package math that give the same bits on every architecture.
var exact = []string{"Sqrt", "FMA", "Abs", "Copysign", "Floor", "Ceil", "Trunc", "RoundToEven",
	"Float64bits", "Float64frombits", "Float32bits", "Float32frombits", "Inf", "NaN", "IsNaN",
	"IsInf", "Signbit"}

// TestArithmetic rejects, in engine code, a product that Go may fuse with a sum (the language
// allows it, and arm64 and GOAMD64=v3 do it) and functions of package math that are assembly on
// some architecture.
func TestArithmetic(t *testing.T) {
	if testing.Short() {
		t.Skip("reads export data of all dependencies")
	}
	packages := load(t)
	for _, dir := range engine {
		fset := token.NewFileSet()
		var files []*ast.File
		names, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		if len(files) == 0 {
			continue
		}
		for _, complaint := range check(t, fset, "pullback/"+dir, files, packages) {
			t.Error(complaint)
		}
	}
}

// TestArithmeticFindsFaults has the checker read what it must reject, and what it must not.
func TestArithmeticFindsFaults(t *testing.T) {
	source := `package p
import "math"
type number interface{ ~float32 | ~float64 }
func bad[T number](a, b, c T, x, y float64, z float32) (T, float64) {
	c = a*b + c          // bad
	c = c - (a * b)      // bad
	c += a * b           // bad
	x -= y * x           // bad
	z = -(z * z) + z     // bad
	t := a * b           // bad
	t *= c               // bad
	x = sum(x*y, 2*x)    // bad
	p := pair{x * y}     // bad
	x = p.x + x
	return c + t, math.Exp(x) // bad
}
type pair struct{ x float64 }
func sum(x, y float64) float64 { return x + y }
func product(x, y float64) float64 {
	return (x * y) // bad
}
func good[T number](a, b, c T, x, y float64, i, j int) T {
	c = T(a*b) + c
	x = float64(x*y) + x
	x += 2 * math.Pi
	i = i*j + i
	x = math.FMA(x, y, x)
	x = math.Sqrt(x*y) + sum(2*x, y*0.25)
	xs := []float64{x}
	xs[0] = x * y
	xs[0] *= y
	if x*y > x*y*y/x {
		i *= j
	}
	return T((a + b) * c)
}
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []int // lines, in order
	for _, c := range check(t, fset, "p", []*ast.File{f}, load(t)) {
		var line int
		fmt.Sscanf(c, "p.go:%d", &line)
		got = append(got, line)
	}
	slices.Sort(got)
	for i, line := range strings.Split(source, "\n") {
		if strings.HasSuffix(line, "// bad") {
			want = append(want, i+1)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("complaints about lines %v, want %v", got, want)
	}
}

// check lists what is wrong with a package's arithmetic.
func check(t *testing.T, fset *token.FileSet, path string, files []*ast.File,
	packages types.Importer) (complaints []string) {
	t.Helper()
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{},
		Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: packages}
	if _, err := config.Check(path, fset, files, info); err != nil {
		t.Fatal(err)
	}
	complain := func(at ast.Node, format string, args ...any) {
		p := fset.Position(at.Pos())
		complaints = append(complaints,
			fmt.Sprintf("%s:%d: ", p.Filename, p.Line)+fmt.Sprintf(format, args...))
	}
	for _, f := range files {
		for _, at := range loose(info, f) {
			complain(at, "Go may fuse this product with a sum: write float64(a*b) or float32(a*b)")
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			x, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			f, ok := info.Uses[x.Sel].(*types.Func)
			if ok && f.Pkg() != nil && f.Pkg().Path() == "math" &&
				!slices.Contains(exact, f.Name()) {
				complain(x, "math.%s may differ between architectures; engine code may use %v",
					f.Name(), exact)
			}
			return true
		})
	}
	return complaints
}

// isFloat says whether t is a float, or a type parameter that can be one.
func isFloat(t types.Type) bool {
	if p, ok := t.(*types.TypeParam); ok {
		return hasFloat(p.Constraint().Underlying())
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsFloat != 0
}

// hasFloat says whether a constraint's type set has a float in it.
func hasFloat(t types.Type) bool {
	switch t := t.(type) {
	case *types.Interface:
		for i := range t.NumEmbeddeds() {
			if hasFloat(t.EmbeddedType(i)) {
				return true
			}
		}
		return false
	case *types.Union:
		for i := range t.Len() {
			if hasFloat(t.Term(i).Type()) {
				return true
			}
		}
		return false
	case *types.Named:
		if i, ok := t.Underlying().(*types.Interface); ok {
			return hasFloat(i)
		}
	}
	return isFloat(t)
}

// load gives the engine's dependencies from export data, which the go command has in its cache.
func load(t *testing.T) types.Importer {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-json=ImportPath,Export", "math"}
	for _, dir := range engine {
		if _, err := os.Stat(filepath.Join(root, dir)); err == nil {
			args = append(args, "pullback/"+dir)
		}
	}
	command := exec.Command("go", args...)
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		t.Fatalf("the go command cannot list the packages: %v", err)
	}
	exports := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
}

// functions lists the names of a file's functions without receivers.
func functions(file *ast.File) (names []string) {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
			names = append(names, f.Name.Name)
		}
	}
	return names
}
