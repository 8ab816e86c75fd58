package report

import (
	"math"
	"strconv"
)

// Grouped prints x with the given number of decimals and commas between its thousands; "none" if x
// is not finite.
func Grouped(x float64, decimals int) string {
	if !finite(x) {
		return "none"
	}
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	end := len(s)
	if decimals > 0 {
		end -= decimals + 1
	}
	for i := end - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if math.Signbit(x) {
		s = "-" + s
	}
	return s
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
