// Package spelling finds the word that was meant.
package spelling

import (
	"strings"
	"unicode/utf8"
)

// longest is the length of words, in characters, beyond which nothing is suggested: a distance
// costs the product of two lengths.
const longest = 64

// Nearest is the candidate that is fewest slips away from a word, the first of several, or ""
// where all are too far to have been meant: a third of the word's letters, and at least one, may
// be wrong. The case of letters is half a slip in all. Short words are near too many others to tell
// anything: of one letter only case and underscores may differ, and of two none may be replaced.
func Nearest(word string, candidates []string) string {
	if utf8.RuneCountInString(word) > longest {
		return ""
	}
	best, fewest := "", 2*max(1, utf8.RuneCountInString(word)/3)+1
	for _, c := range candidates {
		if c == word || utf8.RuneCountInString(c) > longest {
			continue
		}
		d := 2 * Distance(strings.ToLower(word), strings.ToLower(c))
		if d == 0 {
			d = 1
		}
		n, m := utf8.RuneCountInString(word), utf8.RuneCountInString(c)
		if (min(n, m) == 1 || n == 2 && m == 2) && bare(word) != bare(c) {
			continue
		}
		if d < fewest {
			best, fewest = c, d
		}
	}
	return best
}

// bare is a word without case and underscores.
func bare(word string) string { return strings.ToLower(strings.ReplaceAll(word, "_", "")) }

// Distance is the number of slips between two words: a letter inserted, left out, replaced, or
// exchanged with its neighbour (the restricted distance of Damerau and Levenshtein, in which no
// piece is edited twice).
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	// Three rows of the table of distances between beginnings of the words.
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(y); j++ {
			replaced := last[j-1]
			if x[i-1] != y[j-1] {
				replaced++
			}
			row[j] = min(replaced, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(y)]
}
