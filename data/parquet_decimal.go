package data

import (
	"math"
	"math/big"
	"strconv"
)

// unreadableDecimal says why an element that is a decimal is not read, or nothing.
func (e element) unreadableDecimal() string {
	const longest = 32 // bytes, 76 digits; more is not in use
	switch {
	case e.scale < 0 || e.scale > longest*5/2:
		return "of a decimal type with an impossible scale; write it as double"
	case e.physical == physicalInt32, e.physical == physicalInt64, e.physical == physicalFixed &&
		e.length > 0 && e.length <= longest:
		return ""
	}
	return "of a decimal type that is not read; write it as double"
}

// newDecimals is a gatherer for integers to be divided by a power of ten.
func newDecimals(e element) gatherer {
	divisor := "e-" + strconv.FormatInt(e.scale, 10)
	// The nearest float64: reading the digits rounds once, where a division could round twice.
	divided := func(digits string) (float64, error) {
		return strconv.ParseFloat(digits+divisor, 64)
	}
	g := &gather[float64]{missing: math.NaN(), done: gatheredFloats}
	size := int(e.length)
	switch e.physical {
	case physicalFixed:
		g.plain = func(src []byte) (float64, []byte, error) {
			if len(src) < size {
				return 0, nil, damaged("a page ends too soon")
			}
			v, err := divided(bigEndian(src[:size]).String())
			return v, src[size:], err
		}
		return g
	case physicalInt32:
		size = 4
	case physicalInt64:
		size = 8
	}
	g.integer = func(v int64) (float64, error) {
		i, err := newInteger(v, size, false)
		if err != nil {
			return 0, err
		}
		return divided(strconv.FormatInt(i.value, 10))
	}
	g.plain = func(src []byte) (float64, []byte, error) {
		if len(src) < size {
			return 0, nil, damaged("a page ends too soon")
		}
		bits, _ := bits(src, 0, uint(8*size))
		v, err := g.integer(int64(bits))
		return v, src[size:], err
	}
	return g
}

// bigEndian is a two's complement integer whose bytes begin with the most significant.
func bigEndian(b []byte) *big.Int {
	v := new(big.Int).SetBytes(b)
	if b[0] >= 1<<7 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}
