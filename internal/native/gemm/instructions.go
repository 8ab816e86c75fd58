package gemm

import (
	"math/bits"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/internal/native/target"
)

// instructions are those of a target for an element type.
type instructions struct {
	target    target.Target
	size      int // of an element, in bytes
	width     asm.Width
	laneShift int // log2 of the number of elements of a vector
	registers int

	xor, load, store, broadcast, add, fma asm.Op
	compare, blend                        asm.Op
	maskedLoad, maskedStore               asm.Op // AVX2: under a vector
	nan                                   uint64
}

func newInstructions(t target.Target, size int) instructions {
	x := instructions{target: t, size: size, width: asm.Bits256, registers: 16,
		xor: asm.VXORPS, load: asm.VMOVUPS, store: asm.VMOVUPSS, broadcast: asm.VBROADCASTSS,
		add: asm.VADDPS, fma: asm.VFMADD231PS, compare: asm.VCMPPS, blend: asm.VBLENDVPS,
		maskedLoad: asm.VMASKMOVPS, maskedStore: asm.VMASKMOVPSS, nan: uint64(lane.NaN32)}
	if size == 8 {
		x.load, x.store, x.broadcast = asm.VMOVUPD, asm.VMOVUPDS, asm.VBROADCASTSD
		x.add, x.fma, x.compare, x.blend = asm.VADDPD, asm.VFMADD231PD, asm.VCMPPD, asm.VBLENDVPD
		x.maskedLoad, x.maskedStore, x.nan = asm.VMASKMOVPD, asm.VMASKMOVPDS, lane.NaN64
	}
	if t == target.AVX512 {
		x.width, x.registers, x.compare = asm.Bits512, 32, asm.VCMPPSK
		if size == 8 {
			x.compare = asm.VCMPPDK
		}
	}
	x.laneShift = bits.Len(uint(x.width.Bytes()/size)) - 1
	return x
}

// lanes is the number of elements of a vector.
func (x *instructions) lanes() int { return 1 << x.laneShift }

func (x *instructions) v(n int) asm.Vec { return asm.V(x.width, n) }

// The masks of AVX-512: the lanes of a vector that count, and those that are NaN. AVX2 has the
// first in its last vector.
const maskLanes, maskNaN = asm.K1, asm.K2

func (x *instructions) maskVector() asm.Vec { return x.v(x.registers - 1) }

// emitter writes code with some instructions.
type emitter struct {
	asm.Assembler
	instructions
}

// when writes code that runs if a bit of the mode is set. It changes R9.
func (e *emitter) when(bit int, mode asm.Mem, write func()) {
	skip := e.NewLabel()
	e.Emit(asm.MOV, asm.R9, mode)
	e.Emit(asm.AND, asm.R9, asm.Imm(bit))
	e.JumpIf(asm.Equal, skip)
	write()
	e.Bind(skip)
}

// loadLanes sets the mask of lanes from an argument's fields: bits, and the same as a vector.
func (e *emitter) loadLanes(bits, vector asm.Mem) {
	if e.target == target.AVX512 {
		e.Emit(asm.KMOVW, maskLanes, bits)
		return
	}
	e.Emit(asm.MOV, asm.RAX, vector)
	e.Emit(e.load, e.maskVector(), asm.At(asm.RAX, 0))
}

// read loads a vector, of which only some lanes count if it is masked; the others become zero.
func (e *emitter) read(to asm.Vec, from asm.Mem, masked bool) {
	switch {
	case !masked:
		e.Emit(e.load, to, from)
	case e.target == target.AVX512:
		e.Emit(e.load, asm.Under{K: maskLanes, Zero: true}, to, from)
	default:
		e.Emit(e.maskedLoad, to, e.maskVector(), from)
	}
}

// write stores a vector, of which only some lanes count if it is masked.
func (e *emitter) write(to asm.Mem, from asm.Vec, masked bool) {
	switch {
	case !masked:
		e.Emit(e.store, to, from)
	case e.target == target.AVX512:
		e.Emit(e.store, asm.Under{K: maskLanes}, to, from)
	default:
		e.Emit(e.maskedStore, to, e.maskVector(), from)
	}
}

// canonicalise makes NaNs in v those of one, a vector of the one NaN. AVX2 needs a spare vector.
func (e *emitter) canonicalise(v, one, spare asm.Vec) {
	const unordered = asm.Imm(3)
	if e.target == target.AVX512 {
		e.Emit(e.compare, maskNaN, v, v, unordered)
		e.Emit(e.load, asm.Under{K: maskNaN}, v, one)
		return
	}
	e.Emit(e.compare, spare, v, v, unordered)
	e.Emit(e.blend, v, v, one, spare)
}

// broadcastNaN makes the one NaN in all lanes.
func (e *emitter) broadcastNaN(to asm.Vec) {
	if e.size == 8 {
		e.Emit(e.broadcast, to, e.Constant64(e.nan))
		return
	}
	e.Emit(e.broadcast, to, e.Constant32(uint32(e.nan)))
}
