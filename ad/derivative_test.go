package ad_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/root"
)

// two is a function of two vectors with three results, and nothing symmetric about it.
type args struct{ X, Y ad.Value }

func three(a args) ad.Value {
	dot := ad.Dot(a.X, a.X)
	return ad.Stack(0,
		ad.Mul(ad.Sin(dot), ad.Sum(a.Y)),
		ad.Dot(ad.Slice(a.X, []int{0}, []int{2}), ad.Exp(a.Y)),
		ad.Sub(ad.At(a.Y, 1), ad.At(a.X, 2)))
}

func point() args { return args{ad.Vector(0.3, -0.2, 0.7), ad.Vector(1.1, -0.4)} }

// TestTheModesAgree compares JVP, Linearize, VJP, Jacobian and differences with one another.
func TestTheModesAgree(t *testing.T) {
	p := point()
	full := ad.Jacobian(three)(p) // forward or reverse
	y, pullback := ad.VJP(three, p)
	z, df := ad.Linearize(three, p)
	near(t, z, y.Floats()...)
	near(t, three(p), y.Floats()...)

	unit := func(n, i int) ad.Value {
		xs := make([]float64, n)
		xs[i] = 1
		return ad.Vector(xs...)
	}
	at := func(v ad.Value, i, j, n int) float64 { return v.Floats()[i*n+j] }
	for i := range 3 {
		row := pullback(unit(3, i))
		for j := range 3 {
			near(t, ad.At(row.X, j), at(full.X, i, j, 3))
		}
		for j := range 2 {
			near(t, ad.At(row.Y, j), at(full.Y, i, j, 2))
		}
	}
	for j := range 3 {
		dx := args{unit(3, j), ad.ZerosLike(p.Y)}
		_, dy := ad.JVP(three, p, dx)
		near(t, df(dx), dy.Floats()...)
		for i := range 3 {
			near(t, ad.At(dy, i), at(full.X, i, j, 3))
			within(t, 1e-8, ad.At(dy, i), difference(func(s float64) float64 {
				return ad.At(three(args{ad.Add(p.X, ad.Mul(s, dx.X)), p.Y}), i).Float()
			}, 0))
		}
	}
}

// TestJacobianBothWays has functions with more results than arguments, and fewer.
func TestJacobianBothWays(t *testing.T) {
	square := func(x ad.Value) ad.Value { return ad.Mul(x, x) }
	tall := ad.Jacobian(func(x ad.Value) ad.Value {
		return ad.Concatenate(0, square(x), ad.Sin(x))
	})
	near(t, tall(ad.Vector(2., 3.)), 4, 0, 0, 6, math.Cos(2), 0, 0, math.Cos(3))
	wide := ad.Jacobian(func(x ad.Value) ad.Value { return ad.Reshape(ad.Sum(square(x)), 1) })
	near(t, wide(ad.Vector(2., 3.)), 4, 6)

	// Matrices in and out: ∂(XᵀX)ij/∂Xkl has the shape (2, 2, 3, 2).
	gram := func(x ad.Value) ad.Value { return ad.MatMul(ad.Transpose(x), x) }
	x := ad.Matrix(3, 2, []float64{1, 2, 3, 4, 5, 6})
	j := ad.Jacobian(gram)(x)
	if s := j.Shape(); len(s) != 4 || s[0] != 2 || s[1] != 2 || s[2] != 3 || s[3] != 2 {
		t.Fatalf("the Jacobian's shape is %v", s)
	}
	v := ad.Matrix(3, 2, []float64{.1, -.2, .3, -.4, .5, -.6})
	_, dy := ad.JVP(gram, x, v)
	near(t, ad.MatVec(ad.Reshape(j, 4, 6), ad.Reshape(v, 6)), dy.Floats()...)

	// A function that does not depend on its argument has the zero Jacobian.
	constant := ad.Jacobian(func(ad.Value) ad.Value { return ad.Vector(1., 2.) })
	near(t, constant(ad.Vector(1., 2., 3.)), make([]float64, 6)...)
	near(t, ad.Grad(func(ad.Value) ad.Value { return ad.Scalar(3.) })(ad.Vector(1., 2.)), 0, 0)
}

func TestHessians(t *testing.T) {
	f := func(x ad.Value) ad.Value { // x₀²x₁ + sin(x₁x₂)
		a, b, c := ad.At(x, 0), ad.At(x, 1), ad.At(x, 2)
		return ad.Add(ad.Mul(ad.Mul(a, a), b), ad.Sin(ad.Mul(b, c)))
	}
	x := []float64{1.5, 0.4, -0.7}
	s, c := math.Sin(x[1]*x[2]), math.Cos(x[1]*x[2])
	want := []float64{
		2 * x[1], 2 * x[0], 0,
		2 * x[0], -s * x[2] * x[2], c - s*x[1]*x[2],
		0, c - s*x[1]*x[2], -s * x[1] * x[1],
	}
	near(t, ad.Hessian(f)(ad.Vector(x...)), want...)
	near(t, ad.Jit(ad.Hessian(f))(ad.Vector(x...)), want...)
	v := ad.Vector(0.2, -0.5, 0.9)
	near(t, ad.HVP(f, ad.Vector(x...), v), ad.MatVec(ad.Matrix(3, 3, want), v).Floats()...)

	// Of a tree: the matrix over all its elements.
	type tree struct{ A, B ad.Value }
	g := func(p tree) ad.Value { return f(ad.Concatenate(0, ad.Reshape(p.A, 1), p.B)) }
	near(t, ad.Hessian(g)(tree{ad.Scalar(x[0]), ad.Vector(x[1], x[2])}), want...)

	// Of a matrix: the shape twice.
	h := ad.Hessian(func(m ad.Value) ad.Value {
		return ad.Sum(ad.Mul(m, m))
	})(ad.Matrix(1, 2, []float64{1, 2}))
	if s := h.Shape(); len(s) != 4 {
		t.Errorf("the shape of the Hessian of a matrix is %v", s)
	}
	near(t, h, 2, 0, 0, 2)

	// Of a vmapped function, and vmapped.
	vf := func(m ad.Value) ad.Value { return ad.Sum(ad.Vmap(f)(m)) }
	m := ad.Matrix(2, 3, append(append([]float64{}, x...), x...))
	block := ad.Hessian(vf)(m).Floats() // (2, 3, 2, 3): no terms between the problems
	for i := range 3 {
		for j := range 3 {
			if got := block[i*6+j]; math.Abs(got-want[i*3+j]) > 1e-12 {
				t.Errorf("∂²/∂x%d∂x%d is %v, want %v", i, j, got, want[i*3+j])
			}
			if got := block[i*6+3+j]; got != 0 {
				t.Errorf("%v between two problems", got)
			}
		}
	}
	near(t, ad.At(ad.Vmap(ad.Hessian(f))(m), 1), want...)
}

// TestIntegersHaveNoTangents passes integers, bools and keys through every transformer.
func TestIntegersHaveNoTangents(t *testing.T) {
	type mixed struct {
		X, N, Mask, Key ad.Value
		Name            string
	}
	f := func(m mixed) ad.Value {
		w := ad.Where(m.Mask, m.X, 0)
		return ad.Sum(ad.Mul(ad.Mul(w, w), ad.Convert(m.N, ad.Float64)))
	}
	x := mixed{ad.Vector(1., 2.), ad.Vector[int32](3, 4), ad.Vector(true, false),
		ad.Vector[uint32](7, 9), "m"}
	g := ad.Grad(f)(x)
	near(t, g.X, 6, 0)
	for _, z := range []ad.Value{g.N, g.Mask, g.Key} {
		near(t, z, 0, 0)
	}
	if g.N.DType() != ad.Int32 || g.Mask.DType() != ad.Bool || g.Key.DType() != ad.Uint32 ||
		g.Name != "m" {
		t.Errorf("the gradient's types are %v %v %v, its name %q", g.N.DType(), g.Mask.DType(),
			g.Key.DType(), g.Name)
	}
	_, dy := ad.JVP(f, x, mixed{ad.Vector(1., 1.), ad.Vector[int32](100, 100), x.Mask, x.Key, ""})
	near(t, dy, 6)

	// Integer results have zero tangents, and their cotangents say nothing.
	count := func(x ad.Value) args { return args{ad.Mul(x, x), ad.Convert(ad.Floor(x), ad.Int64)} }
	_, d := ad.JVP(count, ad.Scalar(2.5), ad.Scalar(1.))
	near(t, d.X, 5)
	near(t, d.Y, 0)
	if d.Y.DType() != ad.Int64 {
		t.Errorf("the tangent of an int64 is %v", d.Y.DType())
	}
	_, pullback := ad.VJP(count, ad.Scalar(2.5))
	near(t, pullback(args{ad.Scalar(1.), ad.Scalar(77)}), 5)
}

func TestStopGradient(t *testing.T) {
	f := func(x ad.Value) ad.Value { return ad.Mul(x, ad.StopGradient(ad.Mul(x, x))) }
	for name, d := range modes() {
		t.Run(name, func(t *testing.T) {
			near(t, d(f)(ad.Scalar(3.)), 9)
			near(t, d(d(f))(ad.Scalar(3.)), 0)
		})
	}
	near(t, ad.Vmap(ad.Grad(f))(ad.Vector(1., 2.)), 1, 4)
}

// TestRootsAtAnyOrder differentiates solutions of systems, batched and not.
func TestRootsAtAnyOrder(t *testing.T) {
	// y₀ + y₁ = a, y₀·y₁ = b: the roots of z² - az + b, with y₀ the greater.
	solve := func(p ad.Value) ad.Value {
		f := func(y ad.Value) ad.Value {
			sum, product := ad.Sum(y), ad.Prod(y)
			return ad.Sub(ad.Stack(0, sum, product), p)
		}
		return root.Find(f, ad.Vector(3., 0.5),
			root.Newton{RTol: 1e-14, ATol: 1e-14, MaxSteps: 50}).Value
	}
	greater := func(p ad.Value) ad.Value { return ad.At(solve(p), 0) }
	direct := func(p ad.Value) ad.Value { // (a + √(a² - 4b))/2
		a, b := ad.At(p, 0), ad.At(p, 1)
		return ad.Div(ad.Add(a, ad.Sqrt(ad.Sub(ad.Mul(a, a), ad.Mul(4, b)))), 2)
	}
	p := ad.Vector(3.1, 1.2)
	within(t, 1e-10, greater(p), direct(p).Floats()...)
	within(t, 1e-10, ad.Grad(greater)(p), ad.Grad(direct)(p).Floats()...)
	within(t, 1e-9, ad.Hessian(greater)(p), ad.Hessian(direct)(p).Floats()...)
	third := func(f function) function { return ad.Jacobian(ad.Hessian(f)) }
	within(t, 1e-8, third(greater)(p), third(direct)(p).Floats()...)

	batch := ad.Matrix(3, 2, []float64{3.1, 1.2, 2.9, 1, 4, 2.5})
	within(t, 1e-10, ad.Vmap(ad.Grad(greater))(batch), ad.Vmap(ad.Grad(direct))(batch).Floats()...)
	within(t, 1e-9, ad.Vmap(ad.Hessian(greater))(batch),
		ad.Vmap(ad.Hessian(direct))(batch).Floats()...)
	sum := func(f function) function {
		return func(ps ad.Value) ad.Value { return ad.Sum(ad.Vmap(f)(ps)) }
	}
	within(t, 1e-10, ad.Grad(sum(greater))(batch), ad.Grad(sum(direct))(batch).Floats()...)
	within(t, 1e-10, ad.Jit(ad.Grad(sum(greater)))(batch), ad.Grad(sum(direct))(batch).Floats()...)
	within(t, 1e-9, ad.Jit(ad.Vmap(ad.Hessian(greater)))(batch),
		ad.Vmap(ad.Hessian(direct))(batch).Floats()...)
}

// TestStaticNumbersAreLabels has a Go number beside Values: it is no variable, and stays.
func TestStaticNumbersAreLabels(t *testing.T) {
	type scaled struct {
		X      ad.Value
		Factor float64
		Of     string
		N      ad.Value
	}
	x := scaled{ad.Scalar(3.), 2, "metres", ad.Scalar(7)}
	g := ad.Grad(func(s scaled) ad.Value { return ad.Mul(ad.Square(s.X), s.Factor) })(x)
	if near(t, g.X, 12); g.Factor != 2 || g.Of != "metres" || g.N.Int() != 0 {
		t.Errorf("%+v", g)
	}
}
