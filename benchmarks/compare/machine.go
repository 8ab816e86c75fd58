package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"pullback/internal/native/target"
)

// describe says what was measured, on what.
func (all programs) describe() (string, error) {
	out := fmt.Sprintf("- Measured on %s, %s/%s\n- Processor: %s, %d cores\n- Executors: %v\n",
		time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, processor(),
		runtime.NumCPU(), strings.Trim(fmt.Sprint(target.Supported()), "[]"))
	for _, p := range append(slices.Clone(all.ours), all.jax.wide, all.c.wide) {
		about, err := p.ask("about")
		if err != nil {
			return "", err
		}
		out += "- " + about + "\n"
	}
	return out, nil
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
