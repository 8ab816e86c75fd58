package samedigits_test

import "pullback/ad"

// reductions are of a square matrix of normals.
func reductions() []function {
	return []function{
		{"sum", func(a ad.Value) ad.Value { return ad.Sum(a) }},
		{"sum_rows", func(a ad.Value) ad.Value { return ad.Sum(a, 1) }},
		{"sum_columns", func(a ad.Value) ad.Value { return ad.Sum(a, 0) }},
		{"mean", func(a ad.Value) ad.Value { return ad.Mean(a, 1) }},
		{"prod", func(a ad.Value) ad.Value { return ad.Prod(a, 0) }},
		{"min", func(a ad.Value) ad.Value { return ad.MinOf(a, 0) }},
		{"max", func(a ad.Value) ad.Value { return ad.MaxOf(a, 1) }},
		{"max_nan", func(a ad.Value) ad.Value { return ad.MaxOf(ad.Log(a), 1) }},
		{"softmax", func(a ad.Value) ad.Value {
			e := ad.Exp(ad.Sub(a, ad.ExpandDims(ad.MaxOf(a, 1), 1)))
			return ad.Div(e, ad.ExpandDims(ad.Sum(e, 1), 1))
		}},
		{"gradient", ad.Grad(func(a ad.Value) ad.Value {
			return ad.Sum(ad.Log1p(ad.Exp(ad.MatVec(a, ad.Tanh(ad.At(a, 0))))))
		})},
	}
}

// products are contractions of a square matrix.
func products() []function {
	return []function{
		{"matmul", func(a ad.Value) ad.Value { return ad.MatMul(a, a) }},
		{"matvec", func(a ad.Value) ad.Value { return ad.MatVec(a, ad.At(a, 0)) }},
		{"dot", func(a ad.Value) ad.Value { return ad.Dot(ad.Reshape(a, -1), ad.Reshape(a, -1)) }},
		{"batch_matmul", func(a ad.Value) ad.Value {
			b := ad.Reshape(a, 4, 45, 45)
			return ad.MatMul(b, ad.Transpose(b, 0, 2, 1))
		}},
	}
}

// positive is a positive definite matrix made of a.
func positive(a ad.Value) ad.Value {
	n := a.Shape()[0]
	return ad.Add(ad.MatMul(a, ad.Transpose(a)), ad.Identity(a.DType(), n))
}

// factorisations are of a square matrix, and can be mapped over.
func factorisations() []function {
	columns := func(a ad.Value) ad.Value {
		return ad.Slice(a, []int{0, 0}, []int{a.Shape()[0], 7})
	}
	return []function{
		{"cholesky", func(a ad.Value) ad.Value { return ad.Cholesky(positive(a)) }},
		{"cholesky_solve", func(a ad.Value) ad.Value {
			return ad.CholeskySolve(ad.Cholesky(positive(a)), columns(a))
		}},
		{"triangular_solve", func(a ad.Value) ad.Value {
			t := positive(a)
			upper := ad.Triangle{Upper: true}
			turned := ad.Triangle{Unit: true, Transposed: true}
			return joined(a.DType(), ad.TriangularSolve(t, columns(a), ad.Triangle{}),
				ad.TriangularSolve(t, ad.At(a, 0), upper),
				ad.TriangularSolve(t, columns(a), turned))
		}},
		{"eigh", func(a ad.Value) ad.Value {
			w, v := ad.Eigh(positive(a))
			return joined(a.DType(), w, v)
		}},
		{"solve", func(a ad.Value) ad.Value { return ad.Solve(positive(a), ad.At(a, 1)) }},
		{"solve_columns", func(a ad.Value) ad.Value { return ad.Solve(a, columns(a)) }},
		{"inverse", ad.Inverse},
		{"solve_gradient", ad.Grad(func(a ad.Value) ad.Value {
			return ad.Sum(ad.Sin(ad.Solve(positive(a), columns(a))))
		})},
		{"cholesky_gradient", ad.Grad(func(a ad.Value) ad.Value {
			return ad.Sum(ad.Log(ad.Diagonal(ad.Cholesky(positive(a)))))
		})},
	}
}

// moves are what picks, puts and accumulates elements, and can be mapped over.
func moves() []function {
	places := func(a ad.Value) ad.Value {
		return ad.Convert(ad.Mul(ad.Abs(ad.At(a, 2)), 9), ad.Int32)
	}
	return []function{
		{"cumsum", func(a ad.Value) ad.Value {
			return joined(a.DType(), ad.CumSum(a, 0), ad.CumSum(a, 1))
		}},
		{"take", func(a ad.Value) ad.Value { return ad.Take(a, places(a), 1) }},
		{"scatter_add", func(a ad.Value) ad.Value { return ad.ScatterAdd(a, places(a), a) }},
		{"take_gradient", ad.Grad(func(a ad.Value) ad.Value {
			return ad.Sum(ad.Exp(ad.Take(a, places(a), 0)))
		})},
		{"dynamic_slice", func(a ad.Value) ad.Value {
			at := places(a)
			corner := []ad.Value{ad.At(at, 0), ad.At(at, 1)}
			piece := ad.DynamicSlice(a, corner, 5, 6)
			return ad.DynamicUpdateSlice(a, ad.Mul(piece, 3),
				[]ad.Value{ad.At(at, 2), ad.At(at, 3)})
		}},
	}
}

// large are of a vector of 210,007 normals: sums of more than 4096·16 elements, and contractions
// over several panels of 512.
func large() []function {
	tall := func(x ad.Value) ad.Value {
		return ad.Reshape(ad.Slice(x, []int{0}, []int{210000}), 70000, 3)
	}
	wide := func(x ad.Value) ad.Value {
		return ad.Reshape(ad.Slice(x, []int{0}, []int{13 * 1500}), 13, 1500)
	}
	return []function{
		{"sum_large", func(x ad.Value) ad.Value { return ad.Sum(x) }},
		{"sum_tall", func(x ad.Value) ad.Value { return ad.Sum(tall(x), 0) }},
		{"sum_wide", func(x ad.Value) ad.Value { return ad.Sum(ad.Transpose(tall(x)), 1) }},
		{"sum_of_squares", func(x ad.Value) ad.Value { return ad.Sum(ad.Square(x)) }},
		{"prod_large", func(x ad.Value) ad.Value { return ad.Prod(ad.Exp(ad.Mul(x, 1e-3))) }},
		{"min_max_large", func(x ad.Value) ad.Value { return ad.Sub(ad.MaxOf(x), ad.MinOf(x)) }},
		{"dot_large", func(x ad.Value) ad.Value { return ad.Dot(x, ad.Flip(x)) }},
		{"cumsum_large", func(x ad.Value) ad.Value { return ad.CumSum(x, 0) }},
		{"matmul_panels", func(x ad.Value) ad.Value {
			a := wide(x)
			return ad.MatMul(a, ad.Transpose(a))
		}},
		{"matvec_panels",
			func(x ad.Value) ad.Value { return ad.MatVec(wide(x), ad.At(wide(x), 3)) }},
		{"matmul_panels_gradient", ad.Grad(func(x ad.Value) ad.Value {
			a := wide(x)
			return ad.Sum(ad.Sin(ad.MatMul(a, ad.Transpose(a))))
		})},
	}
}
