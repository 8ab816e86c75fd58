package parallel

import (
	"runtime"
	"sync/atomic"
	"time"
)

// lingering is how long a helper looks for more work before it ends. Waking a processor takes
// longer than much of what is divided; where calls follow on each other, the helper of one call
// is there for the next. On a machine that is shared this much is lost to others, and no more.
const lingering = 100 * time.Microsecond

// In a bubble of testing/synctest time does not pass while a helper looks for work, nor while it
// has some; so it also ends after mostLooks, many more than there are in so long, or mostJobs.
const mostLooks, mostJobs = 20_000, 100

// crew are the helpers that look for work. They leave a processor to any other goroutine that
// wants it.
type crew struct {
	free atomic.Int64 // helpers that look and have not been promised work
	work chan func()  // what was promised; some helper will take it
}

// mostPromised is the most work that can be on its way to helpers.
const mostPromised = 64

// theCrew serves all pools: kernels of many kinds follow on each other. It is made here and not
// when it is needed, which may be in a bubble of testing/synctest, whose channels are its own.
var theCrew = &crew{work: make(chan func(), mostPromised)}

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
	begin, jobs := time.Now(), 0
	for looks := 0; looks < mostLooks && jobs < mostJobs && time.Since(begin) < lingering; looks++ {
		select {
		case f := <-c.work:
			f()
			c.free.Add(1)
			begin = time.Now()
			jobs++
		default:
		}
		runtime.Gosched()
	}
	if !c.claim() { // somebody else has: there is work to come
		(<-c.work)()
	}
}
