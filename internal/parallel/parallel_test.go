package parallel

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// threads sets GOMAXPROCS for one test.
func threads(t testing.TB, n int) {
	old := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
}

func TestForCoversTheRangeOnce(t *testing.T) {
	for _, p := range []int{1, 2, 7} {
		threads(t, p)
		for _, n := range []int{-1, 0, 1, 2, 3, 63, 64, 65, 1000} {
			for _, grain := range []int{-1, 0, 1, 3, 64, 5000} {
				seen := make([]int, max(n, 0))
				For(n, grain, func(lo, hi int) {
					if lo >= hi || hi-lo < grain && hi != n {
						t.Errorf("n=%d grain=%d: chunk [%d,%d)", n, grain, lo, hi)
					}
					for i := lo; i < hi; i++ {
						seen[i]++
					}
				})
				for i, s := range seen {
					if s != 1 {
						t.Fatalf("n=%d grain=%d: element %d ran %d times", n, grain, i, s)
					}
				}
			}
		}
	}
}

func TestForRunsSmallWorkInTheCaller(t *testing.T) {
	threads(t, 4)
	calls := 0
	For(100, 100, func(lo, hi int) { calls += hi - lo })
	if calls != 100 {
		t.Error(calls)
	}
}

// Every chunk waits for another one to have begun: this ends only if two run at the same time.
func TestForUsesSeveralGoroutines(t *testing.T) {
	threads(t, 2)
	var begun atomic.Int64
	two := make(chan struct{})
	For(2, 1, func(lo, hi int) {
		if begun.Add(1) == 2 {
			close(two)
		}
		select {
		case <-two:
		case <-time.After(10 * time.Second):
			t.Error("no second goroutine")
		}
	})
}

func TestForNested(t *testing.T) {
	threads(t, 3)
	var total atomic.Int64
	For(20, 1, func(lo, hi int) {
		for range hi - lo {
			For(20, 1, func(lo, hi int) {
				for range hi - lo {
					For(20, 1, func(lo, hi int) { total.Add(int64(hi - lo)) })
				}
			})
		}
	})
	if total.Load() != 8000 {
		t.Error(total.Load())
	}
}

func TestForPanic(t *testing.T) {
	threads(t, 4)
	mine := errors.New("mine")
	for range 200 {
		func() {
			defer func() {
				if r := recover(); r != mine {
					t.Errorf("recovered %v", r)
				}
			}()
			For(50, 1, func(lo, hi int) {
				if lo%5 == 0 {
					panic(mine)
				}
			})
			t.Error("no panic")
		}()
	}
}

func TestForGoexit(t *testing.T) {
	threads(t, 4)
	for range 50 {
		ended := make(chan any)
		go func() {
			returned := false
			defer func() {
				r := recover()
				if returned || r != nil && r != errGoexit {
					t.Errorf("returned %v, recovered %v", returned, r)
				}
				close(ended)
			}()
			For(50, 1, func(lo, hi int) { runtime.Goexit() })
			returned = true
		}()
		<-ended
	}
}

type sum struct {
	x     []int
	total *atomic.Int64
}

func (s sum) Run(lo, hi int) {
	part := 0
	for _, v := range s.x[lo:hi] {
		part += v
	}
	s.total.Add(int64(part))
}

func TestPoolIsReused(t *testing.T) {
	threads(t, 3)
	var pool Pool[sum]
	x := make([]int, 10000)
	for i := range x {
		x[i] = i
	}
	var users sync.WaitGroup
	for range 8 {
		users.Go(func() {
			for n := range 300 {
				var total atomic.Int64
				pool.For(n*30, 100, sum{x, &total})
				if want := int64(n*30) * int64(n*30-1) / 2; total.Load() != want {
					t.Errorf("n=%d: %d, want %d", n*30, total.Load(), want)
				}
			}
		})
	}
	users.Wait()
}

func TestPoolAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget")
	}
	threads(t, 3)
	var pool Pool[sum]
	var total atomic.Int64
	x := make([]int, 10000)
	run := func() { pool.For(len(x), 100, sum{x, &total}) }
	for range 100 {
		run()
	}
	// A collection during the test may empty the pool; it must not happen every time. The
	// result is an integer average. (AllocsPerRun would set GOMAXPROCS to 1.)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 1000 {
		run()
	}
	runtime.ReadMemStats(&after)
	// On a busy machine workers of several calls overlap, and the pool makes some more of what
	// it hands out; an allocation for each of the 100 chunks of a call would show all the same.
	if n := after.Mallocs - before.Mallocs; n > 10_000 {
		t.Errorf("%d allocations in 1000 calls", n)
	}
}

func BenchmarkPool(b *testing.B) {
	threads(b, 2)
	var pool Pool[sum]
	var total atomic.Int64
	x := make([]int, 8)
	for b.Loop() {
		pool.For(len(x), 1, sum{x, &total})
	}
}

func TestSmallWorkAllocatesNothing(t *testing.T) {
	sum := 0
	body := func(lo, hi int) { sum += hi - lo }
	if got := testing.AllocsPerRun(20, func() { For(10, 10, body) }); got != 0 || sum != 210 {
		t.Errorf("%v allocations, %d elements", got, sum)
	}
}
