package native

import (
	"pullback/internal/lane"
	"pullback/internal/lane/interp"
	"pullback/internal/native/target"
)

// Compiled is a kernel and the executor that runs it.
type Compiled struct {
	lane.Kernel
	By string // the executor's name
	// Why a target that was chosen for this process does not run the kernel, nil if it does.
	Why error
}

// Compile makes the kernel of p for the target that was chosen for this process. What that cannot
// do, or has no memory for, the interpreter does, with the same bits.
func Compile(p *lane.Program) (Compiled, error) {
	choice, why := target.Chosen()
	if choice.Target != target.None {
		e := Executor{choice.Target}
		k, err := e.Compile(p)
		if err == nil {
			return Compiled{k, e.Name(), nil}, nil
		}
		why = err
	}
	e := interp.Executor{}
	k, err := e.Compile(p)
	return Compiled{k, e.Name(), why}, err
}

// Code is the machine code of p for the target that was chosen for this process, ready for a
// disassembler, with its constants behind it, and the target's name. There is none where the
// interpreter was chosen.
func Code(p *lane.Program) (code []byte, by string, err error) {
	choice, err := target.Chosen()
	if err != nil || choice.Target == target.None {
		return nil, choice.Target.String(), err
	}
	code, err = Executor{choice.Target}.Code(p)
	return code, choice.Target.String(), err
}
