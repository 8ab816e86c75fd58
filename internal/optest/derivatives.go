package optest

import (
	"math"
	"math/rand/v2"
	"slices"

	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// derivatives checks p's tangents and cotangents, and those of the programs that compute them,
// up to the given order.
func (k *checker) derivatives(p program, order int) {
	k.t.Helper()
	if len(floatsOf(p.in)) == 0 || len(floatsOf(p.at(p.in))) == 0 {
		k.noTangents(p)
		return
	}
	tangent := k.tangentProgram(p)
	k.tangents(p, tangent)
	k.values(tangent, false)
	if order > 1 {
		k.derivatives(tangent, order-1)
	}
	if k.ForwardOnly {
		return
	}
	cotangent := k.cotangentProgram(p)
	k.adjoint(p)
	k.values(cotangent, false)
	if order > 1 {
		k.derivatives(cotangent, order-1)
	}
}

// noTangents checks that nothing that is no float has a tangent.
func (k *checker) noTangents(p program) {
	k.t.Helper()
	dx := make([]record.Tangent, len(p.in))
	for i, a := range p.in {
		if a.Type().DType.IsFloat() {
			dx[i].Value = ir.Known(k.direction(a.Type(), 1))
		}
	}
	_, dy := transform.JVP(p.graph(), knownOf(p.in), dx)
	if record.AnyNonzero(dy) {
		k.t.Errorf("%s: a tangent where there is none", p.name)
	}
}

// tangentProgram computes the tangents of p's float results from the operands and the tangents
// of those that are floats.
func (k *checker) tangentProgram(p program) program {
	n, active := len(p.in), floatsOf(p.in)
	q := program{name: p.name + " tangent", in: slices.Clone(p.in), vary: p.varyFirst()}
	for seed, i := range active {
		q.in = append(q.in, k.direction(p.in[i].Type(), seed))
	}
	q.do = func(x []ir.Value) []ir.Value {
		dx := make([]record.Tangent, n)
		for j, i := range active {
			dx[i].Value = x[n+j]
		}
		y, dy := transform.JVP(record.Trace(p.do, ir.TypesOf(x[:n])), x[:n], dx)
		return k.dense(p.name, "tangent", y, dy)
	}
	return q
}

// cotangentProgram computes the cotangents of p's float operands from the operands and the
// cotangents of the results that are floats.
func (k *checker) cotangentProgram(p program) program {
	n := len(p.in)
	y := p.at(p.in)
	active := floatsOf(y)
	q := program{name: p.name + " cotangent", in: slices.Clone(p.in), vary: p.varyFirst()}
	for j, i := range active {
		q.in = append(q.in, k.direction(y[i].Type(), 10+j))
	}
	q.do = func(x []ir.Value) []ir.Value {
		ct := make([]record.Tangent, len(y))
		for j, i := range active {
			ct[i].Value = x[n+j]
		}
		g := record.Trace(p.do, ir.TypesOf(x[:n]))
		_, lin := transform.Linearize(g, x[:n], transform.All(n))
		return k.dense(p.name, "cotangent", x[:n], lin.Transpose(ct, n))
	}
	return q
}

// varyFirst varies p's operands its way, and others after them the usual way.
func (p program) varyFirst() func(int, []ir.Array) []ir.Array {
	n := len(p.in)
	return func(j int, in []ir.Array) []ir.Array {
		return append(slices.Clone(p.vary(j, in[:n])), varied(j, in[n:])...)
	}
}

// dense is the tangents of those of vs that are floats, checking their types.
func (k *checker) dense(name, what string, vs []ir.Value, ts []record.Tangent) []ir.Value {
	k.t.Helper()
	var out []ir.Value
	for i, v := range vs {
		switch {
		case !v.DType().IsFloat():
			if !ts[i].IsZero() {
				k.t.Errorf("%s: %s %d of a %v is not zero", name, what, i, v.DType())
			}
			continue
		case !ts[i].IsZero() && !ts[i].Type().Equal(v.Type()):
			k.t.Fatalf("%s: %s %d is %v, want %v", name, what, i, ts[i].Type(), v.Type())
		}
		out = append(out, ts[i].Dense(v.Type()))
	}
	return out
}

// tangents compares the tangent program with central differences, in a direction that moves
// all float operands and in directions that move one.
func (k *checker) tangents(p, tangent program) {
	k.t.Helper()
	n, active := len(p.in), floatsOf(p.in)
	k.difference(p, tangent.at(tangent.in), tangent.in[n:])
	if len(active) == 1 {
		return
	}
	for j, i := range active {
		dx := make([]record.Tangent, n)
		dx[i].Value = ir.Known(tangent.in[n+j])
		direction := make([]ir.Array, len(active))
		for m, a := range tangent.in[n:] {
			if direction[m] = a; m != j {
				direction[m] = ir.FillNumber(a.Type(), 0)
			}
		}
		y, dy := transform.JVP(p.graph(), knownOf(p.in), dx)
		k.difference(p, arraysOf(k.dense(p.name, "tangent", y, dy)), direction)
	}
}

// difference compares dy with a difference of p along dx: the five-point formula, whose error is
// of the order of step⁴ + epsilon/step.
func (k *checker) difference(p program, dy, dx []ir.Array) {
	k.t.Helper()
	step, tolerance := 1.0/1024, k.Tolerance
	if tolerance == 0 {
		tolerance = 1e-6
	}
	if has32(p.in) || has32(p.at(p.in)) {
		step, tolerance = 1.0/64, max(tolerance, 0.01)
	}
	at := func(s float64) []ir.Array {
		x := slices.Clone(p.in)
		for j, i := range floatsOf(p.in) {
			xs, ds := numbers(x[i]), numbers(dx[j])
			for e := range xs {
				xs[e] += s * ds[e]
			}
			x[i] = FromFloats(x[i].Type(), xs)
		}
		y := p.at(x)
		var out []ir.Array
		for _, i := range floatsOf(y) {
			out = append(out, y[i])
		}
		return out
	}
	near, back, far, farBack := at(step), at(-step), at(2*step), at(-2*step)
	for r := range dy {
		for i := range dy[r].Len() {
			got := dy[r].Number(i)
			want := (8*(near[r].Number(i)-back[r].Number(i)) -
				(far[r].Number(i) - farBack[r].Number(i))) / (12 * step)
			if !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
				k.t.Errorf("%s: tangent %d[%d] is %v, by differences %v", p.name, r, i, got, want)
				break
			}
		}
	}
}

// adjoint compares <J v, w> with <v, Jᵀ w>, for all float operands and results together and for
// each alone.
func (k *checker) adjoint(p program) {
	k.t.Helper()
	x, n := knownOf(p.in), len(p.in)
	for only := -1; only < n; only++ {
		if only >= 0 && (n == 1 || !p.in[only].Type().DType.IsFloat()) {
			continue
		}
		active := make([]bool, n)
		dx := make([]record.Tangent, n)
		for i, a := range p.in {
			if active[i] = only < 0 || only == i; active[i] && a.Type().DType.IsFloat() {
				dx[i].Value = ir.Known(k.direction(a.Type(), 20+i))
			}
		}
		y, lin := transform.Linearize(p.graph(), x, active)
		dy := lin.Apply(dx, len(y))
		for result := -1; result < len(y); result++ {
			if result >= 0 && len(y) == 1 {
				continue
			}
			ct := make([]record.Tangent, len(y))
			for i, v := range y {
				if (result < 0 || result == i) && v.DType().IsFloat() {
					ct[i].Value = ir.Known(k.direction(v.Type(), 30+i))
				}
			}
			back := lin.Transpose(ct, n)
			k.dense(p.name, "cotangent", x, back)
			forth, size := inner(dy, ct)
			other, _ := inner(back, dx)
			tolerance := 1e-11
			if has32(p.in) || has32(arraysOf(y)) {
				tolerance = 1e-4
			}
			if !(math.Abs(forth-other) <= tolerance*(1+size)) {
				k.t.Errorf("%s: <J v, w> = %v but <v, Jᵀ w> = %v (operands %v, result %d)", p.name,
					forth, other, active, result)
			}
		}
	}
}

// inner is the inner product of two lists of tangents, and the sum of its terms' magnitudes.
func inner(a, b []record.Tangent) (sum, size float64) {
	for i := range a {
		if a[i].IsZero() || b[i].IsZero() {
			continue
		}
		x, y := a[i].Array(), b[i].Array()
		for e := range x.Len() {
			term := x.Number(e) * y.Number(e)
			sum += term
			size += math.Abs(term)
		}
	}
	return sum, size
}

// narrow runs p and its derivatives in float32, at operands that are exact there.
func (k *checker) narrow(p program) {
	k.t.Helper()
	if !has64(p.in) {
		return
	}
	wide, slim := p, p
	wide.in, slim.in = make([]ir.Array, len(p.in)), make([]ir.Array, len(p.in))
	for i, a := range p.in {
		wide.in[i], slim.in[i] = a, a
		if a.Type().DType == ir.Float64 {
			slim.in[i] = FromFloats(a.Type().With(ir.Float32), numbers(a))
			wide.in[i] = FromFloats(a.Type(), numbers(slim.in[i]))
		}
	}
	slim.name += " in float32"
	k.values(slim, false)
	k.close(slim.name, slim.at(slim.in), wide.at(wide.in))
	if len(floatsOf(p.in)) == 0 || len(floatsOf(p.at(p.in))) == 0 {
		return
	}
	wideT, slimT := k.tangentProgram(wide), k.tangentProgram(slim)
	k.close(slimT.name, slimT.at(slimT.in), wideT.at(wideT.in))
	if k.ForwardOnly {
		return
	}
	wideT, slimT = k.cotangentProgram(wide), k.cotangentProgram(slim)
	k.close(slimT.name, slimT.at(slimT.in), wideT.at(wideT.in))
}

// close compares float32 results with float64 ones, loosely: what is looked for is a wrong
// constant or a wrong type, not an ulp.
func (k *checker) close(label string, got, want []ir.Array) {
	k.t.Helper()
	for r := range want {
		t := want[r].Type()
		if u := got[r].Type(); !u.Equal(t) && !u.Equal(t.With(ir.Float32)) {
			k.t.Errorf("%s: result %d is %v, and in float64 %v", label, r, u, t)
			continue
		}
		for i := range want[r].Len() {
			a, b := got[r].Number(i), want[r].Number(i)
			if math.IsNaN(a) && math.IsNaN(b) || a == b {
				continue
			}
			if !(math.Abs(a-b) <= 2e-4*(1+math.Abs(b))) {
				k.t.Errorf("%s: result %d[%d] is %v, and in float64 %v", label, r, i, a, b)
				break
			}
		}
	}
}

// direction is a random array with elements of either sign and magnitudes from 1/2 to 1, the
// same in both float types.
func (k *checker) direction(t ir.Type, seed int) ir.Array {
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	xs := make([]float64, t.Size())
	for i := range xs {
		xs[i] = float64(float32(0.5+0.5*r.Float64())) * float64(1-2*r.IntN(2))
	}
	return FromFloats(t, xs)
}
