package data

import (
	"fmt"
	"math"
	"slices"
)

// Groups numbers keys in the order of their first appearance: the number of each row's key, and
// the keys.
func Groups(keys []string) (index []int, labels []string) {
	index = make([]int, len(keys))
	seen := map[string]int{}
	for i, key := range keys {
		k, ok := seen[key]
		if !ok {
			k = len(labels)
			seen[key] = k
			labels = append(labels, key)
		}
		index[i] = k
	}
	return index, labels
}

// Previous is for each row the one so many periods earlier in its panel, -1 if there is none. A
// panel's periods are its times in order; where time is nil, its rows in order. panel nil is one
// panel. Two rows of a panel with one time, or a time that is missing, are an error that names the
// rows from zero.
func Previous(panel []string, time []float64, by int) ([]int, error) {
	n := max(len(panel), len(time))
	if panel == nil {
		panel = make([]string, n)
	}
	index, labels := Groups(panel)
	members := make([][]int, len(labels))
	for row, p := range index {
		members[p] = append(members[p], row)
	}
	out := make([]int, n)
	for p, rows := range members {
		if time != nil {
			if err := byTime(rows, time, labels[p]); err != nil {
				return nil, err
			}
		}
		for i, row := range rows {
			out[row] = -1
			if i >= by {
				out[row] = rows[i-by]
			}
		}
	}
	return out, nil
}

// TimeError is a time that orders nothing.
type TimeError struct {
	Row, Other int // from zero; Other is -1 where the time of Row is missing
	Time       float64
	Panel      string
}

// Error says which rows.
func (e *TimeError) Error() string {
	if e.Other < 0 {
		return fmt.Sprintf("row %d has no time", e.Row+1)
	}
	within := ""
	if e.Panel != "" {
		within = " in " + e.Panel
	}
	return fmt.Sprintf("rows %d and %d have the same time%s, %v, so that neither is before the "+
		"other", e.Other+1, e.Row+1, within, e.Time)
}

// byTime sorts the rows of one panel.
func byTime(rows []int, time []float64, panel string) error {
	for _, row := range rows {
		if math.IsNaN(time[row]) {
			return &TimeError{Row: row, Other: -1, Panel: panel}
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int {
		switch {
		case time[a] < time[b]:
			return -1
		case time[a] > time[b]:
			return 1
		}
		return 0
	})
	for i := 1; i < len(rows); i++ {
		if time[rows[i]] == time[rows[i-1]] {
			return &TimeError{Row: rows[i], Other: rows[i-1], Time: time[rows[i]], Panel: panel}
		}
	}
	return nil
}
