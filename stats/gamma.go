package stats

import (
	"pullback/ad"
	"pullback/random"
)

// Gamma is the gamma distribution, elementwise: its mean is Shape/Rate. Both are positive.
type Gamma struct {
	Shape, Rate Value
}

// LogPDF is the logarithm of the density at x, -Inf unless x is positive.
func (g Gamma) LogPDF(x Value) Value {
	check("gamma", "Shape", g.Shape, x)
	check("gamma", "Rate", g.Rate, x)
	return within(ad.Greater(x, 0), x, func(x Value) Value {
		power := ad.Sub(ad.Mul(ad.Sub(g.Shape, 1), ad.Log(x)), ad.Mul(g.Rate, x))
		return ad.Add(power, ad.Sub(ad.Mul(g.Shape, ad.Log(g.Rate)), LogGamma(g.Shape)))
	})
}

// Draw is draws of a shape with which the parameters broadcast. An element depends on the key,
// its place and its parameters alone. The draws are not those of jax.random.gamma.
func (g Gamma) Draw(key random.Key, shape ...int) Value {
	unit := eachDraw(key, g.Shape, shape, standardGamma)
	return ad.Div(unit, g.Rate)
}

// eachDraw draws every element with a key of its own, for scalar parameters.
func eachDraw(key random.Key, parameter Value, shape []int,
	draw func(key random.Key, parameter Value) Value) Value {
	n := 1
	for _, extent := range shape {
		n *= extent
	}
	type element struct {
		Key       random.Key
		Parameter Value
	}
	flat := ad.Reshape(ad.BroadcastTo(parameter, shape...), n)
	all := ad.Vmap(func(e element) Value { return draw(e.Key, e.Parameter) })(
		element{key.Split(n), flat})
	return ad.Reshape(all, shape...)
}

// standardGamma is a draw with rate 1, by rejection from a cubed normal (G. Marsaglia and W. W.
// Tsang, "A simple method for generating gamma variables", ACM TOMS 26, 2000). Below shape 1 it is
// a draw of shape + 1 times the shape-th root of a uniform.
func standardGamma(key random.Key, shape Value) Value {
	dtype := shape.DType()
	key, boost := key.Pair()
	low := ad.Less(shape, 1)
	d := ad.Sub(ad.Where(low, ad.Add(shape, 1), shape), 1./3)
	c := ad.Div(1, ad.Sqrt(ad.Mul(d, 9)))
	type state struct {
		Key   random.Key
		Cube  Value
		Found Value
	}
	end := ad.While(state{key, ad.OnesLike(d), ad.Scalar(false)},
		func(s state) Value { return ad.Not(s.Found) },
		func(s state) state {
			next, sub := s.Key.Pair()
			forNormal, forUniform := sub.Pair()
			x := random.Normal(forNormal, dtype)
			root := ad.Add(1, ad.Mul(c, x))
			positive := ad.Greater(root, 0)
			v := ad.Mul(ad.Square(root), root)
			u := random.Uniform(forUniform, dtype)
			logV := ad.Log(ad.Where(positive, v, ad.OnesLike(v)))
			bound := ad.Add(ad.Mul(ad.Square(x), 0.5), ad.Mul(d, ad.Add(ad.Sub(1, v), logV)))
			// Without parameters that make sense there is no draw, and no end otherwise.
			invalid := ad.Not(ad.Greater(d, 0))
			found := ad.Or(ad.And(positive, ad.Less(ad.Log(u), bound)), invalid)
			return state{next, v, found}
		})
	draw := ad.Mul(d, end.Cube)
	u := random.Uniform(boost, dtype)
	root := ad.Pow(ad.Sub(1, u), ad.Div(1, ad.Where(low, shape, ad.OnesLike(shape))))
	draw = ad.Where(low, ad.Mul(draw, root), draw)
	return ad.Where(ad.Greater(shape, 0), draw, ad.Like(draw, notANumber()))
}
