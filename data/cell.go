package data

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// texts are cells of text, which may be read as numbers.
type texts []string

func (c texts) len() int                       { return len(c) }
func (c texts) number(i int) (float64, string) { return parseNumber(c[i]) }
func (c texts) text(i int) (string, string)    { return c[i], "" }
func (c texts) keep(rows []int) column         { return pick(c, rows) }

// floats are cells of numbers, NaN where one is missing.
type floats []float64

func (c floats) len() int { return len(c) }

func (c floats) number(i int) (float64, string) {
	if math.IsInf(c[i], 0) {
		return 0, "infinite; write a finite number, or NaN where it is missing"
	}
	return c[i], ""
}

func (c floats) text(i int) (string, string) {
	if math.IsNaN(c[i]) {
		return "", ""
	}
	return formatNumber(c[i]), ""
}

func (c floats) keep(rows []int) column { return pick(c, rows) }

// pick is the elements of c at rows.
func pick[C ~[]E, E any](c C, rows []int) C {
	kept := make(C, len(rows))
	for i, row := range rows {
		kept[i] = c[row]
	}
	return kept
}

// formatNumber writes x with the fewest digits that read back as x.
func formatNumber(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// parseNumber reads a cell as a number in decimal notation, NaN if it is missing, or says what it
// is instead.
func parseNumber(cell string) (value float64, fault string) {
	s := strings.TrimSpace(cell)
	if isMissing(s) {
		return math.NaN(), ""
	}
	if x, ok := decimal(s); ok {
		if math.IsInf(x, 0) {
			return 0, quote(cell) + ", which is too large for a float64; " +
				"measure the column in larger units"
		}
		return x, ""
	}
	switch strings.ToLower(strings.TrimLeft(s, "+-")) {
	case "inf", "infinity", "∞":
		return 0, quote(cell) + ", which is not finite; write NA if it stands for a missing value"
	}
	return 0, quote(cell) + ", which is not a number; " + advice(s)
}

// isMissing says whether a cell stands for a missing value.
func isMissing(s string) bool {
	switch s {
	case "", "NA", ".":
		return true
	}
	return strings.EqualFold(s, "NaN") || strings.EqualFold(s, "null")
}

// decimal reads decimal notation, which is less than strconv reads: no infinity, no hexadecimal
// digits, no underscores. A number that is too large is infinite.
func decimal(s string) (float64, bool) {
	other := func(r rune) bool { return !strings.ContainsRune("0123456789+-.eE", r) }
	if strings.ContainsFunc(s, other) {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(x, 0) {
		return 0, false
	}
	return x, true
}

// advice says how to write what is not in decimal notation.
func advice(s string) string {
	const otherwise = "write a number, or NA where it is missing"
	var candidates []string
	plain := strings.NewReplacer("−", "-", "\u00a0", "", "\u202f", "", " ", "", "'", "").Replace(s)
	switch comma, point := strings.LastIndex(plain, ","), strings.LastIndex(plain, "."); {
	case comma >= 0 && point > comma: // 1,234.5
		candidates = []string{strings.ReplaceAll(plain, ",", "")}
	case point >= 0 && comma > point: // 1.234,5
		candidates = []string{strings.Replace(strings.ReplaceAll(plain, ".", ""), ",", ".", 1)}
	case strings.Count(plain, ",") > 1: // 1,234,567
		candidates = []string{strings.ReplaceAll(plain, ",", "")}
	case comma >= 0 && len(plain)-comma-1 == 3: // 1,234 has two meanings
		candidates = []string{strings.Replace(plain, ",", ".", 1),
			strings.Replace(plain, ",", "", 1)}
	case comma >= 0: // 12,5
		candidates = []string{strings.Replace(plain, ",", ".", 1)}
	case strings.ContainsAny(plain, "dD"): // 1.5D+03, as Fortran writes it
		candidates = []string{strings.NewReplacer("d", "e", "D", "e").Replace(plain)}
	case plain != s:
		candidates = []string{plain}
	case strings.EqualFold(s, "true"):
		return "write 1"
	case strings.EqualFold(s, "false"):
		return "write 0"
	}
	for _, c := range candidates {
		if _, ok := decimal(c); !ok || len(c) > maxQuoted {
			return otherwise
		}
	}
	if len(candidates) == 0 {
		return otherwise
	}
	return "write " + strings.Join(candidates, " or ")
}

// label shows a column's name in a message: as it is if that cannot be misread.
func label(name string) string {
	other := func(r rune) bool {
		return r != '_' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	if len(name) > maxQuoted || strings.ContainsFunc(name, other) {
		return quote(name)
	}
	return name
}

// maxQuoted is the number of characters of a cell that a message shows.
const maxQuoted = 40

// quote shows a text of the user's in a message, on one line and not too long.
func quote(s string) string {
	if utf8.RuneCountInString(s) > maxQuoted {
		n := 0
		for i := range s {
			if n == maxQuoted {
				s = s[:i] + "…"
				break
			}
			n++
		}
	}
	printed := strconv.Quote(s)
	printed = strings.ReplaceAll(printed[1:len(printed)-1], `\"`, `"`)
	return fmt.Sprintf("“%s”", printed)
}
