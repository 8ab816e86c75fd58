package data

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestGroups(t *testing.T) {
	index, labels := Groups([]string{"b", "a", "b", "", "a"})
	if !slices.Equal(index, []int{0, 1, 0, 2, 1}) || !slices.Equal(labels, []string{"b", "a", ""}) {
		t.Errorf("groups %v %q", index, labels)
	}
}

func TestPrevious(t *testing.T) {
	panel := []string{"x", "y", "x", "x", "y"}
	for _, c := range []struct {
		panel []string
		time  []float64
		by    int
		want  []int
	}{
		{nil, []float64{2000, 2001, 2003}, 1, []int{-1, 0, 1}}, // the previous time there is
		{nil, []float64{3, 1, 2}, 1, []int{2, -1, 1}},
		{nil, []float64{3, 1, 2}, 2, []int{1, -1, -1}},
		{panel, nil, 1, []int{-1, -1, 0, 2, 1}},
		{panel, nil, 2, []int{-1, -1, -1, 0, -1}},
		{panel, []float64{2, 2, 3, 1, 1}, 1, []int{3, 4, 0, -1, -1}},
		{panel, []float64{2, 2, 3, 1, 1}, 9, []int{-1, -1, -1, -1, -1}},
	} {
		got, err := Previous(c.panel, c.time, c.by)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("Previous(%v, %v, %d) is %v, %v; want %v", c.panel, c.time, c.by, got, err,
				c.want)
		}
	}
	for _, c := range []struct {
		panel []string
		time  []float64
		by    int
		want  string
	}{
		{panel, []float64{1, 1, 3, 3, 2}, 1,
			"rows 3 and 4: both have time 3 in panel “x”; keep one, or name a panel that tells " +
				"them apart"},
		{nil, []float64{1, 2, 1}, 1,
			"rows 1 and 3: both have time 1; if there are several series, name the column that " +
				"tells them apart, as “panel: COLUMN” in a model file"},
		{nil, []float64{1, math.NaN()}, 1,
			"row 2: the time is missing, so that the row has no place in its panel; remove the " +
				"row or fill in its time"},
		{nil, nil, 1, "neither panel nor time is given; for file order give every row the same " +
			"panel"},
		{panel, []float64{1}, 1, "panel has 5 rows and time 1; give both the same number"},
		{panel, nil, 0, "a lag of 0 periods; it must be at least 1"},
	} {
		_, err := Previous(c.panel, c.time, c.by)
		wantError(t, err, c.want)
	}
}

func TestTablePrevious(t *testing.T) {
	table, err := ReadCSV("p.csv",
		strings.NewReader("city,year,x\nA,2,0\nA,1,0\nB,1,0\nA,3,0\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		panel, time string
		want        []int
	}{
		{"city", "year", []int{1, -1, -1, 0}},
		{"city", "", []int{-1, 0, -1, 1}},
		{"", "", []int{-1, 0, 1, 2}},
	} {
		got, err := table.Previous(c.panel, c.time, 1)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("by %q and %q: %v, %v; want %v", c.panel, c.time, got, err, c.want)
		}
	}
	_, err = table.Previous("", "year", 1)
	wantError(t, err, "p.csv:3 and p.csv:4: both have time 1; if there are several series, name "+
		"the column that tells them apart, as “panel: COLUMN” in a model file")
	_, err = table.Previous("town", "year", 1)
	wantError(t, err, "p.csv has no column “town”; its columns are city, year, x")
	_, err = table.Previous("", "city", 1)
	wantError(t, err, "p.csv:2: city is “A”, which is not a number; write a number, or NA where "+
		"it is missing")
}
