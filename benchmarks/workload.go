package benchmarks

import (
	"math"
	"slices"

	"pullback/ad"
)

// Workload is a piece of work with a name that all its programs know it by.
type Workload struct {
	Name      string
	Title     string // in a table
	Target    Target
	Tolerance float64 // of answers: |a - b| / max(1, |a|, |b|)
	// Wide says that the work is in float64, which JAX does only in a process set to it.
	Wide bool
	// Open makes the inputs and compiles. It panics where that cannot be done.
	Open func(s Setting) Task
}

// Setting is what Open may depend on.
type Setting struct {
	Shrink int    // divides the work where it can be divided: 1 for all of it, Small for tests
	Dir    string // for files, which the caller removes
}

// Small shrinks the workloads to sizes for tests.
const Small = 16

// Task is a workload that is ready to run.
type Task struct {
	Run    func()
	Answer func() []float64 // of the last run
}

// Target is what is aimed for; fields that are zero aim for nothing.
type Target struct {
	JAX     float64 // at least so many times as fast as JAX
	C       float64 // at most so many times as long as C takes
	Seconds float64 // at most
}

// All are the workloads, in the order of the table.
func All() []Workload {
	return slices.Concat(market(), traces(), estimation(), elementwise(), products(), command())
}

// Agree says whether two answers are the same but for the tolerance.
func (w Workload) Agree(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool {
		return math.Abs(x-y) <= w.Tolerance*max(1, math.Abs(x), math.Abs(y))
	})
}

// compiled is the task of calling f, compiled, with x.
func compiled[In, Out any](f func(In) Out, x In, answer func(Out) []float64) Task {
	f = ad.JitFor(f, x)
	var y Out
	return Task{func() { y = f(x) }, func() []float64 { return answer(y) }}
}

// forBoth is a workload in float32 and in float64, with the targets and tolerances of each.
func forBoth(name, title string, targets [2]Target, tolerances [2]float64,
	open func(d ad.DType, s Setting) Task) []Workload {
	var out []Workload
	for i, d := range []ad.DType{ad.Float32, ad.Float64} {
		out = append(out, Workload{
			Name:   name + map[ad.DType]string{ad.Float32: "_f32", ad.Float64: "_f64"}[d],
			Title:  title + ", " + d.String(),
			Target: targets[i], Tolerance: tolerances[i], Wide: d == ad.Float64,
			Open: func(s Setting) Task { return open(d, s) },
		})
	}
	return out
}

// spaced is n numbers from lo to hi, computed in float64.
func spaced(d ad.DType, lo, hi float64, n int) ad.Value {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = lo + float64((hi-lo)*float64(i))/float64(n-1)
	}
	return ad.Convert(ad.Vector(xs...), d)
}

// scalar is the answer of one number.
func scalar(x ad.Value) []float64 { return []float64{x.Float()} }

// summary is the answer of an array: mean, mean square, and the first, middle and last element.
func summary(x ad.Value) []float64 {
	xs := x.Floats()
	var sum, squares float64
	for _, x := range xs {
		sum += x
		squares += x * x
	}
	n := len(xs)
	return []float64{sum / float64(n), squares / float64(n), xs[0], xs[n/2], xs[n-1]}
}
