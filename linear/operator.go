package linear

import (
	"pullback/ad"
)

// Operator is a linear map from vectors of Columns elements to vectors of Rows elements.
type Operator interface {
	// Shape is the number of rows and columns of the operator as a matrix.
	Shape() (rows, columns int)
	// DType is the element type of the vectors, a float.
	DType() DType
	// Apply is the operator times v, a vector of as many elements as there are columns. It can be
	// recorded and mapped over: many vectors at once are ad.Vmap(a.Apply).
	Apply(v Value) Value
}

// Transposer is an operator that knows its transpose.
type Transposer interface {
	Operator
	Transpose() Operator
}

// Transpose is the transpose of a: its own, or else that of a.Apply by reverse-mode
// differentiation, which needs no more than Apply and costs about as much.
func Transpose(a Operator) Operator {
	if t, ok := a.(Transposer); ok {
		return t.Transpose()
	}
	return transposed{a}
}

// transposed is the transpose of an operator that does not know it.
type transposed struct{ of Operator }

var _ Transposer = transposed{}

func (t transposed) Shape() (rows, columns int) {
	columns, rows = t.of.Shape()
	return rows, columns
}

func (t transposed) DType() DType { return t.of.DType() }

// Apply pulls v back through the operator, which is its own derivative anywhere, at 0 too.
func (t transposed) Apply(v Value) Value {
	_, columns := t.of.Shape()
	_, pullback := ad.VJP(t.of.Apply, ad.Zeros(t.DType(), columns))
	return pullback(v)
}

func (t transposed) Transpose() Operator { return t.of }

// AsMatrix is the matrix of a, (rows, columns): a applied to all unit vectors at once.
func AsMatrix(a Operator) Value {
	if d, ok := a.(dense); ok {
		return d.matrix
	}
	_, columns := a.Shape()
	return ad.Transpose(ad.Vmap(a.Apply)(ad.Identity(a.DType(), columns)))
}

// checked is v, if an operator of that many columns can be applied to it.
func checked(name string, v Value, d DType, columns int) Value {
	if t := v.Type(); t.Rank() != 1 || t.Shape[0] != columns || t.DType != d {
		panic(ad.Mistake(name, []Value{v}, "a vector of %d elements of type %v is asked for",
			columns, d))
	}
	return v
}
