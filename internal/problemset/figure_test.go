package problemset

import (
	"math"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	const nothing = ""
	for _, test := range []struct {
		name, published string
		agree           agreement
		single, double  float64
		status          Status
		note            string // a part of it
	}{
		{"to the digits", "2.3698", digits("2.3698"), 2.36984, 2.36976, Agrees, nothing},
		{"on the half", "0.5615", digits("0.5615"), 0.56155, 0.5615, Agrees, nothing},
		{"on a half that prints otherwise", "0.12", digits("0.12"), 0.125 + 1e-12, 0.12, Agrees,
			"float32 differs by 4.2e-02 of the figure, within half a unit of its last digit."},
		{"other digits within the tolerance", "1002486.69", relative(1e-6, "of a test"),
			1002486.81, 1002486.69, Agrees,
			"float32 differs by 1.2e-07 of the figure, within the 1e-06 of a test."},
		{"other digits in float64", "1002486.69", relative(1e-6, "of a test"),
			1002486.69, 1002486.60, Agrees,
			"float64 differs by 9.0e-08 of the figure, within the 1e-06 of a test."},
		{"other digits in both", "-1000.0", relative(1e-6, "of a test"), -1000.0009, -999.9,
			Agrees, "float64 carries the same draws"},
		{"past the digits", "2.3698", digits("2.3698"), 2.36991, 2.3698, Differs,
			"float32 gives 2.3699 where 2.3698 was published"},
		{"only float64 past the digits", "2.3698", digits("2.3698"), 2.3698, 2.3702, Agrees,
			"gives 2.3702: float32's rounding moves this figure by 1.7e-04 of itself."},
		{"float64 that prints the same", "2.370", relative(1e-6, "of a test"), 2.37, 2.37001,
			Agrees, "gives 2.37001:"},
		{"within the tolerance", "-1000.0", relative(1e-6, "of a test"), -1000.0009, -999.9991,
			Agrees, nothing},
		{"with digits that differ", "-1000.0000", relative(1e-6, "of a test"), -1000.0009,
			-999.9991, Agrees, "float32 differs by 9.0e-07 of the figure and float64 by 9.0e-07,"},
		{"past the tolerance", "-1000.0", relative(1e-6, "of a test"), -1000.0011, -1000, Differs,
			"within 1e-06 relative (relative difference 1.1e-06)"},
		{"unpublished", nothing, agreement{}, 1, 2, Computed, nothing},
		{"NaN in float32", "1.0", digits("1.0"), math.NaN(), 1, Failed, "float32 gave no finite"},
		{"infinite in float64", nothing, agreement{}, 1, math.Inf(1), Failed, "float64 gave no"},
	} {
		s := spec[float64]{published: test.published, agree: test.agree,
			measure: func(x float64) Measure { return Measure{Value: x} }}
		f := s.judge(test.single, test.double)
		if f.Status != test.status || !strings.Contains(f.Note, test.note) ||
			(test.note == nothing) != (f.Note == nothing) {
			t.Errorf("%s: %q, %q", test.name, f.Status, f.Note)
		}
	}
}

func TestRounding(t *testing.T) {
	figures := []Figure{
		{Status: Computed, Float32: 1.0004, Float64: 1, format: "%.3f"}, // prints the same
		{Status: Computed, Float32: 2.004, Float64: 2, format: "%.3f"},
		{Status: Computed, Float32: 3, Float64: 1, format: "%.3f", Note: "explained"},
		{Status: Agrees, Float32: 3, Float64: 1, format: "%.3f"},
	}
	if got := rounding(figures); len(got) != 1 || !strings.Contains(got[0], "at most by 2.0e-03") {
		t.Errorf("the rounding is told as %q", got)
	}
	if got := rounding(figures[:1]); got != nil {
		t.Errorf("nothing differs, and yet %q", got)
	}
}

func TestDuration(t *testing.T) {
	for seconds, want := range map[float64]string{1.234e-6: "1.23 µs", 9.994e-4: "999 µs",
		9.996e-4: "1 ms", 0.0123: "12.3 ms", 0.9996: "1 s", 12.34: "12.3 s", math.NaN(): "–"} {
		if got := duration(seconds); got != want {
			t.Errorf("%g s prints as %q, want %q", seconds, got, want)
		}
	}
}
