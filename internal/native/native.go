// Package native runs lane programs as machine code made at run time, for amd64.
//
// A program is selected into machine instructions on virtual registers (select.go and the files
// of each set of instructions), which are given real ones (allocate.go), and encoded (emit.go).
// What cannot be translated is an error of Compile that wraps ErrUnsupported; the interpreter runs
// such programs, with the same bits.
package native

import (
	"errors"
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/native/execmem"
	"pullback/internal/native/target"
)

// ErrUnsupported is why a program has to make do with the interpreter.
var ErrUnsupported = errors.New("native: not supported")

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnsupported, fmt.Sprintf(format, args...))
}

// Executor compiles for a target that is not target.None and that this machine supports.
type Executor struct{ Target target.Target }

var _ lane.Executor = Executor{}

// Name is that of the target.
func (e Executor) Name() string { return e.Target.String() }

// Compile verifies p and translates it.
func (e Executor) Compile(p *lane.Program) (lane.Kernel, error) {
	bytes, k, err := translate(p, e.Target)
	if err != nil {
		return nil, err
	}
	return k.loaded(bytes)
}

// loaded is k with its code in memory.
func (k *kernel) loaded(bytes []byte) (lane.Kernel, error) {
	var err error
	if k.code, err = execmem.New(bytes); err != nil {
		return nil, err
	}
	return k, nil
}

// Code is the machine code of p, ready for a disassembler, with its constants behind it.
func (e Executor) Code(p *lane.Program) ([]byte, error) {
	bytes, _, err := translate(p, e.Target)
	return bytes, err
}

func translate(p *lane.Program, t target.Target) ([]byte, *kernel, error) {
	if err := lane.Verify(p); err != nil {
		return nil, nil, err
	}
	m, ok := setOf(t)
	if !ok {
		return nil, nil, unsupported("%v", t)
	}
	s, a, err := m.arrange(p)
	if err != nil {
		return nil, nil, err
	}
	return m.encode(p, s, a)
}

func (m set) encode(p *lane.Program, s *selection, a *allocation) ([]byte, *kernel, error) {
	bytes, frame, err := emit(s, a, m.emission, m.vectors)
	if err != nil {
		return nil, nil, err
	}
	return bytes, &kernel{
		buffers: p.Buffers, accesses: s.accesses, bytes: frame.end, splittable: p.Splittable(),
		unit: p.Unit(), extent: p.Extent(),
	}, nil
}
