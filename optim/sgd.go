package optim

import "pullback/ad"

// SGD is gradient descent with momentum: v ← g + Momentum·v, and the update is -LearningRate·v, or
// with Nesterov -LearningRate·(g + Momentum·v), which looks one step ahead. The zero value works.
type SGD struct {
	LearningRate float64 // 0.01 if zero
	Momentum     float64 // in [0, 1)
	Nesterov     bool
	Schedule     Schedule // a factor on the learning rate, 1 if nil
}

var _ Transformation[SGDState] = SGD{}

// SGDState is the momentum.
type SGDState struct {
	Steps    Value // int32, the updates so far
	Velocity Value // vector of n
}

// Init starts at rest.
func (SGD) Init(params Value) SGDState {
	return SGDState{ad.Scalar(int32(0)), ad.ZerosLike(params)}
}

// Update adds the gradient to the momentum.
func (m SGD) Update(grad Value, s SGDState, _ Value) (Value, SGDState) {
	velocity := ad.Add(grad, ad.Mul(s.Velocity, m.Momentum))
	direction := velocity
	if m.Nesterov {
		direction = ad.Add(grad, ad.Mul(velocity, m.Momentum))
	}
	rate := orDefault(m.LearningRate, 0.01)
	return downhill(direction, rate, m.Schedule, s.Steps), SGDState{ad.Add(s.Steps, 1), velocity}
}
