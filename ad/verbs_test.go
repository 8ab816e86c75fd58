package ad_test

import (
	"math"
	"testing"

	"pullback/ad"
)

// TestVerbs has one value of each verb that is a thin cover over a primitive.
func TestVerbs(t *testing.T) {
	v := ad.Vector(1., -2, 3)
	m := ad.Matrix(2, 3, []float64{1, 2, 3, 4, 5, 6})
	spd := ad.Matrix(2, 2, []float64{4, 2, 2, 5})
	tri := ad.Matrix(2, 2, []float64{2, 100, 1, 4})
	w, q := ad.Eigh(ad.Matrix(2, 2, []float64{2, 1, 1, 2}))
	r := math.Sqrt(0.5)
	for name, c := range map[string]struct {
		got  ad.Value
		want []float64
	}{
		"cumsum":        {ad.CumSum(m, 1), []float64{1, 3, 6, 4, 9, 15}},
		"flip":          {ad.Flip(m, 0), []float64{4, 5, 6, 1, 2, 3}},
		"flip all":      {ad.Flip(m), []float64{6, 5, 4, 3, 2, 1}},
		"pad":           {ad.Pad(v, []int{1}, []int{2}), []float64{0, 1, -2, 3, 0, 0}},
		"squeeze":       {ad.Squeeze(ad.Reshape(v, 1, 3, 1), 0, 2), []float64{1, -2, 3}},
		"trunc":         {ad.Trunc(ad.Vector(-1.5, 2.7)), []float64{-1, 2}},
		"mean":          {ad.Mean(m, 0), []float64{2.5, 3.5, 4.5}},
		"mean of none":  {ad.Mean(ad.Zeros(ad.Float64, 0)), []float64{math.NaN()}},
		"mean of empty": {ad.Mean(ad.Zeros(ad.Float64, 0, 2), 1), nil},
		"bitcast": {ad.Bitcast(ad.Scalar(1.), ad.Int64),
			[]float64{float64(0x3ff0000000000000)}},
		"take": {ad.Take(m, ad.Vector(2, 0), 1), []float64{3, 1, 6, 4}},
		"scatter": {ad.ScatterAdd(v, ad.Vector(0, 2, 0), ad.Vector(1., 10, 100)),
			[]float64{102, -2, 13}},
		"dynamic": {ad.DynamicSlice(v, []ad.Value{ad.Scalar(1)}, 2), []float64{-2, 3}},
		"update": {ad.DynamicUpdateSlice(v, ad.Vector(7., 8), []ad.Value{ad.Scalar(9)}),
			[]float64{1, 7, 8}},
		"at the end":         {ad.At(m, -1), []float64{4, 5, 6}},
		"powers of integers": {ad.Pow(ad.Vector(-3, 2, 0), 3), []float64{-27, 8, 0}},
		"powers of numbers":  {ad.Pow(2, 10), []float64{1024}},
		"power by a Value":   {ad.Pow(ad.Vector(3, 2), ad.Scalar(2)), []float64{9, 4}},
		"powers of nothing":  {ad.Pow(ad.Zeros(ad.Int32, 0), 2), nil},
		"power of a float":   {ad.Pow(2., 10), []float64{1024}},
		"reshape the rest":   {ad.Reshape(m, 3, -1), []float64{1, 2, 3, 4, 5, 6}},
		"tan":                {ad.Tan(v), []float64{math.Tan(1), math.Tan(-2), math.Tan(3)}},
		"arc functions": {ad.Stack(0, ad.Asin(ad.Scalar(0.5)), ad.Acos(ad.Scalar(0.5)),
			ad.Atan(ad.Scalar(1.)), ad.Atan2(1, ad.Scalar(-1.))),
			[]float64{math.Pi / 6, math.Pi / 3, math.Pi / 4, 3 * math.Pi / 4}},
		"hyperbolic": {ad.Sub(ad.Cosh(v), ad.Sinh(v)),
			[]float64{math.Exp(-1), math.Exp(2), math.Exp(-3)}},
		"sigmoid": {ad.Sigmoid(ad.Vector(0., math.Log(3))), []float64{0.5, 0.75}},
		"matmul":  {ad.MatMul(m, ad.Reshape(m, 3, 2)), []float64{22, 28, 49, 64}},
		"matmul of stacks": {ad.MatMul(ad.Reshape(m, 1, 2, 1, 3), ad.Reshape(m, 1, 2, 3, 1)),
			[]float64{14, 77}},
		"matvec":           {ad.MatVec(m, v), []float64{6, 12}},
		"matvec of stacks": {ad.MatVec(ad.Reshape(m, 2, 1, 3), m), []float64{14, 77}},
		"fma": {ad.FMA(ad.Reshape(v, 3, 1), ad.Scalar(2.), ad.Vector(1., 10)),
			[]float64{3, 12, -3, 6, 7, 16}},
		"upper triangular": {ad.TriangularSolve(tri, ad.Vector(102., 4), ad.Triangle{Upper: true}),
			[]float64{1, 1}},
		"unit, transposed": {ad.TriangularSolve(tri, ad.Vector(3., 2),
			ad.Triangle{Unit: true, Transposed: true}),
			[]float64{1, 2}},
		"diagonal": {ad.Diagonal(spd), []float64{4, 5}},
		"trace":    {ad.Trace(spd), []float64{9}},
		"lower":    {ad.Lower(tri), []float64{2, 0, 1, 4}},
		"upper":    {ad.Upper(tri), []float64{2, 100, 0, 4}},
		"inverse":  {ad.Inverse(spd), []float64{5. / 16, -2. / 16, -2. / 16, 4. / 16}},
		"cholesky": {ad.Cholesky(spd), []float64{2, 0, 1, 2}},
		"cholesky solve": {ad.CholeskySolve(ad.Cholesky(spd), ad.Vector(8., 12)),
			[]float64{1, 2}},
		"triangular": {ad.TriangularSolve(tri, ad.Vector(2., 9), ad.Triangle{}),
			[]float64{1, 2}},
		"triangular columns": {ad.TriangularSolve(tri, ad.Matrix(2, 1, []float64{2, 9}),
			ad.Triangle{}), []float64{1, 2}},
		"eigenvalues":  {w, []float64{1, 3}},
		"eigenvectors": {ad.Abs(q), []float64{r, r, r, r}},
		"rem":          {ad.Rem(ad.Vector(7, -7), 4), []float64{3, -3}},
		"shifts": {ad.ShiftRight(ad.ShiftLeft(ad.Vector(1, -1), 5), 3),
			[]float64{4, -4}},
		"bits": {ad.Xor(ad.And(ad.Scalar(12), 10), ad.Or(1, ad.Scalar(2))),
			[]float64{11}},
		"two numbers":        {ad.Div(1, 2), []float64{0}},
		"two numbers, float": {ad.Div(1, 2.), []float64{0.5}},
		"where of numbers":   {ad.Where(ad.Vector(true, false), 1, 2.5), []float64{1, 2.5}},
		"greater":            {ad.Greater(v, 0), []float64{1, 0, 1}},
		"greater or equal":   {ad.GreaterEqual(0, v), []float64{0, 1, 0}},
		"broadcast": {ad.Add(ad.Matrix(2, 1, []float64{10, 20}), v),
			[]float64{11, 8, 13, 21, 18, 23}},
	} {
		t.Run(name, func(t *testing.T) { near(t, c.got, c.want...) })
	}
	if d := ad.Div(1, 2).DType(); d != ad.Int64 {
		t.Errorf("1/2 is %v", d)
	}
	if d := ad.Add(ad.Scalar[float32](1), 2).DType(); d != ad.Float32 {
		t.Errorf("float32 + 2 is %v", d)
	}
	if d := ad.Like(ad.Scalar(int32(1)), 5).DType(); d != ad.Int32 {
		t.Errorf("5 like an int32 is %v", d)
	}
}
