package samedigits_test

import (
	"strings"

	"pullback/ad"
	"pullback/estimate"
	"pullback/examples/problemset"
	"pullback/linear"
	"pullback/minimise"
	"pullback/optim"
	"pullback/random"
	"pullback/root"
	"pullback/stats"
	"pullback/trace"
)

// solvers are solves that depend on one number.
func solvers(d ad.DType) []function {
	bowl := func(scale ad.Value) func(ad.Value) ad.Value {
		return func(x ad.Value) ad.Value { // Rosenbrock's
			u, v := ad.At(x, 0), ad.At(x, 1)
			return ad.Add(ad.Square(ad.Sub(1, u)),
				ad.Mul(ad.Square(ad.Sub(v, ad.Square(u))), scale))
		}
	}
	start := ad.Convert(ad.Vector(-1.2, 1.0), d)
	run := func(scale ad.Value, r optim.Result[ad.Value]) ad.Value {
		return joined(d, r.Path, r.Losses, r.RelativeGradient)
	}
	draws := func(probes trace.Probes) func(ad.Value) ad.Value {
		return func(scale ad.Value) ad.Value {
			x := random.Normal(random.NewKey(8), d, 12)
			f := func(x ad.Value) ad.Value { return ad.Sum(ad.Exp(ad.Mul(ad.Sin(x), scale))) }
			e := trace.HutchinsonWith(probes, linear.Hessian(f, x), random.NewKey(9), 33)
			return joined(d, e.Draws, e.Value, e.StdErr)
		}
	}
	cubic := func(scale ad.Value) func(ad.Value) ad.Value {
		return func(y ad.Value) ad.Value {
			return ad.Sub(ad.Mul(y, ad.Add(ad.Square(y), scale)), 3)
		}
	}
	ends := [2]ad.Value{ad.Full(d, 0), ad.Full(d, 4)}
	return []function{
		{"adam", func(scale ad.Value) ad.Value {
			return run(scale, optim.Run(bowl(scale), start, optim.Adam{LearningRate: 0.05}, 40))
		}},
		{"chain", func(scale ad.Value) ad.Value {
			sgd := optim.SGD{LearningRate: 0.02, Momentum: 0.9,
				Schedule: optim.CosineDecay(30, 0.1)}
			method := optim.Chain(optim.ClipByGlobalNorm{Limit: 2}, sgd)
			return run(scale, optim.Run(bowl(scale), start, method, 30))
		}},
		{"rademacher_probes", draws(trace.Rademacher)},
		{"gaussian_probes", draws(trace.Gaussian)},
		{"sphere_probes", draws(trace.Sphere)},
		{"minimum", func(scale ad.Value) ad.Value {
			r := minimise.Find(bowl(scale), start, minimise.BFGS{})
			return joined(d, r.Last, r.F, r.Gradient, r.Status)
		}},
		{"root_newton", func(scale ad.Value) ad.Value {
			return root.Find(cubic(scale), ad.Full(d, 2), root.Newton{}).Value
		}},
		{"root_brent", func(scale ad.Value) ad.Value {
			return root.Find(cubic(scale), ad.Full(d, 2),
				root.Brent{Lower: ends[0], Upper: ends[1]}).Value
		}},
		{"root_bisection", func(scale ad.Value) ad.Value {
			method := root.Bisection{Lower: ends[0], Upper: ends[1]}
			return root.Find(cubic(scale), ad.Full(d, 2), method).Value
		}},
		{"root_derivatives", func(scale ad.Value) ad.Value {
			f := func(scale ad.Value) ad.Value {
				return root.Find(cubic(scale), ad.Full(d, 2), root.Newton{}).Value
			}
			return ad.Stack(0, ad.Grad(f)(scale), ad.Grad(ad.Grad(f))(scale))
		}},
		{"normal_distribution", func(scale ad.Value) ad.Value {
			n := stats.Normal{Mean: ad.Full(d, 0.1), SD: scale}
			x := ad.Mul(random.Normal(random.NewKey(10), d, 500), 4)
			return joined(d, n.LogPDF(x), n.CDF(x), n.LogCDF(x), n.Quantile(n.CDF(x)))
		}},
	}
}

// information is what observations tell, whose linear algebra is not recorded.
func information() string {
	type curve struct{ Level, Slope, Bend ad.Value }
	predict := func(c curve) ad.Value {
		t := ad.Div(ad.Arange(ad.Float64, 40), 10)
		return ad.Add(c.Level, ad.Mul(c.Slope, ad.Exp(ad.Mul(c.Bend, t))))
	}
	at := curve{ad.Scalar(1.0), ad.Scalar(0.7), ad.Scalar(-0.4)}
	known := estimate.Of(predict, at, ad.Scalar(0.05))
	// Level and slope cannot be told apart where nothing bends.
	at.Bend = ad.Scalar(0.0)
	unknown := estimate.Of(func(c curve) ad.Value { c.Bend = at.Bend; return predict(c) }, at,
		ad.Scalar(0.05))

	var out strings.Builder
	numbers := func(name string, i estimate.Information) {
		note(&out, name+"_singular", ad.Float64, ad.Vector(i.Singular...))
		note(&out, name+"_errors", ad.Float64, ad.Vector(i.StdErr()...))
		for _, direction := range i.Unidentified() {
			note(&out, name+"_direction", ad.Float64, ad.Vector(direction...))
		}
	}
	numbers("known", known)
	numbers("unknown", unknown)
	return out.String()
}

// problemSet is the checksums of the problem set's answers, which compile what they time.
func problemSet() string {
	var out strings.Builder
	for _, d := range []ad.DType{ad.Float32, ad.Float64} {
		t := problemset.Trace(d)
		note(&out, "trace", d, []ad.Value{t.Hessian.Result, t.Diagonal.Result})
		for _, e := range t.Estimates {
			note(&out, "hutchinson", d, e.Result)
		}
		e := problemset.Equilibria(d)
		note(&out, "brent", d, e.Brent.Result)
		note(&out, "newton", d, e.Newton.Result)
		note(&out, "likelihood", d, problemset.Likelihood(d).Result)
		note(&out, "slope", d, problemset.Slope(d).Result)
		m := problemset.Estimation(d)
		note(&out, "adam", d, m.Adam.Result)
		note(&out, "bfgs", d, m.BFGS.Result)
		note(&out, "both", d, m.Both.Result)
		note(&out, "standard_errors", d, ad.Vector(m.BothInfo.StdErr()...))
		for _, direction := range m.AtMinimum.Unidentified() {
			note(&out, "direction", d, ad.Vector(direction...))
		}
	}
	return out.String()
}
