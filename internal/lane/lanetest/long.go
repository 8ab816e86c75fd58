package lanetest

import (
	"os"
	"strconv"
	"testing"
)

// Long is how many things a test tries: short, or in the long mode as much of long as
// PULLBACK_LONG says, 1 being all and 0.1 a tenth.
func Long(t *testing.T, short, long int) int {
	t.Helper()
	text := os.Getenv("PULLBACK_LONG")
	if text == "" {
		return short
	}
	share, err := strconv.ParseFloat(text, 64)
	if err != nil || !(share > 0 && share <= 1) {
		t.Fatalf("PULLBACK_LONG=%s is no share of the long mode, from 0 to 1", text)
	}
	return max(short, int(share*float64(long)))
}
