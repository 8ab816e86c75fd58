package ir

import (
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Position is where in the user's own code an operation was written. Recording keeps the
// program counters only; file and line are found when somebody asks.
type Position struct {
	pcs  [positionDepth]uintptr
	n    int8
	text string // set when the position was read from text or named by hand
}

// positionDepth bounds the frames of ours that may lie between an operation and the user's
// line: rules call operations that call record.Apply, some ten frames deep.
const positionDepth = 24

// Here is the position of the caller, skip frames up.
func Here(skip int) *Position {
	p := &Position{}
	p.n = int8(runtime.Callers(skip+2, p.pcs[:]))
	return p
}

// At is a position that is known by its text alone, such as "model.yaml:3:7".
func At(text string) *Position { return &Position{text: text} }

// String is "file.go:12" with the file's base name, or "?" where no frame is the user's.
func (p *Position) String() string {
	if p == nil {
		return "?"
	}
	if p.text != "" {
		return p.text
	}
	frames := runtime.CallersFrames(p.pcs[:p.n])
	for {
		f, more := frames.Next()
		if f.File != "" && isUsers(f) {
			return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return "?"
		}
	}
}

// isUsers says whether a frame is outside the library. Our own examples, command and tests are
// users like any other.
func isUsers(f runtime.Frame) bool {
	if strings.HasSuffix(f.File, "_test.go") {
		return true
	}
	// A function is "pullback/internal/op.Add[...]": the package ends at the first dot
	// after the last slash of the part before any bracket.
	name, _, _ := strings.Cut(f.Function, "[")
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 {
		return false
	}
	pkg := name[:slash+dot]
	switch {
	case pkg == "runtime" || pkg == "reflect" || pkg == "sync" || pkg == "iter" || pkg == "slices":
		return false
	case !strings.HasPrefix(pkg, "pullback/"):
		return true
	}
	pkg = strings.TrimPrefix(pkg, "pullback/")
	return strings.HasPrefix(pkg, "examples") || strings.HasPrefix(pkg, "cmd/") ||
		strings.HasPrefix(pkg, "benchmarks")
}
