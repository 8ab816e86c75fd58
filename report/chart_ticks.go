package report

import (
	"math"
	"strconv"
	"unicode/utf8"

	"gonum.org/v1/plot"
)

// evenTicks marks an axis at multiples of 1, 2 or 5 times a power of ten, every mark with its
// number. gonum's default numbers two or three marks of an axis, at steps like 3 or 6.
type evenTicks struct{ whole bool }

// Ticks satisfies gonum's plot.Ticker. Of long numbers there are few.
func (e evenTicks) Ticks(low, high float64) []plot.Tick {
	const room = 50 // characters along an axis
	for _, wanted := range []float64{5, 3} {
		ticks := e.about(wanted, low, high)
		length := 0
		for _, tick := range ticks {
			length += utf8.RuneCountInString(tick.Label)
		}
		if length <= room {
			return ticks
		}
	}
	return e.about(2, low, high)
}

// about is that many ticks, or a few more or less.
func (e evenTicks) about(wanted, low, high float64) []plot.Tick {
	if !(high > low) {
		return nil
	}
	largest := max(math.Abs(low), math.Abs(high))
	raw := (high - low) / wanted
	if !(raw > 1e-13*largest) { // multiples of the step would not differ
		return []plot.Tick{{Value: low, Label: strconv.FormatFloat(low, 'g', 6, 64)},
			{Value: high, Label: strconv.FormatFloat(high, 'g', 6, 64)}}
	}
	if e.whole {
		raw = max(raw, 1)
	}
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
	label := func(x float64) string { return Grouped(x, int(max(0, -exponent))) }
	if largest < 1e-4 || largest >= 1e10 {
		digits := int(math.Floor(math.Log10(largest))-exponent) + 1
		label = func(x float64) string { return strconv.FormatFloat(x, 'g', max(digits, 1), 64) }
	}
	var ticks []plot.Tick
	for i := math.Ceil(low / step); i*step <= high; i++ {
		value := i*step + 0 // never -0
		ticks = append(ticks, plot.Tick{Value: value, Label: label(value)})
	}
	return ticks
}

// logTicks marks powers of ten, each with its number where there is room; within less than one
// power of ten it marks even numbers.
type logTicks struct{}

// Ticks satisfies gonum's plot.Ticker.
func (logTicks) Ticks(low, high float64) []plot.Tick {
	const most = 6 // labels
	if !(low > 0) || !(high > low) {
		return nil
	}
	first, last := int(math.Ceil(math.Log10(low))), int(math.Floor(math.Log10(high)))
	if last <= first {
		return evenTicks{}.Ticks(low, high)
	}
	stride := (last - first + most) / most
	var ticks []plot.Tick
	for e := first - 1; e <= last; e++ {
		decade := math.Pow(10, float64(e))
		if e >= first {
			label := ""
			if e%stride == 0 {
				label = powerOfTen(e)
			}
			ticks = append(ticks, plot.Tick{Value: decade, Label: label})
		}
		for i := 2.0; i < 10 && last-first < most; i++ {
			if v := i * decade; low <= v && v <= high {
				ticks = append(ticks, plot.Tick{Value: v})
			}
		}
	}
	return ticks
}
