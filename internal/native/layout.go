package native

import "pullback/internal/native/asm"

// The frame is the memory of a call: what the code finds at RDI, at a multiple of 64 bytes. These
// are places in it, in bytes. Behind them come the bases of the accesses, slots of values that
// found no register, and scratch arrays.
const (
	atLane   = 8 * iota // the first lane of the gang
	atEnd               // the lane after the last
	atLow               // the range of lanes of the call
	atHigh              //
	atFuel              // what is left
	atResume            // where to go on: 0 at the start, else the number of a loop
	atShort             // whether the gang lacks lanes
	atBits              // the lanes of the gang, as bits
	atChosen            // the lanes of laneBits
	atLast              // the lane after the last of the last row
	atRow               // the first lane of the current row
	atBlock             // the number of its first block

	maxLanes = 64 // of a gang
	maxParts = 8  // of a value
	slot     = 64 // bytes of a slot

	atActive = 128                      // the lanes of the gang as masks, one for each part
	atX      = atActive + 2*maxParts*64 // operands of scalar code, lane after lane
	atY      = atX + 8*maxLanes
	atOut    = atY + 8*maxLanes   // and its result
	atSaved  = atOut + 8*maxLanes // vectors, when a call stops
	atMasks  = atSaved + 32*64    // and masks
	atBases  = atMasks + 64       // of the accesses
)

// activeAt is the place of the active lanes' mask for a part of elements of size bytes.
func activeAt(size, number int) int {
	if size == 8 {
		number += maxParts
	}
	return atActive + 64*number
}

// layout is where that begins of which programs have more or less.
type layout struct{ slots, scratch, end int }

func (s *selection) layout(slots int) layout {
	l := layout{slots: (atBases + 8*len(s.accesses) + slot - 1) &^ (slot - 1)}
	l.scratch = l.slots + slot*slots
	l.end = l.scratch + s.scratchBytes
	return l
}

// General registers. RDI is the frame, as Call passes it; RAX, RCX, RDX and RSI are for the moment.
const (
	regFrame = asm.RDI
	regLane  = asm.R8
	regEnd   = asm.R9
	regFuel  = asm.R10
	regShort = asm.R11
)

// cached are registers for the bases of the first accesses; the others are read from the frame
// where they are needed.
var cached = [...]asm.Reg{asm.RBX, asm.R12, asm.R13, asm.R15}
