// Package rules holds tests that read the project's own source: which package may import which,
// and what arithmetic engine code may be written in.
package rules
