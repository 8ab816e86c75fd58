package fit

import (
	"fmt"
	"slices"
	"strings"
)

// Options say how to fit. The zero value is what fits most models.
type Options struct {
	// Errors is the kind of standard errors: hessian, opg, sandwich, cluster or gauss-newton.
	// Empty is hessian, or with sampling weights sandwich. Cluster is the column of the groups.
	Errors, Cluster string
	// Method is one of Methods; empty is auto.
	Method string
	// Starts is the number of random starts beside the file's own, drawn with Seed.
	Starts int
	Seed   uint64
	// Profiles are the parameters whose profile likelihood is asked for.
	Profiles []string
	// Bootstrap is nil for none.
	Bootstrap *Resampling
	// Pictures asks for what charts are drawn from.
	Pictures bool
	// Progress hears how far a long part has come; nil for nobody.
	Progress func(part string, done, total int)
}

// Resampling is how the bootstrap draws its samples.
type Resampling struct {
	Replicates int
	Resample   string // parametric, rows or cluster
	Cluster    string // the column of the groups
	// Checkpoint is a file that keeps the finished replicates of a bootstrap that is broken
	// off, to go on from; empty for none. It is removed at the end.
	Checkpoint string
}

// Methods are the methods of maximisation.
func Methods() []string {
	return []string{"auto", "newton", "bfgs", "lbfgs", "nelder-mead", "levenberg-marquardt"}
}

// ErrorKinds are the kinds of standard errors.
func ErrorKinds() []string {
	return []string{"hessian", "opg", "sandwich", "cluster", "gauss-newton"}
}

// Resamplings are the ways of the bootstrap.
func Resamplings() []string { return []string{"parametric", "rows", "cluster"} }

// Check says what is wrong with the options themselves, before any data are read.
func (o Options) Check() error {
	if o.Method != "" && !slices.Contains(Methods(), o.Method) {
		return fmt.Errorf("there is no method %q; the methods are %s", o.Method,
			strings.Join(Methods(), ", "))
	}
	if o.Errors != "" && !slices.Contains(ErrorKinds(), o.Errors) {
		return fmt.Errorf("there are no %q standard errors; the kinds are hessian, opg, sandwich, "+
			"cluster=COLUMN and gauss-newton", o.Errors)
	}
	if (o.Errors == "cluster") != (o.Cluster != "") {
		return fmt.Errorf("cluster standard errors need the column of the groups: cluster=COLUMN")
	}
	if o.Starts < 0 {
		return fmt.Errorf("%d random starts: there cannot be fewer than none", o.Starts)
	}
	r := o.Bootstrap
	switch {
	case r == nil:
	case r.Replicates < 1:
		return fmt.Errorf("%d bootstrap replicates: one is the least, and a percentile interval "+
			"needs about a thousand", r.Replicates)
	case !slices.Contains(Resamplings(), r.Resample):
		return fmt.Errorf("there is no way %q to resample; the ways are parametric, rows and "+
			"cluster=COLUMN", r.Resample)
	case (r.Resample == "cluster") != (r.Cluster != ""):
		return fmt.Errorf("resampling clusters needs the column of the groups: cluster=COLUMN")
	}
	return nil
}

// progress tells how far a part has come.
func (o Options) progress(part string, done, total int) {
	if o.Progress != nil {
		o.Progress(part, done, total)
	}
}
