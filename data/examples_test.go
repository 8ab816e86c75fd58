package data

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestExamples reads the tables of the examples: NIST's have as many rows as NIST says.
func TestExamples(t *testing.T) {
	text, err := os.ReadFile("../examples/nist/certified.json")
	if err != nil {
		t.Fatal(err)
	}
	var certified map[string]struct {
		Observations int
	}
	if err := json.Unmarshal(text, &certified); err != nil {
		t.Fatal(err)
	}
	if len(certified) != 14 {
		t.Errorf("%d certified problems", len(certified))
	}
	for name, want := range certified {
		readExample(t, filepath.Join("nist", name+".csv"), want.Observations)
	}
	readExample(t, "kmenta/kmenta.csv", 20)
}

func readExample(t *testing.T, path string, rows int) {
	t.Helper()
	table, err := Read(filepath.Join("../examples", path))
	if err != nil {
		t.Error(err)
		return
	}
	if table.Rows() != rows {
		t.Errorf("%s has %d rows, want %d", path, table.Rows(), rows)
	}
	for _, name := range table.Names() {
		if _, err := table.Numbers(name); err != nil {
			t.Error(err)
		}
	}
}
