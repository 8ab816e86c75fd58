package implicit

import (
	"pullback/ad"
	"pullback/status"
)

// Limits say when a solution is good enough, and when to give up. Zeros mean defaults: if RTol
// and ATol are both zero, both are the solver's own tolerance.
type Limits struct {
	RTol, ATol float64 // relative and absolute tolerance
	MaxSteps   int     // at most so many steps
}

// Defaults are the limits of a solver where nothing else was asked for.
type Defaults struct {
	RTol, ATol Tolerance
	MaxSteps   int
}

// Tolerance depends on the element type.
type Tolerance struct{ Float64, Float32 float64 }

func (t Tolerance) of(d ad.DType) float64 {
	if d == ad.Float32 {
		return t.Float32
	}
	return t.Float64
}

// OrDefault fills in what was not asked for, for unknowns x of the solver called name. Limits
// that make no sense are a mistake.
func (l Limits) OrDefault(name string, x ad.Value, d Defaults) Limits {
	if !x.DType().IsFloat() {
		panic(ad.Mistake(name, []ad.Value{x},
			"the unknowns are %v and must be floats; convert them with ad.Convert", x.DType()))
	}
	if x.Size() == 0 {
		panic(ad.Mistake(name, []ad.Value{x}, "there are no unknowns"))
	}
	if !(l.RTol >= 0 && l.ATol >= 0 && l.MaxSteps >= 0) { // also for NaNs
		panic(ad.Mistake(name, []ad.Value{x},
			"RTol is %v, ATol is %v and MaxSteps is %d; none may be negative", l.RTol, l.ATol,
			l.MaxSteps))
	}
	if l.RTol == 0 && l.ATol == 0 {
		l.RTol, l.ATol = d.RTol.of(x.DType()), d.ATol.of(x.DType())
	}
	if l.MaxSteps == 0 {
		l.MaxSteps = d.MaxSteps
	}
	return l
}

// Code is a status as a value.
func Code(c status.Code) ad.Value { return ad.Scalar(int32(c)) }

// Is says whether a status is c.
func Is(code ad.Value, c status.Code) ad.Value { return ad.Equal(code, int32(c)) }

// Succeeded says whether a status is a success.
func Succeeded(code ad.Value) ad.Value {
	return ad.Or(Is(code, status.Converged), Is(code, status.AtPrecision))
}

// Epsilon is the distance from 1 to the next float.
func Epsilon(d ad.DType) float64 {
	if d == ad.Float32 {
		return 0x1p-23
	}
	return 0x1p-52
}

// Tiny is the smallest normal float.
func Tiny(d ad.DType) float64 {
	if d == ad.Float32 {
		return 0x1p-126
	}
	return 0x1p-1022
}
