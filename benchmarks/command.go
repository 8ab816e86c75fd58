package benchmarks

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
)

// command is the whole problem set in a process of its own, from its start to its end.
func command() []Workload {
	return []Workload{{
		Name: "problemset", Title: "the whole problem set, a new process",
		Target: Target{Seconds: 0.15}, Tolerance: 1e-4,
		Open: func(s Setting) Task {
			binary := filepath.Join(s.Dir, "pullback.exe") // a name that every system runs
			output("go", "build", "-o", binary, "pullback/cmd/pullback")
			return Task{
				func() { output(binary, "problemset") },
				func() []float64 { return figures(output(binary, "problemset", "--json")) },
			}
		},
	}}
}

func output(name string, args ...string) []byte {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		panic(fmt.Errorf("%s %v: %w", name, args, err))
	}
	return out
}

// figures are those of the problem set, in float32 as it was published, on which its programs in
// any language agree.
func figures(text []byte) (out []float64) {
	var all struct {
		Figures []struct {
			ID      string
			Float32 float64
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		panic(err)
	}
	for _, id := range []string{"q1.1.trace_hessian", "q1.1.hutchinson.M1000", "q1.2.trace",
		"q2.1.price", "q2.1.quantity", "q2.2.loglik", "q2.3.grad_c_d", "q2.3.grad_c_s",
		"q2.4.adam.c_d", "q2.4.adam.c_s"} {
		for _, f := range all.Figures {
			if f.ID == id {
				out = append(out, f.Float32)
			}
		}
	}
	return out
}
