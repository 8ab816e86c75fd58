package data

// What a Parquet file says about itself, as far as flat tables need it. The numbers of fields and
// the codes are those of https://github.com/apache/parquet-format, parquet.thrift.

// description is the file's footer.
type description struct {
	rows   int64
	schema []element // the tree of columns in depth-first order, the root first
	groups []rowGroup
}

type element struct {
	name       string
	physical   int64 // a physical type
	repetition int64
	children   int64
	decimal    bool  // an integer to be divided by a power of ten
	scale      int64 // that power
	length     int64 // bytes of a value of fixed length
	unsigned   bool
	half       bool // a number of 16 bits
}

type rowGroup struct {
	rows   int64
	chunks []chunk // one for each leaf of the schema
}

// chunk is a column's part in a row group.
type chunk struct {
	physical   int64
	codec      int64
	values     int64
	size       int64 // compressed, with the headers of pages
	data       int64 // offset of the first data page in the file
	dictionary int64 // offset of the dictionary, 0 if there is none
	elsewhere  bool  // in another file, or encrypted
}

// Physical types.
const (
	physicalBoolean = iota
	physicalInt32
	physicalInt64
	physicalInt96
	physicalFloat
	physicalDouble
	physicalBytes
	physicalFixed
)

// Repetitions.
const (
	required = iota
	optional
	repeated
)

// readDescription reads a footer.
func readDescription(footer []byte) (description, error) {
	r := &compact{rest: footer}
	var d description
	r.structure(compactStruct, func(id int64, kind byte) {
		switch id {
		case 2:
			r.list(kind, func(kind byte) { d.schema = append(d.schema, r.element(kind)) })
		case 3:
			d.rows = r.integer(kind)
		case 4:
			r.list(kind, func(kind byte) { d.groups = append(d.groups, r.rowGroup(kind)) })
		default:
			r.skip(kind)
		}
	})
	return d, r.err
}

func (r *compact) element(kind byte) (e element) {
	const convertedDecimal, convertedUint8, convertedUint64 = 5, 11, 14
	r.structure(kind, func(id int64, kind byte) {
		switch id {
		case 1:
			e.physical = r.integer(kind)
		case 2:
			e.length = r.integer(kind)
		case 3:
			e.repetition = r.integer(kind)
		case 4:
			e.name = r.text(kind)
		case 5:
			e.children = r.integer(kind)
		case 6:
			c := r.integer(kind)
			e.decimal = e.decimal || c == convertedDecimal
			e.unsigned = e.unsigned || c >= convertedUint8 && c <= convertedUint64
		case 7:
			e.scale = r.integer(kind)
		case 10:
			r.logical(&e, kind)
		default:
			r.skip(kind)
		}
	})
	return e
}

// logical reads the logical type of an element, of which one field is set.
func (r *compact) logical(e *element, kind byte) {
	const logicalDecimal, logicalInteger, logicalFloat16 = 5, 10, 15
	r.structure(kind, func(id int64, kind byte) {
		e.decimal = e.decimal || id == logicalDecimal
		e.half = id == logicalFloat16
		if id != logicalDecimal && id != logicalInteger {
			r.skip(kind)
			return
		}
		r.structure(kind, func(field int64, kind byte) {
			switch {
			case id == logicalDecimal && field == 1:
				e.scale = r.integer(kind)
			case id == logicalInteger && field == 2: // whether it is signed
				e.unsigned = r.integer(kind) == 0
			default:
				r.skip(kind)
			}
		})
	})
}

func (r *compact) rowGroup(kind byte) (g rowGroup) {
	r.structure(kind, func(id int64, kind byte) {
		switch id {
		case 1:
			r.list(kind, func(kind byte) { g.chunks = append(g.chunks, r.chunk(kind)) })
		case 3:
			g.rows = r.integer(kind)
		default:
			r.skip(kind)
		}
	})
	return g
}

func (r *compact) chunk(kind byte) (c chunk) {
	r.structure(kind, func(id int64, kind byte) {
		switch id {
		case 1, 8: // another file's path; how it is encrypted
			c.elsewhere = true
			r.skip(kind)
		case 3:
			r.structure(kind, func(id int64, kind byte) {
				switch id {
				case 1:
					c.physical = r.integer(kind)
				case 4:
					c.codec = r.integer(kind)
				case 5:
					c.values = r.integer(kind)
				case 7:
					c.size = r.integer(kind)
				case 9:
					c.data = r.integer(kind)
				case 11:
					c.dictionary = r.integer(kind)
				default:
					r.skip(kind)
				}
			})
		default:
			r.skip(kind)
		}
	})
	return c
}

// pageHeader stands before each page.
type pageHeader struct {
	kind         int64
	uncompressed int64
	compressed   int64
	checksum     int64
	hasChecksum  bool
	values       int64 // with missing ones
	encoding     int64
	levels       int64 // encoding of the definition levels, version 1
	definition   int64 // length of the definition levels, version 2
	repetition   int64 // length of the repetition levels, version 2
	plain        bool  // not compressed although the chunk is, version 2
}

// Kinds of pages.
const (
	pageData       = 0
	pageIndex      = 1
	pageDictionary = 2
	pageData2      = 3
)

// pageHeader reads the header before a page.
func (r *compact) pageHeader() (h pageHeader) {
	r.structure(compactStruct, func(id int64, kind byte) {
		switch id {
		case 1:
			h.kind = r.integer(kind)
		case 2:
			h.uncompressed = r.integer(kind)
		case 3:
			h.compressed = r.integer(kind)
		case 4:
			h.checksum, h.hasChecksum = r.integer(kind), true
		case 5, 7: // a data page, a dictionary
			r.structure(kind, func(id int64, kind byte) {
				switch id {
				case 1:
					h.values = r.integer(kind)
				case 2:
					h.encoding = r.integer(kind)
				case 3:
					h.levels = r.integer(kind)
				default:
					r.skip(kind)
				}
			})
		case 8:
			r.structure(kind, func(id int64, kind byte) {
				switch id {
				case 1:
					h.values = r.integer(kind)
				case 4:
					h.encoding = r.integer(kind)
				case 5:
					h.definition = r.integer(kind)
				case 6:
					h.repetition = r.integer(kind)
				case 7:
					h.plain = r.integer(kind) == 0
				default:
					r.skip(kind)
				}
			})
		default:
			r.skip(kind)
		}
	})
	return h
}
