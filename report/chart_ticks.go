package report

import (
	"math"

	"gonum.org/v1/plot"
)

// evenTicks marks an axis at multiples of 1, 2 or 5 times a power of ten, every mark with its
// number. gonum's default numbers two or three marks of an axis, at steps like 3 or 6.
type evenTicks struct{}

// Ticks satisfies gonum's plot.Ticker.
func (evenTicks) Ticks(low, high float64) []plot.Tick {
	const wanted = 5
	if !(high > low) {
		return nil
	}
	raw := (high - low) / wanted
	exponent := math.Floor(math.Log10(raw))
	step := math.Pow(10, exponent)
	switch scaled := raw / step; {
	case scaled >= 7:
		step, exponent = 10*step, exponent+1
	case scaled >= 3.5:
		step *= 5
	case scaled >= 1.5:
		step *= 2
	}
	decimals := int(max(0, -exponent))
	var ticks []plot.Tick
	for i := math.Ceil(low / step); i*step <= high; i++ {
		value := i*step + 0 // never -0
		ticks = append(ticks, plot.Tick{Value: value, Label: Grouped(value, decimals)})
	}
	return ticks
}
