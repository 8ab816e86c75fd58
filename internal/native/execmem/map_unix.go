//go:build linux || darwin

package execmem

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// protect fills private memory and then changes its protection.
func protect(code []byte) (uintptr, func(), error) {
	memory, err := unix.Mmap(-1, 0, len(code), unix.PROT_READ|unix.PROT_WRITE,
		unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return 0, nil, err
	}
	copy(memory, code)
	return executable(memory, unix.Mprotect(memory, unix.PROT_READ|unix.PROT_EXEC))
}

// executable is what a mapper returns for memory that is mapped, unless there was an error.
func executable(memory []byte, err error) (uintptr, func(), error) {
	free := func() {
		// It can only fail for memory that is not mapped.
		_ = unix.Munmap(memory)
	}
	if err != nil {
		free()
		return 0, nil, err
	}
	return uintptr(unsafe.Pointer(unsafe.SliceData(memory))), free, nil
}
