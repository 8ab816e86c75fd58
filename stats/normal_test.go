package stats_test

import (
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/stats"
)

func standard(d ad.DType) stats.Normal {
	return stats.Normal{Mean: ad.Full(d, 0), SD: ad.Full(d, 1)}
}

// near compares relatively.
func near(t *testing.T, name string, at, got, want, tolerance float64) {
	t.Helper()
	if got != want && !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s at %v: got %v, want %v (off by %.1e)", name, at, got, want,
			math.Abs(got/want-1))
	}
}

// distribution is z, Φ(z) and log Φ(z), computed with 60 digits (mpmath's erfc).
var distribution = [][3]float64{
	{-33.3, 1.9305055059278399761e-243, -558.8703957087615412},
	{-20.1, 3.6896808637213895544e-90, -205.92711840194824576},
	{-9.7, 1.507493168810204873e-22, -50.246423927729252894},
	{-3.3, 0.0004834241423837775071, -7.6346161480711272938},
	{-1.3, 0.096800484585610325542, -2.335103278662442499},
	{-37.0, 5.7255712225245768227e-300, -689.0305855768905936},
	{-30.25, 2.6086402857412604963e-201, -461.86077456953464298},
	{-20.5, 1.0764673258790960335e-93, -214.06672896326380017},
	{-12.0, 1.7764821120776789977e-33, -75.410673001568795939},
	{-9.0625, 6.3747145941225602322e-20, -44.199362539388012342},
	{-7.3, 1.4388386381575876483e-13, -29.56976992201126177},
	{-6.0, 9.865876450376981407e-10, -20.736768949974705655},
	{-5.6568, 7.7110648569755535651e-9, -18.680609545162790256},
	{-5.7, 5.9903714010635281878e-9, -18.93311242322474297},
	{-5.0, 2.8665157187919391167e-7, -15.064998393988725736},
	{-4.0625, 0.000024274973856688847993, -10.626064620751879511},
	{-3.0, 0.0013498980316300945267, -6.6077262215103495433},
	{-2.3, 0.010724110021675810424, -4.5352607992731540708},
	{-1.7, 0.044565462758543043664, -3.1107960975524813963},
	{-1.01, 0.15624764502125459579, -1.8563130623431784424},
	{-1.0, 0.15865525393145705141, -1.8410216450092635058},
	{-0.99, 0.16108705951083091337, -1.8258103178428123576},
	{-0.67, 0.25142889509531010155, -1.380595052695189026},
	{-0.66, 0.25462691467133613764, -1.3679558848901993932},
	{-0.3, 0.38208857781104736693, -0.96210281816885065666},
	{-1e-09, 0.4999999996010577196, -0.69314718135782987054},
	{0.0, 0.5, -0.69314718055994530942},
	{1e-09, 0.5000000003989422804, -0.69314717976206074893},
	{0.25, 0.59870632568292372424, -0.51298407540943043213},
	{0.66, 0.74537308532866386236, -0.29387040027781765634},
	{0.67, 0.74857110490468989845, -0.28958908310168703778},
	{1.0, 0.84134474606854294859, -0.17275377902344988953},
	{1.5, 0.933192798731141934, -0.069143455612233982993},
	{2.75, 0.99702023676494544325, -0.0029842115683741919993},
	{4.0, 0.99996832875816688008, -0.00003167174337748926386},
	{5.66, 0.999999992431350248, -7.5686497806399433931e-9},
	{7.0, 0.99999999999872018746, -1.2798125438866539645e-12},
	{9.0, 0.99999999999999999989, -1.1285884059538406478e-19},
	{-100.0, 0, -5005.5242086942050886},
	{-1000.5, 0, -500507.95219468622672},
	{-38.5, 0, -745.69527029041108133},
}

func TestCDF(t *testing.T) {
	for _, row := range distribution {
		z, cdf, log := row[0], row[1], row[2]
		x := ad.Scalar(z)
		if z > -38 { // below, Φ is too small for a float64
			near(t, "CDF", z, standard(ad.Float64).CDF(x).Float(), cdf, 1e-15)
		}
		near(t, "LogCDF", z, standard(ad.Float64).LogCDF(x).Float(), log, 1e-15)
	}
}

func TestCDFInFloat32(t *testing.T) {
	for _, row := range distribution {
		z := row[0]
		x := ad.Scalar(float32(z))
		if float64(float32(z)) != z {
			continue
		}
		if z > -12 { // below, Φ is too small for a float32
			near(t, "CDF", z, standard(ad.Float32).CDF(x).Float(), row[1], 5e-7)
		}
		if z < 4 { // above, log Φ is as small as the distance of Φ from 1
			near(t, "LogCDF", z, standard(ad.Float32).LogCDF(x).Float(), row[2], 5e-7)
		}
	}
}

// quantiles is p and the z with Φ(z) = p, computed with 60 digits.
var quantiles = [][2]float64{
	{1e-300, -37.047096299361199237},
	{1e-100, -21.273453560965324294},
	{1e-20, -9.2623400897984075796},
	{1e-11, -6.7060231554951362961},
	{1e-08, -5.6120012441747887279},
	{1e-05, -4.2648907939228246102},
	{0.001, -3.0902323061678135354},
	{0.02, -2.0537489106318230443},
	{0.0749, -1.4402382675279636631},
	{0.0751, -1.4388253927525399824},
	{0.1, -1.2815515655446004353},
	{0.25, -0.6744897501960817432},
	{0.5, 0},
	{0.6, 0.25334710313579974132},
	{0.9, 1.2815515655446005935},
	{0.93, 1.475791028179171099},
	{0.99, 2.3263478740408407676},
	{0.9999, 3.7190164854557083867},
}

func TestQuantile(t *testing.T) {
	for _, row := range quantiles {
		p, z := row[0], row[1]
		near(t, "Quantile", p, standard(ad.Float64).Quantile(ad.Scalar(p)).Float(), z, 2e-15)
		if p > 1e-30 && p < 0.999 {
			// p is rounded to float32, which moves z by about half of its error over p·z.
			single := standard(ad.Float32).Quantile(ad.Scalar(float32(p))).Float()
			near(t, "Quantile in float32", p, single, z, 1e-6)
		}
	}
	for p, want := range map[float64]float64{0: math.Inf(-1), 1: math.Inf(1)} {
		near(t, "Quantile", p, standard(ad.Float64).Quantile(ad.Scalar(p)).Float(), want, 0)
	}
	for _, p := range []float64{-0.1, 1.1, math.NaN()} {
		if z := standard(ad.Float64).Quantile(ad.Scalar(p)).Float(); !math.IsNaN(z) {
			t.Errorf("the quantile of %v is %v", p, z)
		}
	}
}

func TestInfiniteArguments(t *testing.T) {
	n := standard(ad.Float64)
	inf := ad.Vector(math.Inf(-1), math.Inf(1), math.NaN(), -1e200)
	for name, c := range map[string]struct {
		got  ad.Value
		want []float64
	}{
		"CDF":    {n.CDF(inf), []float64{0, 1, math.NaN(), 0}},
		"LogCDF": {n.LogCDF(inf), []float64{math.Inf(-1), 0, math.NaN(), math.Inf(-1)}},
		"LogPDF": {n.LogPDF(inf), []float64{math.Inf(-1), math.Inf(-1), math.NaN(), math.Inf(-1)}},
		"PDF":    {n.PDF(inf), []float64{0, 0, math.NaN(), 0}},
	} {
		for i, got := range c.got.Floats() {
			if want := c.want[i]; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s of %v: got %v, want %v", name, inf.Floats()[i], got, want)
			}
		}
	}
}

func TestLogPDF(t *testing.T) {
	n := stats.Normal{Mean: ad.Scalar(17.65), SD: ad.Scalar(0.01)}
	for _, x := range []float64{17.65, 17.662, 17.2} {
		z := (x - 17.65) / 0.01
		want := -0.5*z*z - math.Log(0.01) - 0.5*math.Log(2*math.Pi)
		near(t, "LogPDF", x, n.LogPDF(ad.Scalar(x)).Float(), want, 1e-12)
		near(t, "PDF", x, n.PDF(ad.Scalar(x)).Float(), math.Exp(want), 1e-9)
	}
}

func TestBroadcasting(t *testing.T) {
	n := stats.Normal{Mean: ad.Vector(0.0, 1, 2), SD: ad.Matrix(2, 1, []float64{1, 2})}
	got := n.CDF(ad.Scalar(1.0))
	for i, want := range []float64{0.8413447460685429, 0.5, 0.15865525393145705,
		0.6914624612740131, 0.5, 0.3085375387259869} {
		near(t, "CDF", float64(i), got.Floats()[i], want, 1e-15)
	}
}

func TestUnsetParameter(t *testing.T) {
	defer func() {
		if _, ok := recover().(*ad.Error); !ok {
			t.Error("no *ad.Error")
		}
	}()
	stats.Normal{Mean: ad.Scalar(0.0)}.LogPDF(ad.Scalar(1.0))
}

func TestMistakes(t *testing.T) {
	one, single := ad.Scalar(1.), ad.Scalar[float32](1)
	for want, call := range map[string]func(){
		"normal: SD was never set": func() { stats.Normal{Mean: one}.LogPDF(one) },
		"Mean is float32 and the argument float64": func() {
			stats.Normal{Mean: single, SD: one}.CDF(one)
		},
		"SD is float64 and the argument float32": func() {
			stats.Normal{Mean: single, SD: one}.Quantile(single)
		},
		"the argument is int64 and must be a float": func() {
			stats.Normal{Mean: one, SD: one}.PDF(ad.Scalar(1))
		},
	} {
		func() {
			defer func() {
				e, ok := recover().(*ad.Error)
				if !ok || !strings.Contains(e.Error(), want) ||
					!strings.Contains(e.Error(), "normal_test.go:") {
					t.Errorf("%v; want %q with the user's line", e, want)
				}
			}()
			call()
		}()
	}
}
