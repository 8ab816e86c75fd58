package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// lingering is how long a helper looks for more work before it ends. Waking a processor takes
// longer than much of what is divided; where calls follow on each other, the helper of one call
// is there for the next. On a machine that is shared this much is lost to others, and no more.
const lingering = 100 * time.Microsecond

// crew are the helpers that look for work. They leave a processor to any other goroutine that
// wants it.
type crew struct {
	free atomic.Int64 // helpers that look and have not been promised work
	work chan func()  // what was promised; some helper will take it
}

// mostPromised is the most work that can be on its way to helpers.
const mostPromised = 64

// theCrew serves all pools: kernels of many kinds follow on each other.
var theCrew = sync.OnceValue(func() *crew { return &crew{work: make(chan func(), mostPromised)} })

// claim takes one of the free, if there is one.
func (c *crew) claim() bool {
	for {
		n := c.free.Load()
		if n == 0 || c.free.CompareAndSwap(n, n-1) {
			return n > 0
		}
	}
}

// help runs f on a helper that is free, if one is.
func (c *crew) help(f func()) bool {
	if !c.claim() {
		return false
	}
	c.work <- f
	return true
}

// linger runs what other calls offer until there has been nothing for a while.
func (c *crew) linger() {
	c.free.Add(1)
	for begin := time.Now(); time.Since(begin) < lingering; runtime.Gosched() {
		select {
		case f := <-c.work:
			f()
			c.free.Add(1)
			begin = time.Now()
		default:
		}
	}
	if !c.claim() { // somebody else has: there is work to come
		(<-c.work)()
	}
}
