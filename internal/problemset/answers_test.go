package problemset_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pullback/internal/problemset"
	"pullback/internal/problemset/fake"
)

var update = flag.Bool("update", false, "write the printed text to testdata")

// answer runs all questions of programs.
func answer(t *testing.T, programs problemset.Programs) problemset.Answers {
	t.Helper()
	a, err := problemset.Answer(problemset.Questions(), programs)
	if err != nil {
		t.Fatal(err)
	}
	if a.Seconds <= 0 {
		t.Errorf("answering took %g s", a.Seconds)
	}
	a.Seconds = 0.123
	return a
}

// figure is the answers' figure of that id.
func figure(t *testing.T, a problemset.Answers, id string) problemset.Figure {
	t.Helper()
	for _, s := range a.Sections {
		for _, f := range s.Figures {
			if f.ID == id {
				return f
			}
		}
	}
	t.Fatalf("no figure %s", id)
	return problemset.Figure{}
}

// remarks are the paragraphs of the section on question 2.4.
func remarks(a problemset.Answers) string {
	return strings.Join(a.Sections[len(a.Sections)-1].Remarks, "\n")
}

func TestText(t *testing.T) {
	var printed bytes.Buffer
	if err := answer(t, fake.Programs()).WriteText(&printed); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/problemset.txt"
	if *update {
		if err := os.WriteFile(golden, printed.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(printed.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(wanted)) {
		if i >= len(got) || i >= len(wanted) || got[i] != wanted[i] {
			t.Fatalf("line %d differs from %s:\n%s", i+1, golden, printed.String())
		}
	}
}

func TestJSON(t *testing.T) {
	programs := fake.Programs()
	programs.Likelihood.Float32 = func() (problemset.Likelihood, error) {
		return problemset.Likelihood{LogLikelihood: problemset.Measure{
			Value: math.NaN(), Seconds: math.Inf(1)}}, nil
	}
	var printed bytes.Buffer
	if err := answer(t, programs).WriteJSON(&printed); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Figures []map[string]any
		Seconds float64 `json:"seconds_total"`
	}
	if err := json.Unmarshal(printed.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, f := range got.Figures {
		ids = append(ids, f["id"].(string))
		if len(f) != 7 {
			t.Errorf("%v has %d fields", f["id"], len(f))
		}
		switch f["id"] {
		case "q2.2.loglik":
			if f["float32"] != nil || f["seconds"] != nil || f["status"] != "failed" ||
				f["published"] != 2.3698 {
				t.Errorf("a failed figure is %v", f)
			}
		case "q2.4.adam.nll":
			if p, there := f["published"]; p != nil || !there || f["float64"] != -164.797 {
				t.Errorf("an unpublished figure is %v", f)
			}
		}
	}
	want := strings.Fields(`q1.1.trace_hessian q1.1.trace_diagonal q1.1.hutchinson.M1
		q1.1.hutchinson.M10 q1.1.hutchinson.M100 q1.1.hutchinson.M1000 q1.1.error.M1 q1.1.error.M10
		q1.1.error.M100 q1.1.error.M1000 q1.1.stderr.M10 q1.1.stderr.M100 q1.1.stderr.M1000
		q1.2.trace q2.1.brent.price q2.1.brent.quantity q2.1.price q2.1.quantity q2.2.loglik
		q2.3.grad_c_d q2.3.grad_c_s q2.4.adam.c_d q2.4.adam.c_s q2.4.adam.nll q2.4.bfgs.c_d
		q2.4.bfgs.c_s q2.4.bfgs.nll q2.4.bfgs.gradient_norm q2.4.identified q2.4.both.c_d
		q2.4.both.c_s q2.4.both.se_c_d q2.4.both.se_c_s`)
	if !slices.Equal(ids, want) {
		t.Errorf("the figures are\n%v\nnot\n%v", ids, want)
	}
	if got.Seconds != 0.123 {
		t.Errorf("seconds_total is %g", got.Seconds)
	}
}

func TestStatusOfEveryFigure(t *testing.T) {
	a := answer(t, fake.Programs())
	for _, s := range a.Sections {
		for _, f := range s.Figures {
			want := problemset.Computed
			switch {
			case strings.HasPrefix(f.ID, "q2.4.bfgs.c_"):
				want = problemset.NotIdentified
			case f.Published != "":
				want = problemset.Agrees
			}
			if f.Status != want {
				t.Errorf("%s is %q, want %q", f.ID, f.Status, want)
			}
		}
	}
	if err := a.Err(); err != nil {
		t.Error(err)
	}
}

func TestFailureIsTold(t *testing.T) {
	programs := fake.Programs()
	programs.Equilibrium.Float64 = func() (problemset.Equilibrium, error) {
		e := fake.Equilibrium(1)
		e.Newton = problemset.Market{Price: math.NaN(), Quantity: math.NaN(),
			Failure: "Newton did not converge in 50 steps; start nearer to the root."}
		return e, nil
	}
	a := answer(t, programs)
	f := figure(t, a, "q2.1.price")
	const want = "float64 gave no finite number. Newton did not converge in 50 steps; " +
		"start nearer to the root."
	if f.Status != problemset.Failed || f.Note != want {
		t.Errorf("a failure is %q: %q", f.Status, f.Note)
	}
	err := a.Err()
	if err == nil || !strings.HasPrefix(err.Error(),
		"2 of 33 figures could not be computed: q2.1.price, q2.1.quantity;") {
		t.Errorf("the error is %v", err)
	}
	files, err := a.Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 4 {
		t.Errorf("%d files, want the page and the three pictures that can be drawn", len(files))
	}
}

// estimation is the fake estimation, changed.
func estimation(change func(*problemset.Estimation)) problemset.Programs {
	programs := fake.Programs()
	answer := func(precision float64) func() (problemset.Estimation, error) {
		return func() (problemset.Estimation, error) {
			e := fake.Estimation(precision)
			change(&e)
			return e, nil
		}
	}
	programs.Estimation = problemset.Program[problemset.Estimation]{
		Float32: answer(0), Float64: answer(1)}
	return programs
}

func TestSearchThatStopsAboveTheMinimum(t *testing.T) {
	a := answer(t, estimation(func(e *problemset.Estimation) {
		e.BFGS.Point.NegLogLikelihood = e.Published.NegLogLikelihood
	}))
	for _, id := range []string{"q2.4.bfgs.c_d", "q2.4.bfgs.c_s", "q2.4.bfgs.nll"} {
		if f := figure(t, a, id); f.Status != problemset.Differs || f.Note == "" {
			t.Errorf("%s of a false convergence is %q: %q", id, f.Status, f.Note)
		}
	}
	if strings.Contains(remarks(a), "false convergence") {
		t.Error("the published answer is called false though ours is no better")
	}
}

// Each precision alone must be at the minimum, as far as it goes.
func TestSearchIsJudgedInBothPrecisions(t *testing.T) {
	for _, test := range []struct {
		single, double float64
		status         problemset.Status
	}{
		{-165.801, -165.81489, problemset.NotIdentified},
		{-165.799, -165.81489, problemset.Differs},
		{-165.8149, -165.81488, problemset.Differs},
	} {
		programs := fake.Programs()
		at := func(precision, nll float64) func() (problemset.Estimation, error) {
			return func() (problemset.Estimation, error) {
				e := fake.Estimation(precision)
				e.BFGS.Point.NegLogLikelihood = nll
				return e, nil
			}
		}
		programs.Estimation = problemset.Program[problemset.Estimation]{
			Float32: at(0, test.single), Float64: at(1, test.double)}
		if f := figure(t, answer(t, programs), "q2.4.bfgs.c_d"); f.Status != test.status {
			t.Errorf("at %g and %g the status is %q", test.single, test.double, f.Status)
		}
	}
}

func TestIdentifiedParametersHaveNoRidge(t *testing.T) {
	a := answer(t, estimation(func(e *problemset.Estimation) { e.AtMinimum.Rank = 2 }))
	if f := figure(t, a, "q2.4.identified"); f.Float64 != 1 || f.Note != "" {
		t.Errorf("identified is %g: %q", f.Float64, f.Note)
	}
	if strings.Contains(remarks(a), "ridge") {
		t.Errorf("a ridge is told of where there is none: %s", remarks(a))
	}
}

func TestRemarksComeFromTheResults(t *testing.T) {
	a := answer(t, estimation(func(e *problemset.Estimation) {
		e.Published = problemset.Point{NegLogLikelihood: 54321.06,
			Gradient: problemset.Parameters{Cd: 6e5, Cs: 7e7}}
		e.AtMinimum.Direction = problemset.Parameters{Cd: 0.8, Cs: -0.6}
		e.StdErr.Cs = 8.125e-7
	}))
	for _, want := range []string{"54,321.1", "(6e+05, 7e+07)", "(0.800000, -0.600000)",
		"± 8.12e-07", "20.1 standard errors"} {
		if !strings.Contains(remarks(a), want) {
			t.Errorf("no %q in %s", want, remarks(a))
		}
	}
}
