package linear

// Func is the square operator that f applies: a linear function of vectors of n elements of type
// d. That f is linear is not checked.
func Func(n int, d DType, f func(v Value) Value) Operator { return function{n, n, d, f} }

// function is an operator given by what it does.
type function struct {
	rows, columns int
	dtype         DType
	apply         func(Value) Value
}

var _ Operator = function{}

func (a function) Shape() (rows, columns int) { return a.rows, a.columns }

func (a function) DType() DType { return a.dtype }

func (a function) Apply(v Value) Value {
	return checked("func", a.apply(checked("func", v, a.dtype, a.columns)), a.dtype, a.rows)
}
