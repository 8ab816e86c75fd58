// Package accuracy has tests of the elementary functions on more points than tables hold: the
// one-argument ones of float32 on all there are, those of float64 on random ones.
package accuracy
