package doctor

import (
	"math"
	"time"

	"pullback/internal/lane"
	"pullback/ir"
)

// Speed is how long an executor takes on one thread.
type Speed struct{ Exp, Pow time.Duration } // a thousand float64 results

// Measure takes the least of several runs.
func Measure(e lane.Executor) (s Speed, err error) {
	if s.Exp, err = measure(e, one("exp", (*lane.Builder).Exp)); err != nil {
		return s, err
	}
	s.Pow, err = measure(e, two("pow", (*lane.Builder).Pow))
	return s, err
}

func measure(e lane.Executor, f function) (time.Duration, error) {
	const n, runs = 4096, 50
	b := lane.NewBuilder()
	x, y := b.Buffer(ir.Float64, n, false), b.Buffer(ir.Float64, n, true)
	in, out := ir.NewArray(ir.Of(ir.Float64, n)), ir.NewArray(ir.Of(ir.Float64, n))
	for i := range n {
		ir.Stored[float64](in)[i] = 0.5 + float64(i)/n
	}
	b.Foreach(n, func(lane.Value) {
		v := b.Load(lane.Contiguous(x, n), lane.None)
		b.Store(lane.Contiguous(y, n), lane.None, f.lower(b, []lane.Value{v, v}))
	})
	k, err := e.Compile(lane.Optimized(b.Program()))
	if err != nil {
		return 0, err
	}
	frame, least := k.NewFrame(), time.Duration(math.MaxInt64)
	for range runs {
		start := time.Now()
		frame.Start([]ir.Array{in, out}, 0, n)
		for frame.Run(lane.Fuel) {
		}
		least = min(least, time.Since(start))
	}
	return least * 1000 / n, nil
}
