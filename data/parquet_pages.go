package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
)

// pages reads the pages of a chunk.
type pages struct {
	chunk
	optional bool   // values may be missing
	budget   *int64 // bytes that pages of the file may yet have when decompressed
}

// read gives the values of all pages to g.
func (p *pages) read(file []byte, g gatherer) error {
	begin := p.data
	if p.dictionary > 0 {
		begin = min(begin, p.dictionary)
	}
	if begin < 0 || begin > int64(len(file)) || p.size > int64(len(file))-begin {
		return damaged("its pages are said to lie beyond the end")
	}
	r := &compact{rest: file[begin : begin+p.size]}
	for left := p.values; left > 0; {
		h := r.pageHeader()
		if r.err == nil && (h.compressed < 0 || h.uncompressed < 0 || h.values < 0) {
			r.fail("a page has a negative size")
		}
		body := r.take(uint64(h.compressed))
		if r.err != nil {
			return r.err
		}
		if h.hasChecksum && uint32(h.checksum) != crc32.ChecksumIEEE(body) {
			return damaged("a page does not have its checksum")
		}
		switch h.kind {
		case pageDictionary:
			values, err := p.decompress(body, h.uncompressed)
			if err != nil {
				return err
			}
			if err := g.dictionaryPage(values, h.values); err != nil {
				return err
			}
		case pageData, pageData2:
			if h.values > left {
				return damaged("its pages have more values than the rows need")
			}
			left -= h.values
			if err := p.dataPage(h, body, g); err != nil {
				return err
			}
		}
	}
	return nil
}

// dataPage gives the values of one page to g.
func (p *pages) dataPage(h pageHeader, body []byte, g gatherer) error {
	var levels *hybrid // 1 for each value that is there, 0 for each that is missing
	var err error
	switch {
	case h.kind == pageData2:
		lengths := h.repetition + h.definition
		if h.repetition < 0 || h.definition < 0 || lengths > int64(len(body)) {
			return damaged("a page is shorter than its levels")
		}
		levels = &hybrid{rest: body[h.repetition:lengths], width: 1}
		body = body[lengths:]
		if h.plain {
			break
		}
		if body, err = p.decompress(body, h.uncompressed-lengths); err != nil {
			return err
		}
	default:
		if body, err = p.decompress(body, h.uncompressed); err != nil {
			return err
		}
		if p.optional {
			if h.levels != encodingRuns {
				return &unread{"of an old kind, with bit-packed levels; write the file anew"}
			}
			var bits []byte
			if bits, body, err = withLength(body); err != nil {
				return err
			}
			levels = &hybrid{rest: bits, width: 1}
		}
	}
	if !p.optional {
		levels = nil
	}
	return g.page(h.encoding, body, levels, int(h.values))
}

// withLength takes bytes that stand behind their number.
func withLength(src []byte) (taken, rest []byte, err error) {
	if len(src) < 4 {
		return nil, nil, damaged("a page ends too soon")
	}
	n := uint64(binary.LittleEndian.Uint32(src))
	if src = src[4:]; n > uint64(len(src)) {
		return nil, nil, damaged("a page ends too soon")
	}
	return src[:n], src[n:], nil
}

// decompress is a page of size bytes.
func (p *pages) decompress(src []byte, size int64) ([]byte, error) {
	switch {
	case size < 0:
		return nil, damaged("a page is shorter than its levels")
	case size > *p.budget:
		return nil, fmt.Errorf("the file has more than 1 GiB when it is decompressed; keep only " +
			"the rows and columns that the model needs")
	}
	*p.budget -= size
	if size == 0 {
		return nil, nil
	}
	const none, snappyCodec, gzipCodec, zstdCodec = 0, 1, 2, 6
	switch p.codec {
	case none:
		if int64(len(src)) != size {
			return nil, damaged("a page has %d bytes instead of %d", len(src), size)
		}
		return src, nil
	case snappyCodec:
		// An element of three bytes gives 64 at most, so that a false size is known by itself.
		n, err := snappy.DecodedLen(src)
		if err != nil || int64(n) != size || size > 22*int64(len(src)) {
			return nil, damaged("a page cannot be decompressed")
		}
		page, err := snappy.Decode(nil, src)
		if err != nil {
			return nil, damaged("a page cannot be decompressed: %w", err)
		}
		return page, nil
	case gzipCodec:
		r, err := gzip.NewReader(bytes.NewReader(src))
		if err != nil {
			return nil, damaged("a page cannot be decompressed: %w", err)
		}
		return readExactly(r, size)
	case zstdCodec:
		const window = 1 << 27 // what zstd allows itself without being asked for more
		r, err := zstd.NewReader(bytes.NewReader(src), zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(window))
		if err != nil {
			return nil, damaged("a page cannot be decompressed: %w", err)
		}
		defer r.Close()
		return readExactly(r, size)
	}
	return nil, &unread{"compressed in a way that is not read; write the file with snappy, gzip " +
		"or zstd"}
}

// readExactly reads a page that should have size bytes, and grows with what is there.
func readExactly(r io.Reader, size int64) ([]byte, error) {
	page, err := io.ReadAll(io.LimitReader(r, size+1))
	if err != nil {
		return nil, damaged("a page cannot be decompressed: %w", err)
	}
	if int64(len(page)) != size {
		return nil, damaged("a page does not have the %d bytes that it claims", size)
	}
	return page, nil
}
