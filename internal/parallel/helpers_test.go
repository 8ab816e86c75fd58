package parallel

import (
	"sync"
	"sync/atomic"
	"testing"
)

// TestCrew: what helpers accept they run, each once, though they come and go; nobody waits for
// work that never comes.
func TestCrew(t *testing.T) {
	c := &crew{work: make(chan func(), 2)}
	if c.help(func() {}) {
		t.Error("help from nobody")
	}
	var helpers, users sync.WaitGroup
	var accepted, run atomic.Int64
	for range 8 {
		users.Go(func() {
			for range 200 {
				helpers.Go(c.linger)
				for range 50 {
					if c.help(func() { run.Add(1) }) {
						accepted.Add(1)
					}
				}
			}
		})
	}
	users.Wait()
	helpers.Wait()
	if accepted.Load() == 0 || run.Load() != accepted.Load() || c.free.Load() != 0 {
		t.Errorf("%d accepted, %d run, %d free", accepted.Load(), run.Load(), c.free.Load())
	}
}
