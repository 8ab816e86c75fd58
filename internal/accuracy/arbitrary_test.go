package accuracy_test

import (
	"math"
	"math/big"
)

// The elementary functions to some hundred digits, by their series and with no care for speed.

const precision = 500

func newBig(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func empty() *big.Float { return new(big.Float).SetPrec(precision) }

func add(x, y *big.Float) *big.Float { return empty().Add(x, y) }
func sub(x, y *big.Float) *big.Float { return empty().Sub(x, y) }
func mul(x, y *big.Float) *big.Float { return empty().Mul(x, y) }
func quo(x, y *big.Float) *big.Float { return empty().Quo(x, y) }

// shift is x 2^n.
func shift(x *big.Float, n int) *big.Float { return empty().SetMantExp(x, n) }

// summed adds terms until they do not count.
func summed(first *big.Float, next func(n int, term *big.Float) *big.Float) *big.Float {
	sum, term := first, first
	for n := 1; ; n++ {
		term = next(n, term)
		if term.Sign() == 0 || term.MantExp(nil) < sum.MantExp(nil)-precision {
			return sum
		}
		sum = add(sum, term)
	}
}

func bigExp(x *big.Float) *big.Float {
	halvings := max(0, x.MantExp(nil)+20)
	r := shift(x, -halvings)
	y := summed(newBig(1), func(n int, term *big.Float) *big.Float {
		return quo(mul(term, r), newBig(float64(n)))
	})
	for range halvings {
		y = mul(y, y)
	}
	return y
}

// bigLog is by Halley's method.
func bigLog(x *big.Float) *big.Float {
	m := empty()
	e := x.MantExp(m)
	f, _ := m.Float64()
	y := newBig(math.Log(f) + float64(float64(e)*math.Ln2))
	for range 5 {
		z := bigExp(y)
		y = add(y, shift(quo(sub(x, z), add(x, z)), 1))
	}
	return y
}

// bigPi is by Machin's formula.
func bigPi() *big.Float {
	inverse := func(n float64) *big.Float { // arc tangent of 1/n
		power := quo(newBig(1), newBig(n))
		square := mul(power, power)
		sum := power
		for k := 1; k < precision; k++ {
			power = empty().Neg(mul(power, square))
			sum = add(sum, quo(power, newBig(float64(2*k+1))))
		}
		return sum
	}
	return shift(sub(shift(inverse(5), 2), inverse(239)), 2)
}

func bigSinCos(x *big.Float) (sin, cos *big.Float) {
	halfPi := shift(bigPi(), -1)
	half := newBig(math.Copysign(0.5, float64(x.Sign())))
	q, _ := add(quo(x, halfPi), half).Int(nil)
	r := sub(x, mul(empty().SetInt(q), halfPi))
	const halvings = 20
	r = shift(r, -halvings)
	square := mul(r, r)
	s := r
	if r.Sign() != 0 {
		s = summed(r, func(n int, term *big.Float) *big.Float {
			return quo(mul(term, square), newBig(-float64(2*n)*float64(2*n+1)))
		})
	}
	// versine = 1 - cos is kept, since near one a cosine has few digits of it.
	versine := sub(newBig(1), empty().Sqrt(sub(newBig(1), mul(s, s))))
	for range halvings {
		s, versine = shift(mul(s, sub(newBig(1), versine)), 1), shift(mul(s, s), 1)
	}
	c := sub(newBig(1), versine)
	switch new(big.Int).And(q, big.NewInt(3)).Int64() {
	case 1:
		return c, empty().Neg(s)
	case 2:
		return empty().Neg(s), empty().Neg(c)
	case 3:
		return empty().Neg(c), s
	}
	return s, c
}

func bigAtan(x *big.Float) *big.Float {
	const halvings = 20
	for range halvings {
		root := empty().Sqrt(add(newBig(1), mul(x, x)))
		x = quo(x, add(newBig(1), root))
	}
	if x.Sign() == 0 {
		return x
	}
	square, power := mul(x, x), x
	y := summed(x, func(n int, _ *big.Float) *big.Float {
		power = empty().Neg(mul(power, square))
		return quo(power, newBig(float64(2*n+1)))
	})
	return shift(y, halvings)
}

func bigErf(x *big.Float) *big.Float {
	square, power := mul(x, x), x
	y := summed(x, func(n int, _ *big.Float) *big.Float {
		power = quo(empty().Neg(mul(power, square)), newBig(float64(n)))
		return quo(power, newBig(float64(2*n+1)))
	})
	return mul(y, twoOverRootPi())
}

// exact is the value of a function.
func exact(name string, xs []float64) *big.Float {
	x, one := newBig(xs[0]), newBig(1)
	switch name {
	case "exp":
		return bigExp(x)
	case "exp2":
		return bigExp(mul(x, ln2()))
	case "expm1":
		return sub(bigExp(x), one)
	case "log":
		return bigLog(x)
	case "log1p":
		return bigLog(add(one, x))
	case "log2":
		return quo(bigLog(x), ln2())
	case "pow":
		return bigExp(mul(newBig(xs[1]), bigLog(x)))
	case "sin":
		s, _ := bigSinCos(x)
		return s
	case "cos":
		_, c := bigSinCos(x)
		return c
	case "tan":
		s, c := bigSinCos(x)
		return quo(s, c)
	case "asin":
		return bigAtan(quo(x, empty().Sqrt(mul(sub(one, x), add(one, x)))))
	case "acos":
		return shift(bigAtan(empty().Sqrt(quo(sub(one, x), add(one, x)))), 1)
	case "atan":
		return bigAtan(x)
	case "atan2":
		return bigAtan2(x, newBig(xs[1]))
	case "sinh":
		e := bigExp(x)
		return shift(sub(e, quo(one, e)), -1)
	case "cosh":
		e := bigExp(x)
		return shift(add(e, quo(one, e)), -1)
	case "tanh":
		e := bigExp(shift(x, 1))
		return quo(sub(e, one), add(e, one))
	case "cbrt":
		return bigRoot(x, xs[0])
	case "erf":
		return bigErf(x)
	}
	return bigErfInv(x, xs[0])
}

func bigAtan2(y, x *big.Float) *big.Float {
	a := bigAtan(quo(y, x))
	switch {
	case x.Sign() > 0:
		return a
	case y.Sign() < 0:
		return sub(a, bigPi())
	}
	return add(a, bigPi())
}

func bigRoot(x *big.Float, near float64) *big.Float {
	y := newBig(math.Cbrt(near))
	for range 5 {
		square := mul(y, y)
		y = sub(y, quo(sub(mul(square, y), x), mul(square, newBig(3))))
	}
	return y
}

func bigErfInv(x *big.Float, near float64) *big.Float {
	y := newBig(math.Erfinv(near))
	for range 5 {
		slope := mul(twoOverRootPi(), bigExp(empty().Neg(mul(y, y))))
		y = sub(y, quo(sub(bigErf(y), x), slope))
	}
	return y
}
