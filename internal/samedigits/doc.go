// Package samedigits tests the first contract: the same program on the same inputs gives the same
// bits on every architecture, for any number of threads, eager or compiled. The bits of a wide
// sample of computations are written down in testdata/digits.txt as checksums, which every
// machine must reproduce.
package samedigits
