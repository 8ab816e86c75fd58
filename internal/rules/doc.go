// Package rules holds tests that read the project's own source: which package may import which,
// what arithmetic engine code may be written in, and how long lines and files may be.
package rules
