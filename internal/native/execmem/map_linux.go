package execmem

import (
	"golang.org/x/sys/unix"
)

func mappers() []mapper {
	return []mapper{{"mprotect", protect}, {"memfd", double}}
}

// double fills a file in memory and maps it again as executable.
func double(code []byte) (uintptr, func(), error) {
	file, err := unix.MemfdCreate("code", unix.MFD_CLOEXEC)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = unix.Close(file) }() // the mapping stays
	if err := unix.Ftruncate(file, int64(len(code))); err != nil {
		return 0, nil, err
	}
	writable, err := unix.Mmap(file, 0, len(code), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return 0, nil, err
	}
	copy(writable, code)
	if err := unix.Munmap(writable); err != nil {
		return 0, nil, err
	}
	memory, err := unix.Mmap(file, 0, len(code), unix.PROT_READ|unix.PROT_EXEC, unix.MAP_SHARED)
	if err != nil {
		return 0, nil, err
	}
	return executable(memory, nil)
}
