// A million numbers: drawn, and put through elementary functions and summed.
#include "anchors.h"

static int n;
static real *x, *y;
static real total;

static void open_numbers(int shrink) {
	n = 1000000 / shrink;
	x = spaced(.1, 3, n), y = array(n);
}

static void draw(void) {
	const key k = key_of(0);
#pragma omp parallel for schedule(dynamic, 1000)
	for (int i = 0; i < n; i++) y[i] = normal(k, i);
}

static void sum(void) {
	double s = 0; // else a million floats one after the other are off by more than the tolerance
#pragma omp parallel for schedule(dynamic, 1000) reduction(+ : s)
	for (int i = 0; i < n; i++) {
		real wave = sin(x[i]);
		s += exp(-x[i] * x[i]) * log1p(x[i]) + wave * wave;
	}
	total = s;
}

static void gradient(void) {
#pragma omp parallel for schedule(dynamic, 1000)
	for (int i = 0; i < n; i++) {
		real bell = exp(-x[i] * x[i]);
		y[i] = bell * (1 / (1 + x[i]) - 2 * x[i] * log1p(x[i])) + 2 * sin(x[i]) * cos(x[i]);
	}
}

static int of_total(double *out) { return *out = total, 1; }

static int of_array(double *out) { return summary(y, n, out); }

const workload elementwise[] = {
	{"normals", open_numbers, draw, of_array},
	{"sum", open_numbers, sum, of_total},
	{"sum_gradient", open_numbers, gradient, of_array},
	{0},
};
