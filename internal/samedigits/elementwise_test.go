package samedigits_test

import "pullback/ad"

// elementwise are the functions of one number. Their inputs are random bit patterns, which
// reach every exponent, subnormals, infinities and NaNs.
func elementwise() []function {
	return []function{
		{"exp", ad.Exp}, {"expm1", ad.Expm1}, {"log", ad.Log}, {"log1p", ad.Log1p},
		{"sqrt", ad.Sqrt},
		{"sin", ad.Sin}, {"cos", ad.Cos}, {"tanh", ad.Tanh}, {"erf", ad.Erf}, {"erfinv", ad.ErfInv},
		{"log_gamma", ad.LogGamma}, {"digamma", ad.Digamma}, {"trigamma", trigamma},
		{"floor", ad.Floor}, {"round", ad.Round}, {"sign", ad.Sign},
		{"ceil", ad.Ceil}, {"trunc", ad.Trunc}, {"abs", ad.Abs}, {"neg", ad.Neg},
		{"to_int32", to(ad.Int32)}, {"to_int64", to(ad.Int64)}, {"to_uint32", to(ad.Uint32)},
		{"to_uint64", to(ad.Uint64)}, {"to_bool", to(ad.Bool)}, {"to_float32", to(ad.Float32)},
		{"to_float64", to(ad.Float64)},
		{"min_max", func(x ad.Value) ad.Value { return ad.Max(ad.Min(x, ad.Flip(x)), ad.Neg(x)) }},
		{"pow", func(x ad.Value) ad.Value { return ad.Pow(ad.Abs(x), ad.Sin(x)) }},
		{"div", func(x ad.Value) ad.Value { return ad.Div(1, x) }},
		{"muladd", func(x ad.Value) ad.Value { return ad.Add(ad.Mul(x, 1.1), ad.Div(x, 3)) }},
	}
}

// conversions are to integers and back, of numbers of which most fit.
func conversions() []function {
	return []function{
		{"in_int32", to(ad.Int32)}, {"in_int64", to(ad.Int64)}, {"in_uint32", to(ad.Uint32)},
		{"in_uint64", to(ad.Uint64)},
		{"through_int32", through(ad.Int32)}, {"through_int64", through(ad.Int64)},
		{"through_uint32", through(ad.Uint32)}, {"through_uint64", through(ad.Uint64)},
		{"int_division", func(x ad.Value) ad.Value {
			i := ad.Convert(x, ad.Int32)
			return joined(x.DType(), ad.Div(i, ad.Flip(i)), ad.Rem(i, 1000), ad.ShiftRight(i, 7))
		}},
	}
}

func trigamma(x ad.Value) ad.Value { return ad.Polygamma(1, ad.Abs(x)) }

func to(d ad.DType) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value { return ad.Convert(x, d) }
}

// through divides as integers in between, which leaves odd ones.
func through(d ad.DType) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value { return ad.Convert(ad.Div(ad.Convert(x, d), 3), x.DType()) }
}

// joined is all elements of xs in one vector of type d.
func joined(d ad.DType, xs ...ad.Value) ad.Value {
	for i, x := range xs {
		xs[i] = ad.Convert(ad.Reshape(x, -1), d)
	}
	return ad.Concatenate(0, xs...)
}
