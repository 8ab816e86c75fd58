// Package estimate says what data can and cannot tell about parameters.
package estimate

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"pullback/ad"
)

// Information is what observations with Gaussian noise say about parameters at a point, to
// first order: the singular value decomposition of the Jacobian of the predictions, each row
// divided by its observation's standard deviation and each column scaled to unit length. The
// scaling makes the rank a property of the model and not of the parameters' units.
type Information struct {
	// Singular values of the scaled Jacobian, descending.
	Singular []float64
	// Rank is the number of singular values above RankTolerance times the greatest: of directions
	// in which the parameters are identified.
	Rank int

	scale []float64 // the columns' lengths
	v     *mat.Dense
}

// RankTolerance is where a direction counts as not identified: the square root of float64's
// precision, since beyond it the information matrix, whose condition is the square of the
// Jacobian's, has no inverse in float64.
const RankTolerance = 0x1p-26

// Of is the information about the parameters at a point. predict gives the predictions, an
// array of m floats for m observations; sd are the observations' standard deviations, of the
// same shape or a scalar. It is computed in float64 whatever the point's element type, so
// predict must follow its argument's.
func Of[T any](predict func(T) ad.Value, at T, sd ad.Value) Information {
	flat, unravel := ad.Ravel(doubled(at))
	weighted := func(x ad.Value) ad.Value {
		y := predict(unravel(x))
		return ad.Reshape(ad.Div(y, ad.Convert(sd, ad.Float64)), -1)
	}
	j := ad.Jit(ad.Jacobian(weighted))(flat)
	m, n := j.Shape()[0], j.Shape()[1]
	return decompose(mat.NewDense(m, n, j.Floats()))
}

// doubled is a tree with its leaves in float64.
func doubled[T any](tree T) T {
	leaves, rebuild := ad.Flatten(tree)
	for i, v := range leaves {
		leaves[i] = ad.Convert(v, ad.Float64)
	}
	return rebuild(leaves)
}

func decompose(j *mat.Dense) Information {
	m, n := j.Dims()
	info := Information{scale: make([]float64, n)}
	for c := range n {
		info.scale[c] = mat.Norm(j.ColView(c), 2)
		for r := range m {
			if info.scale[c] > 0 {
				j.Set(r, c, j.At(r, c)/info.scale[c])
			}
		}
	}
	// Rows of zeros make the thin decomposition have all n right singular vectors.
	tall := mat.NewDense(max(m, n), n, nil)
	tall.Slice(0, m, 0, n).(*mat.Dense).Copy(j)
	var svd mat.SVD
	info.v = &mat.Dense{}
	if !svd.Factorize(tall, mat.SVDThin) {
		info.Singular = make([]float64, n)
		for i := range info.Singular {
			info.Singular[i] = math.NaN()
		}
		return info
	}
	svd.VTo(info.v)
	info.Singular = svd.Values(nil)
	for _, s := range info.Singular {
		if s > RankTolerance*info.Singular[0] {
			info.Rank++
		}
	}
	return info
}

// Identified says whether the observations determine every parameter.
func (i Information) Identified() bool { return i.Rank == len(i.Singular) }

// Unidentified lists the directions, of unit length in the parameters' own units and in the
// order of ad.Ravel, in which the predictions do not change. Each begins with a positive element.
func (i Information) Unidentified() [][]float64 {
	var out [][]float64
	for k := i.Rank; k < len(i.Singular); k++ {
		d := make([]float64, len(i.scale))
		for p, s := range i.scale {
			d[p] = i.v.At(p, k)
			if s > 0 {
				d[p] /= s
			}
		}
		out = append(out, unit(d))
	}
	return out
}

func unit(d []float64) []float64 {
	length, sign := 0.0, 0.0
	for _, x := range d {
		length = math.Hypot(length, x)
		if sign == 0 && x != 0 {
			sign = math.Copysign(1, x)
		}
	}
	out := make([]float64, len(d))
	for i, x := range d {
		out[i] = sign * x / length
	}
	return out
}

// StdErr is the standard error of each parameter at a maximum of the likelihood, in the order of
// ad.Ravel: the square root of the diagonal of the inverse of the expected information JᵀJ. It is
// infinite in parameters that have a part in an unidentified direction, and NaN where derivatives
// are not finite.
func (i Information) StdErr() []float64 {
	out := make([]float64, len(i.scale))
	for p, s := range i.scale {
		sum := 0.0
		for k, singular := range i.Singular {
			part := i.v.At(p, k)
			switch {
			case k < i.Rank:
				sum += part / singular * part / singular
			case math.Abs(part) > RankTolerance:
				sum = math.Inf(1)
			}
		}
		out[p] = math.Sqrt(sum) / s
	}
	return out
}
