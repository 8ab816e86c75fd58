// Maximum likelihood from 50 observed prices, by Adam and by BFGS with halved steps (Nocedal and
// Wright, Numerical Optimization, 2006, algorithms 6.1 and 3.1).
#include "anchors.h"

enum { OBSERVATIONS = 50 };
static const real sigma = 0.01;

static real neg_log_likelihood(pair p, const real *prices, pair *gradient) {
	pair slope;
	real price = equilibrium_slope(p, &slope), sum = 0, squares = 0;
	for (int i = 0; i < OBSERVATIONS; i++) {
		real r = (prices[i] - price) / sigma;
		sum += r, squares += r * r;
	}
	*gradient = (pair){-sum / sigma * slope.cd, -sum / sigma * slope.cs};
	return OBSERVATIONS * log(2 * (real)M_PI * sigma * sigma) / 2 + squares / 2;
}

static pair adam_from(pair p, const real *prices) {
	real x[2] = {p.cd, p.cs}, mean[2] = {0}, square[2] = {0};
	for (int t = 1; t <= 100; t++) {
		pair slope;
		neg_log_likelihood((pair){x[0], x[1]}, prices, &slope);
		const real g[2] = {slope.cd, slope.cs};
		for (int i = 0; i < 2; i++) {
			mean[i] = (real)0.9 * mean[i] + (real)0.1 * g[i];
			square[i] = (real)0.999 * square[i] + (real)0.001 * g[i] * g[i];
			real m = mean[i] / (1 - pow((real)0.9, (real)t));
			real s = square[i] / (1 - pow((real)0.999, (real)t));
			x[i] -= (real)0.01 * m / (sqrt(s) + (real)1e-8);
		}
	}
	return (pair){x[0], x[1]};
}

static int small(real change, real x) { return fabs(change) <= (real)1e-6 * (1 + fabs(x)); }

// minimum is the least value found.
static real minimum(pair p, const real *prices) {
	pair g;
	real f = neg_log_likelihood(p, prices, &g);
	real scale = 1 / hypot(g.cd, g.cs), a = scale, b = 0, c = scale; // the inverse Hessian
	for (int steps = 0; steps < 100; steps++) {
		pair d = {-(a * g.cd + b * g.cs), -(b * g.cd + c * g.cs)}, next, h;
		real slope = g.cd * d.cd + g.cs * d.cs, value = f, t = 1;
		for (int halvings = 0; halvings < 60; halvings++, t /= 2) {
			next = (pair){p.cd + t * d.cd, p.cs + t * d.cs};
			value = neg_log_likelihood(next, prices, &h);
			if (value <= f + (real)1e-4 * t * slope) break; // not if NaN
		}
		real s0 = next.cd - p.cd, s1 = next.cs - p.cs, y0 = h.cd - g.cd, y1 = h.cs - g.cs;
		int done = small(s0, p.cd) && small(s1, p.cs) && small(value - f, f);
		p = next, g = h, f = value;
		if (done) break;
		real sy = s0 * y0 + s1 * y1;
		if (sy > 0) {
			real u0 = a * y0 + b * y1, u1 = b * y0 + c * y1; // the inverse Hessian times y
			real q = (1 + (y0 * u0 + y1 * u1) / sy) / sy;
			a += q * s0 * s0 - 2 * s0 * u0 / sy;
			b += q * s0 * s1 - (s0 * u1 + s1 * u0) / sy;
			c += q * s1 * s1 - 2 * s1 * u1 / sy;
		}
	}
	return f;
}

static int n;
static real *prices, *least;
static pair fitted;

static void observe(key k, int samples) {
	n = samples;
	least = array(n);
	prices = normals(k, n * OBSERVATIONS);
	real price = equilibrium((pair){.5, .15});
	for (int i = 0; i < n * OBSERVATIONS; i++) prices[i] = price + prices[i] * sigma;
}

static const pair start = {.6, .18};

static void open_one(int shrink) { observe(split(key_of(42), 1), 1); }

static void open_batch(int shrink) { observe(key_of(1), 10000 / shrink); }

static void bfgs(void) { least[0] = minimum(start, prices); }

static int one_value(double *out) { return *out = least[0], 1; }

static void adam(void) { fitted = adam_from(start, prices); }

static int parameters(double *out) { return out[0] = fitted.cd, out[1] = fitted.cs, 2; }

static void bfgs_batch(void) {
#pragma omp parallel for schedule(dynamic, 16)
	for (int i = 0; i < n; i++) least[i] = minimum(start, prices + i * OBSERVATIONS);
}

// outcomes begins with how many reached the least value that there is, where the price is the mean.
static int outcomes(double *out) {
	*out = 0;
	for (int i = 0; i < n; i++) {
		const real *x = prices + i * OBSERVATIONS;
		double mean = 0, squares = 0;
		for (int j = 0; j < OBSERVATIONS; j++) mean += x[j] / OBSERVATIONS;
		for (int j = 0; j < OBSERVATIONS; j++) squares += (x[j] - mean) * (x[j] - mean);
		double best = squares / sigma / sigma / 2;
		best += OBSERVATIONS * log(2 * M_PI * sigma * sigma) / 2;
		*out += least[i] - best < 0.01;
	}
	return 1 + summary(least, n, out + 1);
}

const workload estimation[] = {
	{"bfgs", open_one, bfgs, one_value},
	{"adam", open_one, adam, parameters},
	{"bfgs_batch", open_batch, bfgs_batch, outcomes},
	{0},
};
