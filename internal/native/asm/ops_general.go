package asm

// Instructions for general registers: 64 bits unless the name says otherwise.
const (
	ADD   Op = arithmetic | w
	OR    Op = arithmetic | w | d1
	AND   Op = arithmetic | w | d4
	SUB   Op = arithmetic | w | d5
	XOR   Op = arithmetic | w | d6
	CMP   Op = arithmetic | w | d7
	CMP32 Op = arithmetic | d7
	AND32 Op = arithmetic | d4
	MOV   Op = move | w
	MOV32 Op = move // of a register clears its upper half
	TEST  Op = 0x85 | mr | w
	LEA   Op = 0x8d | rm | w

	IMUL   Op = 0xaf | rm | m0F | w
	IMULI  Op = multiply | w
	DIV    Op = 0xf7 | single | d6 | w
	IDIV   Op = 0xf7 | single | d7 | w
	DIV32  Op = 0xf7 | single | d6
	IDIV32 Op = 0xf7 | single | d7
	CQO    Op = 0x99 | alone | w
	CDQ    Op = 0x99 | alone
	NOT    Op = 0xf7 | single | d2 | w
	NEG    Op = 0xf7 | single | d3 | w
	INC    Op = 0xff | single | w
	DEC    Op = 0xff | single | d1 | w
	SHL    Op = 0xc1 | shift | d4 | w
	SHR    Op = 0xc1 | shift | d5 | w
	SAR    Op = 0xc1 | shift | d7 | w

	MOVZX8 Op = 0xb6 | rm | m0F // a byte to 32 bits, and so to 64
	MOVS8  Op = 0x88 | mr | one // stores the low byte
	MOVSXD Op = 0x63 | rm | w
	POPCNT Op = 0xb8 | rm | m0F | pF3 | w
	TZCNT  Op = 0xbc | rm | m0F | pF3 | w
	LZCNT  Op = 0xbd | rm | m0F | pF3 | w
	RET    Op = 0xc3 | alone

	// With VEX.
	BZHI       Op = 0xf5 | vex | rmv | m38 | w | rReg | mReg | vReg | eight
	PDEP       Op = 0xf5 | vex | rvm | m38 | pF2 | w | rReg | mReg | vReg | eight
	VZEROUPPER Op = 0x77 | vex | alone | m0F
)
