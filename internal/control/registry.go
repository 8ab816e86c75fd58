package control

import (
	"pullback/internal/op"
	"pullback/ir"
)

// Operations lists the operations of this package, with their parameters at their zero values.
func Operations() []ir.Op {
	return []ir.Op{Cond{}, CondEach{}, While{}, Scan{}, CustomJVP{}, CustomVJP{}, Pulled{},
		Implicit{}, Batched{}}
}

// Lookup finds an operation of this package or of package op by its name: for ir.Parse.
func Lookup(name string) (ir.Op, bool) {
	for _, o := range Operations() {
		if o.Name() == name {
			return o, true
		}
	}
	return op.Lookup(name)
}
