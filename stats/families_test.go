package stats_test

import (
	"pullback/ad"
	"pullback/random"
	"pullback/stats"
)

// distributed is what all elementwise distributions have.
type distributed interface {
	LogPDF(x ad.Value) ad.Value
	Draw(key random.Key, shape ...int) ad.Value
}

// family makes a distribution of its parameters.
type family func(p []ad.Value) distributed

func families() map[string]family {
	return map[string]family{
		"normal": func(p []ad.Value) distributed { return stats.Normal{Mean: p[0], SD: p[1]} },
		"student_t": func(p []ad.Value) distributed {
			return stats.StudentT{DF: p[0], Mean: p[1], Scale: p[2]}
		},
		"log_normal": func(p []ad.Value) distributed {
			return stats.LogNormal{Mean: p[0], SD: p[1]}
		},
		"poisson":     func(p []ad.Value) distributed { return stats.Poisson{Rate: p[0]} },
		"bernoulli":   func(p []ad.Value) distributed { return stats.Bernoulli{Logit: p[0]} },
		"bernoulli p": func(p []ad.Value) distributed { return stats.BernoulliP(p[0]) },
		"exponential": func(p []ad.Value) distributed { return stats.Exponential{Rate: p[0]} },
		"gamma": func(p []ad.Value) distributed {
			return stats.Gamma{Shape: p[0], Rate: p[1]}
		},
	}
}

// scalars are numbers of type d.
func scalars(d ad.DType, xs ...float64) []ad.Value {
	out := make([]ad.Value, len(xs))
	for i, x := range xs {
		out[i] = ad.Full(d, x)
	}
	return out
}
