package estimate

import (
	"fmt"
	"math"
	"slices"

	"pullback/ad"
	"pullback/status"
)

// Determined says of each parameter whether it is identified by itself: whether it has no part in
// a direction that is not.
func (i Information) Determined() []bool {
	out := make([]bool, len(i.Singular))
	if i.Status != status.Converged {
		return out
	}
	for p := range out {
		out[p] = !slices.ContainsFunc(i.vectors[i.Rank:], func(v []float64) bool {
			return math.Abs(v[p]) > RankTolerance
		})
	}
	return out
}

// Estimable lists combinations of the parameters that are not determined by themselves which are
// estimable all the same, to first order: vectors c in the order of ad.Ravel, of unit length, such
// that Σ cᵢxᵢ is. Any that is estimable is a combination of these and of determined parameters.
func (i Information) Estimable() [][]float64 {
	if i.Status != status.Converged || i.Rank == len(i.Singular) {
		return nil
	}
	var involved []int
	for p, determined := range i.Determined() {
		if !determined {
			involved = append(involved, p)
		}
	}
	// In scaled parameters: what is orthogonal to the directions that are not identified.
	columns := zeros(len(involved), len(i.Singular)-i.Rank)
	for c, p := range involved {
		for r, v := range i.vectors[i.Rank:] {
			columns[c][r] = v[p]
		}
	}
	_, vectors := singularValues(columns)
	var out [][]float64
	for _, v := range reduced(vectors[len(i.Singular)-i.Rank:]) {
		combination := make([]float64, len(i.scale))
		for c, p := range involved {
			combination[p] = float64(v[c] * i.scale[p])
		}
		out = append(out, unit(combination))
	}
	return out
}

// StdErrOf is the standard error of a function of the parameters with this gradient, in the order
// of ad.Ravel, which may be estimable where they are not: where the gradient has no part in a
// direction that is not identified. Otherwise there is none.
func (i Information) StdErrOf(gradient []float64) Number {
	if len(gradient) != len(i.Singular) {
		panic(ad.Mistake("estimate", nil, "the gradient has %d elements for %d parameters",
			len(gradient), len(i.Singular)))
	}
	if i.Status != status.Converged || !allFinite(gradient) {
		return Number{}
	}
	scaled := make([]float64, len(gradient))
	for p, g := range gradient {
		switch {
		case i.scale[p] > 0:
			scaled[p] = g / i.scale[p]
		case g != 0:
			return Number{}
		}
	}
	least, parts := float64(RankTolerance*length(scaled)), []float64(nil)
	for k, v := range i.vectors {
		part := dot(v, scaled)
		switch {
		case k < i.Rank:
			parts = append(parts, part/i.Singular[k])
		case math.Abs(part) > least:
			return Number{}
		}
	}
	return numberOf(length(parts))
}

// Combination is a combination of parameters in words, such as "0.01358·c_d + 0.99991·c_s", where
// parts below 5e-6 are left out.
func Combination(parts []float64, names []string) string {
	out := ""
	for i, c := range parts {
		size := fmt.Sprintf("%.5f", math.Abs(c))
		switch {
		case math.Abs(c) < 5e-6:
			continue
		case out == "" && c < 0:
			out = "-"
		case out != "" && c < 0:
			out += " - "
		case out != "":
			out += " + "
		}
		if size != "1.00000" {
			out += size + "·"
		}
		out += names[i]
	}
	return out
}

// reduced is a basis of the space of the vectors, of which each has a part of its own in one place
// where the others have none, so that what is separate is not mixed: the reduced row echelon form
// with complete pivoting, in the order of the places. One vector stays as it is.
func reduced(vectors [][]float64) [][]float64 {
	rows := make([][]float64, len(vectors))
	for r := range vectors {
		rows[r] = slices.Clone(vectors[r])
	}
	if len(rows) < 2 {
		return rows
	}
	place := map[int][]float64{} // the row that has a part of its own there
	for done := range rows {
		row, column := done, -1
		for r := done; r < len(rows); r++ {
			for c, x := range rows[r] {
				if place[c] == nil && (column < 0 || math.Abs(x) > math.Abs(rows[row][column])) {
					row, column = r, c
				}
			}
		}
		rows[done], rows[row] = rows[row], rows[done]
		pivot := rows[done]
		place[column] = pivot
		divide(pivot, pivot[column])
		for r := range rows {
			if r == done {
				continue
			}
			factor := rows[r][column]
			for c, x := range pivot {
				rows[r][c] = math.FMA(-factor, x, rows[r][c])
				if math.Abs(rows[r][c]) < RankTolerance {
					rows[r][c] = 0
				}
			}
		}
	}
	out := rows[:0]
	for c := range vectors[0] {
		if place[c] != nil {
			out = append(out, place[c])
		}
	}
	return out
}

// divide divides each element.
func divide(x []float64, by float64) {
	for i := range x {
		x[i] /= by
	}
}
