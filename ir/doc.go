// Package ir is the intermediate form of programs over arrays: what recording a Go function
// gives, what differentiation, batching and rewriting turn into one another, and what is
// compiled or interpreted in the end.
//
// A [Value] is an array: either known numbers or a result in a [Graph]. A Graph is a list of
// nodes in static single assignment form: each [Node] applies an [Op] to values that exist
// before it and defines new ones. Every value has a [Type], that is an element type and a
// shape, and every node knows the [Position] of the user's line it came from. An Op is a Go
// type whose exported fields are its parameters; control flow is an Op with graphs among its
// fields, and such graphs are closed.
//
// A Graph prints as text ([Graph.String], [Graph.Text]), is read back from it ([Parse]), and
// is checked ([Graph.Verify]). The text looks like this:
//
//	graph(%0: float64[], %1: float64[3]) {
//	  %2: float64[3] = broadcast{shape=[3], dims=[]} %0   @ main.go:12
//	  %3: float64[3] = add %2 %1   @ main.go:12
//	  %4: float64[] = reduce_sum{axes=[0]} %3   @ main.go:13
//	  return %4, float64[](2.5)
//	}
//
// A line names its results with their types, then the operation with its parameters in
// braces, then its operands. The grammar, in which a node ends with its line and blanks have
// no other meaning:
//
//	graph    = "graph" "(" [ results ] ")" "{" { node } "return" [ operand { "," operand } ] "}"
//	node     = [ results "=" ] op { operand } [ "@" position ]
//	results  = result { "," result }
//	result   = "%" digits [ ":" type ]
//	op       = name [ "{" param { "," param } "}" ]
//	param    = name "=" value
//	operand  = "%" digits | constant
//	constant = type ( "(" number ")" | "{" number "..." "}" | "{" [ number { "," number } ] "}" )
//	type     = dtype "[" [ int { "," int } ] "]"
//
// What a parameter's value looks like follows from the Go type of its field: a number, true
// or false, a quoted string, a list in brackets, a struct in braces, a type, a constant, an
// op, or a graph; a nil graph, op or func is the word none. A constant "float32[100]{2...}" is
// a hundred times 2. A type may be left out where a node defines a result, and a parameter
// where it is the op's default.
//
// Package ir depends on the standard library alone.
package ir
