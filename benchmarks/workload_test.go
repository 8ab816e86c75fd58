package benchmarks

import "testing"

// BenchmarkWorkload runs each workload; -bench Workload/newton_batch chooses some.
func BenchmarkWorkload(b *testing.B) {
	for _, w := range All() {
		b.Run(w.Name, func(b *testing.B) {
			t := w.Open(1)
			t.Run()
			b.ReportAllocs()
			for b.Loop() {
				t.Run()
			}
		})
	}
}
