// Package doctor examines how programs run on this machine: which executor does the work, whether
// every executor that can run here gets the digits that all machines get, and how fast it is.
package doctor

import (
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/cpu"

	"pullback/internal/lane"
	"pullback/internal/lane/interp"
	"pullback/internal/native"
	"pullback/internal/native/target"
)

// Report is what an examination found.
type Report struct {
	Processor string   // its name, if the system tells
	Features  []string // those that machine code can use
	Choice    target.Choice
	Threads   int
	Executors []Executor // the best first
}

// Executor is one that this machine can run.
type Executor struct {
	Name   string
	Chosen bool
	Test   Test
	Speed  Speed
}

// Healthy says whether every executor passed its test.
func (r Report) Healthy() bool {
	for _, e := range r.Executors {
		if len(e.Test.Wrong) > 0 {
			return false
		}
	}
	return true
}

// Examine takes about a second. The error is that of a wrong environment, see target.Chosen.
func Examine() (Report, error) {
	choice, err := target.Chosen()
	if err != nil {
		return Report{}, err
	}
	r := Report{Processor: processor(), Features: features(), Choice: choice,
		Threads: runtime.GOMAXPROCS(0)}
	supported := target.Supported()
	for k := len(supported) - 1; k >= 0; k-- {
		var e lane.Executor = interp.Executor{}
		if supported[k] != target.None {
			e = native.Executor{Target: supported[k]}
		}
		test, err := SelfTest(e)
		if err != nil {
			return Report{}, err
		}
		speed, err := Measure(e)
		if err != nil {
			return Report{}, err
		}
		r.Executors = append(r.Executors,
			Executor{e.Name(), supported[k] == choice.Target, test, speed})
	}
	return r, nil
}

// processor is the name by which Linux knows it.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func features() (names []string) {
	x := cpu.X86
	for _, f := range []struct {
		name string
		has  bool
	}{
		{"avx2", x.HasAVX2}, {"fma", x.HasFMA}, {"bmi2", x.HasBMI2}, {"avx512f", x.HasAVX512F},
		{"avx512dq", x.HasAVX512DQ}, {"avx512bw", x.HasAVX512BW}, {"avx512vl", x.HasAVX512VL},
	} {
		if f.has {
			names = append(names, f.name)
		}
	}
	return names
}
