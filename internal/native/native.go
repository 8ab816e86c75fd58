// Package native runs lane programs as machine code made at run time, for amd64.
//
// A program is selected into machine instructions on virtual registers (select.go), which are
// given real ones (allocate.go), and encoded (emit.go). What cannot be translated yet is an error
// of Compile that wraps ErrUnsupported; the interpreter runs such programs, with the same bits.
package native

import (
	"errors"
	"fmt"

	"golang.org/x/sys/cpu"

	"pullback/internal/lane"
	"pullback/internal/native/execmem"
)

// ErrUnsupported is why a program, or a machine, has to make do with the interpreter.
var ErrUnsupported = errors.New("native: not supported")

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnsupported, fmt.Sprintf(format, args...))
}

// AVX512 compiles for AVX-512 with F, VL, DQ and BW. New makes one that works.
type AVX512 struct{}

var _ lane.Executor = AVX512{}

// NewAVX512 is the executor, if this machine can run what it makes.
func NewAVX512() (AVX512, error) {
	x := cpu.X86
	if !x.HasAVX512F || !x.HasAVX512VL || !x.HasAVX512DQ || !x.HasAVX512BW || !x.HasBMI2 {
		return AVX512{}, unsupported(
			"this processor has no AVX-512 with F, VL, DQ and BW, and BMI2")
	}
	if err := execmem.Probe(); err != nil {
		return AVX512{}, unsupported("%v", err)
	}
	return AVX512{}, nil
}

// Name is "avx512".
func (AVX512) Name() string { return "avx512" }

// Compile verifies p and translates it.
func (AVX512) Compile(p *lane.Program) (lane.Kernel, error) {
	if err := lane.Verify(p); err != nil {
		return nil, err
	}
	s, err := selectInstructions(p)
	if err != nil {
		return nil, err
	}
	a := allocate(s)
	bytes, err := emit(s, a)
	if err != nil {
		return nil, err
	}
	code, err := execmem.New(bytes)
	if err != nil {
		return nil, err
	}
	return &kernel{code: code, buffers: p.Buffers, accesses: s.accesses, gang: s.gang,
		slots: a.slots, extent: p.Extent()}, nil
}
