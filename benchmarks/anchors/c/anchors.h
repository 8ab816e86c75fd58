// The workloads in C. The program is built twice, for real = float and real = double; the
// functions of tgmath.h follow the type. Loops over lanes use both cores where OpenMP is there.
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <tgmath.h>

#ifndef M_PI
#define M_PI 3.14159265358979323846
#endif

typedef REAL real;
enum { WIDE = sizeof(real) == 8 };

// A workload with a name that all programs know it by, without its _f32 or _f64. open makes the
// inputs, and answer writes the numbers of the last run and gives how many.
typedef struct {
	const char *name;
	void (*open)(int shrink);
	void (*run)(void);
	int (*answer)(double *out);
} workload;

extern const workload market[], traces[], estimation[], elementwise[], products[];

// draws.c: JAX's random numbers.
typedef struct { uint32_t high, low; } key;
key key_of(uint32_t seed);
key split(key k, uint32_t i);
real normal(key k, uint32_t i);
float sign(key k, uint32_t i);
real *normals(key k, int n);

// market.c: Newton's method and the implicit function theorem.
typedef struct { real cd, cs; } pair;
real equilibrium(pair p);
real equilibrium_slope(pair p, pair *slope);

// products.c: c of shape (m, n) is a of shape (m, k) times b of shape (k, n).
void gemm(int m, int k, int n, const real *a, const real *b, real *c);

// serve.c
real *array(int n);
real *spaced(double lo, double hi, int n);
int summary(const real *x, int n, double *out);
