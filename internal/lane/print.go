package lane

import "fmt"

// String is the code's name in lower case.
func (c Code) String() string {
	names := [...]string{
		Const: "const", Add: "add", Sub: "sub", Mul: "mul", Div: "div", Rem: "rem", Min: "min",
		Max: "max", FMA: "fma", Sqrt: "sqrt", Round: "round", Floor: "floor", Ceil: "ceil",
		Trunc: "trunc", Exponent: "exponent", Mantissa: "mantissa", Scale: "scale",
		CopySign: "copysign", Neg: "neg", Abs: "abs", Equal: "equal", NotEqual: "not_equal",
		Less: "less", LessEqual: "less_equal", And: "and", Or: "or", Xor: "xor", Not: "not",
		ShiftLeft: "shift_left", ShiftRight: "shift_right", Select: "select",
		Convert: "convert", Bitcast: "bitcast", Iota: "iota", Load: "load", Store: "store",
		ScratchLoad: "scratch_load", ScratchStore: "scratch_store",
	}
	if int(c) < len(names) {
		return names[c]
	}
	return fmt.Sprintf("Code(%d)", uint8(c))
}
