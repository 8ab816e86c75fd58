// Runs the workloads for benchmarks/compare, which says what the lines mean. Inputs are not freed:
// there are few.
#include "anchors.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

real *array(int n) {
	real *x = malloc(sizeof *x * (n + 1)); // some element always
	if (!x) exit(1);
	return memset(x, 0, sizeof *x * (n + 1)), x;
}

real *spaced(double lo, double hi, int n) {
	real *x = array(n);
	for (int i = 0; i < n; i++) x[i] = lo + (hi - lo) * i / (n - 1);
	return x;
}

int summary(const real *x, int n, double *out) {
	double sum = 0, squares = 0;
	for (int i = 0; i < n; i++) sum += x[i], squares += (double)x[i] * x[i];
	const double s[5] = {sum / n, squares / n, x[0], x[n / 2], x[n - 1]};
	return memcpy(out, s, sizeof s), 5;
}

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static const workload *find(const char *name) {
	const workload *families[] = {market, traces, estimation, elementwise, products};
	size_t n = strlen(name);
	if (n < 4 || strcmp(name + n - 4, WIDE ? "_f64" : "_f32")) return 0;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		for (const workload *w = families[i]; w->name; w++)
			if (strlen(w->name) == n - 4 && !strncmp(w->name, name, n - 4)) return w;
	return 0;
}

int main(void) {
	char line[256], name[256];
	int shrink, samples, calls;
	const workload *w = 0;
	while (fgets(line, sizeof line, stdin)) {
		if (!strcmp(line, "about\n")) {
			printf("C: gcc %s, -O3 -march=native -fopenmp\n", __VERSION__);
		} else if (sscanf(line, "open %255s %d", name, &shrink) == 2) {
			if ((w = find(name))) {
				double answer[32];
				w->open(shrink);
				w->run();
				for (int i = 0, n = w->answer(answer); i < n; i++) printf("%.17g ", answer[i]);
				printf("\n");
			} else {
				printf("none\n");
			}
		} else if (sscanf(line, "time %d %d", &samples, &calls) == 2) {
			for (int i = 0; i < samples; i++) {
				double begin = now();
				for (int j = 0; j < calls; j++) w->run();
				printf("%.9g ", (now() - begin) / calls);
			}
			printf("\n");
		}
		fflush(stdout);
	}
}
