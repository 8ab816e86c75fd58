//go:build !linux && !darwin && !windows

package execmem

func mappers() []mapper { return nil }
