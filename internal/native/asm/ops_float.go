package asm

// What families of instructions have in common.
const (
	ps   = vex | evex | rvm | m0F | full
	pd   = ps | p66 | ew
	ps38 = vex | evex | rvm | m38 | p66 | full
	pd38 = ps38 | w | ew
	// AVX-512 only.
	xs38 = evex | rvm | m38 | p66 | full
	xd38 = xs38 | ew
	xs3A = evex | rvm | m3A | p66 | full | imm
	xd3A = xs3A | ew
)

// Arithmetic on floats.
const (
	VADDPS  = ps | 0x58
	VADDPD  = pd | 0x58
	VMULPS  = ps | 0x59
	VMULPD  = pd | 0x59
	VSUBPS  = ps | 0x5c
	VSUBPD  = pd | 0x5c
	VMINPS  = ps | 0x5d
	VMINPD  = pd | 0x5d
	VDIVPS  = ps | 0x5e
	VDIVPD  = pd | 0x5e
	VMAXPS  = ps | 0x5f
	VMAXPD  = pd | 0x5f
	VSQRTPS = ps&^layout | 0x51 | rm
	VSQRTPD = pd&^layout | 0x51 | rm

	VFMADD132PS  = ps38 | 0x98
	VFMADD132PD  = pd38 | 0x98
	VFMADD213PS  = ps38 | 0xa8
	VFMADD213PD  = pd38 | 0xa8
	VFMADD231PS  = ps38 | 0xb8
	VFMADD231PD  = pd38 | 0xb8
	VFMSUB132PS  = ps38 | 0x9a
	VFMSUB132PD  = pd38 | 0x9a
	VFMSUB213PS  = ps38 | 0xaa
	VFMSUB213PD  = pd38 | 0xaa
	VFMSUB231PS  = ps38 | 0xba
	VFMSUB231PD  = pd38 | 0xba
	VFNMADD132PS = ps38 | 0x9c
	VFNMADD132PD = pd38 | 0x9c
	VFNMADD213PS = ps38 | 0xac
	VFNMADD213PD = pd38 | 0xac
	VFNMADD231PS = ps38 | 0xbc
	VFNMADD231PD = pd38 | 0xbc
	VFNMSUB132PS = ps38 | 0x9e
	VFNMSUB132PD = pd38 | 0x9e
	VFNMSUB213PS = ps38 | 0xae
	VFNMSUB213PD = pd38 | 0xae
	VFNMSUB231PS = ps38 | 0xbe
	VFNMSUB231PD = pd38 | 0xbe

	VSCALEFPS  = xs38 | 0x2c
	VSCALEFPD  = xd38 | 0x2c
	VGETEXPPS  = xs38&^layout | 0x42 | rm
	VGETEXPPD  = xd38&^layout | 0x42 | rm
	VGETMANTPS = xs3A&^layout | 0x26 | rm
	VGETMANTPD = xd3A&^layout | 0x26 | rm

	VRANGEPS    = xs3A | 0x50
	VRANGEPD    = xd3A | 0x50
	VFIXUPIMMPS = xs3A | 0x54
	VFIXUPIMMPD = xd3A | 0x54
	VRNDSCALEPS = xs3A&^layout | 0x08 | rm
	VRNDSCALEPD = xd3A&^layout | 0x09 | rm
	VROUNDPS    = 0x08 | vex | rm | m3A | p66 | full | imm
	VROUNDPD    = 0x09 | vex | rm | m3A | p66 | full | imm
)

// Comparisons and logic of floats.
const (
	VCMPPS     = 0xc2 | vex | rvm | m0F | full | imm
	VCMPPD     = 0xc2 | vex | rvm | m0F | p66 | full | imm
	VCMPPSK    = 0xc2 | evex | rvm | m0F | full | imm | rMask
	VCMPPDK    = 0xc2 | evex | rvm | m0F | p66 | ew | full | imm | rMask
	VFPCLASSPS = 0x66 | evex | rm | m3A | p66 | imm | rMask
	VFPCLASSPD = 0x66 | evex | rm | m3A | p66 | ew | imm | rMask

	VANDPS  = ps | 0x54
	VANDPD  = pd | 0x54
	VANDNPS = ps | 0x55
	VANDNPD = pd | 0x55
	VORPS   = ps | 0x56
	VORPD   = pd | 0x56
	VXORPS  = ps | 0x57
	VXORPD  = pd | 0x57

	VBLENDMPS = xs38 | 0x65
	VBLENDMPD = xd38 | 0x65
	VBLENDPS  = 0x0c | vex | rvm | m3A | p66 | full | imm
	VBLENDVPS = 0x4a | vex | rvms | m3A | p66 | whole
	VBLENDVPD = 0x4b | vex | rvms | m3A | p66 | whole
)

// Conversions between floats and integers. Those that make vectors narrower read registers only.
const (
	toSame   = rm | m0F | full
	toWider  = rm | m0F | half | mixed
	toNarrow = rm | m0F | mixed

	VCVTPS2PD = 0x5a | vex | evex | toWider
	VCVTPD2PS = 0x5a | vex | evex | toNarrow | p66 | ew

	VCVTDQ2PS   = 0x5b | vex | evex | toSame
	VCVTDQ2PD   = 0xe6 | vex | evex | toWider | pF3
	VCVTTPS2DQ  = 0x5b | vex | evex | toSame | pF3
	VCVTTPD2DQ  = 0xe6 | vex | evex | toNarrow | p66 | ew
	VCVTUDQ2PS  = 0x7a | evex | toSame | pF2
	VCVTUDQ2PD  = 0x7a | evex | toWider | pF3
	VCVTTPS2UDQ = 0x78 | evex | toSame
	VCVTTPD2UDQ = 0x78 | evex | toNarrow | ew

	VCVTQQ2PD   = 0xe6 | evex | toSame | pF3 | ew
	VCVTQQ2PS   = 0x5b | evex | toNarrow | ew
	VCVTUQQ2PD  = 0x7a | evex | toSame | pF3 | ew
	VCVTUQQ2PS  = 0x7a | evex | toNarrow | pF2 | ew
	VCVTTPD2QQ  = 0x7a | evex | toSame | p66 | ew
	VCVTTPS2QQ  = 0x7a | evex | toWider | p66
	VCVTTPD2UQQ = 0x78 | evex | toSame | p66 | ew
	VCVTTPS2UQQ = 0x78 | evex | toWider | p66
)
