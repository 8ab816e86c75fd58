package dense

import (
	"slices"
	"sync"

	"pullback/internal/lane"
	"pullback/internal/native/gemm"
	"pullback/internal/native/target"
	"pullback/internal/parallel"
	"pullback/ir"
)

// Strides say where the elements of a stack of matrices lie: element (i, j) of matrix b is at
// b*Batch + i*Row + j*Column. A stride of 0 repeats.
type Strides struct{ Batch, Row, Column int }

// RowMajor is the strides of a stack of matrices of that size that lie one after the other.
func RowMajor(rows, columns int) Strides { return Strides{rows * columns, columns, 1} }

// Transposed is the same matrices with rows and columns exchanged.
func (s Strides) Transposed() Strides { return Strides{s.Batch, s.Column, s.Row} }

// Contraction is the batched matrix product out[b,m,n] = Σ_k A[b,m,k]·B[b,k,n], with out row
// major. It keeps scratch from call to call and is safe for concurrent use.
//
// The order, for each output on its own: k is taken in panels of 512. In a panel the sum starts
// as +0 and takes the products in order of k by fma. The panels' sums are added from left to
// right, the first being the start. Integers wrap around. Every NaN is the one NaN.
//
// Floats are multiplied by machine code where the process runs any; what is in this file is the
// reference, and what everything else runs.
type Contraction[T ir.Number] struct {
	Batch, M, K, N int
	A, B           Strides

	machine gemm.Workspace
	tasks   parallel.Pool[contractionTask[T]]
	scratch sync.Pool // of *panels[float64] or, for integers, *panels[int64]
}

// ContractionPanel is the number of products in a panel.
const ContractionPanel = 512

const (
	// Rows and columns of a tile, whose sums are in registers.
	tileRows, tileColumns = 4, 2
	// Rows and columns that are packed at a time. Each packed element of B serves so many rows.
	blockRows, blockColumns = 32, 8
	// Products below which dividing the work costs more than it saves.
	contractionGrain = 1 << 17
)

// Run computes out from a and b. out overlaps neither.
func (c *Contraction[T]) Run(out, a, b []T) {
	check("Contraction", "out", len(out), c.Batch, c.M, c.N)
	if len(out) == 0 {
		return
	}
	if c.K == 0 {
		clear(out)
		return
	}
	// Where the environment asks for what cannot be, None is right until somebody shows the error.
	choice, _ := target.Chosen()
	if !c.runMachineCode(choice.Target, out, a, b) {
		c.runPortable(out, a, b)
	}
}

// runMachineCode says whether there is code for it.
func (c *Contraction[T]) runMachineCode(t target.Target, out, a, b []T) bool {
	if t == target.None {
		return false
	}
	p := gemm.Product{Batch: c.Batch, M: c.M, K: c.K, N: c.N, A: gemm.Strides(c.A),
		B: gemm.Strides(c.B)}
	var err error // no memory for code is left
	switch out := any(out).(type) {
	case []float32:
		err = gemm.Run(&c.machine, p, t, out, any(a).([]float32), any(b).([]float32))
	case []float64:
		err = gemm.Run(&c.machine, p, t, out, any(a).([]float64), any(b).([]float64))
	default:
		return false
	}
	return err == nil
}

func (c *Contraction[T]) runPortable(out, a, b []T) {
	t := contractionTask[T]{
		m: c.M, k: c.K, n: c.N, aStrides: c.A, bStrides: c.B, outStrides: RowMajor(c.M, c.N),
		out: out, a: a, b: b, scratch: &c.scratch,
	}
	if t.m < t.n {
		// The transposed product is the same sums; its long side is then the one that is
		// divided among threads, and a vector is always on the right.
		t.m, t.n = t.n, t.m
		t.a, t.b = b, a
		t.aStrides, t.bStrides = c.B.Transposed(), c.A.Transposed()
		t.outStrides = t.outStrides.Transposed()
	}
	t.blocks = (t.m + blockRows - 1) / blockRows
	products := min(t.m, blockRows) * t.n * t.k
	c.tasks.For(c.Batch*t.blocks, contractionGrain/products, t)
	switch out := any(out).(type) {
	case []float32:
		canonicaliseNaNs(out)
	case []float64:
		canonicaliseNaNs(out)
	}
}

func canonicaliseNaNs[T Float](x []T) {
	for i, v := range x {
		x[i] = lane.CanonicalNaN(v)
	}
}

// contractionTask is one Run; its range is over the batch and the blocks of rows.
type contractionTask[T ir.Number] struct {
	m, k, n, blocks                int
	aStrides, bStrides, outStrides Strides
	out, a, b                      []T
	scratch                        *sync.Pool
}

func (t contractionTask[T]) Run(lo, hi int) {
	switch any(T(0)).(type) {
	case float64:
		contractBlocks(&t, lo, hi, tileFloat64)
	case float32:
		contractBlocks(&t, lo, hi, tileFloat32)
	default:
		contractBlocks(&t, lo, hi, tileInt64)
	}
}

// panels holds what is packed of A and B: tile after tile, each [k][tileRows] or
// [k][tileColumns], padded with zeros, in the type P that the tiles compute with.
type panels[P ir.Number] struct {
	a, b []P

	sum sums[P]
}

// sums are those of a tile, [tileRows][tileColumns].
type sums[P ir.Number] = [tileRows * tileColumns]P

func contractBlocks[T, P ir.Number](t *contractionTask[T], lo, hi int,
	tile func(sum *sums[P], a, b []P)) {
	p, _ := t.scratch.Get().(*panels[P])
	if p == nil {
		p = new(panels[P])
	}
	defer t.scratch.Put(p)
	depth := min(t.k, ContractionPanel)
	p.a = slices.Grow(p.a[:0], depth*roundUp(min(t.m, blockRows), tileRows))
	p.b = slices.Grow(p.b[:0], depth*roundUp(min(t.n, blockColumns), tileColumns))
	for i := lo; i < hi; i++ {
		batch, row := i/t.blocks, i%t.blocks*blockRows
		contractBlock(t, p, tile, batch, row, min(t.m-row, blockRows))
	}
}

// contractBlock computes some rows of one matrix of the batch.
func contractBlock[T, P ir.Number](t *contractionTask[T], p *panels[P],
	tile func(sum *sums[P], a, b []P), batch, row, rows int) {
	a := t.a[batch*t.aStrides.Batch+row*t.aStrides.Row:]
	b := t.b[batch*t.bStrides.Batch:]
	out := t.out[batch*t.outStrides.Batch+row*t.outStrides.Row:]
	if t.n == 1 {
		contractVectorBlock(t, p, a, b, out, rows)
		return
	}
	for k := 0; k < t.k; k += ContractionPanel {
		depth := min(t.k-k, ContractionPanel)
		pack(p.a[:cap(p.a)], a[k*t.aStrides.Column:], t.aStrides.Transposed(), depth, rows,
			tileRows)
		for j := 0; j < t.n; j += blockColumns {
			columns := min(t.n-j, blockColumns)
			pack(p.b[:cap(p.b)], b[k*t.bStrides.Row+j*t.bStrides.Column:], t.bStrides,
				depth, columns, tileColumns)
			for jj := 0; jj < columns; jj += tileColumns {
				for ii := 0; ii < rows; ii += tileRows {
					clear(p.sum[:])
					tile(&p.sum,
						p.a[ii*depth:(ii+tileRows)*depth], p.b[jj*depth:(jj+tileColumns)*depth])
					at := ii*t.outStrides.Row + (j+jj)*t.outStrides.Column
					store(out[at:], t.outStrides, &p.sum,
						min(rows-ii, tileRows), min(columns-jj, tileColumns), k > 0)
				}
			}
		}
	}
}

// pack copies depth rows of x into tiles of the given width, [width/tile][depth][tile], and pads
// the last with zeros. x begins at the first element; its strides' batch does not matter.
func pack[T, P ir.Number](packed []P, x []T, s Strides, depth, width, tile int) {
	for j := 0; j < width; j += tile {
		for jj := range tile {
			if j+jj >= width {
				for k := range depth {
					packed[j*depth+k*tile+jj] = 0
				}
				continue
			}
			column := x[(j+jj)*s.Column:]
			for k := range depth {
				packed[j*depth+k*tile+jj] = P(column[k*s.Row])
			}
		}
	}
}

// store writes the sums of a tile, or adds them to those of the panels before.
func store[T, P ir.Number](out []T, s Strides, sum *sums[P], rows, columns int, add bool) {
	for i := range rows {
		for j := range columns {
			at, v := i*s.Row+j*s.Column, T(sum[i*tileColumns+j])
			if add {
				v = out[at] + v
			}
			out[at] = v
		}
	}
}

// roundUp is the least multiple of tile that is not below n.
func roundUp(n, tile int) int { return (n + tile - 1) / tile * tile }
