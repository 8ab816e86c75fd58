package lane

import "pullback/ir"

// ErfInvXLA is the inverse error function as XLA computes it, for random numbers that agree with
// JAX's: less accurate than ErfInv (some 2^-20 relative in Float32). Coefficients and order are
// those of M. Giles, "Approximating the erfinv function" (GPU Computing Gems 2, 2011).
func (b *Builder) ErfInvXLA(x Value) Value {
	w := b.Neg(b.log1pXLA(b.Mul(b.Neg(x), x)))
	t := b.Type(x)
	var p Value
	if t == ir.Float32 {
		p = b.gilesSingle(w)
	} else {
		p = b.gilesDouble(w)
	}
	p = b.Select(b.Equal(b.Abs(x), b.Float(t, 1)), b.infinity(t), p)
	return b.Mul(p, x)
}

// log1pXLA is XLA's log1p: for |x| < sqrt 2 - 1 the rational function of Cephes, which is meant
// for x >= sqrt(1/2) - 1 and is off by up to 2^-46 below that, where the random numbers feel it.
func (b *Builder) log1pXLA(x Value) Value {
	t := b.Type(x)
	n := b.horner(x, 2.0039553499201281259648e1, 5.7112963590585538103336e1,
		6.0949667980987787057556e1, 2.9911919328553073277375e1, 6.5787325942061044846969e0,
		4.9854102823193375972212e-1, 4.5270000862445199635215e-5)
	d := b.horner(x, 6.0118660497603843919306e1, 2.1642788614495947685003e2,
		3.0909872225312059774938e2, 2.2176239823732856465394e2, 8.3047565967967209469434e1,
		1.5062909083469192043167e1, 1)
	square := b.Mul(x, x)
	y := b.Mul(b.Mul(x, square), b.Div(n, d))
	small := b.Add(x, b.FMA(square, b.Float(t, -0.5), y))
	large := b.Log(b.Add(x, b.Float(t, 1)))
	return b.Select(b.Less(b.Abs(x), b.Float(t, 0x1.a827999fcef32p-2)), small, large)
}

// giles is the polynomial with coefficients c, the highest first, at w - centre.
func (b *Builder) giles(w Value, centre float64, c ...float64) Value {
	t := b.Type(w)
	w = b.Sub(w, b.Float(t, centre))
	p := b.Float(t, c[0])
	for _, c := range c[1:] {
		p = b.FMA(p, w, b.Float(t, c))
	}
	return p
}

func (b *Builder) gilesSingle(w Value) Value {
	central := b.giles(w, 2.5, 2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06,
		0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941)
	tail := b.giles(b.Sqrt(w), 3, -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844,
		0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682)
	return b.Select(b.Less(w, b.Float(ir.Float32, 5)), central, tail)
}

func (b *Builder) gilesDouble(w Value) Value {
	t := ir.Float64
	central := b.giles(w, 3.125, -3.6444120640178196996e-21, -1.685059138182016589e-19,
		1.2858480715256400167e-18, 1.115787767802518096e-17, -1.333171662854620906e-16,
		2.0972767875968561637e-17, 6.6376381343583238325e-15, -4.0545662729752068639e-14,
		-8.1519341976054721522e-14, 2.6335093153082322977e-12, -1.2975133253453532498e-11,
		-5.4154120542946279317e-11, 1.051212273321532285e-09, -4.1126339803469836976e-09,
		-2.9070369957882005086e-08, 4.2347877827932403518e-07, -1.3654692000834678645e-06,
		-1.3882523362786468719e-05, 0.0001867342080340571352, -0.00074070253416626697512,
		-0.0060336708714301490533, 0.24015818242558961693, 1.6536545626831027356)
	root := b.Sqrt(w)
	middle := b.giles(root, 3.25, 2.2137376921775787049e-09, 9.0756561938885390979e-08,
		-2.7517406297064545428e-07, 1.8239629214389227755e-08, 1.5027403968909827627e-06,
		-4.013867526981545969e-06, 2.9234449089955446044e-06, 1.2475304481671778723e-05,
		-4.7318229009055733981e-05, 6.8284851459573175448e-05, 2.4031110387097893999e-05,
		-0.0003550375203628474796, 0.00095328937973738049703, -0.0016882755560235047313,
		0.0024914420961078508066, -0.0037512085075692412107, 0.005370914553590063617,
		1.0052589676941592334, 3.0838856104922207635)
	far := b.giles(root, 5, -2.7109920616438573243e-11, -2.5556418169965252055e-10,
		1.5076572693500548083e-09, -3.7894654401267369937e-09, 7.6157012080783393804e-09,
		-1.4960026627149240478e-08, 2.9147953450901080826e-08, -6.7711997758452339498e-08,
		2.2900482228026654717e-07, -9.9298272942317002539e-07, 4.5260625972231537039e-06,
		-1.9681778105531670567e-05, 7.5995277030017761139e-05, -0.00021503011930044477347,
		-0.00013871931833623122026, 1.0103004648645343977, 4.8499064014085844221)
	tail := b.Select(b.Less(w, b.Float(t, 16)), middle, far)
	return b.Select(b.Less(w, b.Float(t, 6.25)), central, tail)
}
