package random

import (
	"math/bits"

	"pullback/ad"
	"pullback/ir"
)

// Choice is indices of type d, int32 or int64, uniform in [0, n), with replacement.
func Choice(key Key, d DType, n int, shape ...int) Value {
	if d != ad.Int32 && d != ad.Int64 {
		panic(ad.Mistake("choice", nil, "the indices are int32 or int64, not %v", d))
	}
	if n < 1 {
		panic(ad.Mistake("choice", nil, "of %d elements none can be chosen", n))
	}
	return RandInt(key, d, 0, n, shape...)
}

// ChoiceWithoutReplacement is distinct indices in [0, n), int64.
func ChoiceWithoutReplacement(key Key, n int, shape ...int) Value {
	k := ir.Of(ad.Int64, shape...).Size()
	enough("choice", k, n)
	return ad.Reshape(ad.Slice(Permutation(key, n), []int{0}, []int{k}), shape...)
}

// WeightedChoice is indices into p, int64, with replacement. p is a vector of weights ≥ 0 that
// need not add up to 1; an index is as likely as its weight over their sum.
func WeightedChoice(key Key, p Value, shape ...int) Value {
	weights("weighted_choice", p)
	upTo := cumulative(p)
	u := unit("weighted_choice", key, p.DType(), shape)
	// 1-u is in (0, 1], so that elements of weight 0 are never met.
	return firstNotBelow(upTo, ad.Mul(ad.At(upTo, -1), ad.Sub(1, u)))
}

// WeightedChoiceWithoutReplacement is distinct indices into p, int64, drawn one after the other,
// each time in proportion to the weights that are left (the Gumbel trick: the greatest of log p
// plus Gumbel noise). At least as many weights as there are draws must be positive.
func WeightedChoiceWithoutReplacement(key Key, p Value, shape ...int) Value {
	n := weights("weighted_choice", p)
	k := ir.Of(ad.Int64, shape...).Size()
	enough("weighted_choice", k, n)
	order := argsort(ad.Sub(ad.Neg(Gumbel(key, p.DType(), n)), ad.Log(p)))
	return ad.Reshape(ad.Slice(order, []int{0}, []int{k}), shape...)
}

func enough(name string, k, n int) {
	if k > n {
		panic(ad.Mistake(name, nil, "%d of %d elements cannot be chosen without replacement", k, n))
	}
}

func weights(name string, p Value) (n int) {
	if t := p.Type(); t.Rank() != 1 || !t.DType.IsFloat() {
		panic(ad.Mistake(name, []Value{p}, "the weights must be a vector of floats"))
	}
	if p.Size() == 0 {
		panic(ad.Mistake(name, []Value{p}, "there are no weights, so nothing can be chosen"))
	}
	return p.Size()
}

// firstNotBelow is where in a sorted vector the first element ≥ x stands, by bisection. There is
// one.
func firstNotBelow(sorted, x Value) Value {
	n := sorted.Size()
	lo := ad.Zeros(ad.Int64, x.Shape()...)
	hi := ad.Add(lo, n-1)
	for range bits.Len(uint(n - 1)) {
		middle := ad.ShiftRight(ad.Add(lo, hi), 1)
		right := ad.Less(ad.Take(sorted, middle, 0), x)
		lo = ad.Where(right, ad.Add(middle, 1), lo)
		hi = ad.Where(right, hi, middle)
	}
	return lo
}
