package data

import "encoding/binary"

// hybrid reads integers of a fixed width in bits, in runs that either repeat one or are packed:
// Parquet's RLE encoding.
type hybrid struct {
	rest   []byte
	width  uint
	left   uint64 // values left of the run
	repeat bool   // the run is of one value
	value  uint64 // that value
	packed []byte // otherwise the run's bits
	at     uint64 // the next of them
}

func (h *hybrid) next() (uint64, error) {
	for h.left == 0 {
		if err := h.run(); err != nil {
			return 0, err
		}
	}
	h.left--
	if h.repeat {
		return h.value, nil
	}
	v, ok := bits(h.packed, h.at, h.width)
	if !ok {
		return 0, damaged("a page ends too soon")
	}
	h.at += uint64(h.width)
	return v, nil
}

// run begins the next run.
func (h *hybrid) run() error {
	header, n := binary.Uvarint(h.rest)
	if n <= 0 {
		return damaged("a page ends too soon")
	}
	h.rest = h.rest[n:]
	if header&1 == 0 {
		size := min(int(h.width+7)/8, len(h.rest))
		v, ok := bits(h.rest, 0, h.width)
		if !ok {
			return damaged("a page ends too soon")
		}
		h.rest, h.left, h.repeat, h.value = h.rest[size:], header>>1, true, v
		return nil
	}
	groups := header >> 1 // of eight values
	if groups > maxCells {
		return damaged("a page has a run of %d values", groups)
	}
	// The last run may be shorter than it claims: then its last values are padding.
	size := min(groups*uint64(h.width), uint64(len(h.rest)))
	h.packed, h.rest = h.rest[:size], h.rest[size:]
	h.left, h.repeat, h.at = 8*groups, false, 0
	return nil
}

// bits is the integer of width bits, 64 at most, at bit at of src, the least significant first.
func bits(src []byte, at uint64, width uint) (uint64, bool) {
	if at+uint64(width) > 8*uint64(len(src)) {
		return 0, false
	}
	var v uint64
	for got := uint(0); got < width; {
		offset := uint(at % 8)
		v |= uint64(src[at/8]>>offset) << got
		got += 8 - offset
		at += uint64(8 - offset)
	}
	if width < 64 {
		v &= 1<<width - 1
	}
	return v, true
}

// delta reads integers as differences in blocks: Parquet's DELTA_BINARY_PACKED encoding.
type delta struct {
	rest   []byte
	count  uint64 // values left
	value  int64  // the next one
	perRun uint64 // values of a miniblock
	runs   uint64 // miniblocks of a block
	least  int64  // difference of the block
	widths []byte // of the block's miniblocks to come
	left   uint64 // values left of the miniblock
	width  uint
	packed []byte
	at     uint64
}

// newDelta begins to read at most n values.
func newDelta(src []byte, n int) (*delta, error) {
	r := &compact{rest: src}
	block, runs, count, first := r.unsigned(), r.unsigned(), r.unsigned(), r.signed()
	const maxBlock = 1 << 16 // far above what writers use, 128
	if r.err != nil || block == 0 || block > maxBlock || runs == 0 || runs > block ||
		block%runs != 0 || count > uint64(n) {
		return nil, damaged("a page of differences has an impossible beginning")
	}
	return &delta{rest: r.rest, count: count, value: first, perRun: block / runs, runs: runs}, nil
}

func (d *delta) next() (int64, error) {
	if d.count == 0 {
		return 0, damaged("a page ends too soon")
	}
	v := d.value
	if d.count--; d.count == 0 {
		return v, nil
	}
	if d.left == 0 {
		if err := d.run(); err != nil {
			return 0, err
		}
	}
	step, ok := bits(d.packed, d.at, d.width)
	if !ok {
		return 0, damaged("a page ends too soon")
	}
	d.left--
	d.at += uint64(d.width)
	d.value += d.least + int64(step) // modulo 2⁶⁴, as the format says
	return v, nil
}

// run begins the next miniblock.
func (d *delta) run() error {
	r := &compact{rest: d.rest}
	if len(d.widths) == 0 {
		d.least = r.signed()
		d.widths = r.take(d.runs)
	}
	if r.err != nil || d.widths[0] > 64 {
		return damaged("a page ends too soon")
	}
	d.width, d.widths = uint(d.widths[0]), d.widths[1:]
	d.packed = r.take(d.perRun * uint64(d.width) / 8)
	d.rest, d.left, d.at = r.rest, d.perRun, 0
	return r.err
}
