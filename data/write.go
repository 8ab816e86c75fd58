package data

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
)

// WriteCSV writes columns of numbers as a table that ReadCSV reads back the same, but for spaces
// around names: commas, a header, lines that end with LF, and numbers with the fewest digits that
// give the same float64, NaN as NA. An infinite number is an error, as is what New refuses.
func WriteCSV(w io.Writer, names []string, columns [][]float64) error {
	if err := checkColumns(names, columns); err != nil {
		return err
	}
	for i, c := range columns {
		for row, x := range c {
			if math.IsInf(x, 0) {
				return fmt.Errorf("row %d of column %s is infinite, which no table holds; write "+
					"NaN for a missing value", row+1, quote(names[i]))
			}
		}
	}
	out := bufio.NewWriter(w)
	for i, name := range names {
		separate(out, i)
		if strings.ContainsAny(name, "\",;\t\r\n") {
			name = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
		out.WriteString(name)
	}
	out.WriteByte('\n')
	for row := range columns[0] {
		for i, c := range columns {
			separate(out, i)
			if x := c[row]; math.IsNaN(x) {
				out.WriteString("NA")
			} else {
				out.WriteString(formatNumber(x))
			}
		}
		out.WriteByte('\n')
	}
	return out.Flush() // which reports the first error of all that was written
}

// separate writes the comma before column i.
func separate(out *bufio.Writer, i int) {
	if i > 0 {
		out.WriteByte(',')
	}
}
