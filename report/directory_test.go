package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// contents are the names and texts of the files below dir, hidden ones too.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || d.IsDir() {
			found[name] = "a directory"
			return err
		}
		data, err := os.ReadFile(path)
		found[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func expect(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	got := contents(t, dir)
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s is %q, want %q", name, got[name], text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("there are %v, want %v", got, want)
	}
}

const ours = "<!-- " + generator + " -->"

func TestWriteMakesTheDirectory(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new") + "/"
	if err := CheckDirectory(path); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, nil)
	if err := Write(path, []File{{"a.svg", []byte("1")}, {"b.html", []byte("2")}}); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, map[string]string{"new": "a directory", "new/a.svg": "1", "new/b.html": "2"})
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o055 == 0 {
		t.Errorf("the directory is private: %v, %v", info.Mode(), err)
	}
}

func TestWriteReplacesOnlyReports(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	put("a.svg", ours+"old")
	put("other.txt", "kept")
	if err := Write(dir, []File{{"a.svg", []byte(ours + "new")}}); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, map[string]string{"a.svg": ours + "new", "other.txt": "kept"})

	put("b.html", "mine")
	err := Write(dir, []File{{"a.svg", []byte("newer")}, {"b.html", []byte("theirs")}})
	if err == nil || !strings.Contains(err.Error(), "was not written by pullback") {
		t.Errorf("a file of somebody else is replaced: %v", err)
	}
	expect(t, dir, map[string]string{"a.svg": ours + "new", "other.txt": "kept", "b.html": "mine"})
}

func TestUnwritableDirectories(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		file: file + " is a file; name a directory for the report",
		filepath.Join(dir, "no", "where"): "the directory " + filepath.Join(dir, "no") +
			" does not exist; make it, or name another directory for the report",
		filepath.Join(file, "in"): "the report cannot be written to " + filepath.Join(file, "in") +
			" (not a directory); name a directory that can be written",
	} {
		for _, err := range []error{CheckDirectory(path), Write(path, nil)} {
			if err == nil || err.Error() != want {
				t.Errorf("%s: the error is\n%v, not\n%s", path, err, want)
			}
		}
	}
	expect(t, dir, map[string]string{"file": ""})
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new")
	// The second name is in a folder that does not exist.
	if Write(path, []File{{"a.svg", nil}, {"no/b.svg", nil}}) == nil {
		t.Fatal("no error")
	}
	expect(t, dir, nil)
}
