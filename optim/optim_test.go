package optim_test

import (
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/optim"
	"pullback/status"
)

func close(t *testing.T, what string, got ad.Value, want ...float64) {
	t.Helper()
	if got.Size() != len(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
		return
	}
	for i, w := range want {
		if g := got.Floats()[i]; !(math.Abs(g-w) <= 1e-12*(1+math.Abs(w))) {
			t.Errorf("%s: element %d is %v, want %v", what, i, g, w)
		}
	}
}

// updates gives m the gradients one after the other and lists the updates.
func updates[S any](m optim.Transformation[S], gradients ...float64) []float64 {
	x := ad.Vector(1.0)
	s := m.Init(x)
	var out []float64
	for _, g := range gradients {
		var u ad.Value
		u, s = m.Update(ad.Vector(g), s, x)
		out = append(out, ad.At(u, 0).Float())
	}
	return out
}

func TestUpdates(t *testing.T) {
	const rate = 0.5
	heavy := optim.SGD{LearningRate: rate, Momentum: 0.5}
	exponential := optim.SGD{LearningRate: rate, Schedule: optim.ExponentialDecay(0.25, 2)}
	cosine := optim.SGD{LearningRate: rate, Schedule: optim.CosineDecay(2, 0.5)}
	clip := optim.ClipByGlobalNorm{Limit: 2}
	for name, c := range map[string]struct{ got, want []float64 }{
		"plain":    {updates(optim.SGD{LearningRate: rate}, 1, 2, -4), []float64{-0.5, -1, 2}},
		"momentum": {updates(heavy, 1, 2, -4), []float64{-0.5, -1.25, 1.375}},
		"nesterov": {updates(optim.SGD{LearningRate: rate, Momentum: 0.5, Nesterov: true}, 1, 2,
			-4),
			[]float64{-0.75, -1.625, 2.6875}},
		"default sgd": {updates(optim.SGD{}, 3), []float64{-0.03}},
		// The first step of Adam is the learning rate against the sign.
		"adam": {updates(optim.Adam{LearningRate: rate}, -7), []float64{rate * 7 / (7 + 1e-8)}},
		"adam twice": {updates(optim.Adam{LearningRate: rate, Beta1: 0.5, Beta2: 0.75}, 1, 3)[1:],
			[]float64{-rate * (1.75 / 0.75) / (math.Sqrt(2.4375/0.4375) + 1e-8)}},
		"clip":        {updates(clip, 5, -1, 0, -8), []float64{2, -1, 0, -2}},
		"chain":       {updates(optim.Chain(clip, heavy), 5, -8), []float64{-1, 0.5}},
		"exponential": {updates(exponential, 4, 4, 4), []float64{-2, -1, -0.5}},
		"cosine":      {updates(cosine, 4, 4, 4, 4), []float64{-2, -1.5, -1, -1}},
	} {
		close(t, name, ad.Vector(c.got...), c.want...)
	}
}

func TestClipOfManyParameters(t *testing.T) {
	clip := optim.ClipByGlobalNorm{Limit: 10}
	got, _ := clip.Update(ad.Vector(30.0, -40), optim.Stateless{}, ad.Vector(0.0, 0))
	close(t, "clipped", got, 6, -8)
	huge := ad.Vector[float32](3e30, -4e30) // whose squares overflow
	large, _ := clip.Update(huge, optim.Stateless{}, ad.Vector[float32](0, 0))
	if x := large.Floats(); math.Abs(x[0]-6) > 1e-5 || math.Abs(x[1]+8) > 1e-5 {
		t.Errorf("got %v, want 6 and -8: the norm overflows", large)
	}
}

// point is a tree of two Values.
type point struct {
	A ad.Value   // scalar
	B []ad.Value // one vector of 2
}

func start() point { return point{ad.Scalar(1.0), []ad.Value{ad.Vector(-1.0, 2)}} }

// bowl has its minimum, 3, at A = c and B = 0.
func bowl(c ad.Value) func(point) ad.Value {
	return func(p point) ad.Value {
		return ad.Add(ad.Add(ad.Square(ad.Sub(p.A, c)), ad.Sum(ad.Square(p.B[0]))), 3)
	}
}

func TestRunOnTrees(t *testing.T) {
	run := func(p point) optim.Result[point] {
		return optim.Run(bowl(ad.Scalar(5.0)), p, optim.SGD{LearningRate: 0.25}, 2)
	}
	eager, compiled := run(start()), ad.Jit(run)(start())
	for name, r := range map[string]optim.Result[point]{"eager": eager, "compiled": compiled} {
		close(t, name+" A", r.Value.A, 4)
		close(t, name+" B", r.Value.B[0], -0.25, 0.5)
		close(t, name+" path of A", r.Path.A, 1, 3, 4)
		close(t, name+" path of B", r.Path.B[0], -1, 2, -0.5, 1, -0.25, 0.5)
		close(t, name+" losses", r.Losses, 24, 8.25, 4.3125)
		close(t, name+" F", r.F, 4.3125)
		if r.Outcome() != status.OutOfSteps {
			t.Errorf("%s: %v", name, r.Outcome())
		}
	}
}

func TestOutcomes(t *testing.T) {
	f := bowl(ad.Scalar(5.0))
	undefined := func(p point) ad.Value { return ad.Log(ad.Neg(p.A)) }
	// Its gradient is small everywhere, and its minimum far.
	small := func(p point) ad.Value { return ad.Mul(1e-8, f(p)) }
	saddle := func(p point) ad.Value {
		return ad.Sub(ad.Square(ad.Sub(p.A, 1)), ad.Square(ad.Sub(ad.Sum(p.B[0]), 1)))
	}
	for name, c := range map[string]struct {
		got  optim.Result[point]
		want status.Code
	}{
		"small":     {optim.Run(small, start(), optim.Adam{}, 10), status.OutOfSteps},
		"saddle":    {optim.Run(saddle, start(), optim.SGD{}, 10), status.Saddle},
		"converged": {optim.Run(f, start(), optim.SGD{LearningRate: 0.25}, 60), status.Converged},
		"no steps":  {optim.Run(f, start(), optim.SGD{}, 0), status.OutOfSteps},
		"diverged":  {optim.Run(f, start(), optim.SGD{LearningRate: 1e10}, 60), status.NotFinite},
		"undefined": {optim.Run(undefined, start(), optim.Adam{}, 3), status.NotFinite},
	} {
		if c.got.Outcome() != c.want {
			t.Errorf("%s: %v", name, c.got.Outcome())
		}
		if finite := !math.IsNaN(c.got.Value.A.Float()); finite != (c.want != status.NotFinite) {
			t.Errorf("%s: the value is %v", name, c.got.Value.A)
		}
	}
}

func TestMistakes(t *testing.T) {
	for want, call := range map[string]func(){
		"-1 steps cannot be made": func() {
			optim.Run(bowl(ad.Scalar(5.0)), start(), optim.SGD{}, -1)
		},
		"the parameters are int64 and must be floats": func() {
			optim.Run(func(x ad.Value) ad.Value { return ad.Sum(x) }, ad.Vector(1, 2), optim.Adam{},
				3)
		},
		"there are no parameters": func() {
			optim.Run(func(x ad.Value) ad.Value { return ad.Sum(x) }, ad.Vector[float64](),
				optim.Adam{}, 3)
		},
		"a schedule over 0 steps":  func() { optim.CosineDecay(0, 0) },
		"a schedule over -1 steps": func() { optim.ExponentialDecay(.5, -1) },
	} {
		func() {
			defer func() {
				mistake, ok := recover().(*ad.Error)
				if !ok || !strings.Contains(mistake.Error(), want) ||
					!strings.Contains(mistake.Error(), "optim_test.go:") {
					t.Errorf("%v; want %q with the user's line", mistake, want)
				}
			}()
			call()
		}()
	}
}

// TestDerivativesThroughTheSteps compares, for each method, derivatives of where it leads with
// respect to the objective and to the learning rate with differences.
func TestDerivativesThroughTheSteps(t *testing.T) {
	type at struct{ C, Rate ad.Value }
	through(t, "sgd", func(a at) ad.Value {
		rate := func(ad.Value) ad.Value { return a.Rate }
		sgd := optim.SGD{LearningRate: 1, Momentum: 0.5, Schedule: rate}
		return led(optim.Run(bowl(a.C), start(), sgd, 5))
	}, at{ad.Scalar(5.0), ad.Scalar(0.1)})
	through(t, "adam", func(a at) ad.Value {
		rate := func(ad.Value) ad.Value { return a.Rate }
		return led(optim.Run(bowl(a.C), start(), optim.Adam{LearningRate: 1, Schedule: rate}, 5))
	}, at{ad.Scalar(5.0), ad.Scalar(0.1)})
	through(t, "clipped", func(a at) ad.Value {
		rate := func(ad.Value) ad.Value { return a.Rate }
		sgd := optim.SGD{LearningRate: 1, Schedule: rate}
		clipped := optim.Chain(optim.ClipByGlobalNorm{Limit: 3}, sgd)
		return led(optim.Run(bowl(a.C), start(), clipped, 5))
	}, at{ad.Scalar(5.0), ad.Scalar(0.3)})
}

func led(r optim.Result[point]) ad.Value { return ad.Add(r.F, ad.Square(ad.Sum(r.Path.B[0]))) }

func through[T any](t *testing.T, name string, f func(T) ad.Value, x T) {
	t.Helper()
	flat, unravel := ad.Ravel(x)
	of := func(v ad.Value) ad.Value { return f(unravel(v)) }
	reverse := ad.Grad(of)(flat).Floats()
	compiled := ad.Jit(ad.Grad(of))(flat).Floats()
	const h = 1e-6
	for i, got := range reverse {
		moved := func(h float64) float64 {
			m := flat.Floats()
			m[i] += h
			return of(ad.Vector(m...)).Float()
		}
		want := (moved(h) - moved(-h)) / (2 * h)
		if !(math.Abs(got-want) <= 1e-6*(1+math.Abs(want))) || got != compiled[i] {
			t.Errorf("%s: derivative %d: %v, compiled %v, want %v", name, i, got, compiled[i], want)
		}
	}
}

// TestZeroGradients: neither the root in Adam nor the norm of a clip may make a NaN of the
// derivative where a gradient is zero, in an element or altogether.
func TestZeroGradients(t *testing.T) {
	for name, a := range map[string]float64{"in an element": 5, "altogether": 1} {
		f := func(c ad.Value) func(point) ad.Value {
			return func(p point) ad.Value {
				away := ad.Sum(ad.Square(ad.Sub(p.B[0], start().B[0])))
				return ad.Mul(c, ad.Add(ad.Square(ad.Sub(p.A, a)), away))
			}
		}
		final := func(c ad.Value) ad.Value {
			adam := optim.Chain(optim.ClipByGlobalNorm{}, optim.Adam{LearningRate: 0.1})
			return optim.Run(f(c), start(), adam, 3).F
		}
		if g := ad.Grad(final)(ad.Scalar(1.0)).Float(); math.IsNaN(g) || (g == 0) != (a == 1) {
			t.Errorf("%s: the derivative is %v", name, g)
		}
	}
}

// TestInfinityOnTheWay: a loss that was infinite is said, though the gradient never was.
func TestInfinityOnTheWay(t *testing.T) {
	f := func(x ad.Value) ad.Value {
		wall := ad.Where(ad.Equal(x, 2), math.Inf(1), ad.Scalar(0.0))
		return ad.Add(ad.Mul(x, 1), wall)
	}
	r := optim.Run(f, ad.Scalar(3.0), optim.SGD{LearningRate: 1}, 3)
	if r.Outcome() != status.NotFinite || r.F.Float() != 0 {
		t.Errorf("%v, ending at %v", r.Outcome(), r.F)
	}
}

func TestBatchOfRuns(t *testing.T) {
	run := func(x ad.Value) optim.Result[ad.Value] {
		f := func(x ad.Value) ad.Value { return ad.Log(x) }
		return optim.Run(f, x, optim.SGD{LearningRate: 1}, 2)
	}
	x := ad.Vector(2.0, 1, 4) // 1 goes to 0, where the logarithm is infinite
	batch := ad.Jit(ad.Vmap(run))(x)
	want := []status.Code{status.OutOfSteps, status.NotFinite, status.OutOfSteps}
	for i, w := range want {
		one := run(ad.At(x, i))
		if got := status.Code(ad.At(batch.Status, i).Int()); got != w || one.Outcome() != w {
			t.Errorf("run %d: %v and alone %v, want %v", i, got, one.Outcome(), w)
		}
		if w == status.OutOfSteps {
			close(t, "value", ad.At(batch.Value, i), one.Value.Float())
		}
	}
}

func TestFloat32Stays(t *testing.T) {
	chained := optim.Chain(optim.ClipByGlobalNorm{}, optim.Adam{Schedule: optim.CosineDecay(10, 0)})
	f := func(x ad.Value) ad.Value { return ad.Sum(ad.Square(x)) }
	r := optim.Run(f, ad.Vector[float32](1, 2), chained, 3)
	if r.Value.DType() != ad.Float32 || r.Losses.DType() != ad.Float32 {
		t.Errorf("%v and %v", r.Value, r.Losses)
	}
}

func TestNegativeSteps(t *testing.T) {
	defer func() {
		if _, ok := recover().(*ad.Error); !ok {
			t.Error("no *ad.Error")
		}
	}()
	optim.Run(bowl(ad.Scalar(5.0)), start(), optim.SGD{}, -1)
}
