// Threefry2x32 in JAX's partitionable layout, and normals by the inverse error function with the
// coefficients of M. Giles, "Approximating the erfinv function" (GPU Computing Gems 2, 2011).
#include "anchors.h"
#include <string.h>

static key encrypt(key k, uint32_t x0, uint32_t x1) {
	const int rotations[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
	const uint32_t keys[3] = {k.high, k.low, k.high ^ k.low ^ 0x1BD11BDA};
	x0 += keys[0];
	x1 += keys[1];
	for (int group = 0; group < 5; group++) {
		for (int i = 0; i < 4; i++) {
			int r = rotations[group % 2][i];
			x0 += x1;
			x1 = (x1 << r | x1 >> (32 - r)) ^ x0;
		}
		x0 += keys[(group + 1) % 3];
		x1 += keys[(group + 2) % 3] + group + 1;
	}
	return (key){x0, x1};
}

key key_of(uint32_t seed) { return (key){0, seed}; }

key split(key k, uint32_t i) { return encrypt(k, 0, i); }

float sign(key k, uint32_t i) {
	key bits = encrypt(k, 0, i);
	return (bits.high ^ bits.low) >> 31 ? -1 : 1;
}

static real polynomial(real w, int n, const double *c) {
	real p = c[0];
	for (int i = 1; i < n; i++) p = p * w + (real)c[i];
	return p;
}
#define POLYNOMIAL(w, ...) \
	polynomial(w, sizeof((double[]){__VA_ARGS__}) / sizeof(double), (const double[]){__VA_ARGS__})

static real erfinv_single(real x, real w) {
	if (w < 5)
		return x * POLYNOMIAL(w - (real)2.5, 2.81022636e-08, 3.43273939e-07, -3.5233877e-06,
			-4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727,
			1.50140941);
	return x * POLYNOMIAL(sqrt(w) - 3, -0.000200214257, 0.000100950558, 0.00134934322,
		-0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682);
}

static real erfinv_double(real x, real w) {
	if (w < 6.25)
		return x * POLYNOMIAL(w - (real)3.125, -3.6444120640178196996e-21,
			-1.685059138182016589e-19, 1.2858480715256400167e-18, 1.115787767802518096e-17,
			-1.333171662854620906e-16, 2.0972767875968561637e-17, 6.6376381343583238325e-15,
			-4.0545662729752068639e-14, -8.1519341976054721522e-14, 2.6335093153082322977e-12,
			-1.2975133253453532498e-11, -5.4154120542946279317e-11, 1.051212273321532285e-09,
			-4.1126339803469836976e-09, -2.9070369957882005086e-08, 4.2347877827932403518e-07,
			-1.3654692000834678645e-06, -1.3882523362786468719e-05, 0.0001867342080340571352,
			-0.00074070253416626697512, -0.0060336708714301490533, 0.24015818242558961693,
			1.6536545626831027356);
	if (w < 16)
		return x * POLYNOMIAL(sqrt(w) - (real)3.25, 2.2137376921775787049e-09,
			9.0756561938885390979e-08, -2.7517406297064545428e-07, 1.8239629214389227755e-08,
			1.5027403968909827627e-06, -4.013867526981545969e-06, 2.9234449089955446044e-06,
			1.2475304481671778723e-05, -4.7318229009055733981e-05, 6.8284851459573175448e-05,
			2.4031110387097893999e-05, -0.0003550375203628474796, 0.00095328937973738049703,
			-0.0016882755560235047313, 0.0024914420961078508066, -0.0037512085075692412107,
			0.005370914553590063617, 1.0052589676941592334, 3.0838856104922207635);
	return x * POLYNOMIAL(sqrt(w) - 5, -2.7109920616438573243e-11, -2.5556418169965252055e-10,
		1.5076572693500548083e-09, -3.7894654401267369937e-09, 7.6157012080783393804e-09,
		-1.4960026627149240478e-08, 2.9147953450901080826e-08, -6.7711997758452339498e-08,
		2.2900482228026654717e-07, -9.9298272942317002539e-07, 4.5260625972231537039e-06,
		-1.9681778105531670567e-05, 7.5995277030017761139e-05, -0.00021503011930044477347,
		-0.00013871931833623122026, 1.0103004648645343977, 4.8499064014085844221);
}

real normal(key k, uint32_t i) {
	key bits = encrypt(k, 0, i);
	real unit; // in [1, 2)
	if (WIDE) {
		uint64_t u = ((uint64_t)bits.high << 32 | bits.low) >> 12 | (uint64_t)1023 << 52;
		memcpy(&unit, &u, sizeof unit);
	} else {
		uint32_t u = (bits.high ^ bits.low) >> 9 | (uint32_t)127 << 23;
		memcpy(&unit, &u, sizeof unit);
	}
	const real lowest = WIDE ? -1 + 0x1p-53 : -1 + 0x1p-24; // the float after -1
	real x = fma(unit - 1, 1 - lowest, lowest);
	x = x < lowest ? lowest : x;
	real w = -log1p(-x * x);
	return (real)M_SQRT2 * (WIDE ? erfinv_double(x, w) : erfinv_single(x, w));
}

real *normals(key k, int n) {
	real *x = array(n);
	for (int i = 0; i < n; i++) x[i] = normal(k, i);
	return x;
}
