package asm

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// TestJumps: distances forwards and backwards, as GNU as has them.
func TestJumps(t *testing.T) {
	var a Assembler
	back := a.Here()
	ahead := a.NewLabel()
	lines := []string{"back: {disp32} jmp ahead"}
	a.Jump(ahead)
	for c, name := range strings.Fields("o no b ae e ne be a s ns p np l ge le g") {
		a.JumpIf(Condition(c), ahead)
		a.JumpIf(Condition(c), back)
		lines = append(lines, "{disp32} j"+name+" ahead\n{disp32} j"+name+" back")
		a.MoveIf(Condition(c), R9, RDI)
		a.MoveIf(Condition(c), RBX, R15)
		lines = append(lines, "cmov"+name+" r9, rdi\ncmov"+name+" rbx, r15")
	}
	a.Bind(ahead)
	a.Emit(VADDPD, Z(1), Z(2), Mem{Label: back}.All())
	a.Emit(VSHUFPD, X(1), X(2), Mem{Label: back, Disp: 3}, Imm(1))
	a.Emit(CMP, Mem{Label: back}, Imm(1000))
	a.Emit(MOV, Mem{Label: back}, R10)
	lines = append(lines, "ahead: vaddpd zmm1, zmm2, [rip+back]{1to8}",
		"vshufpd xmm1, xmm2, [rip+back+3], 1", "cmp qword ptr [rip+back], 1000",
		"mov qword ptr [rip+back], r10")
	got, err := a.Finish()
	if err != nil {
		t.Fatal(err)
	}
	want := assembleText(t, strings.Join(lines, "\n"))
	if n := a.Len(); !bytes.Equal(got[:n], want[:n]) {
		t.Errorf("got\n% x, as has\n% x", got[:n], want[:n])
	}
}

// TestConstants: each is aligned and there once, and its displacement leads to it.
func TestConstants(t *testing.T) {
	var a Assembler
	a.Emit(VADDPS, X(1), X(1), a.Constant32(7).All())
	vector := bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7, 8}, 4)
	ends := map[int][]byte{a.Len(): {7, 0, 0, 0}}
	a.Emit(VADDPD, Y(1), Y(1), a.Constant(vector))
	ends[a.Len()] = vector
	a.Emit(VADDPD, Z(1), Z(1), a.Constant64(1<<40).All())
	ends[a.Len()] = []byte{0, 0, 0, 0, 0, 1, 0, 0}
	a.Emit(VADDPS, Z(1), Z(1), a.Constant32(7).All())
	ends[a.Len()] = []byte{7, 0, 0, 0}
	code, err := a.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if len(code) != 64+32+8+4 {
		t.Errorf("%d bytes", len(code))
	}
	for end, want := range ends {
		at := end + int(int32(binary.LittleEndian.Uint32(code[end-4:])))
		if got := code[at:][:len(want)]; !bytes.Equal(got, want) || at%len(want) != 0 {
			t.Errorf("at %d: % x, want % x", at, got, want)
		}
	}
}

// TestPointers: memory is the same operand by a pointer.
func TestPointers(t *testing.T) {
	var a, b Assembler
	m, c := At(RSP, 300), Mem{Base: R13, Index: R12, Scale: 4}
	a.Emit(MOV, m, RAX)
	b.Emit(MOV, &m, RAX)
	a.Emit(VADDPD, Under{K: K2}, Z(17), Z(1), c.All())
	all := c.All()
	b.Emit(VADDPD, Under{K: K2}, Z(17), Z(1), &all)
	x, err := a.Finish()
	y, also := b.Finish()
	if err != nil || also != nil || !bytes.Equal(x, y) {
		t.Errorf("% x, %v; by pointers % x, %v", x, err, y, also)
	}
}

// TestMistakes: what no instruction can say is an error.
func TestMistakes(t *testing.T) {
	for name, f := range map[string]func(a *Assembler){
		"too few":            func(a *Assembler) { a.Emit(VADDPD, Z(1), Z(2)) },
		"too many":           func(a *Assembler) { a.Emit(VADDPD, Z(1), Z(2), Z(3), Z(4)) },
		"no register":        func(a *Assembler) { a.Emit(VADDPD, Z(1), Z(2), Vec(0)) },
		"two widths":         func(a *Assembler) { a.Emit(VADDPD, Z(1), Z(2), Y(3)) },
		"a mask as a vector": func(a *Assembler) { a.Emit(VADDPD, K1, Z(2), Y(3)) },
		"memory as a vector": func(a *Assembler) { a.Emit(VADDPD, Z(2), At(RAX, 0), Z(3)) },
		"a high register":    func(a *Assembler) { a.Emit(VBLENDVPD, X(1), X(2), X(16), X(3)) },
		"a high mask":        func(a *Assembler) { a.Emit(VBLENDVPD, X(1), X(2), X(1), X(16)) },
		"512 bits":           func(a *Assembler) { a.Emit(VPAND, Z(1), Z(2), Z(3)) },
		"AVX-512 where it is not allowed": func(a *Assembler) {
			a.NoAVX512 = true
			a.Emit(VADDPD, Y(1), Y(2), Y(16))
		},
		"a mask register where it is not allowed": func(a *Assembler) {
			a.NoAVX512 = true
			a.Emit(KMOVW, K1, At(RAX, 0))
		},
		"masked": func(a *Assembler) { a.Emit(VPAND, Under{K: K1}, Y(1), Y(2), Y(3)) },
		"under K0": func(a *Assembler) {
			a.Emit(VADDPD, Under{K: K0}, Y(1), Y(2), Y(3))
		},
		"under none": func(a *Assembler) {
			a.Emit(VADDPD, Under{Zero: true}, Y(1), Y(2), Y(3))
		},
		"a broadcast": func(a *Assembler) { a.Emit(VPSHUFB, Z(1), Z(2), At(RAX, 0).All()) },
		"a broadcast by VEX": func(a *Assembler) {
			a.Emit(VROUNDPD, Y(1), At(RAX, 0).All(), Imm(1))
		},
		"narrowing memory":  func(a *Assembler) { a.Emit(VCVTPD2PS, X(1), At(RAX, 0)) },
		"memory only":       func(a *Assembler) { a.Emit(VMOVSD, X(1), X(2)) },
		"no immediate":      func(a *Assembler) { a.Emit(VCMPPD, X(1), X(2), X(3)) },
		"an immediate":      func(a *Assembler) { a.Emit(VADDPD, X(1), X(2), X(3), Imm(1)) },
		"a large immediate": func(a *Assembler) { a.Emit(VCMPPD, X(1), X(2), X(3), Imm(256)) },
		"no base":           func(a *Assembler) { a.Emit(VMOVUPD, X(1), Mem{}) },
		"no scale": func(a *Assembler) {
			a.Emit(VMOVUPD, X(1), Mem{Base: RAX, Index: RCX})
		},
		"index RSP": func(a *Assembler) {
			a.Emit(LEA, RAX, Mem{Base: RAX, Index: RSP, Scale: 1})
		},
		"no vector index": func(a *Assembler) {
			a.Emit(VGATHERQPD, Under{K: K1}, X(1), At(RAX, 0))
		},
		"a vector index": func(a *Assembler) {
			a.Emit(VMOVUPD, X(1), Mem{Base: RAX, Lanes: X(2), Scale: 1})
		},
		"memory to memory":    func(a *Assembler) { a.Emit(ADD, At(RAX, 0), At(RAX, 0)) },
		"a vector as general": func(a *Assembler) { a.Emit(ADD, RAX, X(1)) },
		"a long immediate":    func(a *Assembler) { a.Emit(ADD, RAX, Imm(1<<31)) },
		"a long immediate stored": func(a *Assembler) {
			a.Emit(MOV, At(RAX, 0), Imm(1<<31))
		},
		"a long shift":    func(a *Assembler) { a.Emit(SHL, RAX, Imm(64)) },
		"a load by LEA":   func(a *Assembler) { a.Emit(LEA, At(RAX, 0), RCX) },
		"RET of RAX":      func(a *Assembler) { a.Emit(RET, RAX) },
		"no such label":   func(a *Assembler) { a.Jump(3) },
		"unbound":         func(a *Assembler) { a.Jump(a.NewLabel()) },
		"bound twice":     func(a *Assembler) { a.Bind(a.Here()) },
		"an odd constant": func(a *Assembler) { a.Constant(make([]byte, 12)) },
		"a label and a base": func(a *Assembler) {
			a.Emit(LEA, RAX, Mem{Label: a.Here(), Base: RCX})
		},
	} {
		var a Assembler
		f(&a)
		if _, err := a.Finish(); err == nil {
			t.Errorf("%s: no error, % x", name, a.code)
		}
	}
}
