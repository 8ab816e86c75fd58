package optim

import "pullback/ad"

// Adam is the method of D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization"
// (ICLR 2015): steps of about the learning rate in every element, along averages of the gradient.
// It computes in the order of Optax. The zero value works.
type Adam struct {
	LearningRate float64  // 0.001 if zero
	Beta1        float64  // the decay of the average of gradients, 0.9 if zero
	Beta2        float64  // the decay of the average of their squares, 0.999 if zero
	Epsilon      float64  // is added to the root of that, 1e-8 if zero
	Schedule     Schedule // a factor on the learning rate, 1 if nil
}

var _ Transformation[AdamState] = Adam{}

// AdamState is the averages of the gradients and of their squares.
type AdamState struct {
	Steps        Value // int32, the updates so far
	Mean, Square Value // vectors of n
}

// Init starts the averages at zero.
func (Adam) Init(params Value) AdamState {
	zero := ad.ZerosLike(params)
	return AdamState{ad.Scalar(int32(0)), zero, zero}
}

// Update is algorithm 1 of the paper: both averages are divided by the weight that they have so
// far, since they start at zero.
func (m Adam) Update(grad Value, s AdamState, _ Value) (Value, AdamState) {
	beta1, beta2 := orDefault(m.Beta1, 0.9), orDefault(m.Beta2, 0.999)
	next := AdamState{
		Steps:  ad.Add(s.Steps, 1),
		Mean:   average(beta1, s.Mean, grad),
		Square: average(beta2, s.Square, ad.Square(grad)),
	}
	steps := ad.Convert(next.Steps, grad.DType())
	mean := ad.Div(next.Mean, ad.Sub(1, ad.Pow(beta1, steps)))
	square := ad.Div(next.Square, ad.Sub(1, ad.Pow(beta2, steps)))
	direction := ad.Div(mean, ad.Add(root(square), orDefault(m.Epsilon, 1e-8)))
	rate := orDefault(m.LearningRate, 0.001)
	return downhill(direction, rate, m.Schedule, s.Steps), next
}

// average is (1-decay)·x + decay·old.
func average(decay float64, old, x Value) Value {
	return ad.Add(ad.Mul(x, 1-decay), ad.Mul(old, decay))
}

// root is the square root of x ≥ 0, with derivative 0 at 0: an element that never had a gradient
// is no reason for NaNs when the optimisation is differentiated.
func root(x Value) Value {
	positive := ad.NotEqual(x, 0)
	return ad.Where(positive, ad.Sqrt(ad.Where(positive, x, 1.0)), 0.0)
}

func orDefault(x, otherwise float64) float64 {
	if x == 0 {
		return otherwise
	}
	return x
}
