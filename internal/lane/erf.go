package lane

import "pullback/ir"

// Erf is the error function, 2/sqrt(pi) times the integral of e^(-u^2) from 0 to x.
func (b *Builder) Erf(x Value) Value {
	t := b.Type(x)
	a := b.Abs(x)
	z := b.Mul(x, x)
	// Up to boundary, x + x P(x^2); beyond it 1 - e^L(x), L the polynomial of log(1 - erf),
	// expanded near 1, where what e^L loses still counts (for Float32 at a point where L is a
	// float32 to 11 more bits). At 6 (Float64) or 4 the result is 1.
	var small, large Value
	boundary := 1.0
	if t == ir.Float32 {
		boundary = 0.875
		small = b.horner(z, 0.12837917, -0.37612632, 0.11283684, -0.026859246, 0.005201486,
			-0.00081549864, 8.446753e-05)
		large = b.horner(b.Sub(b.Min(a, b.Float(t, 4)), b.Float(t, 1.0556640625)), -1.9991206,
			-2.7332087, -0.84986454, -0.039384853, 0.009490538, -0.0019060888, 0.00027591424,
			-2.079886e-05)
	} else {
		small = b.horner(z, 0.12837916709551256, -0.37612638903183454, 0.11283791670942442,
			-0.02686617064289931, 0.005223977604689966, -0.0008548325870703971,
			0.00012055292035174393, -1.4924685750072198e-05, 1.6446833684025832e-06,
			-1.6204216644959769e-07, 1.370256913134439e-08, -7.764805895007783e-10)
		large = b.horner(b.Sub(b.Min(a, b.Float(t, 6)), b.Float(t, 1)), -1.8496055099332482,
			-2.6389675142347904, -0.8431072563586063, -0.04156109804289497, 0.010033825383799166,
			-0.001977902618657484, 0.00023732266496094296, 2.627741051863451e-05,
			-2.7158262973798465e-05, 9.607755628773553e-06, -2.058619048549794e-06,
			1.4200175830739585e-07, 9.80453735355186e-08, -5.224989461273121e-08,
			1.4977746320680482e-08, -2.8788019227907187e-09, 3.7046146327855096e-10,
			-2.9015722184821985e-11, 1.04734172125836e-12)
	}
	small = b.FMA(x, small, x)
	large = b.Sub(b.Float(t, 1), b.Exp(large))
	return b.Select(b.Less(a, b.Float(t, boundary)), small, b.CopySign(large, x))
}
