package data

import (
	"encoding/binary"
	"fmt"
)

// compact reads the compact protocol of Apache Thrift, in which Parquet files describe themselves:
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md. Nothing is
// allocated because a length says so, and structures nest to a limit. After an error reads give
// zeros and structures and lists are at their end.
type compact struct {
	rest  []byte
	depth int
	err   error
}

// Types of fields and elements.
const (
	compactTrue   = 1
	compactFalse  = 2
	compactI8     = 3
	compactI16    = 4
	compactI64    = 6
	compactDouble = 7
	compactBinary = 8
	compactList   = 9
	compactSet    = 10
	compactMap    = 11
	compactStruct = 12
	compactUUID   = 13
)

// maxDepth is more than Parquet's own structures nest, which is six.
const maxDepth = 32

func (r *compact) fail(format string, args ...any) {
	if r.err == nil {
		r.err = damaged(format, args...)
	}
	r.rest = nil
}

// damaged is the error about bytes that do not mean what they should.
func damaged(format string, args ...any) error {
	return fmt.Errorf("the file is damaged: "+format+"; write it anew", args...)
}

// take is the next n bytes.
func (r *compact) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.fail("a description ends too soon")
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *compact) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *compact) unsigned() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.fail("a description has an integer without end")
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// signed is an integer in zigzag order: 0, -1, 1, -2, …
func (r *compact) signed() int64 {
	u := r.unsigned()
	return int64(u>>1) ^ -int64(u&1)
}

// integer is a field's value of any integer type, or a boolean as 0 or 1.
func (r *compact) integer(kind byte) int64 {
	switch {
	case kind == compactTrue:
		return 1
	case kind == compactFalse:
		return 0
	case kind == compactI8:
		return int64(int8(r.byte()))
	case kind >= compactI16 && kind <= compactI64:
		return r.signed()
	}
	r.fail("a description has no integer where one belongs")
	return 0
}

// text is a field's value as bytes.
func (r *compact) text(kind byte) string {
	if kind != compactBinary {
		r.fail("a description has no text where one belongs")
		return ""
	}
	return string(r.take(r.unsigned()))
}

// structure calls field for each field of a structure; field reads the value or skips it.
func (r *compact) structure(kind byte, field func(id int64, kind byte)) {
	if kind != compactStruct {
		r.fail("a description has no structure where one belongs")
		return
	}
	r.nest(func() {
		id := int64(0)
		for r.err == nil {
			b := r.byte()
			if b == 0 {
				return
			}
			if step := int64(b >> 4); step > 0 {
				id += step
			} else {
				id = r.signed()
			}
			field(id, b&15)
		}
	})
}

// list calls element for each element of a list or set; element reads it or skips it.
func (r *compact) list(kind byte, element func(kind byte)) {
	if kind != compactList && kind != compactSet {
		r.fail("a description has no list where one belongs")
		return
	}
	r.nest(func() {
		b := r.byte()
		n := uint64(b >> 4)
		if n == 15 {
			n = r.unsigned()
		}
		for ; n > 0 && r.err == nil; n-- {
			element(b & 15)
		}
	})
}

// nest runs what reads one level deeper.
func (r *compact) nest(read func()) {
	if r.depth == maxDepth {
		r.fail("a description nests too deeply")
		return
	}
	r.depth++
	read()
	r.depth--
}

// skip passes over a field's value.
func (r *compact) skip(kind byte) {
	switch kind {
	case compactTrue, compactFalse:
	case compactDouble:
		r.take(8)
	case compactUUID:
		r.take(16)
	case compactBinary:
		r.take(r.unsigned())
	case compactList, compactSet:
		r.list(kind, r.skipElement)
	case compactMap:
		n := r.unsigned()
		if n == 0 {
			return
		}
		kinds := r.byte()
		r.nest(func() {
			for ; n > 0 && r.err == nil; n-- {
				r.skipElement(kinds >> 4)
				r.skipElement(kinds & 15)
			}
		})
	case compactStruct:
		r.structure(kind, func(_ int64, kind byte) { r.skip(kind) })
	default:
		r.integer(kind)
	}
}

// skipElement passes over an element, which unlike a field has a byte if it is a boolean.
func (r *compact) skipElement(kind byte) {
	if kind == compactTrue || kind == compactFalse {
		r.byte()
		return
	}
	r.skip(kind)
}
