package lane

import "pullback/ir"

// expressions is a table of instructions by what they compute. What is in it was put there in an
// order, and leaves it in the opposite one as blocks end; so an entry that is to leave is the
// first of its chain, which makes this a few times quicker than a map.
type expressions struct {
	types *[]ir.DType // of all values
	first []int32     // by hash: the newest entry of its chain, -1 for none
	order []expression
}

type expression struct {
	*Instr
	hash uint32
	next int32 // the entry before it in its chain, -1 for none
}

// find is the result of an instruction in the table that computes the same as i, which gives a
// value of type t and has the hash h; or None.
func (e *expressions) find(i *Instr, t ir.DType, h uint32) Value {
	if len(e.first) == 0 {
		return None
	}
	for k := *e.chain(h); k >= 0; k = e.order[k].next {
		x := &e.order[k]
		if x.hash == h && x.Code == i.Code && x.In == i.In && x.Imm == i.Imm &&
			(*e.types)[x.Out] == t {
			return x.Out
		}
	}
	return None
}

// chain is where the chain of a hash begins.
func (e *expressions) chain(h uint32) *int32 { return &e.first[h&uint32(len(e.first)-1)] }

// put adds an instruction that find does not find.
func (e *expressions) put(i *Instr, h uint32) {
	if len(e.order) == len(e.first) {
		e.grow()
	}
	e.order = append(e.order, expression{i, h, 0})
	e.link(len(e.order) - 1)
}

// link makes entry k the first of its chain.
func (e *expressions) link(k int) {
	x := &e.order[k]
	head := e.chain(x.hash)
	x.next, *head = *head, int32(k)
}

// grow doubles the table.
func (e *expressions) grow() {
	size := max(64, 2*len(e.first))
	e.first, e.order = make([]int32, size), append(make([]expression, 0, size), e.order...)
	for k := range e.first {
		e.first[k] = -1
	}
	for k := range e.order {
		e.link(k)
	}
}

// forget drops all entries but the first n.
func (e *expressions) forget(n int) {
	for k := len(e.order) - 1; k >= n; k-- {
		x := &e.order[k]
		*e.chain(x.hash) = x.next
	}
	e.order = e.order[:n]
}

// hash mixes what makes two instructions the same, by multiplication with an odd number (2^64
// over the golden ratio) and folding of the high half on the low one.
func (i *Instr) hash(t ir.DType) uint32 {
	h := uint64(i.Code)<<8 | uint64(t)
	for _, x := range [4]uint64{uint64(i.In[0]), uint64(i.In[1]), uint64(i.In[2]), i.Imm} {
		h = (h ^ x) * 0x9e3779b97f4a7c15
		h ^= h >> 32
	}
	return uint32(h)
}

// instrs gives instructions memory, many at a time.
type instrs struct{ rest []Instr }

func (s *instrs) add(i Instr) *Instr {
	const atOnce = 64
	if len(s.rest) == 0 {
		s.rest = make([]Instr, atOnce)
	}
	p := &s.rest[0]
	s.rest = s.rest[1:]
	*p = i
	return p
}
