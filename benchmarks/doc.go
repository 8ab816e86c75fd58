// Package benchmarks is the work by which Pullback's speed is measured, one family a file: what the
// Go benchmarks here run, and what `make anchors` compares with the same work in JAX and in C, on
// the same inputs. The Python and C files in anchors are named like the Go files they answer to.
package benchmarks
