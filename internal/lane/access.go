package lane

import (
	"slices"

	"pullback/ir"
)

// Address is where lane reads or writes, without the index operand.
func (a *Access) Address(lane int) int {
	at := a.Offset
	for k := len(a.Dims) - 1; k >= 0; k-- {
		d := a.Dims[k]
		at += lane % d.Extent * d.Stride
		lane /= d.Extent
	}
	return at
}

// Simplified is the same addresses with as few axes as possible: those of one element go, and
// neighbours that are spaced like one long axis become it.
func (a *Access) Simplified() Access {
	s := Access{Buffer: a.Buffer, Offset: a.Offset}
	for _, d := range a.Dims {
		last := len(s.Dims) - 1
		switch {
		case d.Extent == 1:
		case last >= 0 && s.Dims[last].Stride == d.Extent*d.Stride:
			s.Dims[last] = Dim{s.Dims[last].Extent * d.Extent, d.Stride}
		default:
			s.Dims = append(s.Dims, d)
		}
	}
	if len(s.Dims) == 1 && s.Dims[0].Stride == 0 {
		s.Dims = nil
	}
	return s
}

// bounds is the least and the greatest address, without the index operand.
func (a *Access) bounds() (least, greatest int) {
	least, greatest = a.Offset, a.Offset
	for _, d := range a.Dims {
		span := (d.Extent - 1) * d.Stride
		least += min(0, span)
		greatest += max(0, span)
	}
	return least, greatest
}

// injective says whether no two lanes have one address: each axis steps over all that the axes
// of smaller strides reach. (Some stranger accesses are injective too; no array has them.)
func (a *Access) injective() bool {
	dims := slices.DeleteFunc(slices.Clone(a.Dims), func(d Dim) bool { return d.Extent == 1 })
	for i, d := range dims {
		dims[i].Stride = max(d.Stride, -d.Stride)
	}
	slices.SortFunc(dims, func(d, e Dim) int { return d.Stride - e.Stride })
	reach := 0
	for _, d := range dims {
		if d.Stride <= reach {
			return false
		}
		reach += (d.Extent - 1) * d.Stride
	}
	return true
}

func (v *verifier) memory(i *Instr) {
	a := i.Access
	if a == nil || a.Buffer < 0 || a.Buffer >= len(v.p.Buffers) {
		v.fail("%v of no buffer", i.Code)
		return
	}
	b := v.p.Buffers[a.Buffer]
	x := i.Out
	if i.Code == Store {
		x = i.In[1]
		if !b.Written {
			v.fail("a store to b%d, which is not written", a.Buffer)
		}
	}
	if !v.known(x) || v.p.Types[x] != b.DType {
		v.fail("%v of v%d does not fit b%d, %v", i.Code, x, a.Buffer, b.DType)
	}
	lanes := 1
	if v.foreach != nil {
		lanes = v.foreach.Extent
	}
	product := 1
	for _, d := range a.Dims {
		product *= d.Extent
	}
	switch least, greatest := a.bounds(); {
	case len(a.Dims) > 0 && (product != lanes || v.foreach == nil):
		v.fail("an access to b%d spans %d lanes of %d", a.Buffer, product, lanes)
	case lanes == 0: // no lane goes anywhere
	case i.In[0] != None:
		if v.p.Types[i.In[0]] != ir.Int64 || b.Len == 0 {
			v.fail("an index v%d of %v into b%d of %d", i.In[0], v.p.Types[i.In[0]], a.Buffer,
				b.Len)
		}
	case least < 0 || greatest >= b.Len:
		v.fail("an access from %d to %d of b%d leaves its %d elements", least, greatest, a.Buffer,
			b.Len)
	case i.Code == Store && lanes > 1 && (len(a.Dims) == 0 || !a.injective()):
		v.fail("several lanes store to one element of b%d", a.Buffer)
	}
}

func (v *verifier) scratch(i *Instr) {
	if i.Imm >= uint64(len(v.p.Scratch)) || v.foreach == nil {
		v.fail("%v of s%d, which is not there", i.Code, i.Imm)
		return
	}
	x := i.Out
	if i.Code == ScratchStore {
		x = i.In[1]
	}
	if !v.known(x) || v.p.Types[x] != v.p.Scratch[i.Imm].DType || v.p.Types[i.In[0]] != ir.Int64 {
		v.fail("%v of s%d is wrongly typed", i.Code, i.Imm)
	}
}
