// Package op holds the primitives, one family a file. All rules of a primitive stand together:
// its type, its derivative, its transpose if it is linear, how it is batched and how it runs.
//
// Each primitive has a constructor (Add, Sum, Reshape, ...) that applies it to values and is
// what rules, transforms and package ad are written with. Constructors take operands whose
// types already fit: the weak numbers and the broadcasting that users enjoy are package ad's.
package op

import "pullback/ir"

// Value is an array: a shorthand, since every line here has one.
type Value = ir.Value
