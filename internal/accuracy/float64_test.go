package accuracy_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/native"
	"pullback/ir"
)

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// judge is a function at points that it draws, a number of them at a time.
type judge struct {
	function
	p       *lane.Program
	k       native.Compiled
	x       [][]float64 // by operand
	y, ulps []float64   // results, and by how much they are wrong
	buffers []ir.Array
}

func newJudge(t testing.TB, f function, n int) *judge {
	t.Helper()
	p, operands := judged(f, n)
	j := &judge{function: f, p: p, k: compile(t, p)}
	j.y, j.ulps = make([]float64, n), make([]float64, n)
	for range operands {
		x := make([]float64, n)
		j.x = append(j.x, x)
		j.buffers = append(j.buffers, ir.Wrap(x, n))
	}
	j.buffers = append(j.buffers, ir.Wrap(j.y, n), ir.Wrap(j.ulps, n))
	return j
}

// next draws new points.
func (j *judge) next(r *rand.Rand) {
	for i := range j.y {
		for k, v := range j.draw(r) {
			j.x[k][i] = v
		}
	}
	run(j.k, j.p, j.buffers)
}

// at is the operands of a point.
func (j *judge) at(i int) (x []float64) {
	for k := range j.x {
		x = append(x, j.x[k][i])
	}
	return x
}

// TestFloat64 draws random points; what judges them is arithmetic of two float64.
func TestFloat64(t *testing.T) {
	n, rounds := 1<<12, 1
	if long() {
		n, rounds = 1<<17, 100_000_000>>17
	}
	for _, f := range functions() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			rounds := rounds
			if f.name == "erf" || f.name == "erfinv" { // which take a hundred times as long
				rounds = (rounds + 9) / 10
			}
			r, j := source(2), newJudge(t, f, n)
			worst, at := 0.0, []float64(nil)
			for range rounds {
				j.next(r)
				for i, e := range j.ulps {
					if !(e <= worst) {
						worst, at = e, j.at(i)
					}
				}
			}
			if !(worst <= f.most) {
				t.Errorf("error of %.3f ulp at %x (%v), want at most %g", worst, at, at, f.most)
			} else if long() {
				t.Logf("worst error %.3f ulp at %x", worst, at)
			}
		})
	}
}

// TestJudges holds what judges float64 to arithmetic of arbitrary precision.
func TestJudges(t *testing.T) {
	n := 32
	if long() {
		n = 1024
	}
	for _, f := range functions() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			j := newJudge(t, f, n)
			j.next(source(1))
			for i, y := range j.y {
				want := exact(f.name, j.at(i))
				// In units of the last place of y.
				_, e := math.Frexp(y)
				ulps, _ := shift(sub(newBig(y), want), 53-e).Float64()
				ulps = math.Abs(ulps)
				if d := math.Abs(ulps - j.ulps[i]); !(d < 0.01) {
					t.Errorf("%v is %v, off by %.4f ulp and not %.4f", j.at(i), y, ulps, j.ulps[i])
				}
			}
		})
	}
}
