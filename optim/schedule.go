package optim

import (
	"math"

	"pullback/ad"
)

// Schedule is the factor on the learning rate at a step: a float scalar that counts 0, 1, 2, ….
type Schedule func(step Value) Value

// ExponentialDecay falls by the given rate in every so many steps: rate^(step/steps).
func ExponentialDecay(rate float64, steps int) Schedule {
	atLeastOne(steps)
	return func(step Value) Value { return ad.Pow(rate, ad.Div(step, steps)) }
}

// CosineDecay falls from 1 to the floor in so many steps, along half a wave, and stays there (I.
// Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017).
func CosineDecay(steps int, floor float64) Schedule {
	atLeastOne(steps)
	return func(step Value) Value {
		part := ad.Div(ad.Min(step, steps), steps)
		wave := ad.Mul(ad.Add(ad.Cos(ad.Mul(part, math.Pi)), 1), 0.5)
		return ad.Add(ad.Mul(wave, 1-floor), floor)
	}
}

func atLeastOne(steps int) {
	if steps < 1 {
		panic(ad.Mistake("optim", nil, "a schedule over %d steps; there must be at least one",
			steps))
	}
}

// downhill is a step against the direction.
func downhill(direction Value, rate float64, schedule Schedule, steps Value) Value {
	if schedule == nil {
		return ad.Mul(direction, -rate)
	}
	factor := schedule(ad.Convert(steps, direction.DType()))
	return ad.Mul(direction, ad.Mul(factor, -rate))
}
