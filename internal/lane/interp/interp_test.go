package interp

import (
	"os"
	"testing"

	"pullback/internal/lane/lanetest"
)

func TestOperations(t *testing.T) { lanetest.Operations(t, Executor{}) }

func TestPrograms(t *testing.T) {
	n := 1000
	if os.Getenv("PULLBACK_LONG") != "" {
		n = 50_000
	}
	lanetest.Programs(t, Executor{}, n)
	lanetest.Programs(t, Executor{Lanes: 16}, n/4)
}
