package estimate

import "pullback/ad"

// box is bounds of each parameter, infinite where there are none.
type box struct{ Lower, Upper ad.Value }

// within is the point of the box nearest to x.
func (b box) within(x ad.Value) ad.Value { return ad.Min(ad.Max(x, b.Lower), b.Upper) }
