package gemm

import "unsafe"

// panelDepth is how many products a chain adds; contract.go of package dense defines it.
const panelDepth = 512

// operand is a stack of matrices. Strides are in bytes.
type operand struct {
	at                 unsafe.Pointer
	batch, row, column int
}

func newOperand(at unsafe.Pointer, s Strides, size int) operand {
	return operand{at, s.Batch * size, s.Row * size, s.Column * size}
}

func (o operand) transposed() operand {
	o.row, o.column = o.column, o.row
	return o
}

// element is (i, j) of matrix b.
func (o *operand) element(b, i, j int) unsafe.Pointer {
	return unsafe.Add(o.at, b*o.batch+i*o.row+j*o.column)
}

// plan is how a product out[h,w] = Σ_k s[h,k]·v[k,w] is done.
type plan struct {
	*kernels
	batch, h, k, w int
	s, v, out      operand

	// The product is divided into panels of columns, width elements each but for the last, and
	// those into tiles: the first ones, as many as larger, have height+1 rows, the others height.
	panels, vectors, width    int
	tilesDown, height, larger int
	// The longest part of a panel of products that is packed and multiplied at once. It is all of
	// it, unless the vector operand is packed for one tile alone.
	depth int

	packVectors bool
	scatter     bool // out's columns are not next to each other
	vectorK     int  // the stride of packed vectors, in bytes
}

func newPlan(p *Product, ks *kernels, out, a, b unsafe.Pointer) plan {
	size := ks.size
	left, right := newOperand(a, p.A, size), newOperand(b, p.B, size)
	product := newOperand(out, Strides{p.M * p.N, p.N, 1}, size)
	pl := plan{kernels: ks, batch: p.Batch, k: p.K}
	pl.h, pl.w, pl.s, pl.v, pl.out = p.M, p.N, left, right, product
	if p.N < ks.lanes() && p.M > p.N {
		t := pl
		t.h, t.w = p.N, p.M
		t.s, t.v, t.out = right.transposed(), left.transposed(), product.transposed()
		t.normalise()
		pl.normalise()
		if t.cost() < pl.cost() {
			pl = t
		}
	} else {
		pl.normalise()
	}
	pl.divide()
	return pl
}

// normalise gives axes of one element strides that suit.
func (pl *plan) normalise() {
	if pl.w == 1 {
		pl.v.column, pl.out.column = pl.size, pl.size
	}
	if pl.h == 1 {
		pl.out.row = pl.w * pl.size
		pl.s.row = pl.size
	}
	if pl.k == 1 {
		pl.v.row, pl.s.column = pl.w*pl.size, pl.size
	}
	pl.scatter = pl.out.column != pl.size && pl.w > 1
}

// cost estimates the work for one k, in halves of a processor's cycle: one multiply-add of
// vectors, or one load of a vector or an element.
func (pl *plan) cost() int {
	vectors, _ := pl.vectorsOf(pl.w)
	across := pl.tileVectors(min(pl.h, pl.tileRows))
	loads := vectors + pl.h*((vectors+across-1)/across)
	cost := max(vectors*pl.h, loads)
	switch {
	case pl.v.column == pl.size:
	case pl.v.row == pl.size:
		cost += pl.w / 2
	default:
		cost += 4 * pl.w
	}
	if pl.scatter {
		cost += 3 * pl.h * pl.w / pl.k
	}
	return cost
}

// divide decides on tiles, and on what is packed.
func (pl *plan) divide() {
	pl.tilesDown = (pl.h + pl.tileRows - 1) / pl.tileRows
	pl.height, pl.larger = pl.h/pl.tilesDown, pl.h%pl.tilesDown
	most := pl.height
	if pl.larger > 0 {
		most++
	}
	vectors, _ := pl.vectorsOf(pl.w)
	pl.vectors = min(pl.tileVectors(most), vectors)
	pl.depth = min(pl.k, panelDepth)

	contiguous := pl.v.column == pl.size
	// Reading vectors where they lie is fastest, unless the distance of their rows is such that
	// they share a few places of the caches.
	const alike, many = 4096, 128
	crowded := pl.v.row%alike == 0 && pl.depth >= many
	pl.packVectors = !contiguous || crowded && pl.tilesDown > 2
	if !contiguous && pl.tilesDown == 1 {
		const atOnce = 128
		pl.vectors, pl.depth = min(pl.vectors, 4), min(pl.depth, atOnce)
	}
	pl.panels = (vectors + pl.vectors - 1) / pl.vectors
	pl.vectors = (vectors + pl.panels - 1) / pl.panels
	pl.panels = (vectors + pl.vectors - 1) / pl.vectors
	pl.width = pl.vectors * pl.lanes()
	pl.vectorK = roundUp(pl.width, transposeLanes) * pl.size
}

// roundUp is the least multiple of unit that is not below n.
func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }

// tileRow is the first row of a tile.
func (pl *plan) tileRow(tile int) int { return tile*pl.height + min(tile, pl.larger) }

// panelWidth is the number of columns of a panel.
func (pl *plan) panelWidth(panel int) int { return min(pl.w-panel*pl.width, pl.width) }

// needCode makes what code is missing.
func (pl *plan) needCode() error {
	widths := [2]int{pl.panelWidth(0), pl.panelWidth(pl.panels - 1)}
	for _, width := range widths {
		vectors, narrow := pl.vectorsOf(width)
		if err := pl.needTile(pl.height, vectors, narrow); err != nil {
			return err
		}
		if pl.larger > 0 {
			if err := pl.needTile(pl.height+1, vectors, narrow); err != nil {
				return err
			}
		}
		if pl.packVectors {
			if err := pl.needPack(width); err != nil {
				return err
			}
		}
	}
	return nil
}

// needPack makes the code that packs so many columns of the vector operand.
func (pl *plan) needPack(width int) error {
	switch pl.size {
	case pl.v.column:
		return pl.needCopy(pl.vectorsOf(width))
	case pl.v.row:
		return pl.needTranspose()
	}
	return nil
}
