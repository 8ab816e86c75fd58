package main

import (
	"io"
	"os"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// bars are progress bars on a terminal; in a pipe there are none.
type bars struct {
	progress *mpb.Progress
	parts    map[string]*mpb.Bar
}

func newBars(w io.Writer) *bars {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &bars{}
	}
	return &bars{mpb.New(mpb.WithOutput(w), mpb.WithWidth(60)), map[string]*mpb.Bar{}}
}

// set says that so much of a part is done.
func (b *bars) set(part string, done, total int) {
	if b.progress == nil {
		return
	}
	bar := b.parts[part]
	if bar == nil {
		bar = b.progress.AddBar(int64(total), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(part+" ")),
			mpb.AppendDecorators(decor.CountersNoUnit("%d of %d")))
		b.parts[part] = bar
	}
	bar.SetCurrent(int64(done))
}

// end takes the bars away.
func (b *bars) end() {
	if b.progress == nil {
		return
	}
	for _, bar := range b.parts {
		bar.Abort(true)
	}
	b.progress.Wait()
	b.progress = nil
}
