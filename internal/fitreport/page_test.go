package fitreport

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"pullback/fit"
	"pullback/internal/browser"
	"pullback/report"
)

// pageOf is the page's text and the names of the pictures.
func pageOf(t *testing.T, f *fit.Fit) (page string, pictures []string) {
	t.Helper()
	files, err := Page(f).Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files[:len(files)-1] {
		pictures = append(pictures, strings.TrimSuffix(file.Name, ".svg"))
	}
	return string(files[len(files)-1].Data), pictures
}

func TestPicturesThatThereAre(t *testing.T) {
	want := map[string]string{
		"identified": "singular-values fit-1 fit-2 residuals-1 residuals-histogram-1 residuals-2 " +
			"residuals-histogram-2 profile-1 profile-2 surface-1 convergence bootstrap-1 " +
			"bootstrap-2 bootstrap-3",
		"flat":    "singular-values profile-1",
		"bound":   "singular-values",
		"failed":  "singular-values",
		"squares": "singular-values",
	}
	for name, f := range fits() {
		page, pictures := pageOf(t, f)
		if got := strings.Join(pictures, " "); got != want[name] {
			t.Errorf("%s has the pictures %s, not %s", name, got, want[name])
		}
		if strings.Count(page, "<svg ") != len(pictures) || strings.Contains(page, "<script") {
			t.Errorf("%s: not every picture is inside, or there is a script", name)
		}
		if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") {
			t.Errorf("%s holds a NaN or an infinity", name)
		}
	}
}

func TestFailureIsFirstInThePage(t *testing.T) {
	page, _ := pageOf(t, failed())
	if _, body, _ := strings.Cut(page, "</h1>"); !strings.HasPrefix(strings.TrimSpace(body),
		"<section>\n<p class=\"warning\" role=\"alert\">NOT CONVERGED.") {
		t.Errorf("the page of a failed fit begins with %.200s", body)
	}
}

func TestManyRowsMakeNoHugePage(t *testing.T) {
	f := identified()
	f.Series = []fit.Series{series("price", 2000)}
	for i := range 5000 {
		f.Path = append(f.Path, fit.Step{X: []float64{-0.3, 93, 0.5}, Gradient: 1 / float64(i+1),
			LogLik: f.LogLik - 1/float64(i+1)})
	}
	page, _ := pageOf(t, f)
	if n := len(page); n > 600_000 {
		t.Errorf("the page has %d bytes", n)
	}
	if !strings.Contains(page, "Each point is the mean of 10 neighbouring rows.") {
		t.Error("nothing says that rows are put together")
	}
}

func TestPathThatEndsElsewhere(t *testing.T) {
	const sentence = "end with a log likelihood that is 2 below that of the estimate"
	f := identified()
	if page, _ := pageOf(t, f); strings.Contains(page, "another search") {
		t.Error("a path to the estimate is said to end elsewhere")
	}
	f.Path[len(f.Path)-1].LogLik -= 2
	if page, _ := pageOf(t, f); strings.Count(page, sentence) != 2 {
		t.Error("nothing says that the path does not end at the estimate")
	}
}

func TestByRow(t *testing.T) {
	x := make([]float64, 2*mostMarks)
	for i := range x {
		x[i] = float64(i)
	}
	x[1], x[2], x[3] = math.NaN(), math.NaN(), math.Inf(1)
	rows, mean, low, high := byRow(x)
	if len(rows) != mostMarks || rows[0] != 1.5 || rows[mostMarks-1] != 2*mostMarks-0.5 {
		t.Errorf("%d points from row %g to row %g", len(rows), rows[0], rows[len(rows)-1])
	}
	if mean[0] != 0 || low[0] != 0 || high[0] != 0 || mean[2] != 4.5 || low[2] != 4 ||
		high[2] != 5 || !math.IsNaN(mean[1]) {
		t.Errorf("the means begin with %v, between %v and %v", mean[:3], low[:3], high[:3])
	}
	if rows, mean, low, _ := byRow(x[:2]); len(rows) != 2 || mean[0] != 0 || low != nil {
		t.Errorf("two rows are drawn at %v as %v, %v", rows, mean, low)
	}
}

// Values that are at an edge of what can be drawn must not keep the rest from being shown.
func TestAwkwardPictures(t *testing.T) {
	nan := math.NaN()
	f := identified()
	f.Series = []fit.Series{
		{Name: "exact", Observed: []float64{1, 2, 3}, Predicted: []float64{1, 2, 3}},
		{Name: "single", Observed: []float64{5}, Predicted: []float64{4}},
		{Name: "a failed row", Observed: []float64{1, 2, 3}, Predicted: []float64{1, nan, 3.5}},
		{Name: "nothing", Observed: []float64{1}, Predicted: []float64{nan}},
		{Name: strings.Repeat("long", 30), Observed: []float64{1e17, 1e17 + 64},
			Predicted: []float64{1e17, 1e17}}}
	f.Path = []fit.Step{{X: []float64{nan, 1, 1}, LogLik: math.Inf(-1), Gradient: nan},
		{X: []float64{0, 90, 1}, LogLik: f.LogLik, Gradient: 1e-320}}
	f.Surfaces[0].LogLik[3][3] = math.Inf(-1)
	f.Bootstrap.Draws = [][]float64{{1, 2, 3}}
	f.Profiles[0].LogLik[2] = math.Inf(-1)
	page, pictures := pageOf(t, f)
	if !strings.Contains(page, "All 2 residuals") {
		t.Error("a row without a prediction counts as a residual")
	}
	if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") {
		t.Error("the page holds a NaN or an infinity")
	}
	if n := len(pictures); n != 1+4+8+2+1+1+3 {
		t.Errorf("there are %d pictures: %v", n, pictures)
	}
	nothing := identified()
	nothing.Surfaces[0].LogLik[0] = nil
	nothing.Path, nothing.Series = nil, []fit.Series{{Name: "x", Observed: []float64{1}}}
	if _, pictures := pageOf(t, nothing); len(pictures) != 1+2+3 {
		t.Errorf("the pictures are %v", pictures)
	}
}

// TestPagesInABrowser has every kind of fit seen in a real browser.
func TestPagesInABrowser(t *testing.T) {
	b := browser.ForTest(t)
	all := fits()
	long := identified()
	long.Model.Name = strings.Repeat("a_long_name", 20)
	long.Data.Path = strings.Repeat("directory/", 30) + "data.csv"
	long.Parameters[0].Name = strings.Repeat("b", 80)
	long.Verdict = strings.Repeat("nospace", 30)
	long.Series = []fit.Series{series(strings.Repeat("c", 80), 2000)}
	long.Failures = []fit.Failure{{Place: strings.Repeat("x", 200), Sentence: "no root."}}
	all["long"] = long
	for name, f := range all {
		files, err := Page(f).Files()
		if err != nil {
			t.Fatal(err)
		}
		directory := filepath.Join(t.TempDir(), name)
		if err := report.Write(directory, files); err != nil {
			t.Fatal(err)
		}
		problems, err := b.Check(filepath.Join(directory, "report.html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range problems {
			t.Error(problem)
		}
	}
}
