package ad_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pullback/ad"
)

// mistake is what users get wrong, with the sentence that they read. The line that the sentence
// must name ends in the comment "// <- " and the name of the case, or stands below it.
type mistake struct {
	do   func()
	want string
}

// placed is a mistake with the file where that line is.
type placed struct {
	mistake
	file string
}

// mistakes are all of them, by name.
func mistakes() map[string]placed {
	all := map[string]placed{}
	for file, some := range map[string]map[string]mistake{
		"errors_operations_test.go": mistakesInOperations(),
		"errors_transforms_test.go": mistakesInTransforms(),
	} {
		for name, m := range some {
			all[name] = placed{m, file}
		}
	}
	return all
}

// caught is what do panics with, as a user reads it.
func caught(do func()) (text string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			text = "(no panic)"
		case *ad.Error:
			text = r.Error()
		default:
			text = fmt.Sprintf("(not an *ad.Error) %T: %v", r, r)
		}
	}()
	do()
	return ""
}

// lineOf finds the line of a file of this package that ends in a marker, or stands below one.
func lineOf(t testing.TB, file, marker string) string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(source), "\n") {
		if code, marked := strings.CutSuffix(line, "// <- "+marker); marked {
			if strings.TrimSpace(code) == "" {
				i++ // a mark of its own is about the line below
			}
			return fmt.Sprintf("%s:%d", file, i+1)
		}
	}
	t.Fatalf("no line of %s is marked %q", file, marker)
	return ""
}

func TestMistakes(t *testing.T) {
	for name, c := range mistakes() {
		t.Run(name, func(t *testing.T) {
			want := lineOf(t, c.file, name) + ": " + c.want
			if got := caught(c.do); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

// TestSentencesHaveNoTraces reads the sentences for what belongs in a debugger.
func TestSentencesHaveNoTraces(t *testing.T) {
	for name, c := range mistakes() {
		got := caught(c.do)
		for _, word := range []string{"goroutine", "0x", "panic", "runtime", "nil pointer", "%!",
			"\n", "internal/"} {
			if strings.Contains(got, word) {
				t.Errorf("%s: %q in %s", name, word, got)
			}
		}
	}
}

// TestJitCheckedReturnsMistakes has the same mistakes come back as errors.
func TestJitCheckedReturnsMistakes(t *testing.T) {
	f := ad.JitChecked(func(a args) ad.Value { return ad.Add(a.X, a.Y) }) // <- checked
	for range 2 {
		_, err := f(args{ad.Vector(1., 2.), ad.Vector(1., 2., 3.)})
		want := lineOf(t, "errors_test.go", "checked") + ": add(float64[2], float64[3]): the " +
			"shapes [2] and [3] do not broadcast: aligned at the last axis, extents must be " +
			"equal or one of them 1"
		if err == nil || err.Error() != want {
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
	y, err := f(args{ad.Vector(1., 2.), ad.Scalar(1.)})
	if err != nil {
		t.Fatal(err)
	}
	near(t, y, 2, 3)
	defer func() {
		if r := recover(); r != "my own" {
			t.Errorf("a panic that is no mistake came back as %v", r)
		}
	}()
	ad.JitChecked(func(x ad.Value) ad.Value { panic("my own") })(ad.Scalar(1.))
}
