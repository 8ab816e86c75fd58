// Package examples holds the model files of its folders to the tables beside them.
package examples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pullback/data"
	"pullback/model"
)

// TestModels reads all model files, and binds those that have a table.
func TestModels(t *testing.T) {
	files, err := filepath.Glob("*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no model files", err)
	}
	for _, path := range files {
		m, err := model.Read(path)
		if err != nil {
			t.Error(err)
			continue
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(path, ".yaml"), "_")
		table, err := data.Read(name + ".csv")
		if os.IsNotExist(err) && filepath.Dir(path) == "market" {
			continue // its observations are simulated
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := model.Bind(m, table); err != nil {
			t.Error(err)
		}
	}
}
