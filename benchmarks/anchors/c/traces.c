// Hutchinson's estimator on Hessian-vector products, with the probes drawn.
#include "anchors.h"

static int n, m;
static real *a, *p, *probes, *images, *products_;
static double estimate;

static real *transposed(const real *x, int rows, int columns) {
	real *y = array(rows * columns);
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < columns; j++) y[j * rows + i] = x[i * columns + j];
	return y;
}

static void open_any(int size, int count) {
	n = size, m = count;
	a = normals(key_of(0), n * n);
	probes = array(m * n), images = array(m * n), products_ = array(m * n);
}

static void open_hutchinson(int shrink) {
	open_any(100 / shrink, 1000 / shrink);
	real *t = transposed(a, n, n);
	p = array(n * n);
	gemm(n, n, n, t, a, p);
	free(t);
}

static void draw(void) {
	const key k = key_of(42);
#pragma omp parallel for schedule(dynamic, 1000)
	for (int i = 0; i < m * n; i++) probes[i] = sign(k, i);
}

static void mean_of_forms(void) {
	estimate = 0;
	for (int i = 0; i < m * n; i++) estimate += (double)probes[i] * products_[i];
	estimate /= m;
}

static void hutchinson(void) {
	draw();
	gemm(m, n, n, probes, p, products_); // p is symmetric
	mean_of_forms();
}

static real *across; // aᵀ, to read rows

static void open_matrix_free(int shrink) {
	open_any(1000 / shrink, 20);
	across = transposed(a, n, n);
}

static void matrix_free(void) {
	draw();
	gemm(m, n, n, probes, across, images); // a v
	gemm(m, n, n, images, a, products_);   // aᵀ a v
	mean_of_forms();
}

static int answer(double *out) { return *out = estimate, 1; }

const workload traces[] = {
	{"hutchinson", open_hutchinson, hutchinson, answer},
	{"matrix_free", open_matrix_free, matrix_free, answer},
	{0},
};
