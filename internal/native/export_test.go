package native

import "pullback/internal/lane"

// InChains is an executor that makes so many chains of instructions whatever the program is.
type InChains struct {
	Executor
	Chains int
}

// Compile translates p.
func (e InChains) Compile(p *lane.Program) (lane.Kernel, error) {
	m, _ := setOf(e.Target)
	s, a, err := m.inChains(p, e.Chains)
	if err != nil {
		return nil, err
	}
	bytes, k, err := m.encode(p, s, a)
	if err != nil {
		return nil, err
	}
	return k.loaded(bytes)
}
