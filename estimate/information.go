// Package estimate finds the parameters under which data are most likely, and says what the data
// can and cannot tell about them.
package estimate

import (
	"math"
	"slices"

	"pullback/ad"
	"pullback/status"
)

// Information is what observations with Gaussian noise say about parameters at a point, to
// first order: the singular value decomposition of the Jacobian of the predictions, each row
// divided by its observation's standard deviation and each column scaled to unit length. The
// scaling makes the rank a property of the model and not of the parameters' units.
type Information struct {
	// Status is Converged or, where a prediction or a derivative is a NaN or an infinity,
	// NotFinite: then the singular values and standard errors are NaN and the rank is 0.
	Status status.Code
	// Singular values of the scaled Jacobian, descending.
	Singular []float64
	// Rank is the number of singular values above RankTolerance times the greatest: of directions
	// in which the parameters are identified.
	Rank int

	scale   []float64   // the columns' lengths
	vectors [][]float64 // right singular vectors, in the order of Singular
}

// RankTolerance is where a direction counts as not identified: the square root of float64's
// precision, since beyond it the information matrix, whose condition is the square of the
// Jacobian's, has no inverse in float64.
const RankTolerance = 0x1p-26

// Of is the information about the parameters at a point. predict gives the predictions, an
// array of m floats for m observations; sd are the observations' standard deviations, positive,
// of the same shape or a scalar. It is computed in float64 whatever the point's element type, so
// predict must follow its argument's.
func Of[T any](predict func(T) ad.Value, at T, sd ad.Value) Information {
	if !sd.DType().IsFloat() {
		panic(ad.Mistake("estimate", []ad.Value{sd}, "the standard deviations must be floats"))
	}
	for _, s := range sd.Floats() {
		if !(s > 0) {
			panic(ad.Mistake("estimate", []ad.Value{sd}, "a standard deviation is %v; all must be "+
				"positive", s))
		}
	}
	flat, unravel := ad.Ravel(doubled(at))
	weighted := func(x ad.Value) ad.Value {
		y := predict(unravel(x))
		if sd.Type().Rank() > 0 && !slices.Equal(sd.Shape(), y.Shape()) {
			panic(ad.Mistake("estimate", []ad.Value{y, sd}, "the standard deviations must have "+
				"the shape of the predictions, or be one for all"))
		}
		return ad.Reshape(ad.Div(y, ad.Convert(sd, ad.Float64)), -1)
	}
	type model struct{ Predictions, Jacobian ad.Value }
	known := ad.Jit(func(x ad.Value) model {
		return model{weighted(x), ad.Jacobian(weighted)(x)}
	})(flat)
	predictions, jacobian := known.Predictions.Floats(), known.Jacobian.Floats()
	if !allFinite(predictions) || !allFinite(jacobian) {
		return unknown(flat.Size())
	}
	return decompose(jacobian, len(predictions), flat.Size())
}

// doubled is a tree with its leaves in float64.
func doubled[T any](tree T) T {
	leaves, rebuild := ad.Flatten(tree)
	for i, v := range leaves {
		leaves[i] = ad.Convert(v, ad.Float64)
	}
	return rebuild(leaves)
}

func allFinite(xs []float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// unknown is what is said of n parameters where the model gives no numbers.
func unknown(n int) Information {
	info := Information{Status: status.NotFinite, Singular: make([]float64, n)}
	for i := range info.Singular {
		info.Singular[i] = math.NaN()
	}
	return info
}

// OfScores is the information about the parameters at a point that is in the scores, the gradients
// of each row's contribution to the log likelihood, where there are no predictions with noise to go
// by. contributions gives an array of N floats. The scores are not weighted: in Singular, Rank and
// the directions it is as Of is, and StdErr is that of OPG.
func OfScores[T any](contributions func(T) ad.Value, at T) Information {
	return Of(contributions, at, ad.Scalar(1.))
}

// decompose takes a Jacobian of m rows and n columns, laid out by rows.
func decompose(jacobian []float64, m, n int) Information {
	columns := make([][]float64, n)
	for c := range columns {
		columns[c] = make([]float64, m)
		for r := range columns[c] {
			columns[c][r] = jacobian[r*n+c]
		}
		if math.IsInf(length(columns[c]), 1) {
			return unknown(n)
		}
	}
	s := spectrumOf(columns)
	return Information{status.Converged, s.singular, s.rank(), s.scale, s.vectors}
}

// Identified says whether the observations determine every parameter.
func (i Information) Identified() bool { return i.Rank == len(i.Singular) }

// Unidentified lists the directions, of unit length in the parameters' own units and in the
// order of ad.Ravel, in which the predictions do not change. Each begins with a positive element.
// Where the status is NotFinite none is known.
func (i Information) Unidentified() [][]float64 {
	if i.Status != status.Converged {
		return nil
	}
	var out [][]float64
	for _, v := range reduced(i.vectors[i.Rank:]) {
		for p, s := range i.scale {
			if s > 0 {
				v[p] /= s
			}
		}
		out = append(out, unit(v))
	}
	return out
}

func unit(d []float64) []float64 {
	signed := length(d)
	if first := slices.IndexFunc(d, func(x float64) bool { return x != 0 }); first >= 0 {
		signed = math.Copysign(signed, d[first])
	}
	out := make([]float64, len(d))
	for i, x := range d {
		if x != 0 { // not -0
			out[i] = x / signed
		}
	}
	return out
}

// StdErr is the standard error of each parameter at a maximum of the likelihood, in the order of
// ad.Ravel: the square root of the diagonal of the inverse of the expected information JᵀJ. It is
// infinite in parameters that have a part in an unidentified direction, and NaN where the status
// is NotFinite.
func (i Information) StdErr() []float64 {
	if i.Status != status.Converged {
		return slices.Clone(i.Singular)
	}
	out := make([]float64, len(i.scale))
	for p, s := range i.scale {
		sum := 0.0
		for k, singular := range i.Singular {
			part := i.vectors[k][p]
			switch {
			case k < i.Rank:
				part /= singular
				sum = math.FMA(part, part, sum)
			case math.Abs(part) > RankTolerance:
				sum = math.Inf(1)
			}
		}
		out[p] = math.Sqrt(sum) / s
	}
	return out
}
