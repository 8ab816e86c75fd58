package rules

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	columns  = 100 // of a line, where a tab is four
	tabWidth = 4
	lines    = 450 // of a Go file
)

// TestLengths holds lines and files to lengths that can be read.
func TestLengths(t *testing.T) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		isGo := strings.HasSuffix(path, ".go")
		if !isGo && !strings.HasSuffix(path, ".md") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var fixed map[int]bool
		if isGo {
			fixed = given(text)
		}
		for _, line := range tooLong(string(text), fixed) {
			t.Errorf("%s:%d is longer than %d columns, tabs being %d", path, line, columns,
				tabWidth)
		}
		if n := strings.Count(string(text), "\n"); isGo && n > lines {
			t.Errorf("%s has %d lines; one idea a file fits in %d", path, n, lines)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tooLong lists the lines, counted from 1, that are longer than they may be, fixed ones aside.
func tooLong(text string, fixed map[int]bool) (found []int) {
	for i, line := range strings.Split(text, "\n") {
		width := utf8.RuneCountInString(line) + (tabWidth-1)*strings.Count(line, "\t")
		if width > columns && !fixed[i+1] {
			found = append(found, i+1)
		}
	}
	return found
}

// given are the lines of a Go file that cannot be broken: of raw strings, and of the output that an
// example must print.
func given(source []byte) map[int]bool {
	out := map[int]bool{}
	file := token.NewFileSet().AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, scanner.ScanComments)
	printed := 0 // the last line of the output so far
	for {
		at, tok, text := s.Scan()
		first := file.Line(at)
		switch {
		case tok == token.EOF:
			return out
		case tok == token.STRING && text[0] == '`':
			for i := range strings.Count(text, "\n") + 1 {
				out[first+i] = true
			}
		case tok == token.COMMENT:
			words := strings.TrimPrefix(text, "// ")
			begins := strings.HasPrefix(words, "Output:") ||
				strings.HasPrefix(words, "Unordered output:")
			if begins || first == printed+1 && printed > 0 {
				printed, out[first] = first, true
			}
		}
	}
}

// TestLengthsFindsFaults has the rule read what it must reject, and what it must not.
func TestLengthsFindsFaults(t *testing.T) {
	long := strings.Repeat("é", columns)
	source := "package p\n\n// " + long + "\nvar s = `\n" + long + long + "`\n\nfunc f() {\n" +
		strings.Repeat("\t", columns/tabWidth) + "\n" + strings.Repeat("\t", columns/tabWidth) +
		"g()\n\t// Output:\n\t// " + long + "\n}\n\n// " + long + "\n"
	got := tooLong(source, given([]byte(source)))
	if len(got) != 3 || got[0] != 3 || got[1] != 9 || got[2] != 14 {
		t.Errorf("lines %v are too long, want 3, 9 and 14 of\n%s", got, source)
	}
}
