// Package expression reads formulas in ordinary notation, such as 5*3^(c_s*P), and evaluates them
// over arrays.
//
// A formula is a tree of the types below. What a name means is not known here: the evaluator is
// told.
package expression

// Span is a piece of a formula's text: byte offsets, the end exclusive.
type Span struct{ Start, End int }

// Where is the span itself; every node embeds one.
func (s Span) Where() Span { return s }

// Expr is a formula, or a part of one: Number, Name, Lag, Unary, Binary, If, Call, Group or Tuple.
type Expr interface {
	// Where is the part of the text that the node was read from.
	Where() Span
	expr()
}

// Number is a literal.
type Number struct {
	Span
	Value float64
}

// Name is a parameter, an unknown, a definition or a column.
type Name struct {
	Span
	Name string
}

// Lag is col[-By], the value of a column By periods earlier; By is at least 1.
type Lag struct {
	Span
	Column string
	By     int
}

// Unary is -X, or not X.
type Unary struct {
	Span
	Op Operator
	X  Expr
}

// Binary is X Op Y.
type Binary struct {
	Span
	Op   Operator
	X, Y Expr
}

// If is "if Cond then Then else Else".
type If struct {
	Span
	Cond, Then, Else Expr
}

// Call is a function of its arguments; those that are known are the keys of Functions. In the
// places where a model file expects a distribution, it is that.
type Call struct {
	Span
	Function string
	Args     []Expr
}

// Group is a reduction over rows of the data: sum(X by Key), or over all rows where Key is empty.
type Group struct {
	Span
	Function string // sum, mean, min or max
	X        Expr
	Key      string // a column
}

// Tuple is (a, b, …), two elements or more.
type Tuple struct {
	Span
	Elements []Expr
}

func (*Number) expr() {}
func (*Name) expr()   {}
func (*Lag) expr()    {}
func (*Unary) expr()  {}
func (*Binary) expr() {}
func (*If) expr()     {}
func (*Call) expr()   {}
func (*Group) expr()  {}
func (*Tuple) expr()  {}

// Operator is a sign of the notation.
type Operator int

// The operators.
const (
	Add Operator = iota
	Sub
	Mul
	Div
	Pow // ^ or **, to the right: 2^3^2 is 2^9, and -2^2 is -4
	Neg
	Less
	LessEqual
	Greater
	GreaterEqual
	Equal    // ==
	NotEqual // !=
	And
	Or
	Not
)
