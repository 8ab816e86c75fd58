package data

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the expected messages anew")

// TestErrors holds the message about each file of testdata/errors to the text beside it.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, path := range files {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(path, ".csv") + ".txt"
		err = readAll(filepath.Base(path), file)
		if err == nil {
			t.Errorf("%s is read without an error", path)
			continue
		}
		got := err.Error() + "\n"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\ngot  %swant %s", path, got, want)
		}
	}
}

// readAll reads a table and every column as numbers.
func readAll(name string, file []byte) error {
	table, err := ReadCSV(name, bytes.NewReader(file))
	if err != nil {
		return err
	}
	for _, name := range table.Names() {
		if _, err := table.Numbers(name); err != nil {
			return err
		}
	}
	return nil
}

// TestLimits reads files that are too large in one way or another.
func TestLimits(t *testing.T) {
	wide := strings.TrimSuffix(strings.Repeat("a,", maxColumns+1), ",")
	err := readAll("wide.csv", []byte(wide))
	wantError(t, err, "wide.csv:1: there are more than 65536 columns; keep those that the model "+
		"needs")
	long := "a,b\n1,\"" + strings.Repeat("long ", maxCellBytes/5+1) + "\"\n"
	err = readAll("long.csv", []byte(long))
	wantError(t, err, "long.csv:2: the cell in column 2 has more than 65536 bytes, beginning with "+
		"“"+strings.Repeat("long ", 8)+"…”; is a closing quote missing?")
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %s", want)
	} else if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

func TestReadCSV(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		file    string
		names   []string
		numbers [][]float64
		lines   []int
	}{
		{"a,b\n1,2\n3,4\n", []string{"a", "b"}, [][]float64{{1, 3}, {2, 4}}, []int{2, 3}},
		{"\ufeff\"a\", b \r\n1,\" 2\"\r\n-.5,+4.e-1", []string{"a", "b"},
			[][]float64{{1, -.5}, {2, .4}}, []int{2, 3}},
		{"a\r1\r\r\r", []string{"a"}, [][]float64{{1}}, []int{2}},
		{"a\n\"\"\nNA\nnan\nNULL\n.\n 7 \n", []string{"a"},
			[][]float64{{nan, nan, nan, nan, nan, 7}}, []int{2, 3, 4, 5, 6, 7}},
		{"a,b\n,\n1,", []string{"a", "b"}, [][]float64{{nan, 1}, {nan, nan}}, []int{2, 3}},
		{"a;b\n1;2.5\n", []string{"a", "b"}, [][]float64{{1}, {2.5}}, []int{2}},
		{"a\tb c\n1\t2\n", []string{"a", "b c"}, [][]float64{{1}, {2}}, []int{2}},
		{"\"a;b\"\n1\n", []string{"a;b"}, [][]float64{{1}}, []int{2}},
		{"\"a;\"\"\";b\n1;2\n", []string{"a;\"", "b"}, [][]float64{{1}, {2}}, []int{2}},
		{"\"two\nlines\",b\n1,2\n", []string{"two\nlines", "b"}, [][]float64{{1}, {2}}, []int{3}},
		{"a\n0.1\n1e-400\n17976931348623157e292\n", []string{"a"},
			[][]float64{{.1, 0, math.MaxFloat64}}, []int{2, 3, 4}},
	} {
		table, err := ReadCSV("t.csv", strings.NewReader(c.file))
		if err != nil {
			t.Errorf("%q: %v", c.file, err)
			continue
		}
		if !slices.Equal(table.Names(), c.names) {
			t.Errorf("%q: names %q, want %q", c.file, table.Names(), c.names)
			continue
		}
		for i, name := range c.names {
			got, err := table.Numbers(name)
			if err != nil || !sameNumbers(got, c.numbers[i]) {
				t.Errorf("%q: %s is %v, %v; want %v", c.file, name, got, err, c.numbers[i])
			}
		}
		for row, want := range c.lines {
			if got := table.Line(row); got != want {
				t.Errorf("%q: row %d is on line %d, want %d", c.file, row, got, want)
			}
		}
		if table.Rows() != len(c.lines) {
			t.Errorf("%q: %d rows, want %d", c.file, table.Rows(), len(c.lines))
		}
	}
}

// sameNumbers compares with NaN equal to NaN.
func sameNumbers(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool {
		return x == y || math.IsNaN(x) && math.IsNaN(y)
	})
}

// TestManyColumns reads thousands of columns.
func TestManyColumns(t *testing.T) {
	const n = 5000
	var names, row []string
	for i := range n {
		names = append(names, "x"+formatNumber(float64(i)))
		row = append(row, formatNumber(float64(i)/8))
	}
	file := strings.Join(names, ",") + "\n" + strings.Join(row, ",") + "\n"
	table, err := ReadCSV("many.csv", strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := table.Numbers("x4321"); err != nil || got[0] != 4321./8 {
		t.Errorf("x4321 is %v, %v", got, err)
	}
}

// FuzzReadCSV holds that any bytes give a table whose rows are full or an error, and that a table
// of numbers is written and read back the same.
func FuzzReadCSV(f *testing.F) {
	for _, file := range []string{"a,b\n1,2\n", "\"a\n\",b;\"\"\r1,\"\"\"\"", "a;b\n1;NA\n\n",
		"\ufeffa\tb\r\n1\t.\r\n"} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		table, err := ReadCSV("t.csv", bytes.NewReader(file))
		if err != nil {
			if table != nil || !strings.HasPrefix(err.Error(), "t.csv") {
				t.Fatalf("%v with an error: %v", table, err)
			}
			return
		}
		var columns [][]float64
		for _, name := range table.Names() {
			texts, err := table.Texts(name)
			if err != nil || len(texts) != table.Rows() {
				t.Fatalf("%d texts in %d rows, %v", len(texts), table.Rows(), err)
			}
			numbers, err := table.Numbers(name)
			if err != nil {
				return
			}
			columns = append(columns, numbers)
		}
		var written bytes.Buffer
		if err := WriteCSV(&written, table.Names(), columns); err != nil {
			t.Fatal(err)
		}
		again, err := ReadCSV("t.csv", &written)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again.Names(), table.Names()) {
			t.Fatalf("names %q, then %q", table.Names(), again.Names())
		}
		for i, name := range table.Names() {
			if got, err := again.Numbers(name); err != nil || !sameNumbers(got, columns[i]) {
				t.Fatalf("%s is %v, then %v, %v", name, columns[i], got, err)
			}
		}
	})
}
