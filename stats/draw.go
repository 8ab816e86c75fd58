package stats

import (
	"math"

	"pullback/ad"
	"pullback/ir"
	"pullback/random"
)

// parameter is a field of a distribution.
type parameter struct {
	name  string
	value Value
}

// broadcast checks a distribution's parameters and gives them the shape of the draws.
func broadcast(distribution string, shape []int, parameters ...parameter) (
	[]Value, ad.DType, []int) {
	common := parameters[0].value
	for _, p := range parameters {
		check(distribution, p.name, p.value, parameters[0].value)
		common, _ = ad.Aligned(distribution, common, p.value)
	}
	if len(shape) == 0 {
		shape = common.Shape()
	}
	out := make([]Value, len(parameters))
	for i, p := range parameters {
		out[i] = ad.BroadcastTo(p.value, shape...)
	}
	return out, common.DType(), shape
}

// each draws elements of their own keys, with loops of as many rounds as each needs: one is given
// the key and the element's parameter as a float64, without derivatives.
func each(key random.Key, of Value, one func(key random.Key, of Value) Value) Value {
	t := of.Type()
	of = ad.Reshape(ad.Convert(ad.StopGradient(of), ad.Float64), t.Size())
	if t.Size() == 0 {
		return ad.Zeros(t.DType, t.Shape...)
	}
	type element struct {
		Key random.Key
		Of  Value
	}
	draw := ad.Vmap(func(e element) Value { return one(e.Key, e.Of) })
	x := draw(element{key.Split(t.Size()), of})
	return ad.Convert(ad.Reshape(x, t.Shape...), t.DType)
}

// rejected draws proposals until one is accepted. Where needless holds there are none, and the
// result is 0.
func rejected(needless Value, propose func(round Value) (x, accepted Value)) Value {
	type state struct{ Round, X, Done Value }
	return ad.While(state{ad.Scalar(int64(0)), ad.Scalar(0.), needless},
		func(s state) Value { return ad.Not(s.Done) },
		func(s state) state {
			x, accepted := propose(s.Round)
			return state{ad.Add(s.Round, 1), x, accepted}
		}).X
}

// two is a key for each of two numbers of a round.
func two(key random.Key, round Value) (random.Key, random.Key) {
	twice := ad.Mul(round, 2)
	return key.FoldIn(twice), key.FoldIn(ad.Add(twice, 1))
}

// finite says where a draw's parameter is in [0, ∞).
func finite(x Value) Value {
	return ad.And(ad.GreaterEqual(x, 0), ad.Less(x, math.Inf(1)))
}

// scale is NaN where x, a standard deviation, is below 0.
func scale(x Value) Value { return ad.Where(ad.Less(x, 0), math.NaN(), x) }

// size is the number of elements of a shape.
func size(shape []int) int { return ir.Of(ad.Float64, shape...).Size() }
