package parallel

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestSynctest: work is divided inside of a bubble and outside of it, by turns and at a time, with
// one pool; helpers that have made do end.
func TestSynctest(t *testing.T) {
	threads(t, 3)
	var pool Pool[function]
	const n, calls, bubbles = 64, 50, 5
	var total, ended atomic.Int64
	work := func() {
		for range calls {
			pool.For(n, 1, func(lo, hi int) { total.Add(int64(hi - lo)) })
		}
	}
	outside := make(chan struct{})
	go func() {
		defer close(outside)
		for ended.Load() < bubbles {
			work()
		}
	}()
	for range bubbles {
		synctest.Test(t, func(*testing.T) {
			work()
			time.Sleep(time.Hour) // returns when all others in the bubble wait or have ended
			work()
		})
		ended.Add(1)
		work()
	}
	<-outside
	if total.Load()%(calls*n) != 0 || total.Load() < 3*bubbles*calls*n {
		t.Error(total.Load())
	}
}
