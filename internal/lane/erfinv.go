package lane

import (
	"math"

	"pullback/ir"
)

// ErfInv is the inverse of Erf: ±Inf at ±1 and NaN beyond. As Giles found ("Approximating the
// erfinv function", GPU Computing Gems 2, 2011), erfinv(x)/x is smooth in w = -log(1-x^2), and
// for large w in its root; the polynomials here are our own. Float32 computes in Float64.
func (b *Builder) ErfInv(x Value) Value {
	wide := ir.Float64
	v := b.Convert(wide, x)
	one := b.Float(wide, 1)
	var y Value
	if b.Type(x) == ir.Float32 {
		y = b.erfInvShort(v)
	} else {
		y = b.erfInvLong(v)
	}
	size := b.Abs(v)
	y = b.Select(b.Equal(size, one), b.infinity(wide), y)
	y = b.Select(b.Less(one, size), b.Float(wide, math.NaN()), y)
	return b.Convert(b.Type(x), b.CopySign(y, v))
}

func (b *Builder) erfInvShort(x Value) Value {
	t := ir.Float64
	w := b.Neg(b.logShort(b.FMA(b.Neg(x), x, b.Float(t, 1))))
	// Relative errors 2^-30 and 2^-29. The greatest Float32 below 1 has w = 15.9.
	central := b.horner(b.Sub(w, b.Float(t, 3.125)), 1.6536545623611387, 0.24015817875231882,
		-0.006033668687299043, -0.0007406916552099884, 0.00018673188272490347,
		-1.3891785000931821e-05, -1.3646156879106172e-06, 4.269019047026843e-07,
		-2.9195997680899837e-08, -4.744234392341627e-09, 1.0578817727807766e-09,
		5.3716503497773594e-12, -1.330219074062287e-11)
	tail := b.horner(b.Sub(b.Sqrt(w), b.Float(t, 3.25)), 3.083885606073347, 1.0052589845257764,
		0.005371312610199149, -0.003751655707999531, 0.0024856969097654933,
		-0.0016848557740338633, 0.0009824638667956804, -0.0003660965329533806,
		-3.7276949371169596e-05, 8.525334382825229e-05)
	return b.Mul(x, b.Select(b.Less(w, b.Float(t, 6.25)), central, tail))
}

// erfInvLong has relative errors below 2^-58 in its polynomials. The centres of their expansions
// are near the middles of the intervals, and such that the constant terms, which make up most of
// the result, are doubles to within 2^-63.
func (b *Builder) erfInvLong(x Value) Value {
	t := ir.Float64
	k, m := b.binade(b.FMA(b.Neg(x), x, b.Float(t, 1)))
	w, wLow := b.fastTwoSum(b.logParts(k, b.Sub(m, b.Float(t, 1)), None))
	w, wLow = b.Neg(w), b.Neg(wLow)
	central := b.timesSeries(x, b.Sub(w, b.Float(t, 3.124765396118164)), 1.6535982203091735,
		0.24016101334849244, -0.006033149494689738, -0.0007408777760750152,
		0.00018675049136191165, -1.3880600839379602e-05, -1.3661646695212071e-06,
		4.235333705030673e-07, -2.906170462420419e-08, -4.115128126238903e-09,
		1.0513627975832877e-09, -5.410582079531938e-11, -1.2986732915972762e-11,
		2.6305733361245526e-12, -8.060178355052362e-14, -3.9996049966581414e-14,
		6.525304001829322e-15, -4.617412626175973e-17, -1.226356434244509e-16,
		1.6240578058036486e-17, 6.371577984665253e-19, -3.945867731718583e-19,
		1.888255987978292e-20, 4.950796700467572e-21, -3.406300484839182e-22,
		-2.87479045150088e-23)
	// One number in a thousand is in the tail.
	s := b.Unless(b.Less(w, b.Float(t, 6.25)), []Value{central},
		func() []Value { return []Value{b.erfInvTail(x, w, wLow)} })
	return s[0]
}

// erfInvTail is erfInvLong for w + wLow >= 6.25; at 1-2^-53, w is 36.04. The result is nearly
// the root of w, which is therefore corrected by its remainder.
func (b *Builder) erfInvTail(x, w, wLow Value) Value {
	t := ir.Float64
	root := b.Sqrt(w)
	low := b.Div(b.Add(b.FMA(b.Neg(root), root, w), wLow), b.Add(root, root))
	middle := b.timesSeries(x, b.Add(b.Sub(root, b.Float(t, 3.2498159408569336)), low),
		3.083700583570045, 1.0052569901809951, 0.005372986392757453, -0.003753043371085812,
		0.002492996295219028, -0.0016893285577161766, 0.0009537467997802994,
		-0.0003550731166937977, 2.3918323436575954e-05, 6.837424160650351e-05,
		-4.734592680704583e-05, 1.2458529192868201e-05, 2.942177864320301e-06,
		-3.989497181624071e-06, 1.4815358257504555e-06, -2.6931769578461274e-08,
		-2.457117493301413e-07, 1.3168615747980924e-07, -2.1020794946227514e-08,
		-1.5343918565741887e-08, 7.735271997356291e-09)
	far := b.timesSeries(x, b.Add(b.Sub(root, b.Float(t, 4.999762535095215)), low),
		4.849666490497071, 1.0103005307101038, -0.00013856610634449217, -0.0002151023157431171,
		7.601865057166104e-05, -1.968822106767845e-05, 4.527703575025141e-06,
		-9.93460603398905e-07, 2.2919721364826061e-07, -6.764232415368226e-08,
		2.9058573972043633e-08, -1.5234536866322347e-08, 7.8322696254104e-09,
		-3.5404922867108256e-09, 1.3172680103628295e-09, -3.794153674880773e-10,
		6.962805407695671e-11, 1.4080269506944427e-11, -2.045850204123454e-11,
		6.022829036132023e-12)
	return b.Select(b.Less(root, b.Float(t, 4)), middle, far)
}

// timesSeries is x times horner(v, c...), with the sum's and the product's roundings in one.
func (b *Builder) timesSeries(x, v Value, c ...float64) Value {
	first := b.Float(b.Type(v), c[0])
	p := b.horner(v, c[1:]...)
	sum := b.FMA(p, v, first)
	rest := b.FMA(p, v, b.Sub(first, sum))
	return b.FMA(x, sum, b.Mul(x, rest))
}
