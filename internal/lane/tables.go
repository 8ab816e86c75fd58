package lane

import (
	"math"

	"pullback/ir"
)

// TableLen is the length of every table of Lookup: as much as a processor permutes at a time.
const TableLen = 16

// The tables of Lookup.
const (
	// 1/c for a number c in the middle of each of 16 intervals: see Builder.logTable.
	logInverse = iota
	// log c in two parts. The first has zeros at its end, so that its sum with the product of an
	// exponent and the first part of log 2 is exact. The second is for Float32: those of Float64
	// are below 2^-72, by the choice of c.
	logHigh
	logLow
	Tables // how many there are
)

// Table is a table's elements as bit patterns of the float type t.
func Table(number uint64, t ir.DType) (bits [TableLen]uint64) {
	var values [TableLen]float64
	switch {
	case number == logInverse && t == ir.Float64:
		values = [...]float64{0x1.767dcea5b80bep+0, 0x1.661ec72e86f3ap+0, 0x1.571ed44ae97b0p+0,
			0x1.49539f2c66c8bp+0, 0x1.3c995bde26346p+0, 0x1.30d190a93cd85p+0,
			0x1.25e2260088b0ep+0, 0x1.1bb4a3ade3c1cp+0, 0x1.12358d17b1742p+0,
			0x1.0953f58aca94fp+0, 1, 0x1.e573ad61c15ecp-1, 0x1.ca4b301b329fdp-1,
			0x1.b203658d99b37p-1, 0x1.9c2d1353f416dp-1, 0x1.886e60bafe58dp-1}
	case number == logHigh && t == ir.Float64:
		values = [...]float64{-0x1.8585588400000p-2, -0x1.57bf76c597000p-2,
			-0x1.2bef095d5a000p-2, -0x1.01eae8507c000p-2, -0x1.b31d8fbac4000p-3,
			-0x1.6574efd9d2000p-3, -0x1.1aa2b0b5f8000p-3, -0x1.a4e75f29a4000p-4,
			-0x1.1973a8a650000p-4, -0x1.252f701600000p-5, 0, 0x1.b42dc93ff8000p-5,
			0x1.c5e54b02a8000p-4, 0x1.526e5705ee000p-3, 0x1.bc286f39b4000p-3, 0x1.1058bb32f5000p-2}
	case number == logInverse:
		values = [...]float64{1.4628571, 1.3989071, 1.3403141, 1.2864321, 1.236715, 1.1906977,
			1.1479821, 1.1082251, 1.0711297, 1.0364373, 1, 0.94814813, 0.8951049, 0.8476821,
			0.8050314, 0.7664671}
	case number == logHigh:
		values = [...]float64{-0x1.8586p-2, -0x1.57cp-2, -0x1.2bfp-2, -0x1.01eap-2, -0x1.b31cp-3,
			-0x1.6574p-3, -0x1.1aa4p-3, -0x1.a4e8p-4, -0x1.197p-4, -0x1.253p-5, 0, 0x1.b43p-5,
			0x1.c5e8p-4, 0x1.527p-3, 0x1.bc28p-3, 0x1.1058p-2}
	case number == logLow && t == ir.Float32:
		values = [...]float64{2.5220877e-06, 2.095211e-06, 3.6881663e-06, -3.4073846e-06,
			-2.8881982e-06, -1.7539352e-06, 2.3943649e-06, 5.8191495e-07, -3.5397882e-06,
			3.5674879e-07, 0, -1.0122196e-06, -2.5780503e-06, -3.1117202e-06, 8.0381426e-07,
			2.817885e-06}
	}
	for i, x := range values {
		bits[i] = bitsOf(t, x)
	}
	return bits
}

// bitsOf is the bit pattern of x as a number of the float type t.
func bitsOf(t ir.DType, x float64) uint64 {
	if t == ir.Float32 {
		return uint64(math.Float32bits(float32(x)))
	}
	return math.Float64bits(x)
}
