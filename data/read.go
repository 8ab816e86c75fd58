package data

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Read reads a table from a file: .csv as ReadCSV does. Messages call it by path. A name with
// another ending is an error.
func Read(path string) (*Table, error) {
	switch ending := strings.ToLower(filepath.Ext(path)); ending {
	case ".csv":
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return ReadCSV(path, file)
	case "":
		return nil, fmt.Errorf("%s: the name has no ending; data are read from .csv and .parquet "+
			"files", path)
	default:
		return nil, fmt.Errorf("%s: the name ends with %s; data are read from .csv and .parquet "+
			"files", path, quote(ending))
	}
}
