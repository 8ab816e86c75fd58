package accuracy_test

import (
	"math/big"

	"pullback/internal/lane"
	"pullback/ir"
)

// calculator builds arithmetic of numbers in two float64, their unevaluated sum, with some 104
// correct bits. It stands beside the functions that are tested and has nothing of theirs but the
// operations of single floats.
type calculator struct{ *lane.Builder }

// double is hi + lo, |lo| at most half an ulp of hi.
type double struct{ hi, lo lane.Value }

func (c calculator) number(x float64) lane.Value { return c.Float(ir.Float64, x) }

func (c calculator) single(x lane.Value) double { return double{x, c.number(0)} }

// constant is a number to the precision of a double.
func (c calculator) constant(x *big.Float) double {
	hi, _ := x.Float64()
	lo, _ := new(big.Float).SetPrec(500).Sub(x, big.NewFloat(hi)).Float64()
	return double{c.number(hi), c.number(lo)}
}

func (c calculator) whole(x float64) double { return c.single(c.number(x)) }

// sum is exact (Knuth).
func (c calculator) sum(x, y lane.Value) double {
	s := c.Add(x, y)
	v := c.Sub(s, x)
	return double{s, c.Add(c.Sub(x, c.Sub(s, v)), c.Sub(y, v))}
}

// normal makes the low part small again.
func (c calculator) normal(hi, lo lane.Value) double {
	s := c.Add(hi, lo)
	return double{s, c.Sub(lo, c.Sub(s, hi))}
}

// product is exact.
func (c calculator) product(x, y lane.Value) double {
	p := c.Mul(x, y)
	return double{p, c.FMA(x, y, c.Neg(p))}
}

func (c calculator) plus(x, y double) double {
	s, e := c.sum(x.hi, y.hi), c.sum(x.lo, y.lo)
	s = c.normal(s.hi, c.Add(s.lo, e.hi))
	return c.normal(s.hi, c.Add(s.lo, e.lo))
}

func (c calculator) minus(x, y double) double { return c.plus(x, c.neg(y)) }

func (c calculator) neg(x double) double { return double{c.Neg(x.hi), c.Neg(x.lo)} }

func (c calculator) times(x, y double) double {
	p := c.product(x.hi, y.hi)
	return c.normal(p.hi, c.Add(p.lo, c.FMA(x.hi, y.lo, c.Mul(x.lo, y.hi))))
}

func (c calculator) over(x, y double) double {
	q := c.Div(x.hi, y.hi)
	rest := c.minus(x, c.times(y, c.single(q)))
	r := c.Div(rest.hi, y.hi)
	rest = c.minus(rest, c.times(y, c.single(r)))
	s := c.normal(q, r)
	return c.normal(s.hi, c.Add(s.lo, c.Div(rest.hi, y.hi)))
}

func (c calculator) scaled(x double, n lane.Value) double {
	return double{c.Scale(x.hi, n), c.Scale(x.lo, n)}
}

func (c calculator) choose(cond lane.Value, x, y double) double {
	return double{c.Select(cond, x.hi, y.hi), c.Select(cond, x.lo, y.lo)}
}

// series is the polynomial with terms x^k/k! for k in a sequence, over the first of these powers.
func (c calculator) series(x double, sign float64, ks ...int64) double {
	term := func(k int) double {
		f := new(big.Float).SetPrec(300).SetInt(new(big.Int).MulRange(1, max(ks[k], 1)))
		f.Quo(big.NewFloat(1).SetPrec(300), f)
		if k%2 == 1 && sign < 0 {
			f.Neg(f)
		}
		return c.constant(f)
	}
	y := term(len(ks) - 1)
	for k := len(ks) - 2; k >= 0; k-- {
		y = c.plus(c.times(y, x), term(k))
	}
	return y
}

// exponential is e^x = 2^k (1+p). The relative error of p is small too.
func (c calculator) exponential(x double) (k lane.Value, p double) {
	k = c.Round(c.Mul(x.hi, c.number(1.4426950408889634)))
	r := c.minus(x, c.times(c.constant(ln2()), c.single(k)))
	// e^(r/256) - 1, squared eight times: (1+p)^2 - 1 = 2p + p^2.
	r = c.scaled(r, c.number(-8))
	p = c.times(r, c.series(r, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
	for range 8 {
		p = c.plus(c.scaled(p, c.number(1)), c.times(p, p))
	}
	return k, p
}

// power is e^x.
func (c calculator) power(x double) double {
	k, p := c.exponential(x)
	return c.scaled(c.plus(c.whole(1), p), k)
}

// less1 is e^x - 1.
func (c calculator) less1(x double) double {
	k, p := c.exponential(x)
	s := c.sum(c.Scale(c.number(1), k), c.number(-1))
	return c.plus(s, c.scaled(p, k))
}

// logError is x e^-y - 1, which is log x - y up to its square, and small relative to y too.
func (c calculator) logError(x, y double) double {
	k, p := c.exponential(c.neg(y))
	x = c.scaled(x, k)
	return c.plus(c.plus(x, c.whole(-1)), c.times(x, p))
}

// sinCos is for |x| up to 2^21.
func (c calculator) sinCos(x double) (sin, cos double) {
	q := c.Round(c.Mul(x.hi, c.number(0.6366197723675814)))
	rest := halfPi()
	r := x
	for range 4 {
		part, _ := rest.Float64()
		rest = new(big.Float).SetPrec(500).Sub(rest, big.NewFloat(part))
		r = c.minus(r, c.product(q, c.number(part)))
	}
	z := c.times(r, r)
	s := c.times(r, c.series(z, -1, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27))
	o := c.series(z, -1, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28)
	quadrant := c.And(c.Convert(ir.Int64, q), c.Int(ir.Int64, 3))
	odd := c.NotEqual(c.And(quadrant, c.Int(ir.Int64, 1)), c.Int(ir.Int64, 0))
	high := c.LessEqual(c.Int(ir.Int64, 2), quadrant)
	sin, cos = c.choose(odd, o, s), c.choose(odd, s, o)
	return c.choose(high, c.neg(sin), sin), c.choose(c.Xor(odd, high), c.neg(cos), cos)
}

// errorFunction is 2/sqrt(pi) e^-x^2 times the sum of 2^n x^(2n+1) / (1·3·…·(2n+1)), |x| < 6.
func (c calculator) errorFunction(x lane.Value) (erf, slope double) {
	square := c.product(x, x)
	slope = c.times(c.constant(twoOverRootPi()), c.power(c.neg(square)))
	twice := c.scaled(square, c.number(1))
	start := []lane.Value{x, c.number(0), x, c.number(0)}
	s := c.For(160, start, func(n lane.Value, s []lane.Value) []lane.Value {
		odd := c.FMA(c.Convert(ir.Float64, n), c.number(2), c.number(3))
		term := c.over(c.times(double{s[0], s[1]}, twice), c.single(odd))
		sum := c.plus(double{s[2], s[3]}, term)
		return []lane.Value{term.hi, term.lo, sum.hi, sum.lo}
	})
	return c.times(double{s[2], s[3]}, slope), slope
}
