package accuracy_test

import (
	"math/big"

	"pullback/internal/lane"
	"pullback/ir"
)

// distance is |y - value| in units of the last place of y.
func (c calculator) distance(y lane.Value, value double) lane.Value {
	return c.units(c.minus(c.single(y), value), y)
}

// units is |error| in units of the last place of y, a normal number.
func (c calculator) units(error double, y lane.Value) lane.Value {
	e := c.Sub(c.number(52), c.Exponent(y))
	return c.Abs(c.Add(c.Scale(error.hi, e), c.Scale(error.lo, e)))
}

func (c calculator) exp(x []lane.Value, y lane.Value) lane.Value {
	return c.distance(y, c.power(c.single(x[0])))
}

func (c calculator) exp2(x []lane.Value, y lane.Value) lane.Value {
	return c.distance(y, c.power(c.times(c.constant(ln2()), c.single(x[0]))))
}

func (c calculator) expm1(x []lane.Value, y lane.Value) lane.Value {
	return c.distance(y, c.less1(c.single(x[0])))
}

func (c calculator) log(x []lane.Value, y lane.Value) lane.Value {
	return c.units(c.logError(c.single(x[0]), c.single(y)), y)
}

func (c calculator) log1p(x []lane.Value, y lane.Value) lane.Value {
	return c.units(c.logError(c.sum(c.number(1), x[0]), c.single(y)), y)
}

func (c calculator) log2(x []lane.Value, y lane.Value) lane.Value {
	e := c.logError(c.single(x[0]), c.times(c.constant(ln2()), c.single(y)))
	return c.units(c.over(e, c.constant(ln2())), y)
}

func (c calculator) pow(x []lane.Value, y lane.Value) lane.Value {
	// A logarithm of few digits, and then its error.
	start := c.Log(x[0])
	e := c.logError(c.single(x[0]), c.single(start))
	e = c.minus(e, c.scaled(c.times(e, e), c.number(-1)))
	log := c.plus(c.single(start), e)
	return c.distance(y, c.power(c.times(log, c.single(x[1]))))
}

func (c calculator) sin(x []lane.Value, y lane.Value) lane.Value {
	s, _ := c.sinCos(c.single(x[0]))
	return c.distance(y, s)
}

func (c calculator) cos(x []lane.Value, y lane.Value) lane.Value {
	_, s := c.sinCos(c.single(x[0]))
	return c.distance(y, s)
}

func (c calculator) tan(x []lane.Value, y lane.Value) lane.Value {
	s, o := c.sinCos(c.single(x[0]))
	return c.distance(y, c.over(s, o))
}

func (c calculator) asin(x []lane.Value, y lane.Value) lane.Value {
	s, o := c.sinCos(c.single(y))
	return c.units(c.over(c.minus(s, c.single(x[0])), o), y)
}

func (c calculator) acos(x []lane.Value, y lane.Value) lane.Value {
	// 1 - cos y = 2 sin(y/2)^2
	s, o := c.sinCos(c.single(c.Mul(y, c.number(0.5))))
	e := c.minus(c.scaled(c.times(s, s), c.number(1)), c.sum(c.number(1), c.Neg(x[0])))
	return c.units(c.over(e, c.scaled(c.times(s, o), c.number(1))), y)
}

func (c calculator) atan(x []lane.Value, y lane.Value) lane.Value {
	return c.atan2([]lane.Value{x[0], c.number(1)}, y)
}

func (c calculator) atan2(x []lane.Value, y lane.Value) lane.Value {
	s, o := c.sinCos(c.single(y))
	v, h := c.single(x[0]), c.single(x[1])
	e := c.minus(c.times(s, h), c.times(o, v))
	return c.units(c.over(e, c.plus(c.times(o, h), c.times(s, v))), y)
}

func (c calculator) sinh(x []lane.Value, y lane.Value) lane.Value {
	e := c.less1(c.single(c.Abs(x[0])))
	e = c.plus(e, c.over(e, c.plus(e, c.whole(1))))
	return c.distance(c.Mul(y, c.CopySign(c.number(1), x[0])), c.scaled(e, c.number(-1)))
}

func (c calculator) cosh(x []lane.Value, y lane.Value) lane.Value {
	e := c.power(c.single(c.Abs(x[0])))
	return c.distance(y, c.scaled(c.plus(e, c.over(c.whole(1), e)), c.number(-1)))
}

func (c calculator) tanh(x []lane.Value, y lane.Value) lane.Value {
	e := c.less1(c.single(c.Add(x[0], x[0])))
	return c.distance(y, c.over(e, c.plus(e, c.whole(2))))
}

func (c calculator) cbrt(x []lane.Value, y lane.Value) lane.Value {
	square := c.product(y, y)
	e := c.minus(c.times(square, c.single(y)), c.single(x[0]))
	return c.units(c.over(e, c.times(square, c.whole(3))), y)
}

func (c calculator) erf(x []lane.Value, y lane.Value) lane.Value {
	v, _ := c.errorFunction(x[0])
	return c.distance(y, v)
}

func (c calculator) erfinv(x []lane.Value, y lane.Value) lane.Value {
	v, slope := c.errorFunction(y)
	return c.units(c.over(c.minus(v, c.single(x[0])), slope), y)
}

// judged is the program of f on n points that stores its results and, for each, the error in units
// of the last place, of which it reduces the greatest.
func judged(f function, n int) (p *lane.Program, operands int) {
	b := lane.NewBuilder()
	operands = len(f.draw(source(0)))
	for range operands {
		b.Buffer(ir.Float64, n, false)
	}
	to, errors := b.Buffer(ir.Float64, n, true), b.Buffer(ir.Float64, n, true)
	b.Foreach(n, func(lane.Value) {
		var x []lane.Value
		for k := range operands {
			x = append(x, b.Load(lane.Contiguous(k, n), lane.None))
		}
		y := f.f(b, x)
		b.Store(lane.Contiguous(to, n), lane.None, y)
		b.Store(lane.Contiguous(errors, n), lane.None, f.ulps(calculator{b}, x, y))
	})
	return b.Program(), operands
}

func ln2() *big.Float { return bigLog(newBig(2)) }

func halfPi() *big.Float {
	p := bigPi()
	return p.Quo(p, newBig(2))
}

func twoOverRootPi() *big.Float {
	root := new(big.Float).SetPrec(precision).Sqrt(bigPi())
	return root.Quo(newBig(2), root)
}
