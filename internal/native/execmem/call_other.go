//go:build !amd64

package execmem

import "unsafe"

const supported = false

func call(uintptr, unsafe.Pointer) { panic(ErrUnsupported) } // no Code exists here
