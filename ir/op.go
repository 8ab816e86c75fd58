package ir

// Op is what a node does to its operands. An Op is a Go type with a comparable meaning: its
// exported fields are its parameters, and two Ops of one type with equal fields do the same.
type Op interface {
	// Name is the operation's name as printed, in lower case with underscores.
	Name() string
	// Type gives the types of the results, or says in a sentence what is wrong with the
	// operands. The caller adds the position, the name and the operands' types.
	Type(in []Type) ([]Type, error)
}

// Evaluator is an Op that computes with numbers: out holds zeroed arrays of the types that
// Type gave, to be filled in; in is not to be written. A user's own operation is an Evaluator.
type Evaluator interface {
	Op
	Eval(in, out []Array)
}
