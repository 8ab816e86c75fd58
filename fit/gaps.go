package fit

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/model"
)

// gaps explains predictions that are no finite numbers, at parameters and in a sample. What it
// gives takes a beginning for its sentences and the predictions of one quantity, one for each row.
func gaps(b *model.Bound, theta ad.Value, sample model.Sample) func(string, []Estimated) []string {
	var unsolved map[int]string // sentences by row; nil until somebody asks
	return func(beginning string, values []Estimated) (notes []string) {
		var lacking, infinite []int
		for row, v := range values {
			if !math.IsNaN(v.Value) && !math.IsInf(v.Value, 0) {
				continue
			}
			if unsolved == nil {
				unsolved = sentences(b, failuresIn(b, theta, sample))
			}
			if unsolved[row] != "" {
				lacking = append(lacking, row)
			} else {
				infinite = append(infinite, row)
			}
		}
		if len(lacking) > 0 {
			notes = append(notes, fmt.Sprintf("%sThere is no value in %d of %d rows, as they have "+
				"no equilibrium. %s: %s", beginning, len(lacking), b.N, b.Place(lacking[0]),
				unsolved[lacking[0]]))
		}
		if len(infinite) > 0 {
			notes = append(notes, fmt.Sprintf("%sThere is no value in %d of %d rows, as the "+
				"formula is not a finite number there; the first is %s.", beginning,
				len(infinite), b.N, b.Place(infinite[0])))
		}
		return notes
	}
}

// sentences of failures by row.
func sentences(b *model.Bound, failures []Failure) map[int]string {
	out := map[int]string{}
	for _, f := range failures {
		out[f.Row] = f.Sentence
		if f.Place == everyRow {
			for row := range b.N {
				out[row] = f.Sentence
			}
		}
	}
	return out
}
