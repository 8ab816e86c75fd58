package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// fusedForms are the instructions for ±x*y ± z: without a sign, with the addend's, with the
// product's, and with both, for float32 and float64.
var fusedForms = [4]struct{ single, double fused }{
	{fused{asm.VFMADD132PS, asm.VFMADD213PS, asm.VFMADD231PS},
		fused{asm.VFMADD132PD, asm.VFMADD213PD, asm.VFMADD231PD}},
	{fused{asm.VFMSUB132PS, asm.VFMSUB213PS, asm.VFMSUB231PS},
		fused{asm.VFMSUB132PD, asm.VFMSUB213PD, asm.VFMSUB231PD}},
	{fused{asm.VFNMADD132PS, asm.VFNMADD213PS, asm.VFNMADD231PS},
		fused{asm.VFNMADD132PD, asm.VFNMADD213PD, asm.VFNMADD231PD}},
	{fused{asm.VFNMSUB132PS, asm.VFNMSUB213PS, asm.VFNMSUB231PS},
		fused{asm.VFNMSUB132PD, asm.VFNMSUB213PD, asm.VFNMSUB231PD}},
}

// makers says for each value what instruction computes it, nil for states of loops.
func makers(p *lane.Program) []*lane.Instr {
	of := make([]*lane.Instr, len(p.Types))
	lane.Walk(p.Body, func(s lane.Stmt) {
		if i, ok := s.(*lane.Instr); ok && i.Out != lane.None {
			of[i.Out] = i
		}
	})
	return of
}

// operands is what i reads: of a fused multiply-add not negations, since there are forms that do
// them. signs says which: 1 of the addend, 2 of the product. (A NaN's sign is not seen.)
func (s *selector) operands(i *lane.Instr) (in [3]lane.Value, signs int) {
	in = i.In
	if i.Code != lane.FMA {
		return in, 0
	}
	for k, sign := range []int{2, 2, 1} {
		if of := s.makers[in[k]]; of != nil && of.Code == lane.Neg {
			in[k] = of.In[0]
			signs ^= sign
		}
	}
	return in, signs
}

// fma is ±x*y ± z.
func (s *selector) fma(t ir.DType, in [3]virtual, signs int) virtual {
	forms := &fusedForms[signs].single
	if t == ir.Float64 {
		forms = &fusedForms[signs].double
	}
	out := s.vector(sizeOf(t))
	i := s.add(forms.f213, out, in[0], in[1], in[2])
	i.destroys, i.fused = true, forms
	return out
}

// pair is an instruction for float32 and for float64, or integers of their sizes.
type pair struct{ single, double asm.Op }
