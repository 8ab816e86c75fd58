package asm

// What families of instructions have in common.
const (
	pi   = vex | evex | rvm | m0F | p66 | full
	pq   = pi | ew
	pi38 = vex | evex | rvm | m38 | p66 | full
	pq38 = pi38 | ew
	// Only AVX2, and only AVX-512.
	vi  = vex | rvm | m0F | p66 | full
	xi  = evex | rvm | m0F | p66 | full
	xq  = xi | ew
	ki  = evex | rvm | m3A | p66 | full | imm | rMask
	kq  = ki | ew
	kt  = evex | rvm | m38 | p66 | full | rMask
	ktn = evex | rvm | m38 | pF3 | full | rMask
)

// Arithmetic on integers.
const (
	VPADDD  = pi | 0xfe
	VPADDQ  = pq | 0xd4
	VPSUBD  = pi | 0xfa
	VPSUBQ  = pq | 0xfb
	VPMULLD = pi38 | 0x40
	VPMULLQ = xd38 | 0x40

	VPMULUDQ = pq | 0xf4
	VPMULDQ  = pq38 | 0x28

	VPMINSD = pi38 | 0x39
	VPMINUD = pi38 | 0x3b
	VPMAXSD = pi38 | 0x3d
	VPMAXUD = pi38 | 0x3f
	VPMINSQ = xd38 | 0x39
	VPMINUQ = xd38 | 0x3b
	VPMAXSQ = xd38 | 0x3d
	VPMAXUQ = xd38 | 0x3f
	VPABSD  = pi38&^layout | 0x1e | rm
	VPABSQ  = xd38&^layout | 0x1f | rm
)

// Logic. Those without D or Q work on bits alone and are VEX's.
const (
	VPAND      = vi | 0xdb
	VPANDN     = vi | 0xdf
	VPOR       = vi | 0xeb
	VPXOR      = vi | 0xef
	VPANDD     = xi | 0xdb
	VPANDQ     = xq | 0xdb
	VPANDND    = xi | 0xdf
	VPANDNQ    = xq | 0xdf
	VPORD      = xi | 0xeb
	VPORQ      = xq | 0xeb
	VPXORD     = xi | 0xef
	VPXORQ     = xq | 0xef
	VPTERNLOGD = xs3A | 0x25
	VPTERNLOGQ = xd3A | 0x25
	VPBLENDMD  = xs38 | 0x64
	VPBLENDMQ  = xd38 | 0x64
	VPBLENDVB  = 0x4c | vex | rvms | m3A | p66 | whole
)

// Shifts and rotations: by each lane's own count, or by an immediate one.
const (
	VPSLLVD = pi38 | 0x47
	VPSLLVQ = pd38 | 0x47
	VPSRLVD = pi38 | 0x45
	VPSRLVQ = pd38 | 0x45
	VPSRAVD = pi38 | 0x46
	VPSRAVQ = xd38 | 0x46
	VPROLVD = xs38 | 0x15
	VPROLVQ = xd38 | 0x15

	// VEX reads registers only.
	VPSLLDI = 0x72 | vex | evex | vm | m0F | p66 | d6 | imm
	VPSLLQI = 0x73 | vex | evex | vm | m0F | p66 | ew | d6 | imm
	VPSRLDI = 0x72 | vex | evex | vm | m0F | p66 | d2 | imm
	VPSRLQI = 0x73 | vex | evex | vm | m0F | p66 | ew | d2 | imm
	VPSRADI = 0x72 | vex | evex | vm | m0F | p66 | d4 | imm
	VPSRAQI = 0x72 | evex | vm | m0F | p66 | ew | d4 | imm | full
	VPROLDI = 0x72 | evex | vm | m0F | p66 | d1 | imm | full
	VPROLQI = 0x72 | evex | vm | m0F | p66 | ew | d1 | imm | full
	VPRORDI = 0x72 | evex | vm | m0F | p66 | imm | full
	VPRORQI = 0x72 | evex | vm | m0F | p66 | ew | imm | full
)

// Comparisons of integers.
const (
	VPCMPEQD = vi | 0x76
	VPCMPGTD = vi | 0x66
	VPCMPEQQ = vi&^m0F | m38 | 0x29
	VPCMPGTQ = vi&^m0F | m38 | 0x37
	VPCMPEQB = vi | 0x74

	VPCMPDK   = ki | 0x1f
	VPCMPQK   = kq | 0x1f
	VPCMPUDK  = ki | 0x1e
	VPCMPUQK  = kq | 0x1e
	VPTESTMB  = kt&^size | 0x26 | whole
	VPTESTMD  = kt | 0x27
	VPTESTMQ  = kt | ew | 0x27
	VPTESTNMB = ktn&^size | 0x26 | whole
	VPTESTNMD = ktn | 0x27
	VPTESTNMQ = ktn | ew | 0x27
	VPTEST    = 0x17 | vex | rm | m38 | p66 | whole
)
