package data

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Groups numbers the groups that keys name: index[i] is that of keys[i], labels[index[i]] is
// keys[i], and labels are in the order of their first appearance.
func Groups(keys []string) (index []int, labels []string) {
	numbers := map[string]int{}
	index = make([]int, len(keys))
	for i, key := range keys {
		n, has := numbers[key]
		if !has {
			n = len(labels)
			numbers[key] = n
			labels = append(labels, key)
		}
		index[i] = n
	}
	return index, labels
}

// RowsError says what is wrong with particular rows.
type RowsError struct {
	Rows  []int // from 0
	Fault string
}

// Error numbers the rows from 1; Table.Place knows better where they stand.
func (e *RowsError) Error() string {
	if len(e.Rows) == 1 {
		return fmt.Sprintf("row %d: %s", e.Rows[0]+1, e.Fault)
	}
	return fmt.Sprintf("rows %d and %d: %s", e.Rows[0]+1, e.Rows[1]+1, e.Fault)
}

// Previous finds for each row the one that is by periods earlier in its panel, -1 where there is
// none. A panel's periods are its own times in ascending order, evenly spaced or not; without
// times (nil) they are its rows in file order. Without panels (nil) all rows are one. One of the
// two must be given, since it tells the number of rows.
//
// Two rows of a panel with one time, or a time that is NaN, are a *RowsError. by is at least 1.
func Previous(panel []string, time []float64, by int) ([]int, error) {
	switch {
	case panel == nil && time == nil:
		return nil, errors.New("neither panel nor time is given; for file order give every row " +
			"the same panel")
	case panel != nil && time != nil && len(panel) != len(time):
		return nil, fmt.Errorf("panel has %d rows and time %d; give both the same number",
			len(panel), len(time))
	case by < 1:
		return nil, fmt.Errorf("a lag of %d periods; it must be at least 1", by)
	}
	members := [][]int{make([]int, 0, len(time))} // the rows of each panel
	if panel == nil {
		for i := range time {
			members[0] = append(members[0], i)
		}
	} else {
		index, labels := Groups(panel)
		members = make([][]int, len(labels))
		for i, g := range index {
			members[g] = append(members[g], i)
		}
	}
	previous := make([]int, max(len(panel), len(time)))
	for _, rows := range members {
		if time != nil {
			if err := sortByTime(rows, panel, time); err != nil {
				return nil, err
			}
		}
		for i, row := range rows {
			previous[row] = -1
			if i >= by {
				previous[row] = rows[i-by]
			}
		}
	}
	return previous, nil
}

// sortByTime puts a panel's rows in order.
func sortByTime(rows []int, panel []string, time []float64) error {
	for _, row := range rows {
		if math.IsNaN(time[row]) {
			return &RowsError{[]int{row}, "the time is missing, so that the row has no place in " +
				"its panel; remove the row or fill in its time"}
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(time[a], time[b]) })
	for i := 1; i < len(rows); i++ {
		a, b := rows[i-1], rows[i]
		if time[a] != time[b] {
			continue
		}
		where, advice := "", "if there are several series, name the column that tells them apart, "+
			"as “panel: COLUMN” in a model file"
		if panel != nil {
			where = " in panel " + quote(panel[a])
			advice = "keep one, or name a panel that tells them apart"
		}
		return &RowsError{[]int{a, b}, fmt.Sprintf("both have time %s%s; %s",
			formatNumber(time[a]), where, advice)}
	}
	return nil
}

// Previous is the function Previous for the columns of these names, "" for none: without both it
// is file order. Errors give the places of rows.
func (t *Table) Previous(panel, time string, by int) ([]int, error) {
	var keys []string
	var times []float64
	var err error
	switch {
	case panel != "":
		if keys, err = t.Texts(panel); err != nil {
			return nil, err
		}
	case time == "":
		keys = make([]string, t.Rows())
	}
	if time != "" {
		if times, err = t.Numbers(time); err != nil {
			return nil, err
		}
	}
	rows, err := Previous(keys, times, by)
	if at, ok := errors.AsType[*RowsError](err); ok {
		place := t.Place(at.Rows[0])
		if len(at.Rows) > 1 {
			place += " and " + t.Place(at.Rows[1])
		}
		return nil, fmt.Errorf("%s: %s", place, at.Fault)
	}
	return rows, err
}
