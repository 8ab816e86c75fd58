package report

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// generator marks the files of a report, so that a later report may replace them.
const generator = "pullback report"

// File is a file to be written: its name, without folders, and what is in it.
type File struct {
	Name string
	Data []byte
}

// CheckDirectory is an error if files could not be written into the directory at path, which need
// not exist, though the one that holds it must. It is for asking before a long computation.
func CheckDirectory(path string) error {
	staging, _, err := stage(path)
	if err != nil {
		return err
	}
	return os.RemoveAll(staging)
}

// Write puts files into the directory at path, in their order, and makes the directory if
// there is none. They are staged in a temporary directory and then renamed, so that no reader
// and no failure meets half a file. A file that no report wrote is never replaced.
func Write(path string, files []File) error { return write(path, files, replaceable) }

// Replace is Write that writes over any file. It is for when the user said so.
func Replace(path string, files []File) error {
	return write(path, files, func(string) error { return nil })
}

func write(path string, files []File, may func(path string) error) error {
	staging, exists, err := stage(path)
	if err != nil {
		return err
	}
	defer os.RemoveAll(staging)
	// MkdirTemp's directory is private; this one has the permissions the user's umask asks for.
	whole := filepath.Join(staging, "files")
	if err := os.Mkdir(whole, 0o777); err != nil {
		return cannotWrite(path, err)
	}
	for _, f := range files {
		if err := may(filepath.Join(path, f.Name)); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(whole, f.Name), f.Data, 0o666); err != nil {
			return cannotWrite(path, err)
		}
	}
	if !exists {
		if err := os.Rename(whole, path); err != nil {
			return cannotWrite(path, err)
		}
		return nil
	}
	for _, f := range files {
		err := os.Rename(filepath.Join(whole, f.Name), filepath.Join(path, f.Name))
		if err != nil {
			return cannotWrite(path, err)
		}
	}
	return nil
}

// stage makes a temporary directory from which a rename to path, or to a file in it if it exists,
// is atomic: renaming is so within one file system only, hence inside path where that exists.
func stage(path string) (staging string, exists bool, err error) {
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return "", false, fmt.Errorf("%s is a file; name a directory for the report", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", false, cannotWrite(path, err)
	}
	exists = err == nil
	near := path
	if !exists {
		near = filepath.Dir(path)
	}
	staging, err = os.MkdirTemp(near, ".pullback-report-")
	if err != nil {
		return "", false, cannotWrite(path, err)
	}
	return staging, exists, nil
}

// replaceable is an error if there is a file at path that no report wrote.
func replaceable(path string) error {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return cannotWrite(path, err)
	case !bytes.Contains(data[:min(len(data), 1024)], []byte(generator)):
		return fmt.Errorf("%s was not written by pullback and stays as it is; "+
			"move it away or name another directory", path)
	}
	return nil
}

// cannotWrite is a sentence that names the reason and what to do.
func cannotWrite(path string, err error) error {
	if parent := filepath.Dir(path); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(parent); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the directory %s does not exist; make it, "+
				"or name another directory for the report", parent)
		}
	}
	// The error's own path may be that of a temporary file, which tells the user nothing.
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		err = link.Err
	}
	return fmt.Errorf("the report cannot be written to %s (%w); "+
		"name a directory that can be written", path, err)
}
