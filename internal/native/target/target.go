// Package target says which machine code this process runs.
//
// It is the best that the processor and the system allow, or what the environment asks for:
// PULLBACK_EXEC=interp, avx2 or avx512. Results have the same bits whichever it is.
package target

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/cpu"

	"pullback/internal/native/execmem"
)

// Target is a kind of machine code.
type Target uint8

// The targets, each better than those before it.
const (
	None   Target = iota // no machine code: portable Go does the work
	AVX2                 // with FMA and BMI2
	AVX512               // F, VL, DQ and BW, with BMI2
)

// Variable is the environment's name for what to run.
const Variable = "PULLBACK_EXEC"

var names = [...]string{None: "interp", AVX2: "avx2", AVX512: "avx512"}

// String is the target as the environment has it: interp, avx2 or avx512.
func (t Target) String() string { return names[t] }

// Choice is a target and why it was chosen, a full sentence.
type Choice struct {
	Target Target
	Reason string
}

// Chosen is what this process runs, decided by the first call. Where the environment asks for
// what does not exist or cannot run here, the error says so and what to try; the choice is then
// None, which has the right digits until somebody shows the error.
var Chosen = sync.OnceValues(func() (Choice, error) { return choose(os.Getenv(Variable), here()) })

// Supported are all targets that this machine can run, from None to the best.
func Supported() []Target { return here().supported() }

// machine is what each target lacks to run; nothing if it can.
type machine [len(names)]string

// here is the machine of this process.
var here = sync.OnceValue(func() (m machine) {
	x := cpu.X86
	if err := execmem.Probe(); err != nil {
		m[AVX2] = "executable memory (" + err.Error() + ")"
		m[AVX512] = m[AVX2]
		return m
	}
	m[AVX2] = lacking("AVX2", x.HasAVX2, "FMA", x.HasFMA, "BMI2", x.HasBMI2)
	m[AVX512] = lacking("AVX-512 F", x.HasAVX512F, "AVX-512 VL", x.HasAVX512VL, "AVX-512 DQ",
		x.HasAVX512DQ, "AVX-512 BW", x.HasAVX512BW, "BMI2", x.HasBMI2)
	return m
})

// lacking lists the names that are followed by false.
func lacking(features ...any) string {
	var missing []string
	for i := 0; i < len(features); i += 2 {
		if !features[i+1].(bool) {
			missing = append(missing, features[i].(string))
		}
	}
	return strings.Join(missing, ", ")
}

func (m machine) supported() (targets []Target) {
	for t, missing := range m {
		if missing == "" {
			targets = append(targets, Target(t))
		}
	}
	return targets
}

// choose decides for a machine, asked for what the environment says, or for nothing.
func choose(asked string, m machine) (Choice, error) {
	supported := m.supported()
	best := supported[len(supported)-1]
	if asked == "" {
		if next := best + 1; int(next) < len(m) {
			return Choice{best, fmt.Sprintf("This machine's best is %v: %v needs %s.", best, next,
				m[next])}, nil
		}
		return Choice{best, fmt.Sprintf("This machine's best is %v.", best)}, nil
	}
	t := Target(max(slices.Index(names[:], asked), 0))
	switch {
	case t.String() != asked:
		return refuse("%s=%s asks for an executor that does not exist: set it to one of %s, or "+
			"leave it unset for %v", Variable, asked, list(supported), best)
	case m[t] != "":
		return refuse("%s=%s asks for what this machine cannot run, without %s: set it to one of "+
			"%s, or leave it unset for %v", Variable, asked, m[t], list(supported), best)
	}
	return Choice{t, fmt.Sprintf("%s=%s asks for it.", Variable, asked)}, nil
}

func refuse(format string, args ...any) (Choice, error) {
	err := fmt.Errorf(format, args...)
	return Choice{None, err.Error() + "."}, err
}

// list is the targets as words.
func list(targets []Target) string {
	words := make([]string, len(targets))
	for i, t := range targets {
		words[i] = t.String()
	}
	return strings.Join(words, ", ")
}
