// The equilibrium of demand and supply, and the likelihood of one observed price.
#include "anchors.h"

static const real sigma = 0.01, observed = 17.65;

real equilibrium(pair p) {
	const real log3 = log(3.0), tolerance = 1e-6;
	real price = 5;
	for (int i = 0; i < 50; i++) {
		real a = 2 * pow(price, p.cd), b = 5 * exp(p.cs * log3 * price);
		real excess = 100 - a - b, slope = -p.cd * a / price - b * p.cs * log3;
		real step = excess / slope;
		price -= step;
		if (fabs(step) < tolerance + tolerance * fabs(price)) break;
	}
	return price;
}

real equilibrium_slope(pair p, pair *slope) {
	const real log3 = log(3.0);
	real price = equilibrium(p);
	real a = 2 * pow(price, p.cd), b = 5 * exp(p.cs * log3 * price);
	real by_price = -p.cd * a / price - b * p.cs * log3;
	*slope = (pair){a * log(price) / by_price, b * log3 * price / by_price};
	return price;
}

static real likelihood(pair p, pair *gradient) {
	pair slope;
	real residual = (observed - equilibrium_slope(p, &slope)) / sigma;
	*gradient = (pair){residual / sigma * slope.cd, residual / sigma * slope.cs};
	return -log(2 * (real)M_PI * sigma * sigma) / 2 - residual * residual / 2;
}

static int n;
static real *cd, *cs, *value, *by_cd, *by_cs;

static void open_batch(int shrink) {
	n = 100000 / shrink;
	cd = spaced(.3, .7, n), cs = spaced(.1, .2, n);
	value = array(n), by_cd = array(n), by_cs = array(n);
}

static void newton_batch(void) {
#pragma omp parallel for schedule(dynamic, 1000)
	for (int i = 0; i < n; i++) value[i] = equilibrium((pair){cd[i], cs[i]});
}

static int prices(double *out) { return summary(value, n, out); }

static void loglik_batch(void) {
#pragma omp parallel for schedule(dynamic, 1000)
	for (int i = 0; i < n; i++) {
		pair g;
		value[i] = likelihood((pair){cd[i], cs[i]}, &g);
		by_cd[i] = g.cd, by_cs[i] = g.cs;
	}
}

static int likelihoods(double *out) {
	int m = summary(value, n, out);
	m += summary(by_cd, n, out + m);
	return m + summary(by_cs, n, out + m);
}

// volatile, so that the compiler does not know the numbers.
static volatile pair one;
static volatile real price;
static volatile pair slope;

static void open_one(int shrink) { one.cd = .5, one.cs = .15; }

static void newton_one(void) { price = equilibrium((pair){one.cd, one.cs}); }

static int one_price(double *out) { return *out = price, 1; }

static void gradient_one(void) {
	pair g;
	likelihood((pair){one.cd, one.cs}, &g);
	slope.cd = g.cd, slope.cs = g.cs;
}

static int one_gradient(double *out) { return out[0] = slope.cd, out[1] = slope.cs, 2; }

const workload market[] = {
	{"newton_batch", open_batch, newton_batch, prices},
	{"loglik_batch", open_batch, loglik_batch, likelihoods},
	{"newton_one", open_one, newton_one, one_price},
	{"gradient_one", open_one, gradient_one, one_gradient},
	{0},
};
