package fit

import "pullback/estimate/tail"

// Level is the confidence level of every interval.
const Level = 0.95

// quantile is how many standard errors an interval extends: by the normal, or by Student's t.
func quantile(degreesOfFreedom *float64) float64 {
	if degreesOfFreedom != nil {
		return tail.StudentTCritical(Level, *degreesOfFreedom)
	}
	return tail.NormalCritical(Level)
}

// beyond is the p-value of a z or t statistic.
func beyond(z float64, degreesOfFreedom *float64) float64 {
	if degreesOfFreedom != nil {
		return tail.StudentT(z, *degreesOfFreedom)
	}
	return tail.Normal(z)
}
