package problemset_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"pullback/internal/problemset/fake"
)

func TestReportIsSelfContained(t *testing.T) {
	files, err := answer(t, fake.Programs()).Files()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "estimates.svg draws.svg market.svg ridge.svg "+
		"report.html" {
		t.Fatalf("the files are %s", got)
	}
	namespace := []byte(`xmlns="http://www.w3.org/2000/svg"`)
	elsewhere := regexp.MustCompile(`//|<script|@import|(?:src|href)="[^d#]`)
	for _, f := range files {
		page := bytes.ReplaceAll(f.Data, namespace, nil)
		// The base64 text of an image may hold anything.
		page = regexp.MustCompile(`base64,[^"]*`).ReplaceAll(page, nil)
		if at := elsewhere.FindIndex(page); at != nil {
			t.Errorf("%s refers elsewhere: %s", f.Name, page[at[0]:min(at[1]+60, len(page))])
		}
		if bytes.Contains(page, []byte("NaN")) {
			t.Errorf("%s draws a NaN", f.Name)
		}
		if strings.HasSuffix(f.Name, ".svg") {
			wellFormed(t, f.Name, f.Data)
		}
	}
	for _, want := range []string{"false convergence", "41,610.4", "0.49997549", "1002486.69",
		"<svg", "prefers-color-scheme:dark", "width=device-width"} {
		if !bytes.Contains(files[4].Data, []byte(want)) {
			t.Errorf("the page has no %q", want)
		}
	}
}

func wellFormed(t *testing.T, name string, data []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}
