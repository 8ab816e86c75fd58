// Package problemset puts the answers of ECON622's second problem set beside its published figures.
// It knows nothing of the engine: the questions' programs are handed to it as [Programs], and
// what they return are plain numbers. From them it judges every figure, writes the sentences where
// they differ, and draws the pictures.
package problemset

// Program is one question's program in both precisions. The same random draws, made in float32, go
// into both. It returns an error only where it could not run; a solver that fails returns NaN
// and a sentence.
type Program[Answer any] struct{ Float32, Float64 func() (Answer, error) }

// Programs are the programs of all questions.
type Programs struct {
	Trace       Program[Trace]
	MatrixFree  Program[MatrixFree]
	Equilibrium Program[Equilibrium]
	Likelihood  Program[Likelihood]
	Slope       Program[Slope]
	Estimation  Program[Estimation]
}

// Measure is a number and the seconds that computing it took once its program was compiled.
type Measure struct{ Value, Seconds float64 }

// Trace answers question 1.1.
type Trace struct {
	Hessian   Measure     // trace of the full Hessian
	Diagonal  Measure     // sum of the diagonal of P
	Estimates [4]Estimate // for 1, 10, 100 and 1000 probes
}

// Estimate is Hutchinson's estimate of a trace.
type Estimate struct {
	Probes  int
	Value   float64
	StdErr  float64   // NaN for one probe
	Draws   []float64 // v'Hv, one for each probe
	Seconds float64
}

// MatrixFree answers question 1.2.
type MatrixFree struct{ Trace Estimate }

// Equilibrium answers question 2.1.
type Equilibrium struct {
	Brent, Newton  Market
	Demand, Supply func(price float64) float64 // for the pictures, in float64 only
}

// Market is an equilibrium as a root finder left it.
type Market struct {
	Price, Quantity float64 // NaN where the root finder failed
	Failure         string  // the root finder's sentence if it failed, else empty
	Seconds         float64
}

// Likelihood answers question 2.2: the log likelihood of one observed price.
type Likelihood struct{ LogLikelihood Measure }

// Slope answers question 2.3: the gradient of that log likelihood.
type Slope struct {
	Gradient Parameters
	Seconds  float64
}

// Estimation answers question 2.4.
type Estimation struct {
	Adam, BFGS Fit // from the observed prices
	// Published is the published BFGS answer, [PublishedBFGS], evaluated on our data.
	Published Point
	// AtTruth and AtMinimum say what prices alone identify, at the true parameters and at BFGS's.
	AtTruth, AtMinimum Identification
	Both               Fit        // from prices and quantities
	StdErr             Parameters // of Both
	// NegLogLikelihood of the observed prices at each of the given points; for the pictures, in
	// float64 only.
	NegLogLikelihood func(cd, cs []float64) []float64
}

// Parameters are the elasticities (c_d, c_s), or anything that has their shape.
type Parameters struct{ Cd, Cs float64 }

// Point is a negative log likelihood and its gradient.
type Point struct {
	NegLogLikelihood float64
	Gradient         Parameters
}

// Fit is what an optimiser returned.
type Fit struct {
	Parameters Parameters // NaN where the optimiser failed
	Point      Point      // evaluated there
	// LastLoss is what the last step of an optimiser that steps blindly computed, before it.
	LastLoss float64
	Path     func() []Parameters // for the pictures, in float64 only
	Failure  string              // the optimiser's sentence if it failed, else empty
	Seconds  float64
}

// Identification is what the data can tell about the parameters at one point: the numerical rank,
// in float64, of the noise-weighted Jacobian of the predictions, its columns scaled to unit length.
type Identification struct {
	Rank      int
	Direction Parameters // of unit length: where the predictions stay the same, if Rank is 1
}

// Truth are the parameters that the observations were made with.
func Truth() Parameters { return Parameters{Cd: 0.5, Cs: 0.15} }

// PublishedBFGS is the point that the published BFGS program returns, in all its float32 digits; it
// was printed as 0.5995, 0.1520. Four digits would not do: across the ridge the likelihood changes
// so fast that there its negative logarithm is some four hundred less.
func PublishedBFGS() Parameters { return Parameters{Cd: 0x1.32ef26p-1, Cs: 0x1.37561ap-3} }
