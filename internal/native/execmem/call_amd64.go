package execmem

import "unsafe"

const supported = true

// call jumps to entry with arg in RDI.
//
//go:noescape
func call(entry uintptr, arg unsafe.Pointer)
