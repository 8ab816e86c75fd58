// Package optim follows gradients: Adam, stochastic gradient descent, and what can be put before
// or after them, for a number of steps that is given beforehand.
//
// A Transformation turns a gradient into an update, which is added to the parameters. Chain puts
// one after another. Run is the loop; its result has derivatives with respect to whatever the
// objective closes over, through all steps.
package optim

import "pullback/ad"

// Value is an array.
type Value = ad.Value

// Transformation is a way to turn gradients into updates. It sees one flat vector of parameters
// of one float type. Its state S is a tree; Update keeps the types of all of them.
type Transformation[S any] interface {
	// Init is the state before the first step.
	Init(params Value) S
	// Update is what to add to the parameters, and the next state.
	Update(grad Value, s S, params Value) (update Value, next S)
}
