package data

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Read reads a table from a file: .csv as ReadCSV does, .parquet as ReadParquet. Messages call it
// by path. A name with another ending is an error.
func Read(path string) (*Table, error) {
	read := ReadCSV
	switch ending := strings.ToLower(filepath.Ext(path)); ending {
	case ".csv":
	case ".parquet":
		read = ReadParquet
	case "":
		return nil, fmt.Errorf("%s: the name has no ending; data are read from .csv and .parquet "+
			"files", path)
	default:
		return nil, fmt.Errorf("%s: the name ends with %s; data are read from .csv and .parquet "+
			"files", path, quote(ending))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return read(path, file)
}

// readLimited reads a file whole, if it is not too large.
func readLimited(name string, r io.Reader) ([]byte, error) {
	file, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	if len(file) > maxBytes {
		return nil, fmt.Errorf("%s has more than 1 GiB; keep only the rows and columns that "+
			"the model needs", name)
	}
	return file, nil
}
