package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pullback/internal/doctor"
	"pullback/internal/problemset"
	"pullback/internal/problemset/fake"
)

// broken are programs of which one does not answer.
func broken(likelihood func() (problemset.Likelihood, error)) problemset.Programs {
	programs := fake.Programs()
	programs.Likelihood.Float64 = likelihood
	return programs
}

func TestStatusAndMessage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	good := fake.Programs()
	failing := broken(func() (problemset.Likelihood, error) {
		return problemset.Likelihood{}, errors.New("the draws\nare missing")
	})
	panicking := broken(func() (problemset.Likelihood, error) { panic("index\nout of range") })
	unsolved := broken(func() (problemset.Likelihood, error) {
		return problemset.Likelihood{LogLikelihood: problemset.Measure{Value: math.NaN()}}, nil
	})
	for _, test := range []struct {
		args     string
		programs problemset.Programs
		status   int
		stdout   string // a part of it; empty if nothing is printed
		stderr   string // all of it
	}{
		{"", good, succeeded, "Available Commands", ""},
		{"--help", good, succeeded, "problemset", ""},
		{"help", good, succeeded, "Available Commands", ""},
		{"help problemset", good, succeeded, "--question ID", ""},
		{"problemset --help", good, succeeded, "--out DIR", ""},
		{"problemset", good, succeeded, "The repair is to observe", ""},
		{"problemset --question 1.2", good, succeeded, "1002486.69", ""},
		{"problemset --question 2.1 --question 1.2", good, succeeded,
			"quantity, by Newton", ""},
		{"problemset --json", good, succeeded, `"id": "q1.1.trace_hessian"`, ""},
		{"doctor", good, succeeded, "as on all machines", ""},
		{"doctor now", good, misused, "",
			`pullback: pullback doctor takes flags only, not "now"; see pullback doctor --help`},
		{"problemset --json=false", good, succeeded, "The repair is to observe", ""},

		{"problemsets", good, misused, "",
			`pullback: there is no command "problemsets"; the commands are: compare, ` +
				`doctor, fit, identify, predict, problemset, simulate, solve, test`},
		{"help me", good, misused, "",
			`pullback: there is no command "me"; the commands are: compare, ` +
				`doctor, fit, identify, predict, problemset, simulate, solve, test`},
		{"--json", good, misused, "", "pullback: unknown flag: --json; see pullback --help"},
		{"problemset --jsn", good, misused, "",
			"pullback: unknown flag: --jsn; see pullback problemset --help"},
		{"problemset --json=maybe", good, misused, "",
			`pullback: --json takes true or false, not "maybe"; see pullback problemset --help`},
		{"problemset --question 1.1,2.1", good, misused, "", `pullback: there is no question ` +
			`"1.1,2.1"; the questions are 1.1, 1.2, 2.1, 2.2, 2.3, 2.4`},
		{"problemset --question 1.1 --question 3.1", good, misused, "", `pullback: there is no ` +
			`question "3.1"; the questions are 1.1, 1.2, 2.1, 2.2, 2.3, 2.4`},
		{"problemset --out", good, misused, "",
			"pullback: flag needs an argument: --out; see pullback problemset --help"},
		{"problemset --out=", good, misused, "",
			"pullback: --out is empty; name a directory for the report"},
		{"problemset 1.1", good, misused, "", `pullback: pullback problemset takes flags only, ` +
			`not "1.1"; see pullback problemset --help`},
		{"problemset --question 3.1", good, misused, "", `pullback: there is no question "3.1"; ` +
			"the questions are 1.1, 1.2, 2.1, 2.2, 2.3, 2.4"},
		{"problemset --question=", good, misused, "", `pullback: there is no question ""; ` +
			"the questions are 1.1, 1.2, 2.1, 2.2, 2.3, 2.4"},

		{"problemset --out " + file, good, failed, "",
			"pullback: " + file + " is a file; name a directory for the report"},
		{"problemset", failing, failed, "",
			"pullback: question 2.2 failed in float64: the draws are missing"},
		{"problemset", panicking, failed, "",
			"pullback: this is a bug in pullback, please report it: index out of range"},
		{"problemset --json", unsolved, failed, `"float64": null`, "pullback: 1 of 33 figures " +
			"could not be computed: q2.2.loglik; their notes say why"},
		{"problemset", problemset.Programs{}, failed, "",
			"pullback: question 1.1 has no program in float32"},
	} {
		var stdout, stderr bytes.Buffer
		status := execute(strings.Fields(test.args), test.programs, &stdout, &stderr)
		if status != test.status {
			t.Errorf("%q: status %d, want %d", test.args, status, test.status)
		}
		if got := strings.TrimSuffix(stderr.String(), "\n"); got != test.stderr {
			t.Errorf("%q: stderr is\n%s\nwant\n%s", test.args, got, test.stderr)
		}
		if !strings.Contains(stdout.String(), test.stdout) ||
			(test.stdout == "") != (stdout.Len() == 0) {
			t.Errorf("%q: stdout is\n%s", test.args, stdout.String())
		}
	}
}

func TestQuestionsAlone(t *testing.T) {
	var stdout, stderr bytes.Buffer
	args := []string{"problemset", "--question", "2.3", "--json", "--question=1.2"}
	if status := execute(args, fake.Programs(), &stdout, &stderr); status != succeeded {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	var got struct{ Figures []struct{ ID string } }
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Figures) != 3 || got.Figures[0].ID != "q1.2.trace" ||
		got.Figures[1].ID != "q2.3.grad_c_d" {
		t.Errorf("the figures are %v", got.Figures)
	}
}

func TestReportIsWrittenAndRewritten(t *testing.T) {
	out := filepath.Join(t.TempDir(), "report")
	for range 2 {
		var stdout, stderr bytes.Buffer
		args := []string{"problemset", "--question", "2.1", "--out", out, "--json"}
		if status := execute(args, fake.Programs(), &stdout, &stderr); status != succeeded {
			t.Fatalf("status %d: %s", status, stderr.String())
		}
		if !json.Valid(stdout.Bytes()) {
			t.Errorf("stdout is not JSON alone: %s", stdout.String())
		}
		want := "The report is in " + filepath.Join(out, "report.html") + ".\n"
		if stderr.String() != want {
			t.Errorf("stderr is %q", stderr.String())
		}
		names, err := filepath.Glob(filepath.Join(out, "*"))
		if err != nil || len(names) != 2 || filepath.Base(names[0]) != "market.svg" {
			t.Errorf("the files are %v, %v", names, err)
		}
	}
}

func TestFailedComputationLeavesNoReport(t *testing.T) {
	dir := t.TempDir()
	programs := broken(func() (problemset.Likelihood, error) { panic("a bug") })
	var stdout, stderr bytes.Buffer
	args := []string{"problemset", "--out", filepath.Join(dir, "report")}
	if status := execute(args, programs, &stdout, &stderr); status != failed {
		t.Errorf("status %d", status)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestUnprintableFigures(t *testing.T) {
	var stderr bytes.Buffer
	status := execute([]string{"problemset"}, fake.Programs(), full{}, &stderr)
	if status != failed {
		t.Errorf("status %d", status)
	}
	const want = "pullback: the figures could not be printed: no space left on device\n"
	if stderr.String() != want {
		t.Errorf("stderr is %q", stderr.String())
	}
}

// TestWrongExecutor runs the command with an environment that asks for what does not exist.
func TestWrongExecutor(t *testing.T) {
	for _, command := range []string{"doctor", "problemset"} {
		c := exec.Command(os.Args[0], "-test.run=TestChild")
		c.Env = append(os.Environ(), "PULLBACK_TEST_CHILD="+command, "PULLBACK_EXEC=sse")
		out, err := c.CombinedOutput()
		status := new(exec.ExitError)
		const want = "PULLBACK_EXEC=sse asks for an executor that does not exist"
		if !errors.As(err, &status) || status.ExitCode() != misused ||
			!strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
}

// TestChild is the process of TestWrongExecutor.
func TestChild(t *testing.T) {
	command := os.Getenv("PULLBACK_TEST_CHILD")
	if command == "" {
		t.Skip("no child")
	}
	os.Exit(execute([]string{command}, fake.Programs(), os.Stdout, os.Stderr))
}

// TestDoctorReport prints a report of a machine that gets digits wrong.
func TestDoctorReport(t *testing.T) {
	var out bytes.Buffer
	err := printReport(&out, doctor.Report{Executors: []doctor.Executor{
		{Name: "avx2", Chosen: true, Test: doctor.Test{Wrong: []string{"exp of float32"}}},
		{Name: "interp", Test: doctor.Test{Functions: 2, Points: 10}},
	}})
	if err == nil || !strings.Contains(err.Error(), "the digits of avx2 are not those") {
		t.Error(err)
	}
	for _, want := range []string{"avx2 (runs)", "WRONG: exp of float32",
		"2 functions, 10 results"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
