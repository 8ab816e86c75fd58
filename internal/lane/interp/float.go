package interp

import (
	"math"

	"pullback/internal/lane"
)

// floatOp is the op of a code on floats alone, nil if there is none here. What float64 gives
// exactly, or, as sqrt, with more than twice the bits of float32, serves both.
func floatOp[T lane.Float](code lane.Code) op {
	switch code {
	case lane.Div:
		return div[T]
	case lane.Abs:
		return magnitude[T]
	case lane.Sqrt:
		return sqrt[T]
	case lane.Round:
		return round[T]
	case lane.Floor:
		return floor[T]
	case lane.Ceil:
		return ceil[T]
	case lane.Trunc:
		return trunc[T]
	case lane.Exponent:
		return exponent[T]
	case lane.Mantissa:
		return mantissa[T]
	case lane.Scale:
		return scale[T]
	case lane.CopySign:
		return copySign[T]
	}
	return numberOp[T](code)
}

// div is Div.
func div[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a[k] / b[k]
		}
	case 1:
		a, b := lanes[T](f, i.in[0], 1)[0], lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = a / b[k]
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = a[k] / b
		}
	}
}

// magnitude is Abs.
func magnitude[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = T(math.Abs(float64(a[k])))
	}
}

// sqrt is Sqrt.
func sqrt[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = T(math.Sqrt(float64(a[k])))
	}
}

// round is Round.
func round[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = T(math.RoundToEven(float64(a[k])))
	}
}

// floor is Floor.
func floor[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = T(math.Floor(float64(a[k])))
	}
}

// ceil is Ceil.
func ceil[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = T(math.Ceil(float64(a[k])))
	}
}

// trunc is Trunc.
func trunc[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = T(math.Trunc(float64(a[k])))
	}
}

// exponent is Exponent.
func exponent[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = T(lane.Exponent64(float64(a[k])))
	}
}

// mantissa is Mantissa.
func mantissa[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
	for k := range d {
		d[k] = T(lane.Mantissa64(float64(a[k])))
	}
}

// scale is Scale.
func scale[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = T(lane.Scale64(float64(a[k]), float64(b[k])))
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = T(lane.Scale64(float64(a[k]), float64(b)))
		}
	}
}

// copySign is CopySign.
func copySign[T lane.Float](f *frame, i *instr) {
	n := f.count[i.block&1]
	d := lanes[T](f, i.out, n)
	switch i.form {
	case 0:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], n)
		for k := range d {
			d[k] = T(math.Copysign(float64(a[k]), float64(lane.CanonicalNaN(b[k]))))
		}
	case 2:
		a, b := lanes[T](f, i.in[0], n), lanes[T](f, i.in[1], 1)[0]
		for k := range d {
			d[k] = T(math.Copysign(float64(a[k]), float64(lane.CanonicalNaN(b))))
		}
	}
}

// fma64 is FMA of float64: the first operand is never uniform alone.
func fma64(f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[float64](f, i.out, n), lanes[float64](f, i.in[0], n)
	switch i.form {
	case 0:
		b, c := lanes[float64](f, i.in[1], n), lanes[float64](f, i.in[2], n)
		for k := range d {
			d[k] = math.FMA(a[k], b[k], c[k])
		}
	case 2:
		b, c := lanes[float64](f, i.in[1], 1)[0], lanes[float64](f, i.in[2], n)
		for k := range d {
			d[k] = math.FMA(a[k], b, c[k])
		}
	case 4:
		b, c := lanes[float64](f, i.in[1], n), lanes[float64](f, i.in[2], 1)[0]
		for k := range d {
			d[k] = math.FMA(a[k], b[k], c)
		}
	case 6:
		b, c := lanes[float64](f, i.in[1], 1)[0], lanes[float64](f, i.in[2], 1)[0]
		for k := range d {
			d[k] = math.FMA(a[k], b, c)
		}
	}
}

// fma32 is FMA of float32.
func fma32(f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[float32](f, i.out, n), lanes[float32](f, i.in[0], n)
	switch i.form {
	case 0:
		b, c := lanes[float32](f, i.in[1], n), lanes[float32](f, i.in[2], n)
		for k := range d {
			s := float64(float64(a[k])*float64(b[k])) + float64(c[k])
			x := float32(s)
			if lane.Doubtful32(s) {
				x = lane.FMA32(a[k], b[k], c[k])
			}
			d[k] = x
		}
	case 2:
		b, c := lanes[float32](f, i.in[1], 1)[0], lanes[float32](f, i.in[2], n)
		for k := range d {
			s := float64(float64(a[k])*float64(b)) + float64(c[k])
			x := float32(s)
			if lane.Doubtful32(s) {
				x = lane.FMA32(a[k], b, c[k])
			}
			d[k] = x
		}
	case 4:
		b, c := lanes[float32](f, i.in[1], n), lanes[float32](f, i.in[2], 1)[0]
		for k := range d {
			s := float64(float64(a[k])*float64(b[k])) + float64(c)
			x := float32(s)
			if lane.Doubtful32(s) {
				x = lane.FMA32(a[k], b[k], c)
			}
			d[k] = x
		}
	case 6:
		b, c := lanes[float32](f, i.in[1], 1)[0], lanes[float32](f, i.in[2], 1)[0]
		for k := range d {
			s := float64(float64(a[k])*float64(b)) + float64(c)
			x := float32(s)
			if lane.Doubtful32(s) {
				x = lane.FMA32(a[k], b, c)
			}
			d[k] = x
		}
	}
}
