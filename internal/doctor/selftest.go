package doctor

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"fmt"
	"strings"

	"pullback/internal/lane"
	"pullback/ir"
)

// Test is the outcome of a self-test.
type Test struct {
	Functions, Points int      // how many, and results of all together
	Wrong             []string // functions whose digits are others, such as "exp of float32"
}

//go:embed digits.txt
var files embed.FS

// digits are checksums of the results of every function on all points, the same on all machines.
func digits() (map[string]string, error) {
	text, err := files.ReadFile("digits.txt")
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, sum, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			sums[name] = sum
		}
	}
	return sums, nil
}

// SelfTest compares the digits of every elementary function on hard points with those that all
// machines get.
func SelfTest(e lane.Executor) (Test, error) {
	want, err := digits()
	if err != nil {
		return Test{}, err
	}
	var t Test
	for _, f := range functions() {
		t.Functions++
		for _, d := range []ir.DType{ir.Float32, ir.Float64} {
			out, err := f.run(e, d)
			if err != nil {
				return Test{}, err
			}
			t.Points += out.Len()
			if name := fmt.Sprintf("%s of %v", f.name, d); checksum(out) != want[name] {
				t.Wrong = append(t.Wrong, name)
			}
		}
	}
	return t, nil
}

// run computes the function of all points, of two arguments with others at various distances.
func (f function) run(e lane.Executor, t ir.DType) (ir.Array, error) {
	bits := points(t)
	var columns [][]uint64
	if f.arguments == 1 {
		columns = [][]uint64{bits}
	} else {
		columns = make([][]uint64, 2)
		for _, shift := range []int{0, 1, 7, 50, 101, 211, 307, 409, 499, 601, 701, 797} {
			for k := range bits {
				columns[0] = append(columns[0], bits[k])
				columns[1] = append(columns[1], bits[(k+shift)%len(bits)])
			}
		}
	}
	n := len(columns[0])
	b := lane.NewBuilder()
	var buffers []ir.Array
	for _, c := range columns {
		b.Buffer(t, n, false)
		a := ir.NewArray(ir.Of(t, n))
		for i, x := range c {
			a.SetBits(i, x)
		}
		buffers = append(buffers, a)
	}
	to := b.Buffer(t, n, true)
	out := ir.NewArray(ir.Of(t, n))
	b.Foreach(n, func(lane.Value) {
		var x []lane.Value
		for k := range columns {
			x = append(x, b.Load(lane.Contiguous(k, n), lane.None))
		}
		b.Store(lane.Contiguous(to, n), lane.None, f.lower(b, x))
	})
	return out, runProgram(e, b.Program(), append(buffers, out))
}

func runProgram(e lane.Executor, p *lane.Program, buffers []ir.Array) error {
	k, err := e.Compile(lane.Optimized(p))
	if err != nil {
		return err
	}
	frame := k.NewFrame()
	frame.Start(buffers, 0, p.Extent())
	for frame.Run(lane.Fuel) {
	}
	return nil
}

func checksum(a ir.Array) string {
	h := sha256.New()
	for i := range a.Len() {
		_ = binary.Write(h, binary.LittleEndian, a.Bits(i)) // a hash never fails
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
