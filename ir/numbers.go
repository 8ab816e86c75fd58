package ir

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"strconv"
)

// elideOver is the number of elements up to which an array is written out where elision is
// allowed: a 4x4 matrix still is.
const elideOver = 16

// appendFloat writes x in the shortest decimal form that reads back as the same bits; bits is
// 32 or 64. All NaNs are one value.
func appendFloat(b []byte, x float64, bits int) []byte {
	switch abs := math.Abs(x); {
	case math.IsNaN(x):
		return append(b, "nan"...)
	case math.IsInf(x, 1):
		return append(b, "inf"...)
	case math.IsInf(x, -1):
		return append(b, "-inf"...)
	case abs == 0 || 1e-4 <= abs && abs < 1e15:
		return strconv.AppendFloat(b, x, 'f', -1, bits)
	}
	return strconv.AppendFloat(b, x, 'e', -1, bits)
}

// appendElement writes element i of a in exact decimal form.
func appendElement(b []byte, a Array, i int) []byte {
	if a.fill {
		i = 0
	}
	switch d := a.data.(type) {
	case []float64:
		return appendFloat(b, d[i], 64)
	case []float32:
		return appendFloat(b, float64(d[i]), 32)
	case []int32:
		return strconv.AppendInt(b, int64(d[i]), 10)
	case []int64:
		return strconv.AppendInt(b, d[i], 10)
	case []uint32:
		return strconv.AppendUint(b, uint64(d[i]), 10)
	case []uint64:
		return strconv.AppendUint(b, d[i], 10)
	case []bool:
		return strconv.AppendBool(b, d[i])
	}
	return append(b, "none"...)
}

// appendArray writes a as a constant: float64[](2.5), float64[3]{1, 2, 3}, float64[3]{1...},
// or, if it is long and may be elided, float64[1000]{elided, sum 0x…}. The zero Array is none.
func appendArray(b []byte, a Array, elide bool) []byte {
	if a.data == nil {
		return append(b, "none"...)
	}
	b = append(b, a.typ.String()...)
	switch {
	case a.check() != nil: // Verify says what is wrong, and shows it
		return append(b, "{faulty}"...)
	case a.typ.Rank() == 0:
		b = append(b, '(')
		b = appendElement(b, a, 0)
		return append(b, ')')
	case a.fill:
		b = append(b, '{')
		b = appendElement(b, a, 0)
		return append(b, "...}"...)
	case elide && a.Len() > elideOver:
		b = append(b, "{elided, sum 0x"...)
		b = strconv.AppendUint(b, checksum(a), 16)
		return append(b, '}')
	}
	b = append(b, '{')
	for i := range a.Len() {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendElement(b, a, i)
	}
	return append(b, '}')
}

// checksum is FNV-1a over the elements, so that elided arrays which differ print differently.
func checksum(a Array) uint64 {
	h := fnv.New64a()
	var word [8]byte
	for i := range a.Len() {
		binary.LittleEndian.PutUint64(word[:], elementBits(a, i))
		h.Write(word[:])
	}
	return h.Sum64()
}

// elementBits is element i of a dense array as bits, the same for every NaN.
func elementBits(a Array, i int) uint64 {
	switch d := a.data.(type) {
	case []int64:
		return uint64(d[i])
	case []uint64:
		return d[i]
	}
	x := a.Number(i) // exact for every other element type
	if math.IsNaN(x) {
		x = math.NaN()
	}
	return math.Float64bits(x)
}
