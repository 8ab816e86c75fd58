package lane_test

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

// threefry runs Threefry2x32 on blocks of (key0, key1, x0, x1).
func threefry(t *testing.T, blocks ...[4]uint32) [][2]uint32 {
	t.Helper()
	n := len(blocks)
	b := lane.NewBuilder()
	in, out := b.Buffer(ir.Uint32, 4*n, false), b.Buffer(ir.Uint32, 2*n, true)
	row := func(buffer, width, column int) lane.Access {
		return lane.Access{Buffer: buffer, Offset: column,
			Dims: []lane.Dim{{Extent: n, Stride: width}}}
	}
	b.Foreach(n, func(lane.Value) {
		var v [4]lane.Value
		for i := range v {
			v[i] = b.Load(row(in, 4, i), lane.None)
		}
		y0, y1 := b.Threefry2x32(v[0], v[1], v[2], v[3])
		b.Store(row(out, 2, 0), lane.None, y0)
		b.Store(row(out, 2, 1), lane.None, y1)
	})
	var flat []uint32
	for _, x := range blocks {
		flat = append(flat, x[:]...)
	}
	result := make([]uint32, 2*n)
	run(t, b.Program(), ir.Wrap(flat, 4*n), ir.Wrap(result, 2*n))
	out2 := make([][2]uint32, n)
	for i := range out2 {
		out2[i] = [2]uint32(result[2*i:])
	}
	return out2
}

func TestThreefry(t *testing.T) {
	const ones = 1<<32 - 1
	tests := []struct {
		about string
		block [4]uint32
		want  [2]uint32
	}{
		// The known answers of Random123.
		{"zeros", [4]uint32{0, 0, 0, 0}, [2]uint32{0x6b200159, 0x99ba4efe}},
		{"ones", [4]uint32{ones, ones, ones, ones}, [2]uint32{0x1cb996fc, 0xbb002be7}},
		{"pi", [4]uint32{0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3},
			[2]uint32{0xc4923a9c, 0x483df7a0}},
		// Keys of JAX: key i of split(key(42), 5), and fold_in(key(1), 7).
		{"split 0", [4]uint32{0, 42, 0, 0}, [2]uint32{1832780943, 270669613}},
		{"split 4", [4]uint32{0, 42, 0, 4}, [2]uint32{2954079971, 3276725750}},
		{"fold in", [4]uint32{0, 1, 0, 7}, [2]uint32{954670714, 4016809582}},
	}
	var blocks [][4]uint32
	for _, test := range tests {
		blocks = append(blocks, test.block)
	}
	for i, got := range threefry(t, blocks...) {
		if got != tests[i].want {
			t.Errorf("%s: got %x, want %x", tests[i].about, got, tests[i].want)
		}
	}
}

// uniform is JAX's uniform number in [-1, 1) from the bits of a block.
func uniform[T float32 | float64](bits [2]uint32) T {
	var u, low T
	switch p := any(&u).(type) {
	case *float32:
		*p = math.Float32frombits((bits[0]^bits[1])>>9 | 0x3f800000)
		low = T(math.Nextafter32(-1, 0))
	case *float64:
		*p = math.Float64frombits((uint64(bits[0])<<32|uint64(bits[1]))>>12 | 0x3ff0000000000000)
		low = T(math.Nextafter(-1, 0))
	}
	return max(low, T(T(u-1)*T(1-low))+low)
}

// jax reads the lines of a file in testdata that begin with a type: numbers after it.
func jax(t *testing.T, name string, dtype ir.DType) (lines [][]float64) {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for s := bufio.NewScanner(file); s.Scan(); {
		fields := strings.Fields(s.Text())
		if fields[0] != dtype.String() {
			continue
		}
		var line []float64
		for _, f := range fields[1:] {
			x, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatal(err)
			}
			line = append(line, x)
		}
		lines = append(lines, line)
	}
	if len(lines) < 50 {
		t.Fatalf("only %d numbers in %s", len(lines), name)
	}
	return lines
}

// units is the distance of two numbers in units of epsilon max(|want|, 1).
func units[T float32 | float64](got T, want float64) float64 {
	epsilon := 0x1p-52
	if ir.DTypeOf[T]() == ir.Float32 {
		epsilon = 0x1p-23
	}
	return math.Abs(float64(got)-want) / math.Max(math.Abs(want), 1) / epsilon
}

func testNormal[T float32 | float64](t *testing.T) {
	lines := jax(t, "jax_normal.txt", ir.DTypeOf[T]())
	var blocks [][4]uint32
	for _, l := range lines {
		blocks = append(blocks, [4]uint32{0, uint32(l[0]), 0, uint32(l[1])})
	}
	var u []T
	for _, bits := range threefry(t, blocks...) {
		u = append(u, uniform[T](bits))
	}
	var w worst
	for i, y := range apply1(t, (*lane.Builder).ErfInvXLA, u) {
		w.add(units(T(y*T(math.Sqrt2)), lines[i][2]), float64(u[i]))
	}
	w.check(t, 2)
}

func testErfInvXLA[T float32 | float64](t *testing.T) {
	lines := jax(t, "jax_erfinv.txt", ir.DTypeOf[T]())
	var x []T
	for _, l := range lines {
		x = append(x, T(l[0]))
	}
	var w worst
	for i, y := range apply1(t, (*lane.Builder).ErfInvXLA, x) {
		w.add(units(y, lines[i][1]), lines[i][0])
	}
	w.check(t, math.Sqrt2)
}

func TestNormalOfJAX(t *testing.T) {
	t.Run("float32", testNormal[float32])
	t.Run("float64", testNormal[float64])
}

func TestErfInvOfJAX(t *testing.T) {
	t.Run("float32", testErfInvXLA[float32])
	t.Run("float64", testErfInvXLA[float64])
}
