package lane

import "pullback/ir"

// class is what types an operation has.
type class uint8

const (
	special  class = iota // has a rule of its own
	numbers               // operands and result of one number type
	floats                // of one float type
	integers              // of one integer type
	bitsets               // of one integer type, or Bool
	compared              // operands of one number type, the result a Bool
)

// signatures has for every code the number of operands and their types.
var signatures = [...]struct {
	operands int
	class    class
}{
	Const: {0, special},
	Add:   {2, numbers}, Sub: {2, numbers}, Mul: {2, numbers}, Div: {2, numbers},
	Rem: {2, integers}, Min: {2, numbers}, Max: {2, numbers}, FMA: {3, floats},
	Sqrt: {1, floats}, Round: {1, floats}, Floor: {1, floats}, Ceil: {1, floats},
	Trunc: {1, floats}, Exponent: {1, floats}, Mantissa: {1, floats},
	Scale: {2, floats}, CopySign: {2, floats}, Neg: {1, numbers}, Abs: {1, numbers},
	Equal: {2, compared}, NotEqual: {2, compared}, Less: {2, compared},
	LessEqual: {2, compared},
	And:       {2, bitsets}, Or: {2, bitsets}, Xor: {2, bitsets}, Not: {1, bitsets},
	ShiftLeft: {2, integers}, ShiftRight: {2, integers},
	Select: {3, special}, Convert: {1, special}, Bitcast: {1, special}, Iota: {0, special},
	Load: {1, special}, Store: {2, special},
	ScratchLoad: {1, special}, ScratchStore: {2, special},
}

// Operands is the number of operands of a code.
func (c Code) Operands() int { return signatures[c].operands }

// Defined says whether c computes on operands of type t, as Scalar does.
func (c Code) Defined(t ir.DType) bool {
	switch signatures[c].class {
	case numbers, compared:
		return t != ir.Bool
	case floats:
		return t.IsFloat()
	case integers:
		return t.IsInteger()
	case bitsets:
		return !t.IsFloat()
	}
	return c == Select || c == Convert || c == Bitcast && t != ir.Bool
}

// typed says whether the types of an instruction that computes are right. Its operands exist.
func (i *Instr) typed(p *Program) bool {
	out := p.Types[i.Out]
	switch i.Code {
	case Const:
		return out == ir.Bool && i.Imm <= 1 || out != ir.Bool && i.Imm>>(out.Bits()-1)>>1 == 0
	case Iota:
		return out == ir.Int64
	case Select:
		return p.Types[i.In[0]] == ir.Bool && p.Types[i.In[1]] == out && p.Types[i.In[2]] == out
	case Convert:
		return true
	case Bitcast:
		t := p.Types[i.In[0]]
		return i.Code.Defined(t) && out != ir.Bool && t.Bits() == out.Bits()
	}
	t := p.Types[i.In[0]]
	for _, x := range i.In[1:i.Code.Operands()] {
		if p.Types[x] != t {
			return false
		}
	}
	if signatures[i.Code].class == compared {
		return i.Code.Defined(t) && out == ir.Bool
	}
	return i.Code.Defined(t) && out == t
}
