package report

import (
	"strings"
	"testing"
)

func testPage() Page {
	return Page{Name: "page", Title: "A <page>",
		Sections: []Section{{Title: "First", Blocks: []Block{
			Table{Caption: "numbers",
				Columns: []Column{{Title: "name"}, {Title: "long\ntitle", Right: true}},
				Rows:    [][]string{{"a", "1.5"}, {"b & c", "-10.25"}}},
			Facts{{"N", "20"}, {"données", strings.Repeat("many words ", 8) + "end"}, {"none", ""}},
			Warning("Not <converged>. " + strings.Repeat("many words ", 8) + "end"),
			List{"one", strings.Repeat("many words ", 12) + "end"},
			Paragraph("last <words>"),
			Chart{Name: "chart", Title: "A line & more", Caption: "It <rises>.",
				Layers: []Layer{Line{Name: "line", X: []float64{0, 1}, Y: []float64{0, 1}}}},
		}}}}
}

func TestPageAsText(t *testing.T) {
	const want = `First

          long
name     title
─────────────────
a          1.5
b & c   -10.25

N        20
données  many words many words many words many words many words many words many words
         many words end
none

!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
!! Not <converged>. many words many words many words many words many words many words
!! many words many words end
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!

- one
- many words many words many words many words many words many words many words many
  words many words many words many words many words end

last <words>

`
	var printed strings.Builder
	if err := testPage().Text(&printed); err != nil {
		t.Fatal(err)
	}
	if printed.String() != want {
		t.Errorf("the text is\n%s", printed.String())
	}
}

func TestPageAsFiles(t *testing.T) {
	files, err := testPage().Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || files[0].Name != "chart.svg" || files[1].Name != "page.html" {
		t.Fatalf("the files are %v", files)
	}
	page := string(files[1].Data)
	for _, want := range []string{"<title>A &lt;page&gt;</title>", "last &lt;words&gt;",
		`<td class="number">-10.25</td>`, "<caption>numbers</caption>", "b &amp; c",
		"<dt>N</dt><dd>20</dd>", `<p class="warning" role="alert">Not &lt;converged&gt;. many`,
		`aria-label="A line &amp; more"`, "It &lt;rises&gt;.", "fill:var(--colour-0)", generator} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	ink, _ := Ink.hexadecimal()
	if strings.Contains(page, ":"+ink+"\"") {
		t.Error("the inlined chart does not follow the theme")
	}
	picture := string(files[0].Data)
	if strings.Contains(picture, "var(") || !strings.Contains(picture, ink) {
		t.Error("the chart's file has no colours of its own")
	}
}

func TestRolesAreTold(t *testing.T) {
	seen := map[string]Colour{}
	for c := Ink; c <= lastColour; c++ {
		light, dark := c.hexadecimal()
		if other, twice := seen[light]; twice {
			t.Errorf("roles %d and %d are both %s", other, c, light)
		}
		seen[light] = c
		if light == "#000000" || len(light) != 7 || len(dark) != 7 {
			t.Errorf("role %d is %s and %s", c, light, dark)
		}
	}
}
