package linear_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/linear"
)

func close(t *testing.T, what string, got, want ad.Value) {
	t.Helper()
	if !got.Type().Equal(want.Type()) {
		t.Errorf("%s: got %v, want %v", what, got.Type(), want.Type())
		return
	}
	for i, w := range want.Floats() {
		if g := got.Floats()[i]; math.Abs(g-w) > 1e-12*(1+math.Abs(w)) {
			t.Errorf("%s: element %d is %v, want %v", what, i, g, w)
		}
	}
}

// market is a tree to differentiate over.
type market struct {
	Slope ad.Value // scalar
	Price ad.Value // (2)
}

func at() market { return market{ad.Scalar(0.5), ad.Vector(1.5, -0.25)} }

func revenue(m market) ad.Value {
	return ad.Sum(ad.Mul(ad.Exp(ad.Mul(m.Slope, m.Price)), ad.Square(m.Price)))
}

// quantities has a result of another size: (3).
func quantities(m market) []ad.Value {
	return []ad.Value{ad.Mul(m.Slope, m.Price), ad.Sin(ad.Sum(m.Price))}
}

func operators() map[string]linear.Operator {
	a := ad.Matrix(2, 3, []float64{1, 2, 3, 4, 5, 7})
	return map[string]linear.Operator{
		"dense":    linear.Dense(a),
		"func":     linear.Func(4, ad.Float64, func(v ad.Value) ad.Value { return cumulative(v) }),
		"hessian":  linear.Hessian(revenue, at()),
		"jacobian": linear.Jacobian(quantities, at()),
	}
}

// cumulative is a linear function that is not symmetric: 2v + (sum of v) (1, 2, 3, 4).
func cumulative(v ad.Value) ad.Value {
	ramp := ad.Add(ad.Arange(ad.Float64, 4), 1)
	return ad.Add(ad.Mul(v, 2), ad.Mul(ramp, ad.Sum(v)))
}

// TestMatrixAgreesWithProducts compares products, of the transpose too, with those of AsMatrix.
func TestMatrixAgreesWithProducts(t *testing.T) {
	for name, a := range operators() {
		rows, columns := a.Shape()
		m := linear.AsMatrix(a)
		v := ad.Sin(ad.Add(ad.Arange(ad.Float64, columns), 1))
		w := ad.Cos(ad.Arange(ad.Float64, rows))
		close(t, name, a.Apply(v), ad.MatVec(m, v))
		tr := linear.Transpose(a)
		if r, c := tr.Shape(); r != columns || c != rows {
			t.Errorf("%s: the transpose of (%d, %d) is (%d, %d)", name, rows, columns, r, c)
		}
		close(t, name+" transposed", tr.Apply(w), ad.MatVec(ad.Transpose(m), w))
		close(t, name+" transposed", linear.AsMatrix(tr), ad.Transpose(m))
		close(t, name+" transposed twice", linear.AsMatrix(linear.Transpose(tr)), m)
		close(t, name+" compiled", ad.Jit(a.Apply)(v), a.Apply(v))
	}
}

func TestKnownMatrices(t *testing.T) {
	want := ad.Add(ad.Mul(ad.Identity(ad.Float64, 4), 2),
		ad.BroadcastTo(ad.Matrix(4, 1, []float64{1, 2, 3, 4}), 4, 4))
	all := operators()
	close(t, "func", linear.AsMatrix(all["func"]), want)
	close(t, "hessian", linear.AsMatrix(all["hessian"]), ad.Hessian(revenue)(at()))
	flat, unravel := ad.Ravel(at())
	dense := ad.Jacobian(func(v ad.Value) ad.Value {
		q := quantities(unravel(v))
		return ad.Concatenate(0, q[0], ad.Reshape(q[1], 1))
	})(flat)
	close(t, "jacobian", linear.AsMatrix(all["jacobian"]), dense)
}

func quartic(x ad.Value) ad.Value { return ad.Sum(ad.Div(ad.Square(ad.Square(x)), 12.0)) }

// TestThroughOperators differentiates, compiles and maps functions that make an operator inside.
func TestThroughOperators(t *testing.T) {
	// Of f = s Σ x⁴/12, vᵀ∇²f v is s Σ x² v².
	x, v := ad.Vector(1.0, 2, 3), ad.Vector(1.0, -1, 0.5)
	quadratic := func(s ad.Value) ad.Value {
		f := func(x ad.Value) ad.Value { return ad.Mul(s, quartic(x)) }
		return ad.Dot(v, linear.Hessian(f, x).Apply(v))
	}
	want := ad.Scalar(7.25)
	close(t, "gradient", ad.Grad(quadratic)(ad.Scalar(3.0)), want)
	close(t, "compiled gradient", ad.Jit(ad.Grad(quadratic))(ad.Scalar(3.0)), want)
	values := ad.Jit(ad.Vmap(quadratic))(ad.Vector(1.0, 2))
	close(t, "mapped", values, ad.Vector(7.25, 14.5))
	// With respect to x: the third derivative of f, 2 s x v².
	third := ad.Grad(func(x ad.Value) ad.Value {
		return ad.Dot(v, linear.Hessian(quartic, x).Apply(v))
	})(x)
	close(t, "third derivative", third, ad.Vector(2, 4, 1.5))
	// Through the transpose of a function.
	pulled := func(s ad.Value) ad.Value {
		scaled := func(v ad.Value) ad.Value { return ad.Mul(s, cumulative(v)) }
		a := linear.Func(4, ad.Float64, scaled)
		return ad.Sum(linear.Transpose(a).Apply(ad.Vector(1.0, 0, 0, 1)))
	}
	close(t, "transpose", ad.Grad(pulled)(ad.Scalar(2.0)), ad.Scalar(24.0))
}

func TestMistakes(t *testing.T) {
	for name, f := range map[string]func(){
		"length":  func() { linear.Dense(ad.Zeros(ad.Float64, 2, 3)).Apply(ad.Vector(1.0, 2)) },
		"dtype":   func() { linear.Hessian(revenue, at()).Apply(ad.Vector[float32](1, 2, 3)) },
		"matrix":  func() { linear.Dense(ad.Vector(1.0, 2)) },
		"integer": func() { linear.Dense(ad.Zeros(ad.Int32, 2, 2)) },
		"result":  func() { linear.Func(3, ad.Float64, ad.Diagonal).Apply(ad.Vector(1.0, 2, 3)) },
	} {
		func() {
			defer func() {
				if _, ok := recover().(*ad.Error); !ok {
					t.Errorf("%s: no *ad.Error", name)
				}
			}()
			f()
		}()
	}
}
