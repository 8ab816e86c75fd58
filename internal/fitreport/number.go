package fitreport

import (
	"math"
	"strconv"
	"strings"
)

// fixed prints x with the given number of decimals, or with seven digits and an exponent where that
// would be a wall of digits. Zero has no sign.
func fixed(x float64, decimals int) string {
	if math.Abs(x) >= 1e10 {
		return strconv.FormatFloat(x, 'e', 6, 64)
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// digits prints x with so many significant digits at most.
func digits(x float64, n int) string { return strconv.FormatFloat(x+0, 'g', n, 64) }

// precision is how the numbers of one parameter are printed: all with as many decimals as its
// standard error has at five significant digits, or, if significant is not zero, with so many
// significant digits and an exponent where that is shorter.
type precision struct{ decimals, significant int }

// precisionOf is that of an estimate and its standard error.
func precisionOf(estimate, stdErr float64) precision {
	const errorDigits, longest, most = 5, 10, 15
	if !(stdErr > 0) {
		return precision{significant: 6}
	}
	decimals := errorDigits - 1 - exponent(stdErr)
	ahead := 0 // digits of the estimate before the standard error's first
	if estimate != 0 {
		ahead = max(0, exponent(estimate)-exponent(stdErr))
	}
	if decimals > longest || math.Abs(estimate) >= 1e10 || stdErr >= 1e10 {
		return precision{significant: min(errorDigits+ahead, most)}
	}
	return precision{decimals: max(decimals, 0)}
}

// exponent is that of x in powers of ten.
func exponent(x float64) int { return int(math.Floor(math.Log10(math.Abs(x)))) }

func (p precision) print(x float64) string {
	if p.significant > 0 {
		return digits(x, p.significant)
	}
	return fixed(x, p.decimals)
}

// ratio prints z or t.
func ratio(z float64) string {
	if math.Abs(z) >= 1e5 {
		return digits(z, 4)
	}
	return fixed(z, 2)
}

// probability prints a p-value: one that is small as a power of ten, and never as zero, which no
// p-value is.
func probability(p float64) string {
	switch {
	case p < 1e-300:
		return "<1e-300"
	case p < 0.00095:
		return strconv.FormatFloat(p, 'e', 1, 64)
	}
	return strconv.FormatFloat(p, 'f', 4, 64)
}
