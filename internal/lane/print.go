package lane

import (
	"fmt"
	"math"
	"strings"

	"pullback/ir"
)

// String is the code's name in lower case.
func (c Code) String() string {
	names := [...]string{
		Const: "const", Add: "add", Sub: "sub", Mul: "mul", Div: "div", Rem: "rem", Min: "min",
		Max: "max", FMA: "fma", Sqrt: "sqrt", Round: "round", Floor: "floor", Ceil: "ceil",
		Trunc: "trunc", Exponent: "exponent", Mantissa: "mantissa", Scale: "scale",
		CopySign: "copysign", Neg: "neg", Abs: "abs", Equal: "equal", NotEqual: "not_equal",
		Less: "less", LessEqual: "less_equal", And: "and", Or: "or", Xor: "xor", Not: "not",
		ShiftLeft: "shift_left", ShiftRight: "shift_right", Select: "select",
		Convert: "convert", Bitcast: "bitcast", Lookup: "lookup",
		Iota: "iota", Load: "load", Store: "store",
		ScratchLoad: "scratch_load", ScratchStore: "scratch_store",
	}
	if int(c) < len(names) {
		return names[c]
	}
	return fmt.Sprintf("Code(%d)", uint8(c))
}

// String is the program as text: one line for each buffer, scratch array and statement.
func (p *Program) String() string {
	w := printer{p: p}
	w.line("program {")
	w.depth++
	for i, b := range p.Buffers {
		written := ""
		if b.Written {
			written = " written"
		}
		w.line("b%d: %v[%d]%s", i, b.DType, b.Len, written)
	}
	for i, s := range p.Scratch {
		w.line("s%d: scratch %v[%d]", i, s.DType, s.Len)
	}
	w.block(p.Body)
	w.depth--
	w.line("}")
	return w.text.String()
}

type printer struct {
	p     *Program
	text  strings.Builder
	depth int
}

func (w *printer) line(format string, args ...any) {
	w.text.WriteString(strings.Repeat("\t", w.depth))
	fmt.Fprintf(&w.text, format, args...)
	w.text.WriteByte('\n')
}

func (w *printer) block(b Block) {
	for _, s := range b {
		switch s := s.(type) {
		case *Instr:
			w.line("%s", w.p.text(s))
		case *While:
			how := "while"
			if s.Rare {
				how = "rarely"
			}
			w.line("%s = %s %s {", list(s.State), how, list(s.Init))
			w.inside(s.Cond, "test "+name(s.Test))
			w.line("} do {")
			w.inside(s.Body, "next "+list(s.Next))
			w.line("}")
		case *Foreach:
			rows := ""
			if s.Row != s.Extent {
				rows = fmt.Sprintf(" in rows of %d", s.Row)
			}
			w.line("foreach %d%s {", s.Extent, rows)
			w.inside(s.Body, "")
			w.line("}")
			for _, r := range s.Reductions {
				in := r.In[:1]
				if r.In[1] != None {
					in = r.In[:]
				}
				w.line("reduce %v b%d, %s", r.Code, r.Buffer, list(in))
			}
		}
	}
}

func (w *printer) inside(b Block, last string) {
	w.depth++
	w.block(b)
	if last != "" {
		w.line("%s", last)
	}
	w.depth--
}

// text is an instruction on one line.
func (p *Program) text(i *Instr) string {
	var in []string
	for _, v := range i.In {
		if v != None {
			in = append(in, name(v))
		}
	}
	operands := strings.Join(in, ", ")
	switch i.Code {
	case Const:
		return fmt.Sprintf("%s = const %s", p.typed(i.Out), number(p.Types[i.Out], i.Imm))
	case Load:
		return fmt.Sprintf("%s = load %s", p.typed(i.Out), i.Access.text(i.In[0]))
	case Store:
		return fmt.Sprintf("store %s, %s", i.Access.text(i.In[0]), name(i.In[1]))
	case Lookup:
		return fmt.Sprintf("%s = lookup %d[%s]", p.typed(i.Out), i.Imm, operands)
	case ScratchLoad:
		return fmt.Sprintf("%s = scratch_load s%d[%s]", p.typed(i.Out), i.Imm, operands)
	case ScratchStore:
		return fmt.Sprintf("scratch_store s%d[%s], %s", i.Imm, name(i.In[0]), name(i.In[1]))
	}
	return strings.TrimSpace(fmt.Sprintf("%s = %v %s", p.typed(i.Out), i.Code, operands))
}

// typed is a value with its type, and a star if it varies: "v3 float64*".
func (p *Program) typed(v Value) string {
	if v < 0 || int(v) >= len(p.Types) || int(v) >= len(p.Varying) {
		return name(v)
	}
	star := ""
	if p.Varying[v] {
		star = "*"
	}
	return fmt.Sprintf("%s %v%s", name(v), p.Types[v], star)
}

// text is, for example, b0[7 + 10×3 + 3×1 + v5]: the offset, for each axis extent×stride, the
// index.
func (a *Access) text(index Value) string {
	var s strings.Builder
	fmt.Fprintf(&s, "b%d[%d", a.Buffer, a.Offset)
	for _, d := range a.Dims {
		fmt.Fprintf(&s, " + %d×%d", d.Extent, d.Stride)
	}
	if index != None {
		fmt.Fprintf(&s, " + %s", name(index))
	}
	s.WriteByte(']')
	return s.String()
}

func name(v Value) string {
	if v == None {
		return "none"
	}
	return fmt.Sprintf("v%d", v)
}

func list(vs []Value) string {
	names := make([]string, len(vs))
	for i, v := range vs {
		names[i] = name(v)
	}
	return strings.Join(names, ", ")
}

func number(t ir.DType, bits uint64) string {
	switch t {
	case ir.Float64:
		return fmt.Sprint(math.Float64frombits(bits))
	case ir.Float32:
		return fmt.Sprint(math.Float32frombits(uint32(bits)))
	case ir.Int32:
		return fmt.Sprint(int32(bits))
	case ir.Int64:
		return fmt.Sprint(int64(bits))
	case ir.Bool:
		return fmt.Sprint(bits != 0)
	}
	return fmt.Sprint(bits)
}
