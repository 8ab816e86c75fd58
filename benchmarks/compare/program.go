package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"pullback/benchmarks"
	"pullback/internal/native/target"
)

// program is a process that runs workloads, in one language with one setting. It stays while
// programs take turns, so that all are warm. It reads a line and answers it with a line:
//
//	about               what it is
//	open NAME SHRINK    sets a workload up and runs it once: the answer's numbers, or "none"
//	time SAMPLES CALLS  for each sample the seconds that one of so many calls took on average
type program struct {
	name    string
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func startProgram(name string, environment []string, path string, args ...string) (*program,
	error) {
	p := &program{name: name, process: exec.Command(path, args...)}
	p.process.Env = append(os.Environ(), environment...)
	p.process.Stderr = os.Stderr
	in, errIn := p.process.StdinPipe()
	out, errOut := p.process.StdoutPipe()
	if err := errors.Join(errIn, errOut, p.process.Start()); err != nil {
		return nil, fmt.Errorf("%s does not start (run make anchors): %w", name, err)
	}
	p.in, p.out = in, bufio.NewReader(out)
	return p, nil
}

// stop ends the program. How it ends does not matter: it has answered all that was asked.
func (p *program) stop() {
	_ = p.in.Close()
	_ = p.process.Wait()
}

func (p *program) ask(question string) (string, error) {
	if _, err := fmt.Fprintln(p.in, question); err != nil {
		return "", fmt.Errorf("%s has ended: %w", p.name, err)
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s ended instead of answering %q: %w", p.name, question, err)
	}
	return strings.TrimSpace(line), nil
}

func (p *program) numbers(question string) (out []float64, err error) {
	line, err := p.ask(question)
	if err != nil || line == "none" {
		return nil, err
	}
	for _, word := range strings.Fields(line) {
		x, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return nil, fmt.Errorf("%s answers %q with %q", p.name, question, line)
		}
		out = append(out, x)
	}
	return out, nil
}

// open gives the workload's answer, or nil where the program does not have it.
func (p *program) open(w benchmarks.Workload, shrink int) ([]float64, error) {
	return p.numbers(fmt.Sprintf("open %s %d", w.Name, shrink))
}

func (p *program) time(samples, calls int) ([]float64, error) {
	return p.numbers(fmt.Sprintf("time %d %d", samples, calls))
}

// pair is one program for float32 and one for float64.
type pair struct{ narrow, wide *program }

func (p pair) of(w benchmarks.Workload) *program {
	if w.Wide {
		return p.wide
	}
	return p.narrow
}

func (p pair) stop() {
	p.narrow.stop()
	p.wide.stop()
}

// auto is the executor that is chosen from the processor.
const auto = "auto"

// programs are all that take turns.
type programs struct {
	ours   []*program // one for each executor
	jax, c pair
}

func start(executors []string) (all programs, err error) {
	path, err := os.Executable()
	if err != nil {
		return all, err
	}
	for _, executor := range executors {
		var environment []string
		if executor != auto {
			environment = []string{target.Variable + "=" + executor}
		}
		p, err := startProgram("Pullback", environment, path, "serve")
		if err != nil {
			return all, err
		}
		all.ours = append(all.ours, p)
	}
	if all.jax, err = startJAX(); err != nil {
		return all, err
	}
	// Threads that wait for work must not take time from the next program.
	passive := []string{"OMP_WAIT_POLICY=passive"}
	narrow, err := startProgram("C", passive, anchors+".build/anchors_f32")
	if err != nil {
		return all, err
	}
	wide, err := startProgram("C", passive, anchors+".build/anchors_f64")
	all.c = pair{narrow, wide}
	return all, err
}

func startJAX() (pair, error) {
	narrow, err := startProgram("JAX", nil, python, anchors+"python/serve.py")
	if err != nil {
		return pair{}, err
	}
	wide, err := startProgram("JAX", nil, python, anchors+"python/serve.py", "--x64")
	return pair{narrow, wide}, err
}

func (all programs) stop() {
	for _, p := range all.ours {
		p.stop()
	}
	all.jax.stop()
	all.c.stop()
}
