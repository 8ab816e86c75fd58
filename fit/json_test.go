package fit

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the fit to testdata")

// awkward is a fit whose floats are hard to write down.
func awkward() *Fit {
	tiny, third := math.SmallestNonzeroFloat64, 1.0/3
	return &Fit{Format: FormatNow,
		Model:  Origin{Name: "m", Path: "a&b.yaml", Text: "x: <1>\n\"é\""},
		Data:   Sample{Observed: []string{"price"}, Weights: "w"},
		LogLik: -67.76809490770616, AIC: math.MaxFloat64, BIC: math.Copysign(0, -1),
		Converged: true, Gradient: tiny, Condition: &third, Squares: &tiny,
		Parameters: []Parameter{{Name: "a", Estimate: 0.1 + 0.2, StdErr: &third, Z: &tiny},
			{Name: "b", State: AtBound}},
		Covariance: [][]float64{{third * third, 0}, {0, 0}},
		Identification: Identification{Names: []string{"a", "b"},
			Flat: [][]float64{{1, 0}}},
		Failures: []Failure{{Row: 3, Place: "d.csv:5", Sentence: "no root"}},
		Profiles: []Profile{{Name: "a", Level: 0.95, At: []float64{1}, LogLik: []float64{2},
			Lower: Edge{Value: 0, Bound: true}, Upper: Edge{Value: third, Unbounded: true}}},
		Bootstrap: &Bootstrap{Seed: math.MaxUint64,
			Intervals: []BootstrapParameter{{Name: "a", Mean: third}}},
	}
}

func TestRoundTrip(t *testing.T) {
	f := awkward()
	data, err := Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"bound": true`, `"text": "x: <1>\n\"é\""`,
		`"std_err": null`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("there is no %s in\n%s", want, data)
		}
	}
	back, err := Decode("fit.json", data)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f, back) || !math.Signbit(back.BIC) {
		t.Errorf("read is\n%+v\nwritten was\n%+v", back, f)
	}
	again, err := Encode(back)
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("written again it is (%v)\n%s", err, again)
	}
}

// TestFormat holds the format still: whoever changes it changes FormatNow too, and this file.
func TestFormat(t *testing.T) {
	const path = "testdata/fit.json"
	data, err := Encode(awkward())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, want) {
		t.Errorf("a fit is written as\n%s\nand not\n%s", data, want)
	}
}

func TestPicturesAreNotWritten(t *testing.T) {
	f := awkward()
	f.Surfaces = []Surface{{LogLik: [][]float64{{math.NaN()}}}}
	f.Bootstrap.Draws = [][]float64{{math.Inf(1)}}
	if _, err := Encode(f); err != nil {
		t.Error(err)
	}
}

func TestUnwritable(t *testing.T) {
	nan := math.NaN()
	for want, spoil := range map[string]func(*Fit){
		"log_likelihood is -Inf":         func(f *Fit) { f.LogLik = math.Inf(-1) },
		"parameters[0].std_err is NaN":   func(f *Fit) { f.Parameters[0].StdErr = &nan },
		"covariance[0][1] is NaN":        func(f *Fit) { f.Covariance[0][1] = nan },
		"profiles[0].upper.value is NaN": func(f *Fit) { f.Profiles[0].Upper.Value = nan },
		"model.text is not UTF-8":        func(f *Fit) { f.Model.Text = "\xff" },
		"has 2 rows for 3 parameters": func(f *Fit) {
			f.Noise = []Parameter{{Name: "var(p)"}}
		},
	} {
		f := awkward()
		spoil(f)
		if _, err := Encode(f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, not %s", err, want)
		}
	}
}

func TestUnreadable(t *testing.T) {
	data, err := Encode(awkward())
	if err != nil {
		t.Fatal(err)
	}
	written := string(data)
	for _, test := range []struct{ old, replacement, want string }{
		{`"format": 1`, `"format": 2`, "fit.json is of format 2, and this program reads format 1 " +
			"only; run pullback fit --json again with this program"},
		{`"format": 1,`, ``,
			`fit.json has no "format": it is not a fit that pullback fit --json wrote`},
		{written, `not`, "fit.json:1: this is not JSON: "},
		{written, written + "}", "fit.json:"},
		{`"n": 0,`, "", "fit.json is no complete fit: n is not there; run"},
		{`"n": 0,`, `"n": null,`, "fit.json is no complete fit: n is null"},
		{`"n": 0,`, `"n": "many",`,
			lineOf(written, `"n": 0`) + `"n" is a string, and of the type int in`},
		{`"n": 0,`, `"n": 0, "m": 1,`, `fit.json is not a fit: unknown field "m"`},
		{`"name": "b"`, `"nome": "b"`, `unknown field "nome"`},
		{`"unbounded": true`, `"unbounded": 1e999`, `of the type bool in a fit`},
		{`"at": [
    1
   ]`, `"at": []`, "fit.json contradicts itself: profiles[0] has 0 points and 1 log"},
	} {
		if !strings.Contains(written, test.old) {
			t.Errorf("there is no %s in\n%s", test.old, written)
		}
		spoilt := strings.Replace(written, test.old, test.replacement, 1)
		_, err := Decode("fit.json", []byte(spoilt))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("the error is %v, not %s", err, test.want)
		}
	}
}

// lineOf is how an error names the line of a text in fit.json.
func lineOf(file, text string) string {
	before, _, _ := strings.Cut(file, text)
	return fmt.Sprintf("fit.json:%d: ", 1+strings.Count(before, "\n"))
}

func FuzzDecode(f *testing.F) {
	data, err := Encode(awkward())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		read, err := Decode("fit.json", data)
		if err != nil {
			return
		}
		again, err := Encode(read)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode("fit.json", again); err != nil {
			t.Fatal(err)
		}
	})
}
