package root_test

import (
	"math"
	"testing"
	"time"

	"pullback/ad"
	"pullback/root"
)

// zero is Brent's Algol procedure of that name (Algorithms for Minimization without Derivatives,
// 1973, section 4.6), written down again over plain numbers.
func zero(f func(float64) float64, a, b, rtol, atol float64) (y float64, steps int) {
	fa, fb := f(a), f(b)
	c, fc := a, fa
	d := b - a
	e := d
	for {
		if math.Abs(fc) < math.Abs(fb) {
			a, b, c = b, c, b
			fa, fb, fc = fb, fc, fb
		}
		tol := 2*0x1p-52*math.Abs(b) + 0.5*(atol+rtol*math.Abs(b))
		m := 0.5 * (c - b)
		if math.Abs(m) <= tol || fb == 0 {
			return b, steps
		}
		if math.Abs(e) < tol || math.Abs(fa) <= math.Abs(fb) {
			d, e = m, m
		} else {
			s := fb / fa
			var p, q float64
			if a == c {
				p, q = 2*m*s, 1-s
			} else {
				q = fa / fc
				r := fb / fc
				p = s * (2*m*q*(q-r) - (b-a)*(r-1))
				q = (q - 1) * (r - 1) * (s - 1)
			}
			if p > 0 {
				q = -q
			} else {
				p = -p
			}
			s, e = e, d
			if 2*p < 3*m*q-math.Abs(tol*q) && p < math.Abs(0.5*s*q) {
				d = p / q
			} else {
				d, e = m, m
			}
		}
		a, fa = b, fb
		switch {
		case math.Abs(d) > tol:
			b += d
		case m > 0:
			b += tol
		default:
			b -= tol
		}
		fb = f(b)
		steps++
		if (fb > 0) == (fc > 0) {
			c, fc = a, fa
			d = b - a
			e = d
		}
	}
}

func TestBrentIsBrents(t *testing.T) {
	for _, p := range solvable() {
		if math.IsNaN(p.bracket[0]) {
			continue
		}
		f := func(y ad.Value) ad.Value { return p.f(y, ad.Scalar(p.theta)) }
		plain := func(y float64) float64 { return f(ad.Scalar(y)).Float() }
		if math.IsInf(plain(p.bracket[0]), 0) {
			continue // the published procedure divides by it
		}
		want, steps := zero(plain, p.bracket[0], p.bracket[1], 1e-10, 1e-10)
		r := within(brentMethod, ad.Float64, p.bracket[0], p.bracket[1], 1e-10)(f)
		if r.Last.Float() != want || int(r.Steps.Int()) != steps {
			t.Errorf("%s: %v in %v steps; the published procedure finds %v in %v", p.name, r.Last,
				r.Steps, want, steps)
		}
		if simple := !math.IsNaN(p.slope); simple && steps > 20 {
			t.Errorf("%s: %d steps to a simple root", p.name, steps)
		}
	}
}

// Plain numbers are not compiled: a solve must still be a matter of milliseconds.
func TestPlainNumbersAreQuick(t *testing.T) {
	f := func(p ad.Value) ad.Value {
		return ad.Sub(ad.Sub(100, ad.Mul(2, ad.Pow(p, .5))), ad.Mul(5, ad.Pow(3, ad.Mul(.15, p))))
	}
	for name, s := range map[string]solver{
		"newton":    newtonAt(ad.Scalar(5.), root.Newton{}),
		"bisection": within(bisection, ad.Float64, 0, 100, 1e-12),
		"brent":     within(brentMethod, ad.Float64, 0, 100, 1e-12),
	} {
		best := time.Hour
		for range 3 {
			before := time.Now()
			s(f)
			best = min(best, time.Since(before))
		}
		t.Logf("%s: %v", name, best)
		if best > 200*time.Millisecond {
			t.Errorf("%s takes %v", name, best)
		}
	}
}

func BenchmarkBrentOfPlainNumbers(b *testing.B) {
	f := func(y ad.Value) ad.Value { return ad.Sub(ad.Exp(y), 3) }
	for b.Loop() {
		within(brentMethod, ad.Float64, 0, 5, 1e-12)(f)
	}
}
