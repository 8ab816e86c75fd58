// Matrix products: plain loops over four rows at a time, which the compiler vectorises. No BLAS.
#include "anchors.h"
#include <string.h>

static void rows(int count, int k, int n, const real *a, const real *restrict b,
	real *restrict c) {
	memset(c, 0, sizeof *c * count * n);
	for (int l = 0; l < k; l++, b += n) {
		if (count == 4) {
			real a0 = a[l], a1 = a[k + l], a2 = a[2 * k + l], a3 = a[3 * k + l];
			for (int j = 0; j < n; j++) {
				c[j] += a0 * b[j];
				c[n + j] += a1 * b[j];
				c[2 * n + j] += a2 * b[j];
				c[3 * n + j] += a3 * b[j];
			}
			continue;
		}
		for (int i = 0; i < count; i++)
			for (int j = 0; j < n; j++) c[i * n + j] += a[i * k + l] * b[j];
	}
}

void gemm(int m, int k, int n, const real *a, const real *b, real *c) {
#pragma omp parallel for schedule(dynamic)
	for (int i = 0; i < m; i += 4) rows(m - i < 4 ? m - i : 4, k, n, a + i * k, b, c + i * n);
}

static int m, k, n;
static real *a, *b, *c;

static void open_factors(int rows, int inner, int columns, int shrink) {
	m = rows / shrink, k = inner / shrink, n = columns / shrink;
	a = normals(key_of(0), m * k), b = normals(key_of(1), k * n), c = array(m * n);
}

static void open_100(int shrink) { open_factors(100, 100, 1000, shrink); }
static void open_256(int shrink) { open_factors(256, 256, 256, shrink); }
static void open_512(int shrink) { open_factors(512, 512, 512, shrink); }
static void open_1024(int shrink) { open_factors(1024, 1024, 1024, shrink); }

static void multiply(void) { gemm(m, k, n, a, b, c); }

static int answer(double *out) { return summary(c, m * n, out); }

const workload products[] = {
	{"gemm_100_100_1000", open_100, multiply, answer},
	{"gemm_256_256_256", open_256, multiply, answer},
	{"gemm_512_512_512", open_512, multiply, answer},
	{"gemm_1024_1024_1024", open_1024, multiply, answer},
	{0},
};
