#!/usr/bin/env python3
"""Writes elementary/*.txt: arguments of the elementary functions and their values.

    pip install mpmath && python3 elementary.py [points]

A line is the arguments and the value rounded to float64, as C99 hexadecimal floats, and what the
rounding left, in units of the last place of that value. Values are computed with enough digits
for the largest arguments. Points are random over ordinary ranges and over all
exponents, and the hard ones: ends of intervals, thresholds, arguments near multiples of pi/2.
"""
import math, os, random, struct, sys
from mpmath import mp, mpf
import mpmath

mp.prec = 400
N = int(sys.argv[1]) if len(sys.argv) > 1 else 40
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "elementary")
rng = random.Random(2026)


def rounded(v, overflow=mpf(2) ** 1024 - mpf(2) ** 970):
    """v to the nearest float64, subnormal ones too (float(mpf) is not exact there)."""
    if v == 0:
        return 0.0
    if abs(v) >= overflow:
        return math.copysign(math.inf, v)
    e = max(int(mpmath.floor(mpmath.log(abs(v), 2))) - 54, -1074)
    while True:
        n = int(mpmath.nint(v / mpf(2) ** e))
        if abs(n) < 2 ** 53:
            return math.ldexp(n, e)
        e += 1


def write(name, f, points):
    with open(os.path.join(here, name + ".txt"), "w") as out:
        for p in sorted(set(points)):
            v = f(*[mpf(x) for x in p])
            r = rounded(v)
            left = 0.0 if math.isinf(r) else float((v - mpf(r)) / mpf(math.ulp(r)))
            print(*[float(x).hex() for x in p], r.hex(), f"{left:.4f}", file=out)


def uniform(lo, hi, n=N):
    return [(rng.uniform(lo, hi),) for _ in range(n)]


def exponents(lo, hi, n=N, signs=(1, -1)):
    """Random mantissas, exponents uniform in [lo, hi)."""
    return [(rng.choice(signs) * math.ldexp(rng.uniform(1, 2), rng.randrange(lo, hi)),)
            for _ in range(n)]


def near(*xs, steps=3):
    out = []
    for x in xs:
        lo = hi = x
        out.append((x,))
        for _ in range(steps):
            lo, hi = math.nextafter(lo, -math.inf), math.nextafter(hi, math.inf)
            out += [(lo,), (hi,)]
    return [p for p in out if not math.isinf(p[0])]


def near_quadrants():
    """For exponents all over, the float64 nearest to a multiple of pi/2: with x = m 2^e, the
    denominators m < 2^53 of the convergents of 2^e 2/pi."""
    points = []
    with mpmath.workprec(1400):
        for e in list(range(-50, 971, 17)) + [971 - 1, 849 - 52]:
            a, m0, m1 = mpf(2) ** e * 2 / mp.pi, 0, 1
            a = mpmath.frac(a)
            while a > 0:
                a = 1 / a
                m0, m1 = m1, int(a) * m1 + m0
                if m1 >= 2 ** 53:
                    break
                a = mpmath.frac(a)
                best = m1
            points.append((math.ldexp(best, e),))
    return points


def precise(f):
    def g(*x):
        with mpmath.workprec(1600):
            return f(*x)
    return g


def erfinv(x):
    """Newton's method on erfc, at full precision however near x is to one."""
    a, sign = abs(x), (1 if x > 0 else -1)
    y = mpf(float(mpmath.erfinv(a))) if a < 0.99 else mpmath.sqrt(-mpmath.log((1 - a) * (1 + a)))
    for _ in range(60):
        d = mpmath.erfc(y) - (1 - a) if a > 0.5 else a - mpmath.erf(y)
        s = d * mpmath.sqrt(mp.pi) / 2 * mpmath.exp(y * y)
        y += s
        if abs(s) < mpf(2) ** -300 * y:
            break
    return sign * y


def pow_points():
    points = []
    for _ in range(3 * N):  # results over the whole range
        x = math.ldexp(rng.uniform(1, 2), rng.randrange(-1074, 1024))
        if x != 1:
            points.append((x, rng.uniform(-745, 709.7) / math.log(x)))
    for _ in range(3 * N):  # bases near one, great exponents
        x = 1 + rng.choice((1, -1)) * math.ldexp(rng.uniform(1, 2), -rng.randrange(1, 53))
        if x != 1:
            points.append((x, rng.uniform(-745, 709.7) / math.log(x)))
    for _ in range(N):
        points.append((rng.uniform(0, 10), rng.uniform(-10, 10)))
        points.append((-rng.uniform(0, 10), float(rng.randrange(-40, 40))))
        points.append((math.sqrt(2) * rng.uniform(0.999, 1.001), rng.uniform(-2000, 2000)))
    points += [(2.0, float(n)) for n in (-1074, -1073, -1022, -1, 1, 52, 1023)]
    points += [(10.0, float(n)) for n in range(-323, 309, 30)]
    points += [(0.5, 1074.5), (2.0, 1023.9999999999999), (3.0, 646.5), (5e-324, 0.5),
               (5e-324, -0.9)]
    return points


def main():
    os.makedirs(here, exist_ok=True)
    line = near(0.5 * math.log(2), math.log(2), 1.0, 1.5 * math.log(2), -1.0, -0.5 * math.log(2))
    write("exp", mpmath.exp, uniform(-745, 709.8) + uniform(-1, 1) + exponents(-60, 9) + line +
          uniform(-745.2, -708.3, N // 2) +
          near(709.782712893384, -745.1332191019411, -708.3964185322641))
    write("expm1", mpmath.expm1, uniform(-40, 709.8) + uniform(-1.5, 1.5) + uniform(-40, 0) +
          exponents(-1074, 6) + line + near(709.782712893384, 5e-324, 2.2250738585072014e-308))
    root = near(math.sqrt(2), math.sqrt(0.5), 1.0, steps=6)
    write("log", mpmath.log,
          [p for p in exponents(-1074, 1024, signs=(1,)) + uniform(0.3, 3) + uniform(0.99, 1.01) +
           root + near(5e-324, 2.2250738585072014e-308, 1.7976931348623157e308) if p[0] > 0])
    write("log1p", mpmath.log1p,
          [p for p in exponents(-1074, 60) + exponents(50, 1024, N // 2) + uniform(-1, 3) +
           uniform(-0.01, 0.01) + uniform(-1, -0.9) +
           near(math.sqrt(2) - 1, math.sqrt(0.5) - 1, 2 * math.sqrt(2) - 1, 1.0, 2.0**53,
                5e-324) if p[0] > -1])
    angles = (uniform(-7, 7) + uniform(-1e4, 1e4) + exponents(-1074, 1024, 2 * N) +
              exponents(14, 40) +
              near(*[k * math.pi / 4 for k in range(1, 12)], steps=1) +
              near(2.0**28, 2.0**1023, steps=2) +
              near_quadrants() + [(1.7976931348623157e308,), (5e-324,)])
    for name in ("sin", "cos", "tan"):
        write(name, precise(getattr(mpmath, name)), angles)
    write("tanh", mpmath.tanh, uniform(-20, 20) + uniform(-1, 1) + exponents(-1074, 8) +
          near(22.0, 19.06))
    write("erf", mpmath.erf, uniform(-6, 6) + uniform(-1, 1) + uniform(0.9, 1.5) +
          exponents(-1074, 4) + near(1.0, 6.0))
    write("erfinv", erfinv,
          [p for p in uniform(-1, 1) + exponents(-1070, 0) +
           [(1 - math.ldexp(rng.uniform(1, 2), -rng.randrange(2, 54)),) for _ in range(2 * N)] +
           near(0.5, 0.999, math.sqrt(1 - math.exp(-6.25)), math.sqrt(1 - math.exp(-16)), 1.0) +
           [(-(1 - 2.0**-53),)] if abs(p[0]) < 1])
    write("exp2", lambda x: mpf(2) ** x,
          uniform(-1075, 1024) + uniform(-1, 1) + exponents(-60, 10) +
          near(0.5, 1023.5, -1022.5, 1024.0, -1075.0))
    logs = exponents(-1074, 1024, signs=(1,)) + uniform(0.3, 3) + uniform(0.99, 1.01) + root
    write("log2", lambda x: mpmath.log(x) / mpmath.log(2), logs + [(5e-324,)] + near(8.0))
    write("cbrt", lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), exponents(-1074, 1024) +
          uniform(-10, 10) + near(1.0, 8.0, 27.0, 5e-324, 2.0**-1022))
    for name in ("sinh", "cosh"):
        write(name, getattr(mpmath, name), uniform(-710.5, 710.5) + uniform(-2, 2) + line +
              exponents(-1074, 6) + near(710.4758600739439, 18.0, 19.0))
    bends = [math.tan(math.pi / 8), math.tan(3 * math.pi / 8)]
    write("atan", mpmath.atan, exponents(-1074, 1024) + uniform(-4, 4) + near(1.0, *bends))
    write("asin", mpmath.asin, uniform(-1, 1) + exponents(-1074, 0) + near(0.5, -0.5) +
          [(1 - p[0],) for p in exponents(-53, -1, signs=(1,))] + [(1.0,), (-1.0,)])
    write("acos", mpmath.acos, uniform(-1, 1) + exponents(-60, 0) + near(0.5, -0.5) +
          [(1 - p[0],) for p in exponents(-53, -1, signs=(1,))] +
          [(p[0] - 1,) for p in exponents(-53, -1, signs=(1,))] + [(-1.0,)])
    pairs = [(y[0], x[0]) for y, x in zip(uniform(-1, 1), uniform(-1, 1))]
    pairs += [(y[0], x[0]) for y, x in zip(exponents(-1074, 1024), exponents(-1074, 1024))]
    for y, x, s in zip(exponents(-900, 900), exponents(-30, 30), bends * N):
        pairs += [(y[0], y[0] * x[0]), (y[0] * s, y[0])]
    write("atan2", mpmath.atan2, pairs)
    write("pow", mpmath.power, pow_points())
    positive = [(abs(p[0]),) for p in uniform(0, 3, 2 * N) + uniform(0, 9, 2 * N) +
                exponents(-1000, 900) + near(0.5, 1.0, 1.5, 2.0, 2.5, 3.5, 7.5, 8.0, 9.0)]
    write("log_gamma", mpmath.loggamma, positive)
    # Around the zero at 1.46 the error is small, but not against the value.
    write("digamma", mpmath.digamma, [p for p in positive if not 1.2 < p[0] < 1.8])
    moderate = [p for p in positive if 1e-30 < p[0] < 1e30] + near(11.0)
    write("polygamma1", lambda x: mpmath.psi(1, x), moderate)
    write("polygamma3", lambda x: mpmath.psi(3, x), moderate)


main()
