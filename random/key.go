package random

import (
	"pullback/ad"
	"pullback/internal/op"
)

// Key is the state from which numbers are drawn: Value is uint32[2], or uint32[n, 2] for n keys.
type Key struct {
	Value Value
}

// NewKey is the key of a seed. Negative seeds, and those beyond 32 bits, give the keys of JAX with
// jax_enable_x64.
func NewKey[T ~int | ~int32 | ~int64 | ~uint32 | ~uint64](seed T) Key {
	bits := uint64(seed)
	return Key{ad.Vector(uint32(bits>>32), uint32(bits))}
}

// Split is n new keys, as one Key of shape (n, 2): take them apart with At, or map over them with
// ad.Vmap. The key itself is then used up.
func (k Key) Split(n int) Key {
	if n < 0 {
		panic(ad.Mistake("split", []Value{k.Value}, "a key cannot be split into %d", n))
	}
	high, low := k.encrypt("split", blocks(n))
	return Key{ad.Stack(1, high, low)}
}

// Pair is two new keys: one to go on with and one to draw from.
func (k Key) Pair() (next, sub Key) {
	keys := k.Split(2)
	return keys.At(0), keys.At(1)
}

// At is key i of several; i may count from the end.
func (k Key) At(i int) Key {
	if t := k.Value.Type(); t.Rank() < 2 {
		panic(ad.Mistake("key", []Value{k.Value}, "there is one key only, and no key %d", i))
	}
	return Key{ad.At(k.Value, i)}
}

// FoldIn is a new key for each number, an integer scalar of which the low 32 bits count: for
// keys by index, such as that of a loop.
func (k Key) FoldIn(number Value) Key {
	if t := number.Type(); t.Rank() != 0 || !t.DType.IsInteger() {
		panic(ad.Mistake("fold_in", []Value{number}, "an integer scalar is asked for"))
	}
	low := ad.Convert(number, ad.Uint32)
	high, low := k.encrypt("fold_in", block{ad.ZerosLike(low), low})
	return Key{ad.Stack(0, high, low)}
}

// block is the counters that threefry encrypts: the high and the low half.
type block struct{ high, low Value }

// blocks counts 0, 1, ..., n-1.
func blocks(n int) block {
	if uint64(n) > 1<<32 {
		panic(ad.Mistake("random", nil, "%d numbers are more than the 2^32 that one key gives; "+
			"split the key", n))
	}
	return block{ad.Zeros(ad.Uint32, n), ad.Arange(ad.Uint32, n)}
}

// encrypt is the counters encrypted under the key: 64 random bits for each.
func (k Key) encrypt(name string, b block) (high, low Value) {
	t := k.Value.Type()
	if t.DType != ad.Uint32 || t.Rank() == 0 || t.Shape[t.Rank()-1] != 2 {
		panic(ad.Mistake(name, []Value{k.Value}, "a key is uint32[2]; make one with random.NewKey"))
	}
	if t.Rank() > 1 {
		panic(ad.Mistake(name, []Value{k.Value}, "these are several keys; choose one with At, or "+
			"map over them with ad.Vmap"))
	}
	shape := b.low.Shape()
	half := func(i int) Value { return ad.BroadcastTo(ad.At(k.Value, i), shape...) }
	return op.Threefry2x32(half(0), half(1), b.high, b.low)
}
