package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const prices = "city,year,price\nOslo,2001,1.5\nRome,2001,2\nOslo,2002,NA\n"

func readPrices(t *testing.T) *Table {
	t.Helper()
	table, err := ReadCSV("prices.csv", strings.NewReader(prices))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTable(t *testing.T) {
	table := readPrices(t)
	if table.Name() != "prices.csv" || table.Rows() != 3 || !table.Has("year") ||
		table.Has("Year") {
		t.Error("name, rows, or columns are wrong")
	}
	sum := sha256.Sum256([]byte(prices))
	if table.Digest() != hex.EncodeToString(sum[:]) {
		t.Errorf("digest %s", table.Digest())
	}
	if got, err := table.Texts("city"); err != nil ||
		!slices.Equal(got, []string{"Oslo", "Rome", "Oslo"}) {
		t.Errorf("cities %q, %v", got, err)
	}
	if got, err := table.Texts("price"); err != nil ||
		!slices.Equal(got, []string{"1.5", "2", "NA"}) {
		t.Errorf("prices %q, %v", got, err)
	}
	_, err := table.Numbers("cost")
	wantError(t, err, "prices.csv has no column “cost”; its columns are city, year, price")
	_, err = table.Texts("cost")
	wantError(t, err, "prices.csv has no column “cost”; its columns are city, year, price")

	kept := table.Keep([]int{2, 0})
	if got, err := kept.Numbers("price"); err != nil ||
		!sameNumbers(got, []float64{math.NaN(), 1.5}) {
		t.Errorf("kept prices %v, %v", got, err)
	}
	if kept.Rows() != 2 || kept.Line(0) != 4 || kept.Place(1) != "prices.csv:2" ||
		kept.Digest() != table.Digest() {
		t.Error("kept rows have lost their places or digest")
	}
	_, err = kept.Numbers("city")
	wantError(t, err, "prices.csv:4: city is “Oslo”, which is not a number; "+
		"write a number, or NA where it is missing")
	if table.Rows() != 3 || table.Line(0) != 2 {
		t.Error("Keep changed its table")
	}
}

func TestNew(t *testing.T) {
	x := []float64{1, math.NaN()}
	table, err := New("made", []string{"x", "y"}, [][]float64{x, {3, 1e300}})
	if err != nil {
		t.Fatal(err)
	}
	x[0] = 7
	if got, err := table.Numbers("x"); err != nil || !sameNumbers(got, []float64{1, math.NaN()}) {
		t.Errorf("x is %v, %v", got, err)
	}
	if got, err := table.Texts("x"); err != nil || !slices.Equal(got, []string{"1", ""}) {
		t.Errorf("x is %q, %v", got, err)
	}
	if table.Place(1) != "made: row 2" {
		t.Errorf("row 1 is at %s", table.Place(1))
	}
	if sum := sha256.Sum256([]byte("x,y\n1,3\nNA,1e+300\n")); table.Digest() !=
		hex.EncodeToString(sum[:]) {
		t.Errorf("digest %s", table.Digest())
	}
	inf := math.Inf(1)
	for _, c := range []struct {
		names   []string
		columns [][]float64
		want    string
	}{
		{nil, nil, "t: no columns; a table has at least one"},
		{[]string{"a"}, nil, "t: 1 name for 0 columns; give each column one name"},
		{[]string{"a", "b"}, [][]float64{{1}, {1, 2}},
			"t: column “a” has 1 row and column “b” has 2; give all the same number"},
		{[]string{"a", "a"}, [][]float64{{1}, {2}},
			"t: columns 1 and 2 are both named “a”; rename one"},
		{[]string{"a", ""}, [][]float64{{1}, {2}}, "t: column 2 has no name; give it one"},
		{[]string{"\xff"}, [][]float64{{1}},
			"t: the name of column 1, “\\xff”, is not UTF-8; rename it"},
		{[]string{"a"}, [][]float64{{}},
			"t: there are no rows, only the names of columns; a table needs at least one"},
		{[]string{"a"}, [][]float64{{1, -inf}},
			"t: row 2 of column “a” is infinite, which no table holds; write NaN for a missing " +
				"value"},
	} {
		_, err := New("t", c.names, c.columns)
		wantError(t, err, c.want)
	}
}

func TestWriteCSV(t *testing.T) {
	var got bytes.Buffer
	err := WriteCSV(&got, []string{"a", "b;c", `d"`, "e\n"},
		[][]float64{{.1, 1e21}, {math.Copysign(0, -1), 100000}, {math.NaN(), 5e-324}, {1. / 3, 2}})
	want := "a,\"b;c\",\"d\"\"\",\"e\n\"\n0.1,-0,NA,0.3333333333333333\n1e+21,100000,5e-324,2\n"
	if err != nil || got.String() != want {
		t.Errorf("wrote %q, %v; want %q", got.String(), err, want)
	}
	full := errors.New("the disk is full")
	if err := WriteCSV(failing{full}, []string{"a"}, [][]float64{{1}}); !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
	err = WriteCSV(&got, []string{"a"}, [][]float64{{math.Inf(1)}})
	wantError(t, err,
		"row 1 of column “a” is infinite, which no table holds; write NaN for a missing value")
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "Prices.CSV")
	if err := os.WriteFile(path, []byte(prices), 0o666); err != nil {
		t.Fatal(err)
	}
	table, err := Read(path)
	if err != nil || table.Place(0) != path+":2" {
		t.Errorf("read %v, %v", table, err)
	}
	_, err = Read("prices.xlsx")
	wantError(t, err,
		"prices.xlsx: the name ends with “.xlsx”; data are read from .csv and .parquet files")
	_, err = Read("prices")
	wantError(t, err, "prices: the name has no ending; data are read from .csv and .parquet files")
	if _, err = Read(filepath.Join(dir, "none.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v for a file that is not there", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.csv"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err = Read(filepath.Join(dir, "folder.csv")); err == nil {
		t.Error("a folder is read")
	}
}

func ExampleReadCSV() {
	table, err := ReadCSV("prices.csv", strings.NewReader("price,quantity\n1.5,7\n2,\"8,5\"\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	price, err := table.Numbers("price")
	fmt.Println(price, err)
	_, err = table.Numbers("quantity")
	fmt.Println(err)
	// Output:
	// [1.5 2] <nil>
	// prices.csv:3: quantity is “8,5”, which is not a number; write 8.5
}
