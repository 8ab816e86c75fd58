package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReports checks the files that PULLBACK_REPORTS lists.
func TestReports(t *testing.T) {
	files := filepath.SplitList(os.Getenv("PULLBACK_REPORTS"))
	if len(files) == 0 {
		t.Skip("PULLBACK_REPORTS lists no files")
	}
	b := ForTest(t)
	for _, file := range files {
		problems, err := b.Check(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems {
			t.Error(problem)
		}
	}
}

// TestCheckFindsFaults has it look at pages with one fault each, and at one with none.
func TestCheckFindsFaults(t *testing.T) {
	b := ForTest(t)
	const picture = `<figure><svg viewBox="0 0 40 30" role="img" aria-label="a" width="300">` +
		`<path d="M5 5 L30 20" stroke="#777"/></svg></figure>`
	for _, test := range []struct{ body, want string }{
		{"<p>text</p>" + picture, ""},
		{"<p>text</p><script>console.log('x')</script>", "a message on the console"},
		{"<p>text</p><script>undefined.x</script>", "an exception"},
		{`<p>text</p><img src="none.png" alt="">`, "it asks for file://"},
		{`<p>text</p><link rel="stylesheet" href="https://example.invalid/a.css">`,
			"it asks for https://example.invalid/a.css"},
		{"<p>text</p>" + strings.Replace(picture, `width="300"`, `width="0" height="0"`, 1),
			"cannot be seen: 0 x 0 px"},
		{"<p>text</p>" + strings.Replace(picture, `width="300"`, `style="opacity:0"`, 1),
			"cannot be seen"},
		{"<p>text</p>" + strings.Replace(picture, `width="300"`, `style="display:none"`, 1),
			"cannot be seen"},
		{"<p>text</p>" + strings.Replace(picture, "#777", "white", 1), `picture "a" is blank`},
		{"<p>text</p>" + strings.Replace(picture, `aria-label="a"`, "", 1),
			"a picture without a description"},
		{`<p>text</p><div style="width:800px">wide</div>`, "360 px wide, light: the page is 80"},
		{`<p>text</p><div style="overflow:hidden"><p style="width:800px">wide</p></div>`,
			"<p> reaches from 0 to 800 px"},
		{"<p>text</p>", "a viewport is missing in its head"},
		{`<p style="color:white">text</p>`, "the screen is blank"},
	} {
		file := filepath.Join(t.TempDir(), "page.html")
		page := `<!DOCTYPE html><meta charset="utf-8"><title>t</title>` +
			`<style>body{margin:0}</style>` + test.body
		if !strings.Contains(test.want, "viewport") {
			page += `<meta name="viewport" content="width=device-width, initial-scale=1">`
		}
		if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
		problems, err := b.Check(file)
		if err != nil {
			t.Fatal(err)
		}
		found := strings.Join(problems, "\n")
		if test.want == "" && found != "" || !strings.Contains(found, test.want) {
			t.Errorf("of %s it says\n%s\nwhere it should say %q", test.body, found, test.want)
		}
	}
	problems, err := b.Check(filepath.Join(t.TempDir(), "none.html"))
	if err != nil || !strings.Contains(strings.Join(problems, " "), "it does not open") {
		t.Errorf("of no file it says %v, %v", problems, err)
	}
}

func TestNoBrowser(t *testing.T) {
	if _, err := Start(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a program that does not exist was started")
	}
}
