package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/cpu"
)

// describe says what was measured, on what.
func (all programs) describe() (string, error) {
	out := fmt.Sprintf("- Measured on %s, %s/%s\n- Processor: %s, %s, %d cores\n",
		time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, processor(), vectors(),
		runtime.NumCPU())
	for _, p := range append(slices.Clone(all.ours), all.jax.wide, all.c.wide) {
		about, err := p.ask("about")
		if err != nil {
			return "", err
		}
		out += "- " + about + "\n"
	}
	return out, nil
}

// vectors is the widest vector instructions, of those that matter here.
func vectors() string {
	x := cpu.X86
	switch {
	case x.HasAVX512F && x.HasAVX512VL && x.HasAVX512DQ && x.HasAVX512BW:
		return "AVX-512"
	case x.HasAVX2 && x.HasFMA:
		return "AVX2"
	}
	return "no AVX2"
}

// processor is the processor's name, as far as the system tells.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		text, _ = exec.Command("sysctl", "machdep.cpu.brand_string").Output()
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(name) {
		case "model name", "machdep.cpu.brand_string":
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}
