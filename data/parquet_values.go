package data

import (
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf8"
)

// gatherer gathers the values of a column from its pages.
type gatherer interface {
	// dictionaryPage reads n values that later pages refer to.
	dictionaryPage(src []byte, n int64) error
	// page appends n values. Where levels, if there are any, are 0 one is missing and not in src.
	page(encoding int64, src []byte, levels *hybrid, n int) error
	column() column
}

// gather gathers values of one type, and knows how they are written.
type gather[T any] struct {
	all        []T
	dictionary []T
	missing    T
	bits       bool // values are bits, which refer to dictionary
	plain      func(src []byte) (value T, rest []byte, err error)
	integer    func(int64) (T, error) // nil unless values are written as integers
	done       func([]T) column
}

// integer is an integer that may be missing.
type integer struct {
	value   int64
	missing bool
}

// newGatherer is a gatherer for an element that is read.
func newGatherer(e element) gatherer {
	if e.decimal {
		return newDecimals(e)
	}
	switch e.physical {
	case physicalBoolean:
		return &gather[integer]{bits: true, dictionary: []integer{{}, {value: 1}},
			missing: integer{missing: true}, done: gatheredIntegers}
	case physicalInt32, physicalInt64:
		size := 8
		if e.physical == physicalInt32 {
			size = 4
		}
		g := &gather[integer]{missing: integer{missing: true}, done: gatheredIntegers}
		g.integer = func(v int64) (integer, error) { return newInteger(v, size, e.unsigned) }
		g.plain = func(src []byte) (integer, []byte, error) {
			if len(src) < size {
				return integer{}, nil, damaged("a page ends too soon")
			}
			v, _ := bits(src, 0, uint(8*size))
			i, err := g.integer(int64(v))
			return i, src[size:], err
		}
		return g
	case physicalFloat:
		return &gather[float64]{missing: math.NaN(), done: gatheredFloats,
			plain: func(src []byte) (float64, []byte, error) {
				if len(src) < 4 {
					return 0, nil, damaged("a page ends too soon")
				}
				v := math.Float32frombits(binary.LittleEndian.Uint32(src))
				return float64(v), src[4:], nil
			}}
	case physicalDouble:
		return &gather[float64]{missing: math.NaN(), done: gatheredFloats,
			plain: func(src []byte) (float64, []byte, error) {
				if len(src) < 8 {
					return 0, nil, damaged("a page ends too soon")
				}
				return math.Float64frombits(binary.LittleEndian.Uint64(src)), src[8:], nil
			}}
	}
	return &gatherTexts{gather[string]{done: func(all []string) column { return texts(all) },
		plain: func(src []byte) (string, []byte, error) {
			taken, rest, err := withLength(src)
			if err != nil {
				return "", nil, err
			}
			s, err := newText(taken)
			return s, rest, err
		}}}
}

func gatheredIntegers(all []integer) column { return integers(all) }
func gatheredFloats(all []float64) column   { return floats(all) }

// newInteger is the integer of size bytes whose bits v has in its lower ones.
func newInteger(v int64, size int, unsigned bool) (integer, error) {
	switch {
	case size == 4 && unsigned:
		v = int64(uint32(v))
	case size == 4:
		v = int64(int32(v))
	case unsigned && v < 0:
		return integer{}, &unread{"of unsigned integers, some above 9223372036854775807; write " +
			"them as double or text"}
	}
	return integer{value: v}, nil
}

func newText(b []byte) (string, error) {
	if len(b) > maxCellBytes {
		return "", &unread{"of texts, some longer than " + strconv.Itoa(maxCellBytes) + " bytes"}
	}
	if !utf8.Valid(b) {
		return "", &unread{"of bytes that are not UTF-8 text; write numbers or text"}
	}
	return string(b), nil
}

func (g *gather[T]) column() column { return g.done(g.all) }

func (g *gather[T]) dictionaryPage(src []byte, n int64) error {
	if g.bits {
		return damaged("booleans have a dictionary")
	}
	if n > maxCells {
		return damaged("a dictionary of %d values", n)
	}
	g.dictionary = nil
	for ; n > 0; n-- {
		var v T
		var err error
		if v, src, err = g.plain(src); err != nil {
			return err
		}
		g.dictionary = append(g.dictionary, v)
	}
	return nil
}

func (g *gather[T]) page(encoding int64, src []byte, levels *hybrid, n int) error {
	next, err := g.values(encoding, src, n)
	if err != nil {
		return err
	}
	return g.gather(next, levels, n)
}

// gather appends n values.
func (g *gather[T]) gather(next func() (T, error), levels *hybrid, n int) error {
	for range n {
		if levels != nil {
			there, err := levels.next()
			if err != nil {
				return err
			}
			if there == 0 {
				g.all = append(g.all, g.missing)
				continue
			}
		}
		v, err := next()
		if err != nil {
			return err
		}
		g.all = append(g.all, v)
	}
	return nil
}

// Encodings of values.
const (
	encodingPlain            = 0
	encodingPlainDictionary  = 2 // the name of encodingDictionary in old files
	encodingRuns             = 3
	encodingDifferences      = 5
	encodingDifferentLengths = 6
	encodingDictionary       = 8
)

// values gives the values of a page one after the other; there are at most n.
func (g *gather[T]) values(encoding int64, src []byte, n int) (func() (T, error), error) {
	switch {
	case encoding == encodingPlain && g.bits:
		return g.lookup(&hybrid{width: 1, left: uint64(n), packed: src}), nil
	case encoding == encodingRuns && g.bits:
		runs, _, err := withLength(src)
		return g.lookup(&hybrid{rest: runs, width: 1}), err
	case encoding == encodingPlain:
		return func() (v T, err error) {
			v, src, err = g.plain(src)
			return v, err
		}, nil
	case encoding == encodingPlainDictionary || encoding == encodingDictionary:
		if len(src) == 0 { // all are missing
			return g.lookup(&hybrid{}), nil
		}
		const widest = 32
		if src[0] > widest {
			return nil, damaged("a page refers to its dictionary with %d bits", src[0])
		}
		return g.lookup(&hybrid{rest: src[1:], width: uint(src[0])}), nil
	case encoding == encodingDifferences && g.integer != nil:
		if len(src) == 0 { // all are missing
			return g.lookup(&hybrid{}), nil
		}
		d, err := newDelta(src, n)
		if err != nil {
			return nil, err
		}
		return func() (T, error) {
			v, err := d.next()
			if err != nil {
				var none T
				return none, err
			}
			return g.integer(v)
		}, nil
	}
	return nil, &unread{"encoded in a way that is not read; write the file with plain or " +
		"dictionary encoding"}
}

// lookup gives the dictionary's values that h refers to.
func (g *gather[T]) lookup(h *hybrid) func() (T, error) {
	return func() (T, error) {
		i, err := h.next()
		if err == nil && i >= uint64(len(g.dictionary)) {
			err = damaged("a page refers to value %d of a dictionary of %d", i, len(g.dictionary))
		}
		if err != nil {
			var none T
			return none, err
		}
		return g.dictionary[i], nil
	}
}

// gatherTexts also reads texts whose lengths are written before them all, as differences.
type gatherTexts struct{ gather[string] }

func (g *gatherTexts) page(encoding int64, src []byte, levels *hybrid, n int) error {
	if encoding != encodingDifferentLengths || len(src) == 0 {
		return g.gather.page(encoding, src, levels, n)
	}
	d, err := newDelta(src, n)
	if err != nil {
		return err
	}
	var lengths []int64
	for d.count > 0 {
		v, err := d.next()
		if err != nil {
			return err
		}
		lengths = append(lengths, v)
	}
	rest := d.rest
	return g.gather.gather(func() (string, error) {
		if len(lengths) == 0 || lengths[0] < 0 || lengths[0] > int64(len(rest)) {
			return "", damaged("a page ends too soon")
		}
		text, err := newText(rest[:lengths[0]])
		lengths, rest = lengths[1:], rest[lengths[0]:]
		return text, err
	}, levels, n)
}

// integers are cells of integers.
type integers []integer

func (c integers) len() int { return len(c) }

func (c integers) number(i int) (float64, string) {
	v := c[i].value
	switch x := float64(v); {
	case c[i].missing:
		return math.NaN(), ""
	case x == 1<<63 || int64(x) != v:
		return 0, strconv.FormatInt(v, 10) + ", which has more digits than a float64; measure " +
			"from a nearer origin, or use the column as text"
	default:
		return x, ""
	}
}

func (c integers) text(i int) (string, string) {
	if c[i].missing {
		return "", ""
	}
	return strconv.FormatInt(c[i].value, 10), ""
}

func (c integers) keep(rows []int) column { return pick(c, rows) }
