package asm

// Loads and stores of whole vectors; moves between registers are loads. An S stores.
const (
	load  = vex | evex | rm | m0F | whole
	store = vex | evex | mr | m0F | whole

	VMOVUPS  = load | 0x10
	VMOVUPD  = load | 0x10 | p66 | ew
	VMOVAPS  = load | 0x28
	VMOVAPD  = load | 0x28 | p66 | ew
	VMOVUPSS = store | 0x11
	VMOVUPDS = store | 0x11 | p66 | ew
	VMOVAPSS = store | 0x29
	VMOVAPDS = store | 0x29 | p66 | ew

	VMOVDQU    = 0x6f | vex | rm | m0F | pF3 | whole
	VMOVDQUS   = 0x7f | vex | mr | m0F | pF3 | whole
	VMOVDQU8   = 0x6f | evex | rm | m0F | pF2 | whole
	VMOVDQU8S  = 0x7f | evex | mr | m0F | pF2 | whole
	VMOVDQU32  = 0x6f | evex | rm | m0F | pF3 | whole
	VMOVDQU32S = 0x7f | evex | mr | m0F | pF3 | whole
	VMOVDQU64  = 0x6f | evex | rm | m0F | pF3 | whole | ew
	VMOVDQU64S = 0x7f | evex | mr | m0F | pF3 | whole | ew

	// Under a mask in a vector, its lanes' highest bits.
	VMASKMOVPS  = 0x2c | vex | rvm | m38 | p66 | whole | mem
	VMASKMOVPD  = 0x2d | vex | rvm | m38 | p66 | whole | mem
	VPMASKMOVD  = 0x8c | vex | rvm | m38 | p66 | whole | mem
	VPMASKMOVQ  = 0x8c | vex | rvm | m38 | p66 | whole | mem | w
	VMASKMOVPSS = 0x2e | vex | mvr | m38 | p66 | whole | mem
	VMASKMOVPDS = 0x2f | vex | mvr | m38 | p66 | whole | mem
	VPMASKMOVDS = 0x8e | vex | mvr | m38 | p66 | whole | mem
	VPMASKMOVQS = 0x8e | vex | mvr | m38 | p66 | whole | mem | w
)

// Single elements: to and from memory, the others zero, and general registers (R).
const (
	VMOVSS  = 0x10 | vex | evex | rm | m0F | pF3 | four | mem
	VMOVSD  = 0x10 | vex | evex | rm | m0F | pF2 | eight | mem | ew
	VMOVSSS = 0x11 | vex | evex | mr | m0F | pF3 | four | mem
	VMOVSDS = 0x11 | vex | evex | mr | m0F | pF2 | eight | mem | ew
	VMOVD   = 0x6e | vex | evex | rm | m0F | p66 | mReg
	VMOVDS  = 0x7e | vex | evex | mr | m0F | p66 | mReg
	VMOVQ   = 0x6e | vex | evex | rm | m0F | p66 | mReg | w | ew
	VMOVQS  = 0x7e | vex | evex | mr | m0F | p66 | mReg | w | ew

	VPEXTRQ = 0x16 | vex | evex | mr | m3A | p66 | eight | mReg | w | ew | imm
	VPINSRQ = 0x22 | vex | evex | rvm | m3A | p66 | eight | mReg | w | ew | imm
	VPEXTRD = 0x16 | vex | evex | mr | m3A | p66 | four | mReg | imm
	VPINSRD = 0x22 | vex | evex | rvm | m3A | p66 | four | mReg | imm

	VMOVMSKPS = 0x50 | vex | rm | m0F | rReg
	VMOVMSKPD = 0x50 | vex | rm | m0F | p66 | rReg
	VPMOVMSKB = 0xd7 | vex | rm | m0F | p66 | rReg
)

// Broadcasts of the first element, or of one in memory or in a general register (R).
const (
	VBROADCASTSS  = 0x18 | vex | evex | rm | m38 | p66 | four | mixed
	VBROADCASTSD  = 0x19 | vex | evex | rm | m38 | p66 | eight | mixed | ew
	VPBROADCASTB  = 0x78 | vex | evex | rm | m38 | p66 | one | mixed
	VPBROADCASTD  = 0x58 | vex | evex | rm | m38 | p66 | four | mixed
	VPBROADCASTQ  = 0x59 | vex | evex | rm | m38 | p66 | eight | mixed | ew
	VPBROADCASTBR = 0x7a | evex | rm | m38 | p66 | mReg
	VPBROADCASTDR = 0x7c | evex | rm | m38 | p66 | mReg
	VPBROADCASTQR = 0x7c | evex | rm | m38 | p66 | mReg | ew
	VMOVDDUP      = 0x12 | vex | evex | rm | m0F | pF2 | dup | ew
)

// Permutations, within vectors and of their halves.
const (
	VPERMILPD = 0x05 | vex | evex | rm | m3A | p66 | full | imm | ew
	VPERMILPS = 0x04 | vex | evex | rm | m3A | p66 | full | imm
	VPERMPD   = 0x01 | vex | evex | rm | m3A | p66 | full | imm | w | ew
	VPERMQ    = 0x00 | vex | evex | rm | m3A | p66 | full | imm | w | ew
	VPERMPS   = 0x16 | vex | evex | rvm | m38 | p66 | full
	VPERMT2PD = 0x7f | evex | rvm | m38 | p66 | full | ew
	VPERMD    = 0x36 | vex | evex | rvm | m38 | p66 | full
	VPSHUFD   = 0x70 | vex | evex | rm | m0F | p66 | full | imm
	VPSHUFB   = 0x00 | vex | evex | rvm | m38 | p66 | whole
	VSHUFPS   = ps | 0xc6 | imm
	VSHUFPD   = pd | 0xc6 | imm
	VUNPCKLPS = ps | 0x14
	VUNPCKLPD = pd | 0x14
	VUNPCKHPS = ps | 0x15
	VUNPCKHPD = pd | 0x15
	VPACKSSDW = 0x6b | vex | evex | rvm | m0F | p66 | full
	VPACKSSWB = 0x63 | vex | evex | rvm | m0F | p66 | whole

	VPERM2F128    = 0x06 | vex | rvm | m3A | p66 | whole | imm
	VPERM2I128    = 0x46 | vex | rvm | m3A | p66 | whole | imm
	VEXTRACTF128  = 0x19 | vex | mr | m3A | p66 | sixteen | imm | mixed
	VEXTRACTI128  = 0x39 | vex | mr | m3A | p66 | sixteen | imm | mixed
	VINSERTF128   = 0x18 | vex | rvm | m3A | p66 | sixteen | imm | mixed
	VINSERTI128   = 0x38 | vex | rvm | m3A | p66 | sixteen | imm | mixed
	VEXTRACTF64X4 = 0x1b | evex | mr | m3A | p66 | thirty2 | imm | mixed | ew
	VEXTRACTI64X4 = 0x3b | evex | mr | m3A | p66 | thirty2 | imm | mixed | ew
	VEXTRACTF64X2 = 0x19 | evex | mr | m3A | p66 | sixteen | imm | mixed | ew
	VINSERTF64X4  = 0x1a | evex | rvm | m3A | p66 | thirty2 | imm | mixed | ew
	VINSERTI64X4  = 0x3a | evex | rvm | m3A | p66 | thirty2 | imm | mixed | ew
	VSHUFF64X2    = 0x23 | evex | rvm | m3A | p66 | full | imm | ew
)

// Integers to wider and to narrower ones.
const (
	VPMOVSXDQ = 0x25 | vex | evex | rm | m38 | p66 | halfOf | mixed
	VPMOVZXDQ = 0x35 | vex | evex | rm | m38 | p66 | halfOf | mixed
	VPMOVZXBD = 0x31 | vex | evex | rm | m38 | p66 | quarter | mixed
	VPMOVZXBQ = 0x32 | vex | evex | rm | m38 | p66 | eighth | mixed
	VPMOVSXBD = 0x21 | vex | evex | rm | m38 | p66 | quarter | mixed
	VPMOVSXBQ = 0x22 | vex | evex | rm | m38 | p66 | eighth | mixed
	VPMOVQD   = 0x35 | evex | mr | m38 | pF3 | halfOf | mixed
	VPMOVDB   = 0x31 | evex | mr | m38 | pF3 | quarter | mixed
	VPMOVQB   = 0x32 | evex | mr | m38 | pF3 | eighth | mixed
)

// Gathers, and scatters of AVX-512: the first letter is the index's size, the second the
// element's. A gather of AVX2 has a vector as its mask, and clears it, as AVX-512 does with K.
const (
	gather  = vex | evex | rmv | m38 | p66 | mem | lanes | mixed
	scatter = evex | mr | m38 | p66 | mem | lanes | mixed

	VGATHERDPS  = gather | 0x92 | four
	VGATHERDPD  = gather | 0x92 | eight | w | ew
	VGATHERQPS  = gather | 0x93 | four
	VGATHERQPD  = gather | 0x93 | eight | w | ew
	VPGATHERDD  = gather | 0x90 | four
	VPGATHERDQ  = gather | 0x90 | eight | w | ew
	VPGATHERQD  = gather | 0x91 | four
	VPGATHERQQ  = gather | 0x91 | eight | w | ew
	VSCATTERDPS = scatter | 0xa2 | four
	VSCATTERDPD = scatter | 0xa2 | eight | ew
	VSCATTERQPS = scatter | 0xa3 | four
	VSCATTERQPD = scatter | 0xa3 | eight | ew
)
