package gemm

import "unsafe"

const (
	// grain is the least number of products that are worth another goroutine.
	grain = 1 << 21
	// mostSteps bounds a call into machine code, which cannot be interrupted: so many
	// multiply-adds of vectors take some 20 µs.
	mostSteps = 1 << 17
	// scalarsAtOnce is how many bytes of packed scalars stay in a core's cache while it goes over
	// some panels, panelsAtOnce.
	scalarsAtOnce = 1 << 19
	panelsAtOnce  = 4
	// mostScalars is how many bytes of scalars are packed at once, if that is more than one panel
	// of products.
	mostScalars = 1 << 23
)

// task is work on a product. What its range is over, stage says.
type task struct {
	plan
	stage     stage
	workspace *Workspace

	matrix  int            // of the batch
	scalars unsafe.Pointer // packed
	k0, k1  int            // the products that are taken
	blocks  int            // into which the tiles of a panel are divided
}

type stage uint8

const (
	matrices stage = iota // of the batch, each as a whole
	packing               // panels of products, and in each the tiles
	columns               // blocks of tiles, and in each the panels of columns
)

// run divides the work among the processors: by matrices if there are many or they are small.
func (pl *plan) run(w *Workspace) {
	t := task{plan: *pl, workspace: w, blocks: 1}
	work := pl.h * pl.w * pl.k
	if pl.batch*work <= grain {
		t.Run(0, pl.batch)
		return
	}
	const enough = 16 // pieces of work
	if pl.batch >= enough || work <= grain {
		w.tasks.For(pl.batch, grain/work, t)
		return
	}
	t.blocks = min((enough+pl.panels-1)/pl.panels, (pl.tilesDown+3)/4)
	own := w.take()
	defer w.scratch.Put(own)
	pieces := pl.panels * t.blocks
	for t.matrix = range pl.batch {
		for t.k0 = 0; t.k0 < pl.k; t.k0 = t.k1 {
			t.prepare(own)
			if pl.packScalars {
				const tiles = 64 // worth another goroutine
				t.stage = packing
				w.tasks.For(t.panelsOfProducts()*pl.tilesDown, tiles, t)
			}
			t.stage = columns
			w.tasks.For(pieces, grain*pieces/work, t)
		}
	}
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
	switch t.stage {
	case matrices:
		for t.matrix = lo; t.matrix < hi; t.matrix++ {
			for t.k0 = 0; t.k0 < t.k; t.k0 = t.k1 {
				t.prepare(own)
				if t.packScalars {
					t.packTiles(0, t.panelsOfProducts()*t.tilesDown)
				}
				t.multiply(own, 0, t.panels, 0, t.tilesDown)
			}
		}
	case packing:
		t.packTiles(lo, hi)
	case columns:
		for lo < hi {
			block, panel := lo/t.panels, lo%t.panels
			end := min(t.panels, panel+hi-lo)
			t.multiply(own, panel, end, block*t.tilesDown/t.blocks,
				(block+1)*t.tilesDown/t.blocks)
			lo += end - panel
		}
	}
}

// prepare chooses k1, and makes room for packed scalars.
func (t *task) prepare(own *scratch) {
	t.k1 = t.k
	if !t.packScalars {
		return
	}
	panel := t.tilesDown * t.tileBytes()
	t.k1 = min(t.k, t.k0+max(1, mostScalars/panel)*panelDepth)
	t.scalars = grown(&own.scalars, t.panelsOfProducts()*panel)
}

// panelsOfProducts is how many there are from k0 to k1.
func (t *task) panelsOfProducts() int { return (t.k1 - t.k0 + panelDepth - 1) / panelDepth }

// tileBytes is the size of a tile's packed scalars.
func (t *task) tileBytes() int { return min(t.k, panelDepth) * t.scalarK }

// packTiles packs the scalars of tiles, those of the first panel of products first.
func (t *task) packTiles(lo, hi int) {
	for i := lo; i < hi; i++ {
		k, tile := t.k0+i/t.tilesDown*panelDepth, i%t.tilesDown
		row := t.tileRow(tile)
		t.pack(unsafe.Add(t.scalars, i*t.tileBytes()), t.scalarK, block{
			at: t.s.element(t.matrix, row, k), lane: t.s.row, k: t.s.column,
			lanes: t.tileRow(tile+1) - row, depth: min(panelDepth, t.k1-k),
		})
	}
}

// multiply computes some tiles of some panels, and of those the products from k0 to k1.
func (t *task) multiply(own *scratch, panel, endPanel, tile, endTile int) {
	together, tilesAtOnce := 1, endTile-tile
	if t.packScalars {
		together, tilesAtOnce = panelsAtOnce, max(1, scalarsAtOnce/t.tileBytes())
	}
	var vectors unsafe.Pointer
	if t.packVectors {
		vectors = grown(&own.vectors, together*t.depth*t.vectorK)
	}
	for ; panel < endPanel; panel += together {
		end := min(panel+together, endPanel)
		switch {
		case t.depth < min(t.k, panelDepth):
			t.multiplyThin(own, vectors, panel)
			continue
		case t.scatter:
			t.multiplyScattered(own, vectors, panel, tile, endTile)
			continue
		}
		for k := t.k0; k < t.k1; k += panelDepth {
			if t.packVectors {
				for j := panel; j < end; j++ {
					t.packPanel(unsafe.Add(vectors, (j-panel)*t.depth*t.vectorK), j, k,
						min(panelDepth, t.k-k))
				}
			}
			for i := tile; i < endTile; i += tilesAtOnce {
				for j := panel; j < end; j++ {
					c := t.call(unsafe.Add(vectors, (j-panel)*t.depth*t.vectorK), j, k)
					c.out = t.out.element(t.matrix, t.tileRow(i), j*t.width)
					t.column(&c, j, i, min(i+tilesAtOnce, endTile), k)
				}
			}
		}
	}
}

// packPanel packs part of the vector operand.
func (t *task) packPanel(to unsafe.Pointer, panel, k, depth int) {
	t.pack(to, t.vectorK, block{
		at: t.v.element(t.matrix, k, panel*t.width), lane: t.v.column, k: t.v.row,
		lanes: t.panelWidth(panel), depth: depth,
	})
}

// call is what a panel's tiles have in common for the products from k on, but for where out is.
func (t *task) call(vectors unsafe.Pointer, panel, k int) tileCall {
	c := tileCall{depth: min(panelDepth, t.k-k), outRow: t.out.row}
	if c.vectors, c.vectorK = vectors, t.vectorK; !t.packVectors {
		c.vectors, c.vectorK = t.v.element(t.matrix, k, panel*t.width), t.v.row
	}
	if c.scalarRow, c.scalarK = t.s.row, t.s.column; t.packScalars {
		c.scalarRow, c.scalarK = t.size, t.scalarK
	}
	if k > 0 {
		c.mode |= modeAdd
	}
	if k+c.depth == t.k {
		c.mode |= modeNaN
	}
	c.laneBits, c.laneVector = t.laneMask(t.panelWidth(panel))
	return c
}

// column computes tiles of a panel, one below the other; the first is at c.out.
func (t *task) column(c *tileCall, panel, tile, end, k int) {
	vectors, narrow := t.vectorsOf(t.panelWidth(panel))
	for tile < end {
		rows, stop := t.rows, end
		if tile < t.larger {
			rows, stop = rows+1, min(end, t.larger)
		}
		c.count = min(stop-tile, max(1, mostSteps/(rows*vectors*c.depth)))
		if t.packScalars {
			i := (k-t.k0)/panelDepth*t.tilesDown + tile
			c.scalars, c.scalarTile = unsafe.Add(t.scalars, i*t.tileBytes()), t.tileBytes()
		} else {
			c.scalars = t.s.element(t.matrix, t.tileRow(tile), k)
			c.scalarTile = rows * c.scalarRow
		}
		t.kernels.tiles[rows-1][vectors-1][narrow].code().Call(unsafe.Pointer(c))
		if tile += c.count; tile < end {
			c.out = unsafe.Add(c.out, c.count*rows*c.outRow)
		}
	}
}

// multiplyThin computes a panel of a single tile, whose vectors are packed a few k's at a time: the
// sums go on from where they were.
func (t *task) multiplyThin(own *scratch, vectors unsafe.Pointer, panel int) {
	rowBytes := t.width * t.size
	sums := grown(&own.sums, t.h*rowBytes)
	out, outRow := t.out.element(t.matrix, 0, panel*t.width), t.out.row
	if t.scatter {
		out, outRow = grown(&own.out, t.h*rowBytes), rowBytes
	}
	for k := t.k0; k < t.k1; k += panelDepth {
		whole := t.call(vectors, panel, k)
		whole.sums, whole.sumsRow = sums, rowBytes
		for at := k; at < k+whole.depth; at += t.depth {
			c := whole
			c.depth = min(t.depth, k+whole.depth-at)
			t.packPanel(vectors, panel, at, c.depth)
			if c.out, c.outRow = out, outRow; at+c.depth < k+whole.depth {
				c.out, c.outRow, c.mode = sums, rowBytes, 0
			}
			if at > k {
				c.mode |= modeContinue
			}
			t.column(&c, panel, 0, 1, at)
		}
	}
	if t.scatter {
		t.scatterPanel(out, panel, 0, t.h)
	}
}

// multiplyScattered computes tiles of a panel where they are next to each other, and then puts
// them where they belong.
func (t *task) multiplyScattered(own *scratch, vectors unsafe.Pointer, panel, tile, end int) {
	row, endRow := t.tileRow(tile), t.tileRow(end)
	out := grown(&own.out, (endRow-row)*t.width*t.size)
	for k := t.k0; k < t.k1; k += panelDepth {
		if t.packVectors {
			t.packPanel(vectors, panel, k, min(panelDepth, t.k-k))
		}
		c := t.call(vectors, panel, k)
		c.out, c.outRow = out, t.width*t.size
		t.column(&c, panel, tile, end, k)
	}
	t.scatterPanel(out, panel, row, endRow)
}

// scatterPanel puts rows of a panel, which begin at from, where they belong.
func (t *task) scatterPanel(from unsafe.Pointer, panel, row, end int) {
	b := block{at: from, lane: t.width * t.size, k: t.size, lanes: end - row,
		depth: t.panelWidth(panel)}
	to := t.out.element(t.matrix, row, panel*t.width)
	if t.size == 8 {
		packElements[uint64](to, t.out.column, b)
	} else {
		packElements[uint32](to, t.out.column, b)
	}
}
