package leastsquares_test

import (
	"pullback/ad"
)

func vector(d ad.DType, xs []float64) ad.Value { return ad.Convert(ad.Vector(xs...), d) }

func number(v ad.Value) float64 { return ad.Convert(v, ad.Float64).Float() }
