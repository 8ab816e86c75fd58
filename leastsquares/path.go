package leastsquares

import (
	"pullback/ad"
	"pullback/status"
)

// Path lists the points that Find accepts on its way, from the start to where the method stops.
// It is for known numbers, step by step, to look at and to draw.
func Path[T, R, S any](residuals func(T) R, start T, m Method[S]) []T {
	return begin(residuals, start, nil, m).path(m)
}

// PathIn is that of FindIn.
func PathIn[T, R, S any](residuals func(T) R, start T, box Box[T], m Method[S]) []T {
	return begin(residuals, start, &box, m).path(m)
}

func (g search[T, S]) path(m Method[S]) []T {
	p := g.problem
	step := ad.Jit(func(s S) S { return m.Step(p, s, p.Evaluate(m.Trial(p, s))) })
	s := g.first
	path := []T{g.unravel(m.At(s).X)}
	for range g.limits.MaxSteps*evaluationsPerStep - 1 {
		accepted := m.Accepted(s).Int()
		if status.Code(m.Status(p, s).Int()) != status.Running || accepted >= g.limits.MaxSteps {
			break
		}
		if s = step(s); m.Accepted(s).Int() > accepted {
			path = append(path, g.unravel(m.At(s).X))
		}
	}
	return path
}
