// Package random makes random numbers from keys. A draw is a pure function of its key, its
// element type and its shape: the same on every machine, compiled or not, and always the numbers
// that JAX draws, whose generator and algorithms these are (threefry2x32 in the partitionable
// layout, the default since JAX 0.5). Draws of 32 bits (float32, int32, uint32) are those of JAX
// as it comes; draws of 64 bits are those of JAX with jax_enable_x64.
//
// A key is used once: two draws from one key are not independent. Make as many keys as there are
// draws, with Split or Pair.
//
// Keys are trees of one Value, so they can be arguments of compiled functions and be mapped over
// by ad.Vmap. A key that a compiled function merely closes over is a constant, and so are its
// draws: they are made once, when the function is compiled, and are the same in every call. Pass
// the key as an argument to draw anew.
//
// Integers, bools and signs agree with JAX's exactly, floats within two units in the last place
// of max(|x|, 1).
package random

import "pullback/ad"

// Value is an array.
type Value = ad.Value

// DType is the type of an array's elements.
type DType = ad.DType
