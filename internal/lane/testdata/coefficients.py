#!/usr/bin/env python3
"""Derives the polynomials of the elementary functions and prints their coefficients.

    pip install mpmath numpy && python3 coefficients.py [name ...]

The name "tables" is for the tables of lane.Table, which take minutes.

A fit is weighted least squares on Chebyshev nodes at 60 digits, within a small factor of minimax.
Coefficients are rounded to the working format one after the other from the lowest, and those
above are fitted anew each time.
"""
import functools, sys
import numpy as np
from mpmath import (asin, atan, atanh, cos, cosh, erf, erfc, exp, expm1, floor, linspace, log,
                    log1p, lu_solve, matrix, mp, mpf, nint, nstr, pi, polyval, sin, sinh, sqrt, tan)

mp.dps = 60


def rounded(c, bits):
    return mpf(float(np.float32(float(c)))) if bits == 32 else mpf(float(c))


def fit(name, f, weight, low, high, n, bits=64, fixed=()):
    """Fits f on [low, high] by n coefficients, the first ones given, weight times error small."""
    if len(sys.argv) > 1 and name.split()[0] not in sys.argv[1:]:
        return
    low, high = mpf(low), mpf(high)
    m = 4 * n + 8
    xs = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * m)) for i in range(m)]
    fs, ws = [f(x) for x in xs], [weight(x) for x in xs]
    c = [mpf(a) for a in fixed]
    while len(c) < n:
        k = n - len(c)
        a, b = matrix(m, k), matrix(m, 1)
        for i, x in enumerate(xs):
            b[i] = ws[i] * (fs[i] - (polyval(c[::-1], x) if c else 0))
            for j in range(k):
                a[i, j] = ws[i] * x ** (len(c) + j)
        scale = [max(abs(a[i, j]) for i in range(m)) for j in range(k)]
        for j in range(k):
            for i in range(m):
                a[i, j] /= scale[j]
        c.append(rounded(lu_solve(a.T * a, a.T * b)[0] / scale[0], bits))
    error = max(abs(weight(x) * (f(x) - polyval(c[::-1], x))) for x in linspace(low, high, 801))
    print(f"{name}, float{bits} on [{nstr(low, 7)}, {nstr(high, 7)}],",
          f"error 2^{nstr(log(error, 2), 4)}")
    for v in c:
        print("   ", repr(float(v)) if bits == 64 else np.float32(float(v)))


small = mpf(10) ** -18  # below it the limit will do: the closed forms cancel
half_ln2 = log(2) / 2 * mpf("1.0002")
s_squared = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf("1.0001")
quarter = (pi / 4 * mpf("1.0005")) ** 2


def exp_tail(r):
    return mpf(1) / 2 if abs(r) < small else (expm1(r) - r) / r**2


def relative_to_expm1(r):
    return r**2 / abs(expm1(r)) if r else mpf(0)


def log_tail(z):  # log((1+s)/(1-s)) = 2s + s z R(z), z = s^2
    return mpf(2) / 3 if z < small else (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z


def log_table_tail(r):  # log(1+r) = r - r^2/2 + r^3 q(r)
    return mpf(1) / 3 if abs(r) < small else (log1p(r) - r + r**2 / 2) / r**3


def log1p_tail(f):
    return mpf(1) / 3 if abs(f) < small else (log1p(f) - f + f**2 / 2) / f**3


def sin_tail(z):
    return -mpf(1) / 6 if z < small else (sin(sqrt(z)) / sqrt(z) - 1) / z


def cos_tail(z):
    return mpf(1) / 24 if z < small else (cos(sqrt(z)) - 1 + z / 2) / z**2


def erf_small(z):
    return 2 / sqrt(pi) - 1 if z < small else erf(sqrt(z)) / sqrt(z) - 1


@functools.lru_cache(None)
def erfinv_ratio(w):
    """erfinv(x)/x for w = -log(1-x^2), by Newton's method on w."""
    if w < small:
        return sqrt(pi) / 2
    y = sqrt(w) if w > 1 else sqrt(-expm1(-w)) * sqrt(pi) / 2
    for _ in range(60):
        one_minus, x = erfc(y), erf(y)
        w_of_y = -log(one_minus * (1 + x))
        step = (w_of_y - w) / (2 * x * 2 / sqrt(pi) * exp(-y * y) / (one_minus * (1 + x)))
        y -= step
        if abs(step) < mpf(10) ** -52 * y:
            break
    return y / erf(y)


def around(name, f, centre, low, high, n):
    fit(name, lambda v: f(v + centre), lambda v: 1 / f(v + centre), low - centre, high - centre, n)


def erfinv_tail(root):
    return erfinv_ratio(root**2)


fit("exp", exp_tail, relative_to_expm1, -half_ln2, half_ln2, 11, 64, [0.5])
fit("exp", exp_tail, relative_to_expm1, -half_ln2, half_ln2, 6, 32, [0.5])
fit("exp tail", exp_tail, lambda r: r**2 * exp(-r), -half_ln2, half_ln2, 10, 64, [0.5])
fit("exp tail", exp_tail, lambda r: r**2 * exp(-r), -half_ln2, half_ln2, 5, 32)
fit("log", log_tail, lambda z: z / 2, 0, s_squared, 7)
fit("log short", log_tail, lambda z: z / 2, 0, s_squared, 4)
widest = mpf(1) / mpf("33.6")  # of the intervals of logTable
fit("log table", log_table_tail, lambda r: r**2, -widest, widest, 9)
fit("log table", log_table_tail, lambda r: r**2, -widest, widest, 4, 32)
fit("log", log1p_tail, lambda f: f**2, mpf("-0.292923"), mpf("0.414255"), 9, 32)
fit("sin", sin_tail, lambda z: z, 0, quarter, 6)
fit("sin", sin_tail, lambda z: z, 0, quarter, 3, 32)
fit("cos", cos_tail, lambda z: z**2 / cos(sqrt(z)), 0, quarter, 6)
fit("cos", cos_tail, lambda z: z**2 / cos(sqrt(z)), 0, quarter, 3, 32)
fit("erf small", erf_small, lambda z: 1 / (1 + erf_small(z)), 0, 1, 12)
fit("erf small", erf_small, lambda z: 1 / (1 + erf_small(z)), 0, mpf("0.875") ** 2, 7, 32)
fit("erf large", lambda u: log(erfc(1 + u)), lambda u: erfc(1 + u), 0, 5, 19)
erf32 = mpf("1.0556640625")  # where log erfc is nearly a float32
fit("erf large", lambda u: log(erfc(erf32 + u)), lambda u: erfc(erf32 + u), mpf("0.875") - erf32,
    4 - erf32, 8, 32)
# The centres of the next three make the constant terms nearly float64s.
around("erfinv central", erfinv_ratio, mpf(3.124765396118164), 0, mpf("6.25"), 26)
around("erfinv middle", erfinv_tail, mpf(3.2498159408569336), mpf("2.5"), 4, 21)
around("erfinv far", erfinv_tail, mpf(4.999762535095215), 4, mpf("6.01"), 20)
around("erfinv short central", erfinv_ratio, mpf("3.125"), 0, mpf("6.25"), 13)
around("erfinv short tail", erfinv_tail, mpf("3.25"), mpf("2.5"), 4, 10)


def atan_tail(z):
    return -mpf(1) / 3 if z < small else (atan(sqrt(z)) / sqrt(z) - 1) / z


def asin_tail(z):
    return mpf(1) / 6 if z < small else (asin(sqrt(z)) / sqrt(z) - 1) / z


def sinh_tail(z):
    return mpf(1) / 6 if z < small else (sinh(sqrt(z)) / sqrt(z) - 1) / z


def cosh_tail(z):
    return mpf(1) / 2 if z < small else (cosh(sqrt(z)) - 1) / z


eighth = tan(pi / 8) ** 2 * mpf("1.0002")
for bits, n in ((64, (11, 13, 5)), (32, (5, 6, 3))):
    fit("atan", atan_tail, lambda z: z, 0, eighth, n[0], bits)
    fit("asin", asin_tail, lambda z: z, 0, mpf("0.2501"), n[1], bits)
    fit("sinh", sinh_tail, lambda z: z, 0, half_ln2**2, n[2], bits)
    fit("cosh", cosh_tail, lambda z: z, 0, half_ln2**2, n[2], bits)
fit("cbrt", lambda x: x ** (-mpf(1) / 3), lambda x: x ** (mpf(1) / 3), 1, 8, 6, 32)


def log_intervals():
    """The middles of logTable's intervals: 16 to an octave by the bits of a number."""
    def bound(k):
        p = k - mpf("10.625")
        return 1 + p / (32 if p < 0 else 16)
    return [mpf(1) if k == 10 else (bound(k) + bound(k + 1)) / 2 for k in range(16)]


def log_table64(candidates=2**30):
    """1/c and log c, a multiple of 2^-42 to more than 70 bits, for c near the middles.

    Among as many neighbours x of 1/c the one whose -log x is nearest to such a multiple. In a
    block of 2^20 of them log is a polynomial of second degree, in units of 2^-42 modulo 1 with
    64 bits.
    """
    grid, whole, block = mpf(2) ** -42, mpf(2) ** 64, 2**20
    n = np.arange(block, dtype=np.uint64)
    squares = n.astype(np.float64) ** 2
    for c in log_intervals():
        if c == 1:
            print("    1.0 0.0")
            continue
        x, best = mpf(float(1 / c)), None
        ulp = mpf(2) ** (floor(log(x, 2)) - 52)
        for k in range(-candidates // block // 2, candidates // block // 2):
            start = x + k * block * ulp
            d = ulp / start
            first = int(nint(-log(start) / grid * whole)) % 2**64
            slope = int(nint(-d / grid * whole * block))
            v = np.uint64(first) + n * np.uint64((slope // block) % 2**64)
            v += n * np.uint64(slope % block) // np.uint64(block)
            v += (squares * float(d * d / 2 / grid * whole)).astype(np.uint64)
            at = int(np.argmin(np.abs(v.view(np.int64))))
            y = start + at * ulp
            error = abs(-log(y) / grid - nint(-log(y) / grid))
            if best is None or error < best[0]:
                best = error, y
        _, y = best
        h = nint(-log(y) / grid) * grid
        print("   ", float(y).hex(), float(h).hex(), f"error 2^{nstr(log(abs(-log(y) - h), 2), 4)}")


def log_table32():
    """1/c, and log c as a multiple of 2^-17 and the rest."""
    for c in log_intervals():
        x = np.float32(float(1 / c))
        y = -log(mpf(float(x)))
        h = nint(y * 2**17) / 2**17
        print("   ", x, float(h).hex(), np.float32(float(y - h)))


if "tables" in sys.argv[1:]:
    log_table32()
    log_table64()
