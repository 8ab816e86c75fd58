package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/internal/op"
)

// surroundings is what exact second derivatives say about a point, whatever model the method
// went by, which may have collapsed.
type surroundings struct {
	// Gain is how far f can fall: as a parabola along the gradient, and as seen at the minimum of
	// a quadratic in the most telling directions.
	Gain Value
	// Saddle is a bool: along some direction f was seen to curve downwards.
	Saddle Value
}

// probes is the number of directions in which lookAround knows the Hessian: in so few dimensions
// all of it.
const probes = 16

// lookAround spends at most probes Hessian-vector products and eleven evaluations. Second
// derivatives have rounding errors too, which on a ridge are all there is: so what they say is
// believed only once f itself has been seen to fall, except along the gradient. In a box it looks
// along the elements that are not held, and no further than the box goes.
func lookAround(p Problem, at Point) surroundings {
	defer implicit.OneLine(at.X)()
	_, derivative := ad.Linearize(ad.Grad(p.F), at.X)
	hessian := func(v Value) Value { return p.Reduce(at, derivative(p.Reduce(at, v))) }
	g := p.reduced(at)
	d := at.X.DType()
	typical := ad.Max(ad.MaxOf(ad.Abs(at.X)), 1)

	// (gᵀv)² / 2vᵀHv for v = g, and at most what a step as long as x gains to first order.
	v, _ := unit(g)
	slope := ad.Dot(g, v)
	curvature := ad.Dot(v, hessian(v))
	parabola := ad.Div(ad.Square(slope), implicit.Divisor(ad.Mul(curvature, 2)))
	parabola = ad.Where(ad.Greater(curvature, 0), parabola, ad.Like(at.F, math.Inf(1)))
	gain := ad.Min(parabola, ad.Mul(slope, typical))
	if p.bounded() {
		gain = ad.Min(gain, p.fall(at))
	}

	// The quadratic in a space of few directions, scaled to a unit diagonal, lest rounding errors
	// of a steep direction hide a shallow one. w are its eigenvalues, e its vectors, in rows.
	basis, image := directions(p, at, hessian, v)
	h := ad.MatMul(basis, ad.Transpose(image))
	diagonal := ad.Sqrt(ad.Abs(ad.Diagonal(h)))
	scale := ad.Div(1, implicit.Divisor(diagonal))
	scaled := ad.Mul(ad.Mul(h, scale), ad.ExpandDims(scale, 1))
	if p.bounded() {
		// No direction is not the one of least curvature.
		none := ad.Equal(ad.MaxOf(ad.Abs(basis), 1), 0)
		stiff := ad.Where(none, ad.Full(d, 2), ad.Full(d, 0))
		scaled = ad.Add(scaled, ad.Mul(ad.Identity(d, none.Size()), stiff))
	}
	w, vectors := op.Eigh(scaled)
	e := ad.MatMul(ad.Mul(ad.Transpose(vectors), scale), basis)

	// The Newton step where the curvature is positive and more than rounding, and a step each
	// way along the least curvature, short enough for its fourth power to vanish beside f.
	least := ad.Mul(ad.MaxOf(ad.Abs(w)), 64*implicit.Epsilon(d))
	parts := ad.Div(ad.MatVec(e, g), implicit.Divisor(w))
	parts = ad.Where(ad.Greater(w, least), parts, ad.ZerosLike(w))
	newton := ad.MatVec(ad.Transpose(e), parts)
	lowest, _ := unit(ad.At(e, 0))
	step := ad.Mul(lowest, ad.Mul(typical, math.Sqrt(math.Sqrt(implicit.Epsilon(d)))))
	// And one each way that by the curvature should make f rise by the tolerance: beside an
	// inflection f falls instead.
	far := ad.Mul(lowest, ad.Min(riseBy(p.tolerance(at.F), ad.At(e, 0), ad.At(w, 0)), typical))
	points := []Value{ad.Add(at.X, step), ad.Sub(at.X, step), ad.Sub(at.X, newton),
		ad.Add(at.X, far), ad.Sub(at.X, far)}
	for i, x := range points {
		points[i] = p.Project(x)
	}
	f := ad.Vmap(p.F)(ad.Stack(0, points...))
	rounding := p.noise(at)

	bend := ad.Sub(ad.Add(ad.At(f, 0), ad.At(f, 1)), ad.Mul(at.F, 2))
	if p.bounded() {
		// Where the box cuts one way short, what is left of the slope is no curvature.
		both := ad.Sub(ad.Add(points[0], points[1]), ad.Mul(at.X, 2))
		bend = ad.Sub(bend, ad.Dot(g, both))
	}
	falls := ad.Sub(at.F, ad.Slice(f, []int{2}, []int{5}))
	falls = ad.Where(ad.IsFinite(falls), falls, ad.ZerosLike(falls))
	// Nor is a fall believed that is no more than the noise of f, where that is loud.
	loud := ad.Greater(rounding, precision(at.F))
	quiet := ad.Where(loud, ad.Mul(rounding, 8), ad.ZerosLike(rounding))
	falls = ad.Where(ad.Greater(falls, quiet), falls, ad.ZerosLike(falls))
	// Beside a ridge f curves downwards too, towards the ridge: by no more than the tolerance.
	_, length := unit(ad.At(e, 0))
	descent := ad.Mul(ad.Square(ad.Div(typical, implicit.Divisor(length))), -0.5)
	deep := ad.Greater(ad.Mul(ad.At(w, 0), descent), p.tolerance(at.F))
	return surroundings{
		Gain:   ad.Max(gain, ad.MaxOf(falls)),
		Saddle: ad.And(deep, ad.Less(bend, ad.Neg(ad.Max(precision(at.F), quiet)))),
	}
}

// riseBy is the length of the step along e at which a parabola of curvature w, with respect to e,
// rises by so much: infinite where it does not.
func riseBy(much, e, w Value) Value {
	rises := ad.Greater(w, 0)
	multiple := ad.Sqrt(ad.Div(ad.Mul(much, 2), ad.Where(rises, w, ad.OnesLike(w))))
	_, length := unit(e)
	return ad.Where(rises, ad.Mul(multiple, length), ad.Like(w, math.Inf(1)))
}

// directions is an orthonormal basis and H times each of its vectors, in rows: of the whole space
// if it is small, and otherwise of the Krylov space of the gradient's direction v together with a
// vector that has a part in every other. In a box, the space is that of what is not held.
func directions(p Problem, at Point, hessian func(Value) Value, v Value) (basis, image Value) {
	n := v.Size()
	if n <= probes {
		basis = p.Reduce(at, ad.Identity(v.DType(), n))
		return basis, ad.Vmap(hessian)(basis)
	}
	generic, _ := unit(p.Reduce(at, ad.Add(v, spread(v))))
	return krylov(hessian, generic, probes)
}

// krylov is an orthonormal basis of the space of a unit vector v, Hv, H²v, ... in k directions,
// and H times each of its vectors, in rows: (k, n). It is Lanczos' method with full
// orthogonalisation, twice, so that rounding leaves no copies (Parlett, The Symmetric Eigenvalue
// Problem, 1998, section 6.9). Where the space is smaller, it goes
// on with what rounding leaves, in new directions, or with zeros.
func krylov(hessian func(Value) Value, v Value, k int) (basis, image Value) {
	type state struct{ Basis, Image, Next Value }
	zeros := ad.Zeros(v.DType(), k, v.Size())
	rows := ad.Reshape(ad.Arange(ad.Int64, k), k, 1)
	end := ad.ForI(k, state{zeros, zeros, v}, func(i Value, s state) state {
		image := hessian(s.Next)
		basis := ad.Where(ad.Equal(rows, i), s.Next, s.Basis)
		rest := image
		for range 2 {
			rest = ad.Sub(rest, ad.MatVec(ad.Transpose(basis), ad.MatVec(basis, rest)))
		}
		next, _ := unit(rest)
		return state{basis, ad.Where(ad.Equal(rows, i), image, s.Image), next}
	})
	return end.Basis, end.Image
}

const goldenRatio = 1.618033988749895

// spread is a unit vector like x with a part of its own in every direction: fractional parts of
// multiples of the golden ratio, away from zero.
func spread(x Value) Value {
	xs := make([]float64, x.Size())
	for i := range xs {
		multiple := float64(float64(i+1) * goldenRatio)
		xs[i] = 0.5 + (multiple - math.Floor(multiple))
	}
	v, _ := unit(ad.Convert(ad.Vector(xs...), x.DType()))
	return v
}

// unit is x over its length, and the length; zero stays zero. It scales by the greatest element
// first, lest a square overflow or vanish.
func unit(x Value) (v, length Value) {
	greatest := ad.MaxOf(ad.Abs(x))
	scaled := ad.Div(x, implicit.Divisor(greatest))
	norm := ad.Sqrt(ad.Dot(scaled, scaled))
	return ad.Div(scaled, implicit.Divisor(norm)), ad.Mul(greatest, norm)
}
