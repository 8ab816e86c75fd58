package op

import "pullback/ir"

// Lookup finds a primitive of this package by its name, with its parameters at their zero
// values: for ir.Parse.
func Lookup(name string) (ir.Op, bool) {
	for _, p := range Primitives() {
		if p.Name() == name {
			return p, true
		}
	}
	return nil, false
}

// Primitives lists the primitives of this package, with their parameters at their zero values.
func Primitives() []ir.Op {
	return []ir.Op{
		// arithmetic
		linear[add]{}, linear[sub]{}, linear[neg]{}, linear[mul]{}, linear[div]{},
		elementwise[rem]{}, elementwise[abs]{}, elementwise[sign]{},
		elementwise[minimum]{}, elementwise[maximum]{}, elementwise[fma]{}, integerPow{},
		elementwise[floor]{}, elementwise[ceil]{}, elementwise[trunc]{}, elementwise[round]{},
		// functions
		elementwise[sqrt]{}, elementwise[pow]{},
		elementwise[exp]{}, elementwise[expm1]{}, elementwise[log]{}, elementwise[log1p]{},
		elementwise[sin]{}, elementwise[cos]{}, elementwise[tan]{},
		elementwise[asin]{}, elementwise[acos]{}, elementwise[atan]{}, elementwise[atan2]{},
		elementwise[sinh]{}, elementwise[cosh]{}, elementwise[tanh]{},
		elementwise[sigmoid]{}, elementwise[softplus]{}, elementwise[logAddExp]{},
		elementwise[erf]{}, elementwise[erfInv]{}, elementwise[erfInvXLA]{},
		elementwise[logGamma]{}, polygamma{},
		// comparison, logic and bits
		elementwise[equal]{}, elementwise[notEqual]{}, elementwise[less]{},
		elementwise[lessEqual]{},
		elementwise[isNaN]{}, elementwise[isFinite]{},
		elementwise[and]{}, elementwise[or]{}, elementwise[xor]{}, elementwise[not]{},
		elementwise[shiftLeft]{}, elementwise[shiftRight]{}, threefry2x32{},
		// choice and conversion
		linear[selection]{}, elementwise[stopGradient]{}, convert{}, bitcast{},
		// structure
		broadcast{}, reshape{}, transpose{}, slice{}, reverse{}, pad{}, concatenate{}, counting{},
		// indexing
		gather{}, scatterAdd{}, dynamicSlice{}, dynamicUpdateSlice{},
		// reductions
		sum{}, prod{}, reduceMax{}, reduceMin{}, reduceAny{}, reduceAll{}, cumsum{},
		// matrices
		contract{}, dot{}, triangularPart{},
		triangularSolve{}, lu{}, luSolve{}, cholesky{}, eigh{},
	}
}
