package linear

import "pullback/ad"

// Dense is the operator of a matrix of floats, (rows, columns).
func Dense(a Value) Operator {
	if t := a.Type(); t.Rank() != 2 || !t.DType.IsFloat() {
		panic(ad.Mistake("dense", []Value{a}, "a matrix of floats is asked for"))
	}
	return dense{a}
}

type dense struct{ matrix Value }

var _ Transposer = dense{}

func (a dense) Shape() (rows, columns int) {
	s := a.matrix.Type().Shape
	return s[0], s[1]
}

func (a dense) DType() DType { return a.matrix.DType() }

func (a dense) Apply(v Value) Value {
	_, columns := a.Shape()
	return ad.MatVec(a.matrix, checked("dense", v, a.DType(), columns))
}

func (a dense) Transpose() Operator { return dense{ad.Transpose(a.matrix)} }
