package gemm

import "unsafe"

const (
	// grain is the least number of products that are worth another goroutine.
	grain = 1 << 21
	// mostSteps bounds a call into machine code, which cannot be interrupted: so many
	// multiply-adds of vectors take some 20 µs.
	mostSteps = 1 << 17
	// A core's cache holds panelsAtOnce panels of vectors, and of scalars so many bytes: the
	// scalars are read again from there for each of the panels.
	panelsAtOnce  = 4
	scalarsAtOnce = 1 << 19
)

// task is a product. Its range is over the batch, in that over blocks of tiles, and in those over
// the panels.
type task struct {
	plan
	workspace *Workspace
	blocks    int
}

// run divides the work among the processors.
func (pl *plan) run(w *Workspace) {
	t := task{plan: *pl, workspace: w, blocks: 1}
	// A vector of one row takes as long to read as some products with it.
	work := max(pl.h, 8) * pl.w * pl.k
	if pl.batch*work <= grain {
		t.Run(0, pl.batch*t.panels)
		return
	}
	// A panel of vectors may be packed once for each block, so that there are no more of them than
	// keep the processors busy, and a block has several tiles.
	const enough, tiles = 16, 4
	pieces := pl.batch * pl.panels
	t.blocks = max(1, min((enough+pieces-1)/pieces, pl.tilesDown/tiles))
	w.tasks.For(pieces*t.blocks, grain*pl.panels*t.blocks/work, t)
}

func (w *Workspace) take() *scratch {
	if own, ok := w.scratch.Get().(*scratch); ok {
		return own
	}
	return new(scratch)
}

func (t task) Run(lo, hi int) {
	own := t.workspace.take()
	defer t.workspace.scratch.Put(own)
	for lo < hi {
		block, panel := lo/t.panels, lo%t.panels
		p := part{matrix: block / t.blocks, panel: panel, endPanel: min(t.panels, panel+hi-lo)}
		block %= t.blocks
		p.tile, p.endTile = block*t.tilesDown/t.blocks, (block+1)*t.tilesDown/t.blocks
		t.multiply(own, p)
		lo += p.endPanel - panel
	}
}

// part is some tiles of some panels of a matrix of the batch.
type part struct{ matrix, panel, endPanel, tile, endTile int }

// multiply computes a part.
func (t *task) multiply(own *scratch, p part) {
	switch {
	case t.depth < min(t.k, panelDepth):
		t.multiplyThin(own, p)
	case t.scatter:
		t.multiplyScattered(own, p)
	default:
		t.multiplyPanels(own, p)
	}
}

// multiplyPanels goes over some panels and some tiles at a time.
func (t *task) multiplyPanels(own *scratch, p part) {
	tilesAtOnce := max(1, scalarsAtOnce/((t.height+1)*t.depth*t.size))
	var packed [panelsAtOnce]unsafe.Pointer
	if t.packVectors {
		bytes := t.depth * t.vectorK
		vectors := grown(&own.vectors, panelsAtOnce*bytes)
		for i := range packed {
			packed[i] = unsafe.Add(vectors, i*bytes)
		}
	}
	for first := p.panel; first < p.endPanel; first += panelsAtOnce {
		end := min(first+panelsAtOnce, p.endPanel)
		for k := 0; k < t.k; k += panelDepth {
			if t.packVectors {
				for j := first; j < end; j++ {
					t.packPanel(packed[j-first], p.matrix, j, k, min(panelDepth, t.k-k))
				}
			}
			for i := p.tile; i < p.endTile; i += tilesAtOnce {
				for j := first; j < end; j++ {
					c := t.call(packed[j-first], p.matrix, j, k)
					c.out = t.out.element(p.matrix, t.tileRow(i), j*t.width)
					t.column(&c, p.matrix, j, i, min(i+tilesAtOnce, p.endTile), k)
				}
			}
		}
	}
}

// packPanel packs part of the vector operand.
func (t *task) packPanel(to unsafe.Pointer, matrix, panel, k, depth int) {
	t.pack(to, t.vectorK, block{
		at: t.v.element(matrix, k, panel*t.width), lane: t.v.column, k: t.v.row,
		lanes: t.panelWidth(panel), depth: depth,
	})
}

// call is what a panel's tiles have in common for the products from k on, but for where out is.
func (t *task) call(vectors unsafe.Pointer, matrix, panel, k int) tileCall {
	c := tileCall{depth: min(panelDepth, t.k-k), outRow: t.out.row, scalarRow: t.s.row,
		scalarK: t.s.column}
	if c.vectors, c.vectorK = vectors, t.vectorK; !t.packVectors {
		c.vectors, c.vectorK = t.v.element(matrix, k, panel*t.width), t.v.row
	}
	c.mode = modeOf(k, k+c.depth == t.k)
	c.laneBits, c.laneVector = t.laneMask(t.panelWidth(panel))
	return c
}

// modeOf is the mode for the products from k on, which may be the last.
func modeOf(k int, last bool) (mode int) {
	if k > 0 {
		mode |= modeAdd
	}
	if last {
		mode |= modeNaN
	}
	return mode
}

// column computes tiles of a panel, one below the other; the first is at c.out.
func (t *task) column(c *tileCall, matrix, panel, tile, end, k int) {
	vectors, narrow := t.vectorsOf(t.panelWidth(panel))
	for tile < end {
		rows, stop := t.height, end
		if tile < t.larger {
			rows, stop = rows+1, min(end, t.larger)
		}
		c.count = min(stop-tile, max(1, mostSteps/(rows*vectors*c.depth)))
		c.scalars, c.scalarTile = t.s.element(matrix, t.tileRow(tile), k), rows*c.scalarRow
		t.kernels.tiles[rows-1][vectors-1][narrow].code().Call(unsafe.Pointer(c))
		if tile += c.count; tile < end {
			c.out = unsafe.Add(c.out, c.count*rows*c.outRow)
		}
	}
}

// multiplyThin computes panels of a single tile, whose vectors are packed a few k's at a time: the
// sums go on from where they were.
func (t *task) multiplyThin(own *scratch, p part) {
	rowBytes := t.width * t.size
	vectors, sums := grown(&own.vectors, t.depth*t.vectorK), grown(&own.sums, t.h*rowBytes)
	for panel := p.panel; panel < p.endPanel; panel++ {
		out, outRow := t.out.element(p.matrix, 0, panel*t.width), t.out.row
		if t.scatter {
			out, outRow = grown(&own.out, t.h*rowBytes), rowBytes
		}
		for k := 0; k < t.k; k += panelDepth {
			whole := t.call(vectors, p.matrix, panel, k)
			whole.sums, whole.sumsRow = sums, rowBytes
			for at := k; at < k+whole.depth; at += t.depth {
				c := whole
				c.depth = min(t.depth, k+whole.depth-at)
				t.packPanel(vectors, p.matrix, panel, at, c.depth)
				if c.out, c.outRow = out, outRow; at+c.depth < k+whole.depth {
					c.out, c.outRow, c.mode = sums, rowBytes, 0
				}
				if at > k {
					c.mode |= modeContinue
				}
				t.column(&c, p.matrix, panel, 0, 1, at)
			}
		}
		if t.scatter {
			t.scatterPanel(out, p.matrix, panel, 0, t.h)
		}
	}
}

// multiplyScattered computes panels where their columns are next to each other, and then puts
// those where they belong.
func (t *task) multiplyScattered(own *scratch, p part) {
	row, endRow := t.tileRow(p.tile), t.tileRow(p.endTile)
	out := grown(&own.out, (endRow-row)*t.width*t.size)
	var vectors unsafe.Pointer
	if t.packVectors {
		vectors = grown(&own.vectors, t.depth*t.vectorK)
	}
	for panel := p.panel; panel < p.endPanel; panel++ {
		for k := 0; k < t.k; k += panelDepth {
			c := t.call(vectors, p.matrix, panel, k)
			if t.packVectors {
				t.packPanel(vectors, p.matrix, panel, k, c.depth)
			}
			c.out, c.outRow = out, t.width*t.size
			t.column(&c, p.matrix, panel, p.tile, p.endTile, k)
		}
		t.scatterPanel(out, p.matrix, panel, row, endRow)
	}
}

// scatterPanel puts rows of a panel, which begin at from, where they belong.
func (t *task) scatterPanel(from unsafe.Pointer, matrix, panel, row, end int) {
	b := block{at: from, lane: t.width * t.size, k: t.size, lanes: end - row,
		depth: t.panelWidth(panel)}
	to := t.out.element(matrix, row, panel*t.width)
	if t.size == 8 {
		packElements[uint64](to, t.out.column, b)
	} else {
		packElements[uint32](to, t.out.column, b)
	}
}
