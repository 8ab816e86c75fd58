package exec_test

import (
	"testing"

	"pullback/ad"
	"pullback/random"
	"pullback/root"
)

// price is the price at which demand 100 - 2 P^c[0] meets supply 5·3^(c[1] P).
func price(c [2]ad.Value) ad.Value {
	excess := func(p ad.Value) ad.Value {
		return ad.Sub(ad.Sub(100, ad.Mul(2, ad.Pow(p, c[0]))),
			ad.Mul(5, ad.Pow(3, ad.Mul(c[1], p))))
	}
	return root.Find(excess, ad.Like(c[0], 5), root.Newton{RTol: 1e-6, ATol: 1e-6}).Value
}

func market() [2]ad.Value { return [2]ad.Value{ad.Scalar(.5), ad.Scalar(.15)} }

func markets(n int) [2]ad.Value {
	key := random.NewKey(1)
	wide := func(x float64) ad.Value {
		return ad.Add(x, ad.Mul(0.01, random.Normal(key, ad.Float64, n)))
	}
	return [2]ad.Value{wide(.5), wide(.15)}
}

type quadratic struct{ A, X, V ad.Value }

// curvature is v·∇²f(x)·v of f(x) = ½|Ax|² for each row v of V.
func curvature(q quadratic) ad.Value {
	f := func(x ad.Value) ad.Value {
		y := ad.MatVec(q.A, x)
		return ad.Mul(0.5, ad.Dot(y, y))
	}
	return ad.Vmap(func(v ad.Value) ad.Value { return ad.Dot(v, ad.HVP(f, q.X, v)) })(q.V)
}

func probes(n, m int) quadratic {
	keys := random.NewKey(0)
	return quadratic{
		A: random.Normal(keys, ad.Float32, n, n),
		X: random.Normal(keys, ad.Float32, n),
		V: random.Rademacher(keys, ad.Float32, m, n),
	}
}

func BenchmarkCurvature(b *testing.B) {
	q := probes(1000, 20)
	f := ad.Jit(curvature)
	f(q)
	for b.Loop() {
		f(q)
	}
}

func BenchmarkNormals(b *testing.B) {
	f := ad.Jit(func(k random.Key) ad.Value { return random.Normal(k, ad.Float32, 1000000) })
	k := random.NewKey(1)
	f(k)
	for b.Loop() {
		f(k)
	}
}

func BenchmarkNewton(b *testing.B) {
	f, m := ad.Jit(price), market()
	f(m)
	for b.Loop() {
		f(m)
	}
}

func BenchmarkNewtonSlope(b *testing.B) {
	f, m := ad.Jit(ad.Grad(price)), market()
	f(m)
	for b.Loop() {
		f(m)
	}
}

func BenchmarkNewtonMany(b *testing.B) {
	f, m := ad.Jit(ad.Vmap(price)), markets(100000)
	f(m)
	for b.Loop() {
		f(m)
	}
}

// BenchmarkScan is 1000 rounds of the logistic map.
func BenchmarkScan(b *testing.B) {
	f := ad.Jit(func(x ad.Value) ad.Value {
		return ad.ForI(1000, x,
			func(_, s ad.Value) ad.Value { return ad.Mul(ad.Mul(3.6, s), ad.Sub(1, s)) })
	})
	x := ad.Scalar(0.3)
	f(x)
	for b.Loop() {
		f(x)
	}
}

// BenchmarkScanReverse differentiates it.
func BenchmarkScanReverse(b *testing.B) {
	f := ad.Jit(ad.Grad(func(x ad.Value) ad.Value {
		return ad.ForI(1000, x,
			func(_, s ad.Value) ad.Value { return ad.Mul(ad.Mul(3.6, s), ad.Sub(1, s)) })
	}))
	x := ad.Scalar(0.3)
	f(x)
	for b.Loop() {
		f(x)
	}
}

// BenchmarkEager is one operation on numbers.
func BenchmarkEager(b *testing.B) {
	x, y := ad.Scalar(1.5), ad.Scalar(2.5)
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			ad.Add(x, y)
		}
	})
	b.Run("exp", func(b *testing.B) {
		for b.Loop() {
			ad.Exp(x)
		}
	})
	b.Run("pow", func(b *testing.B) {
		for b.Loop() {
			ad.Pow(x, y)
		}
	})
	wide := ad.Zeros(ad.Float64, 1000)
	wide = ad.Concatenate(0, wide, wide)
	b.Run("add 2000", func(b *testing.B) {
		for b.Loop() {
			ad.Add(wide, wide)
		}
	})
}

// BenchmarkCompile records, rewrites and lowers the slope of an equilibrium.
func BenchmarkCompile(b *testing.B) {
	m := market()
	for b.Loop() {
		ad.Jit(ad.Grad(price))(m)
	}
}
