package main

import "pullback/internal/problemset"

// programs are the questions' programs, those of examples/problemset.
func programs() problemset.Programs { return problemset.Programs{} }
