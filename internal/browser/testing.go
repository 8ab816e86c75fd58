package browser

import (
	"os"
	"testing"
)

// ForTest runs the browser that the environment variable PULLBACK_CHROMIUM names for the length of
// a test, which it skips if there is none. .ci/html sets the variable.
func ForTest(t *testing.T) *Browser {
	t.Helper()
	path := os.Getenv("PULLBACK_CHROMIUM")
	if path == "" {
		t.Skip("PULLBACK_CHROMIUM does not name a Chromium; .ci/html installs one and sets it")
	}
	b, err := Start(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}
