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

// signature is the number of operands of a code and their types; -1 for no code.
func (c Code) signature() (operands int, _ class) {
	switch c {
	case Const, Iota:
		return 0, special
	case Convert, Bitcast, Lookup, Load, ScratchLoad:
		return 1, special
	case Store, ScratchStore:
		return 2, special
	case Select:
		return 3, special
	case Neg, Abs:
		return 1, numbers
	case Add, Sub, Mul, Div, Min, Max:
		return 2, numbers
	case Equal, NotEqual, Less, LessEqual:
		return 2, compared
	case Sqrt, Round, Floor, Ceil, Trunc, Exponent, Mantissa:
		return 1, floats
	case Scale, CopySign:
		return 2, floats
	case FMA:
		return 3, floats
	case Rem, ShiftLeft, ShiftRight:
		return 2, integers
	case Not:
		return 1, bitsets
	case And, Or, Xor:
		return 2, bitsets
	}
	return -1, special
}

// Operands is the number of operands of a code. (The index of a Load and of a Store is one, and
// may be None.)
func (c Code) Operands() int { n, _ := c.signature(); return n }

// OperandType is the type that decides which operation of its code an instruction is.
func (p *Program) OperandType(i *Instr) ir.DType {
	switch {
	case i.Code == Select:
		return p.Types[i.In[1]]
	case i.In[0] != None:
		return p.Types[i.In[0]]
	}
	return p.Types[i.Out]
}

// Defined says whether c computes on operands of type t, as Scalar does.
func (c Code) Defined(t ir.DType) bool {
	switch _, class := c.signature(); class {
	case numbers, compared:
		return t != ir.Bool
	case floats:
		return t.IsFloat()
	case integers:
		return t.IsInteger()
	case bitsets:
		return !t.IsFloat()
	}
	return c == Select || c == Convert || c == Bitcast && t != ir.Bool ||
		c == Lookup && (t == ir.Uint32 || t == ir.Uint64)
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
	if i.Code == Lookup {
		return i.Code.Defined(t) && out.IsFloat() && out.Bits() == t.Bits() && i.Imm < Tables
	}
	for _, x := range i.In[1:i.Code.Operands()] {
		if p.Types[x] != t {
			return false
		}
	}
	if _, class := i.Code.signature(); class == compared {
		return i.Code.Defined(t) && out == ir.Bool
	}
	return i.Code.Defined(t) && out == t
}
