package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"pullback/benchmarks"
	"pullback/internal/native/target"
)

// serve is our own program: it answers the questions that type program lists.
func serve(in io.Reader, out io.Writer) error {
	executor, err := target.Chosen()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pullback-compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	all := map[string]benchmarks.Workload{}
	for _, w := range benchmarks.All() {
		all[w.Name] = w
	}
	var task benchmarks.Task
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var name string
		var shrink, samples, calls int
		line := lines.Text()
		if line == "about" {
			version := strings.Replace(runtime.Version(), "go", "Go ", 1)
			fmt.Fprintf(out, "Pullback: %s, executor %v. %s\n", version, executor.Target,
				executor.Reason)
		}
		if n, _ := fmt.Sscanf(line, "open %s %d", &name, &shrink); n == 2 {
			task = all[name].Open(benchmarks.Setting{Shrink: shrink, Dir: dir})
			task.Run()
			fmt.Fprintln(out, words(task.Answer()))
		}
		if n, _ := fmt.Sscanf(line, "time %d %d", &samples, &calls); n == 2 {
			fmt.Fprintln(out, words(seconds(task.Run, samples, calls)))
		}
	}
	return nil
}

func seconds(run func(), samples, calls int) []float64 {
	out := make([]float64, samples)
	for i := range out {
		begin := time.Now()
		for range calls {
			run()
		}
		out[i] = time.Since(begin).Seconds() / float64(calls)
	}
	return out
}

func words(xs []float64) string { return strings.Trim(fmt.Sprint(xs), "[]") }
