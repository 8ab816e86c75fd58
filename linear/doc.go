// Package linear has linear operators: matrices, and what acts like one without being formed,
// such as the Hessian or the Jacobian of a function at a point.
//
// An operator sees one flat vector. Functions of trees are laid out flat by ad.Ravel, in whose
// order rows and columns stand.
package linear

import "pullback/ad"

// Value is an array.
type Value = ad.Value

// DType is the type of an array's elements.
type DType = ad.DType
