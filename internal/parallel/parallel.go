// Package parallel divides a range of independent work among the processors.
//
// Nothing here may show in a result: a task computes the same whatever the chunks are, and in
// whatever order and on whatever goroutine they run.
package parallel

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Task is work on a range. Run is called for disjoint chunks [lo, hi) that together are the
// whole range, from several goroutines at once.
type Task interface{ Run(lo, hi int) }

// For calls body for disjoint chunks that together are [0, n), on at most GOMAXPROCS goroutines,
// the caller's among them, and returns when all have ended. A chunk has at least grain elements,
// but for the last one; below or at grain there is one chunk, run by the caller. Calls may nest.
// A panic of body is raised again in the caller, with the same value; chunks not begun by then are
// left out. For allocates a little where it divides the work; a Pool does not.
func For(n, grain int, body func(lo, hi int)) {
	if n <= grain { // without the pool, which is an allocation
		if n > 0 {
			body(0, n)
		}
		return
	}
	var p Pool[function]
	p.For(n, grain, body)
}

type function func(lo, hi int)

func (f function) Run(lo, hi int) { f(lo, hi) }

// Pool runs tasks of one type like For and keeps what it needs for the next call. The zero value
// is ready, and safe for concurrent use.
type Pool[T Task] struct{ jobs sync.Pool }

// For runs task on [0, n); see the function For.
func (p *Pool[T]) For(n, grain int, task T) {
	grain = max(grain, 1)
	if n <= grain {
		if n > 0 {
			task.Run(0, n)
		}
		return
	}
	processors := runtime.GOMAXPROCS(0) // which takes a lock
	if processors == 1 {
		task.Run(0, n)
		return
	}
	// Several chunks a processor even out chunks that take longer than others.
	const chunksPerProcessor = 4
	chunk := max(grain, (n-1)/(chunksPerProcessor*processors)+1)
	chunks := (n-1)/chunk + 1
	helpers := min(processors, chunks) - 1

	j := p.job()
	j.task, j.n, j.chunk, j.chunks = task, n, chunk, int64(chunks)
	j.begun.Store(0)
	j.ended.Store(0)
	j.users.Store(int64(helpers) + 1)
	j.failed.Store(false)
	j.going.Lock()
	for ; helpers > 0; helpers-- {
		if !theCrew.help(j.help) {
			go j.begin()
		}
	}
	returned := false
	defer func() { j.finish(returned) }() // also if the task ends this goroutine
	j.work()
	returned = true
}

func (p *Pool[T]) job() *job[T] {
	if j, ok := p.jobs.Get().(*job[T]); ok {
		return j
	}
	j := &job[T]{pool: p}
	// A go statement that calls a stored function without arguments allocates nothing.
	j.help = func() {
		defer j.release()
		j.work()
	}
	j.begin = func() {
		j.help()
		theCrew.linger()
	}
	return j
}

// job is one call of For. The caller waits for chunks that have begun, never for a helper that
// has not: such a helper finds nothing left to do whenever it comes.
type job[T Task] struct {
	pool *Pool[T]
	help func()
	// begin is help in a new goroutine, which then looks for other jobs.
	begin func()

	task         T
	n, chunk     int
	chunks       int64
	begun, ended atomic.Int64 // chunks
	users        atomic.Int64 // goroutines that still hold the job
	// going is locked until the last chunk has ended. A channel would belong to the bubble of
	// testing/synctest in which the job was made, and helpers do not.
	going   sync.Mutex
	failed  atomic.Bool
	failure any // what the first chunk to panic said; written by it alone
}

func (j *job[T]) work() {
	for {
		i := j.begun.Add(1) - 1
		if i >= j.chunks {
			return
		}
		j.run(int(i) * j.chunk)
	}
}

// errGoexit stands for a task that called runtime.Goexit (as testing.T.FailNow does).
var errGoexit = errors.New("parallel: a task ended its goroutine")

func (j *job[T]) run(lo int) {
	returned := false
	defer func() {
		if !returned {
			failure := recover()
			if failure == nil {
				failure = errGoexit
			}
			if j.failed.CompareAndSwap(false, true) {
				j.failure = failure
			}
		}
		if j.ended.Add(1) == j.chunks {
			j.going.Unlock()
		}
	}()
	if !j.failed.Load() {
		j.task.Run(lo, min(lo+j.chunk, j.n))
	}
	returned = true
}

// finish waits until every chunk has ended and raises what a chunk has raised, unless this
// goroutine is ending, since work did not return.
func (j *job[T]) finish(returned bool) {
	j.work() // nothing to do, if it returned
	j.await()
	j.going.Lock()
	failed, failure := j.failed.Load(), j.failure
	j.going.Unlock()
	j.release()
	if failed && returned {
		panic(failure)
	}
}

// await looks for the end of chunks that others run, which is near: going to sleep and waking up
// would take longer.
func (j *job[T]) await() {
	if j.ended.Load() == j.chunks {
		return
	}
	for begin := time.Now(); j.ended.Load() < j.chunks && time.Since(begin) < lingering; {
		runtime.Gosched()
	}
}

// release gives the job back when nobody uses it any more.
func (j *job[T]) release() {
	if j.users.Add(-1) == 0 {
		var none T
		j.task, j.failure = none, nil // keep nothing alive
		j.pool.jobs.Put(j)
	}
}
