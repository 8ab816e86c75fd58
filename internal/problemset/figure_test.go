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
		{"past the digits", "2.3698", digits("2.3698"), 2.36991, 2.3698, Differs,
			"float32 gives 2.3699 where 2.3698 was published"},
		{"only float64 past the digits", "2.3698", digits("2.3698"), 2.3698, 2.3702, Agrees,
			"gives 2.3702: float32's rounding moves this figure by 1.7e-04 of itself."},
		{"float64 that prints the same", "2.370", relative(1e-6), 2.37, 2.37001, Agrees,
			"gives 2.37001:"},
		{"within the tolerance", "-1000.0", relative(1e-6), -1000.0009, -999.9991, Agrees, nothing},
		{"past the tolerance", "-1000.0", relative(1e-6), -1000.0011, -1000, Differs,
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

func TestDuration(t *testing.T) {
	for seconds, want := range map[float64]string{1.234e-6: "1.23 µs", 9.994e-4: "999 µs",
		9.996e-4: "1 ms", 0.0123: "12.3 ms", 0.9996: "1 s", 12.34: "12.3 s", math.NaN(): "–"} {
		if got := duration(seconds); got != want {
			t.Errorf("%g s prints as %q, want %q", seconds, got, want)
		}
	}
}
