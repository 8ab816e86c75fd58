// Package model reads model files: parameters, unknowns, the equations that determine them row by
// row, and what is observed of them with which noise.
//
// The data's way is parse, check, bind to a table, and from there functions of the parameters:
// Read gives a checked Model; Bind joins it with the rows of a data.Table; what a Bound gives are
// differentiable functions over ad Values, for package fit and for programs of one's own.
package model

import "pullback/model/expression"

// Model is a model file that has been read and checked, without data.
type Model struct {
	Name         string
	Source       Source
	Parameters   []Parameter   // in the file's order
	Unknowns     []Unknown     // in the file's order
	Definitions  []Definition  // each after those that it uses
	Equations    []Equation    // of the equilibrium; as many as Unknowns, unless there are Shocks
	Observations []Observation // the lines of observe
	Shocks       []Observation // the lines of residual: Targets are formulas of the unknowns
	LogLik       *Formula      // a log likelihood per row of one's own, or nil
	Weights      *Weights      // or nil
	Panel, Time  *Key          // columns, or nil
	DropMissing  bool          // rows with missing values are dropped; otherwise refused

	lines []string // of Source
}

// Source is the text that a model was read from.
type Source struct {
	Path string // as the user gave it, for messages
	Text string
}

// Position is a place in the file: both from one, Column in characters.
type Position struct{ Line, Column int }

// Formula is an expression and where it stands.
type Formula struct {
	Expr expression.Expr
	Text string // that the expression's spans refer to
	At   Position
}

// Key is a column's name in the file.
type Key struct {
	Name string
	At   Position
}

// Parameter is a number that the data are to tell, or, if Fixed, that is given.
type Parameter struct {
	Name         string
	Start        float64 // the value, if Fixed
	Fixed        bool
	Lower, Upper float64 // closed bounds; infinite where there is none
	Transform    Transform
	At           Position
}

// Transform is how the optimiser sees a parameter.
type Transform int

// The transforms.
const (
	Identity Transform = iota
	Log                // log(x - lower), lower 0 unless given; x is above lower
	Logit              // log((x - lower)/(upper - x)), [0, 1] unless given
)

// Unknown is a number that the equations determine in every row.
type Unknown struct {
	Name         string
	Start        Formula  // of columns, parameters and numbers; Observed, unless given
	Lower, Upper *Formula // the bracket, of columns, parameters and numbers; or nil
	Select       Selection
	Observed     *Key // the column that is this unknown, exactly, in a model of shocks; or nil
	At           Position
}

// Selection is which of several roots is the equilibrium.
type Selection int

// The selections. A system has Nearest alone.
const (
	Unique Selection = iota
	Lowest
	Highest
	Nearest // to the start
)

// Definition is a name for a formula.
type Definition struct {
	Name    string
	Formula Formula
	At      Position
}

// Equation is Left = Right.
type Equation struct {
	Left, Right Formula
	At          Position
}

// Text is the equation as written.
func (e Equation) Text() string { return e.Left.Text + " = " + e.Right.Text }

// Observation is a line of observe, or of residual: targets that have a joint density.
type Observation struct {
	Targets []Target
	Family  Family
	// Args are the density's arguments in the order of the family's definition. A Multivariate
	// normal has a mean for each target and no more: its covariance is free. A Normal with one
	// argument has a free standard deviation.
	Args []Formula
	At   Position
}

// Free says whether the density's covariance is no parameter but is estimated with them,
// concentrated out of the likelihood.
func (o Observation) Free() bool {
	return o.Family == MultivariateNormal || o.Family == Normal && len(o.Args) == 1
}

// Target is what has the density: a column or an invertible function of one, as log(price), or
// in a line of residual any formula. Under observe the formula's one name is the column, also
// where an unknown has the same name.
type Target struct {
	Formula Formula
	Column  string // the column that is observed; empty in residual
}

// Family is a kind of density.
type Family int

// The families, with their arguments.
const (
	Normal             Family = iota // mean, sd; or mean
	MultivariateNormal               // means
	StudentT                         // degrees of freedom, location, scale
	LogNormal                        // mean and sd of the logarithm
	Poisson                          // rate
	Bernoulli                        // probability
	BernoulliLogit                   // logit of the probability
	Exponential                      // rate
	Gamma                            // shape, rate
)

// Weights are a column of weights.
type Weights struct {
	Column   Key
	Sampling bool // sampling weights, which imply sandwich errors; otherwise frequencies
}
