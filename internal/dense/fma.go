package dense

import (
	"math"

	"pullback/internal/lane"
	"pullback/ir"
)

// fma is a*b + c rounded once; integers wrap around. It looks at the type on every call, so long
// loops use the kernels in rows.go.
func fma[T ir.Number](a, b, c T) T {
	switch a := any(a).(type) {
	case float64:
		return T(math.FMA(a, float64(b), float64(c)))
	case float32:
		return T(lane.FMA32(a, float32(b), float32(c)))
	}
	return T(a*b) + c
}
