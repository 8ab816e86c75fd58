// Package execmem holds machine code in executable memory and calls it.
//
// Memory is never writable and executable at once (W^X): it is filled while it is writable and
// then made executable. Some hardened systems refuse that second step, since the memory was
// writable once; where they do, the same pages are mapped again as executable, after the writable
// mapping has gone. Where that is refused too, New says so.
package execmem

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"unsafe"
)

// Code is machine code that can be called, from many goroutines at a time. Its memory is given
// back when nobody can call it any more.
type Code struct {
	entry uintptr
	size  int
}

// mapper puts code into executable memory at a multiple of the page size and says how to give
// the memory back.
type mapper struct {
	name string
	load func(code []byte) (entry uintptr, free func(), err error)
}

// ErrUnsupported is why there is no machine code on other processors than amd64.
var ErrUnsupported = errors.New("execmem: machine code is made for amd64 only")

// chosen is the way of mapping that works here, tried once.
var chosen = sync.OnceValues(func() (mapper, error) {
	if !supported {
		return mapper{}, ErrUnsupported
	}
	return choose(mappers())
})

// choose loads and runs a single return instruction by each of the ways, until one works.
func choose(ways []mapper) (mapper, error) {
	refused := errors.New("execmem: no executable memory on this system")
	for _, m := range ways {
		code, err := load(m, []byte{0xc3}) // ret
		if err != nil {
			refused = fmt.Errorf("%w; %s: %w", refused, m.name, err)
			continue
		}
		code.Call(nil)
		return m, nil
	}
	return mapper{}, refused
}

// Probe says whether machine code can be run here, and if not, why.
func Probe() error {
	_, err := chosen()
	return err
}

// New copies code into executable memory, at a multiple of 64 bytes. The code must not depend on
// its address.
//
// Call says what the code may do.
func New(code []byte) (*Code, error) {
	m, err := chosen()
	if err != nil {
		return nil, err
	}
	return load(m, code)
}

func load(m mapper, code []byte) (*Code, error) {
	if len(code) == 0 {
		return nil, errors.New("execmem: no code")
	}
	entry, free, err := m.load(code)
	if err != nil {
		return nil, fmt.Errorf("execmem: %s: %w", m.name, err)
	}
	c := &Code{entry, len(code)}
	// A call keeps c reachable, so the cleanup comes after the last one.
	runtime.AddCleanup(c, func(free func()) { free() }, free)
	return c, nil
}

// Size is the number of bytes of the code.
func (c *Code) Size() int { return c.size }

// Call runs the code with arg in RDI. It is a leaf: it may use every register but RSP, RBP and
// R14 (Go's current goroutine), no stack, and ends with VZEROUPPER if it used vector registers,
// and RET. It must end soon, some tens of microseconds, since Go cannot interrupt it, and the
// garbage collector waits.
//
// Whatever arg leads to must be kept alive and in its place by the caller: pointers that the
// code finds in memory do not count.
func (c *Code) Call(arg unsafe.Pointer) {
	call(c.entry, arg)
	runtime.KeepAlive(c)
}
