package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// observation has a column of each type that is read, as several encodings write it.
type observation struct {
	Double   float64  `parquet:"double"`
	Maybe    *float64 `parquet:"maybe,optional,dict"`
	Float    float32  `parquet:"float"`
	Int      int64    `parquet:"int,delta"`
	MaybeInt *int32   `parquet:"maybe int,optional"`
	Byte     uint32   `parquet:"byte,dict"`
	Yes      bool     `parquet:"yes"`
	MaybeYes *bool    `parquet:"maybe yes,optional"`
	Text     string   `parquet:"text,plain"`
	Key      string   `parquet:"key,dict"`
	MaybeKey *string  `parquet:"maybe key,optional,dict"`
	Length   string   `parquet:"length"`
	List     []int64  `parquet:"list"`
	Pair     struct{ A, B float64 }
	Price    int64    `parquet:"price,decimal(2:12)"`
	Cost     [9]byte  `parquet:"cost,decimal(3:21)"`
	Uneven   [16]byte `parquet:"uneven"`
	Last     int8     `parquet:"last"`
}

// observations makes n rows, a third of whose optional values are missing.
func observations(n int) (rows []observation) {
	for i := range n {
		x := float64(i) / 8
		r := observation{Double: x * 1e-3, Float: float32(x), Int: int64(i*i) - 50, Yes: i%3 == 1,
			Byte: math.MaxUint32 - uint32(i%5), Text: fmt.Sprintf("t%d", i*i),
			Key: []string{"Oslo", "", "Genève"}[i%3], Length: strings.Repeat("ab", i%7),
			List: []int64{1, 2}, Price: int64(5 - 3*i), Last: int8(i)}
		binary.BigEndian.PutUint64(r.Cost[1:], uint64(2-i)) // two's complement: 2, 1, 0, -1, …
		if i > 2 {
			r.Cost[0] = 0xff
		}
		if i%3 != 0 {
			y, k, b := -x, int32(-i), i%2 == 0
			r.Maybe, r.MaybeInt, r.MaybeYes, r.MaybeKey = &y, &k, &b, &r.Text
		}
		rows = append(rows, r)
	}
	return rows
}

func writeParquet(t testing.TB, rows []observation, options ...parquet.WriterOption) []byte {
	t.Helper()
	var file bytes.Buffer
	w := parquet.NewGenericWriter[observation](&file, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestReadParquet reads what another implementation writes.
func TestReadParquet(t *testing.T) {
	for name, options := range map[string][]parquet.WriterOption{
		"plain":  {parquet.Compression(&parquet.Uncompressed)},
		"first":  {parquet.DataPageVersion(1)},
		"snappy": {parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(100)},
		"gzip":   {parquet.Compression(&parquet.Gzip), parquet.PageBufferSize(200)},
		"zstd": {parquet.Compression(&parquet.Zstd), parquet.DataPageVersion(1),
			parquet.PageBufferSize(300)},
	} {
		for _, n := range []int{1, 2, 1000} {
			rows := observations(n)
			file := writeParquet(t, rows, options...)
			table, err := ReadParquet("t.parquet", bytes.NewReader(file))
			if err != nil {
				t.Errorf("%s, %d rows: %v", name, n, err)
				continue
			}
			if table.Rows() != n || table.Place(n-1) != fmt.Sprintf("t.parquet: row %d", n) {
				t.Errorf("%s: %d rows, the last at %s", name, table.Rows(), table.Place(n-1))
			}
			compareObservations(t, name, table, rows)
		}
	}
}

func compareObservations(t *testing.T, name string, table *Table, rows []observation) {
	t.Helper()
	for column, get := range map[string]func(observation) float64{
		"double":    func(r observation) float64 { return r.Double },
		"maybe":     func(r observation) float64 { return orNaN(r.Maybe) },
		"float":     func(r observation) float64 { return float64(r.Float) },
		"int":       func(r observation) float64 { return float64(r.Int) },
		"maybe int": func(r observation) float64 { return orNaN(r.MaybeInt) },
		"byte":      func(r observation) float64 { return float64(r.Byte) },
		"yes":       func(r observation) float64 { return *one(&r.Yes) },
		"maybe yes": func(r observation) float64 { return orNaN(one(r.MaybeYes)) },
		"price":     func(r observation) float64 { return float64(r.Price) / 100 },
		"cost": func(r observation) float64 {
			return float64(int64(binary.BigEndian.Uint64(r.Cost[1:]))) / 1000
		},
		"last": func(r observation) float64 { return float64(r.Last) },
	} {
		var want []float64
		for _, r := range rows {
			want = append(want, get(r))
		}
		if got, err := table.Numbers(column); err != nil || !sameNumbers(got, want) {
			t.Errorf("%s, %d rows: %s is not as written: %v", name, len(rows), column, err)
		}
	}
	for column, get := range map[string]func(observation) string{
		"text":   func(r observation) string { return r.Text },
		"key":    func(r observation) string { return r.Key },
		"length": func(r observation) string { return r.Length },
		"int":    func(r observation) string { return fmt.Sprint(r.Int) },
		"maybe key": func(r observation) string {
			if r.MaybeKey == nil {
				return ""
			}
			return *r.MaybeKey
		},
	} {
		var want []string
		for _, r := range rows {
			want = append(want, get(r))
		}
		if got, err := table.Texts(column); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s, %d rows: %s is not as written: %v", name, len(rows), column, err)
		}
	}
}

func orNaN[T int32 | float64](x *T) float64 {
	if x == nil {
		return math.NaN()
	}
	return float64(*x)
}

func one(b *bool) *float64 {
	if b == nil {
		return nil
	}
	v := 0.
	if *b {
		v = 1
	}
	return &v
}

// TestParquetErrors reads what is not read.
func TestParquetErrors(t *testing.T) {
	file := writeParquet(t, observations(3))
	table, err := ReadParquet("t.parquet", bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]string{
		"list": "t.parquet: row 1: list is a list in each row; write its parts as columns",
		"Pair": "t.parquet: row 1: Pair is nested, which a table of numbers and texts is not; " +
			"write its parts as columns",
		"uneven": "t.parquet: row 1: uneven is of fixed-length bytes, which are not read; write " +
			"numbers or text",
		"key": "t.parquet: row 1: key is “Oslo”, which is not a number; write a number, or NA " +
			"where it is missing",
	} {
		_, err := table.Numbers(column)
		wantError(t, err, want)
	}
	brotli := writeParquet(t, observations(3), parquet.Compression(&parquet.Brotli))
	if table, err = ReadParquet("t.parquet", bytes.NewReader(brotli)); err != nil {
		t.Fatal(err)
	}
	_, err = table.Keep([]int{2}).Texts("key")
	wantError(t, err, "t.parquet: row 3: key is compressed in a way that is not read; write the "+
		"file with snappy, gzip or zstd")

	large := integers{{value: 1<<53 + 1}, {value: 1 << 60}, {value: math.MaxInt64}}
	const advice = ", which has more digits than a float64; measure from a nearer origin, or use " +
		"the column as text"
	for i, want := range []string{"9007199254740993" + advice, "",
		"9223372036854775807" + advice} {
		if _, fault := large.number(i); fault != want {
			t.Errorf("%d is %s, want %s", large[i].value, fault, want)
		}
	}

	n := len(file)
	claim := slices.Clone(file)
	binary.LittleEndian.PutUint32(claim[n-8:], math.MaxUint32)
	for _, c := range []struct {
		file []byte
		want string
	}{
		{nil, "t.parquet: this is not a Parquet file, which begins with PAR1"},
		{[]byte("a,b\n1,2\n"), "t.parquet: this is not a Parquet file, which begins with PAR1"},
		{[]byte("PARExxxxPARE"), "t.parquet: the file is encrypted; write it without encryption"},
		{file[:n-1], "t.parquet: the file is damaged: it does not end with PAR1 and may have " +
			"been cut off; write it anew"},
		{claim, fmt.Sprintf("t.parquet: the file is damaged: it claims a footer of 4294967295 "+
			"bytes and has %d in all; write it anew", n)},
		{[]byte("PAR1\x00\x01\x00\x00\x00PAR1"), "t.parquet: the file is damaged: it has no " +
			"schema; write it anew"},
	} {
		_, err := ReadParquet("t.parquet", bytes.NewReader(c.file))
		wantError(t, err, c.want)
	}
	empty := writeParquet(t, nil)
	_, err = ReadParquet("t.parquet", bytes.NewReader(empty))
	wantError(t, err,
		"t.parquet: there are no rows, only the names of columns; a table needs at least one")
}

// TestParquetDamage changes bytes of files in turn. What is read may be wrong where pages have no
// checksums, but reading ends, does not panic, and allocates little whatever the file claims.
func TestParquetDamage(t *testing.T) {
	const most = 1 << 20 // bytes; a whole file needs an eighth of it
	for name, c := range map[string]struct {
		codec parquet.WriterOption
		step  int
	}{
		"plain": {parquet.Compression(&parquet.Uncompressed), 1},
		"zstd":  {parquet.Compression(&parquet.Zstd), 11},
	} {
		file := writeParquet(t, observations(9), c.codec)
		var before, after runtime.MemStats
		for i := 0; i < len(file); i += c.step {
			damaged := slices.Clone(file)
			for _, flip := range []byte{0x01, 0x80, 0xff} {
				damaged[i] = file[i] ^ flip
				runtime.ReadMemStats(&before)
				if err := readAllParquet(damaged); err != nil {
					t.Errorf("%s, byte %d changed by %x: %v", name, i, flip, err)
				}
				runtime.ReadMemStats(&after)
				if n := after.TotalAlloc - before.TotalAlloc; n > most {
					t.Errorf("%s, byte %d changed by %x: %d bytes allocated", name, i, flip, n)
				}
			}
		}
		for n := range file {
			if err := readAllParquet(file[:n]); err != nil {
				t.Errorf("%s, cut after %d bytes: %v", name, n, err)
			}
		}
	}
}

// TestHostileDescriptions reads footers that claim what they have not.
func TestHostileDescriptions(t *testing.T) {
	huge := []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f} // 2⁶³-1
	list := append([]byte{0x29, 0xfc}, huge...)                          // field 2, of structures
	deep := bytes.Repeat([]byte{0xfc}, 1e6)                              // field 15 in field 15 …
	text := append([]byte{0x29, 0x1c, 0x48}, huge...)                    // the name of an element
	pairs := append(append([]byte{0xfb}, huge...), 0xcc)                 // field 15, a map
	root := []byte{0x29, 0x1c, 0x55, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0, 0} // 2³¹-1 columns
	for _, c := range []struct {
		footer []byte
		want   string
	}{
		{list, "a description ends too soon"},
		{deep, "a description nests too deeply"},
		{text, "a description ends too soon"},
		{pairs, "a description ends too soon"},
		{root, "its schema ends too soon"},
		{[]byte{0x36}, "a description has an integer without end"},
		{[]byte{0x26, 0}, "a description has no list where one belongs"},
	} {
		file := append([]byte("PAR1"), c.footer...)
		file = binary.LittleEndian.AppendUint32(file, uint32(len(c.footer)))
		_, err := ReadParquet("t.parquet", bytes.NewReader(append(file, "PAR1"...)))
		wantError(t, err, "t.parquet: the file is damaged: "+c.want+"; write it anew")
	}
}

// readAllParquet reads all columns and tells what is wrong with the table, if it is one.
func readAllParquet(file []byte) error {
	table, err := ReadParquet("t.parquet", bytes.NewReader(file))
	if err != nil {
		if table != nil || !strings.HasPrefix(err.Error(), "t.parquet") {
			return fmt.Errorf("%v with the error %w", table, err)
		}
		return nil
	}
	for _, name := range table.Names() {
		if texts, err := table.Texts(name); err == nil && len(texts) != table.Rows() {
			return fmt.Errorf("%d texts in %d rows", len(texts), table.Rows())
		}
		if numbers, err := table.Numbers(name); err == nil && len(numbers) != table.Rows() {
			return fmt.Errorf("%d numbers in %d rows", len(numbers), table.Rows())
		}
	}
	return nil
}

func TestReadParquetFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prices.parquet")
	if err := os.WriteFile(path, writeParquet(t, observations(2)), 0o666); err != nil {
		t.Fatal(err)
	}
	table, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Place(1); got != path+": row 2" {
		t.Errorf("row 1 is at %s", got)
	}
}

// FuzzReadParquet holds that any bytes give a table whose rows are full or an error.
func FuzzReadParquet(f *testing.F) {
	f.Add(writeParquet(f, observations(3), parquet.Compression(&parquet.Uncompressed)))
	f.Add(writeParquet(f, observations(20), parquet.DataPageVersion(1)))
	f.Fuzz(func(t *testing.T, file []byte) {
		if err := readAllParquet(file); err != nil {
			t.Fatal(err)
		}
	})
}
