package asm

// Mask registers: B for 8 lanes, W for 16.
const (
	k2 = vex | rvm | m0F | l1 | rMask | vMask | mMask
	k1 = vex | rm | m0F | rMask | mMask

	KANDB    = k2 | 0x41 | p66
	KANDW    = k2 | 0x41
	KANDNB   = k2 | 0x42 | p66
	KANDNW   = k2 | 0x42
	KORB     = k2 | 0x45 | p66
	KORW     = k2 | 0x45
	KXNORB   = k2 | 0x46 | p66
	KXNORW   = k2 | 0x46
	KXORB    = k2 | 0x47 | p66
	KXORW    = k2 | 0x47
	KUNPCKBW = k2 | 0x4b | p66
	KNOTB    = k1 | 0x44 | p66
	KNOTW    = k1 | 0x44
	KORTESTB = k1 | 0x98 | p66
	KORTESTW = k1 | 0x98
	KTESTB   = k1 | 0x99 | p66
	KTESTW   = k1 | 0x99

	KSHIFTRB = vex | rm | m3A | rMask | mMask | imm | p66 | 0x30
	KSHIFTRW = vex | rm | m3A | rMask | mMask | imm | p66 | w | 0x30
	KSHIFTLB = vex | rm | m3A | rMask | mMask | imm | p66 | 0x32
	KSHIFTLW = vex | rm | m3A | rMask | mMask | imm | p66 | w | 0x32

	// From another mask register or from memory, to memory (S), from and to (RS) a general
	// register.
	KMOVB   = k1 | 0x90 | p66 | one
	KMOVW   = k1 | 0x90 | two
	KMOVBS  = vex | mr | m0F | rMask | 0x91 | p66 | one | mem
	KMOVWS  = vex | mr | m0F | rMask | 0x91 | two | mem
	KMOVBR  = vex | rm | m0F | rMask | mReg | 0x92 | p66
	KMOVWR  = vex | rm | m0F | rMask | mReg | 0x92
	KMOVBRS = vex | rm | m0F | rReg | mMask | 0x93 | p66
	KMOVWRS = vex | rm | m0F | rReg | mMask | 0x93

	// Masks to vectors of all ones or zeros, and back by the highest bits.
	VPMOVM2B = evex | rm | m38 | pF3 | mMask | 0x28
	VPMOVM2D = evex | rm | m38 | pF3 | mMask | 0x38
	VPMOVM2Q = evex | rm | m38 | pF3 | mMask | 0x38 | ew
	VPMOVB2M = evex | rm | m38 | pF3 | rMask | 0x29
	VPMOVD2M = evex | rm | m38 | pF3 | rMask | 0x39
	VPMOVQ2M = evex | rm | m38 | pF3 | rMask | 0x39 | ew
)
