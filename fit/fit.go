// Package fit estimates the parameters of model files from data, says how far the estimates can
// be trusted, and asks the fitted models questions.
//
// A Fit is a finding, complete in itself: it is what fit.json holds, and what tables, reports,
// predictions and tests are made from. A number that does not exist, as the standard error of a
// parameter at its bound, is absent and never a NaN.
package fit

// Fit is a model estimated from data.
type Fit struct {
	Format int    `json:"format"` // FormatNow
	Model  Origin `json:"model"`
	Data   Sample `json:"data"`

	Method      string   `json:"method"` // in words
	LogLik      float64  `json:"log_likelihood"`
	N           int      `json:"n"` // rows, or the sum of their frequencies
	K           int      `json:"k"` // parameters estimated, with those of the noise
	AIC         float64  `json:"aic"`
	BIC         float64  `json:"bic"`
	Converged   bool     `json:"converged"`
	Verdict     string   `json:"verdict"` // a sentence
	Steps       int      `json:"iterations"`
	Evaluations int      `json:"evaluations"`
	Gradient    float64  `json:"gradient_norm"`    // relative, in the free parameters
	Condition   *float64 `json:"condition_number"` // of the information, scaled to unit diagonal
	Squares     *float64 `json:"residual_sum_of_squares,omitempty"`

	Errors     ErrorKind   `json:"standard_errors"`
	Parameters []Parameter `json:"parameters"` // in the model file's order
	Noise      []Parameter `json:"noise"`      // the free covariance's elements, if any
	NoiseNote  string      `json:"noise_note,omitempty"`
	// Covariance is that of the estimates, of Parameters and then Noise: zero in rows and
	// columns of those that have no standard error. It is absent if there is none at all.
	Covariance [][]float64 `json:"covariance,omitempty"`

	Identification Identification `json:"identification"`
	Failures       []Failure      `json:"failures,omitempty"` // rows without an equilibrium
	Notes          []string       `json:"notes,omitempty"`    // sentences: restarts, starts, drops
	Profiles       []Profile      `json:"profiles,omitempty"`
	Bootstrap      *Bootstrap     `json:"bootstrap,omitempty"`

	// What pictures are drawn from. It is not part of fit.json.
	Series   []Series  `json:"-"`
	Path     []Step    `json:"-"`
	Surfaces []Surface `json:"-"`
}

// FormatNow is the version of fit.json that this program writes, and the only one it reads.
const FormatNow = 1

// Origin is the model file, with its whole text.
type Origin struct {
	Name string `json:"name"`
	Path string `json:"path"`
	Text string `json:"text"`
}

// Sample is which rows the estimate is from.
type Sample struct {
	Path    string `json:"path"`
	Digest  string `json:"sha256"`
	Rows    int    `json:"rows"`        // in the file
	Lagging int    `json:"without_lag"` // rows dropped since an earlier period is lacking
	Missing int    `json:"missing"`     // rows dropped since a value is missing
	Used    int    `json:"used"`        // rows of the estimate
	// Observed are the columns that the likelihood is of, and Weights that of the weights.
	Observed []string `json:"observed"`
	Weights  string   `json:"weights,omitempty"`
}

// ErrorKind is how the standard errors were computed.
type ErrorKind struct {
	Kind    string `json:"kind"`    // hessian, opg, sandwich, cluster or gauss-newton
	Divisor string `json:"divisor"` // in words
	Cluster string `json:"cluster,omitempty"`
	// DegreesOfFreedom of Student's t, where intervals are by it; nil for the normal.
	DegreesOfFreedom *float64 `json:"degrees_of_freedom,omitempty"`
}

// Parameter is a row of the table.
type Parameter struct {
	Name     string   `json:"name"`
	Estimate float64  `json:"estimate"`
	StdErr   *float64 `json:"std_err"`
	Z        *float64 `json:"z"` // or t, by ErrorKind
	P        *float64 `json:"p"`
	Lower    *float64 `json:"lower"` // of the 95 % interval
	Upper    *float64 `json:"upper"`
	State    State    `json:"state"`
}

// State says why a parameter has no standard error.
type State string

// The states.
const (
	Free         State = ""
	Fixed        State = "fixed"
	AtBound      State = "at bound"
	Unidentified State = "not identified"
	Unknown      State = "no standard error" // the information is not positive definite
)

// Identification is what the data say about the parameters, to first order at the estimate.
type Identification struct {
	Verdict   string      `json:"verdict"` // identified, weak or flat
	From      string      `json:"from"`    // predictions or scores
	Names     []string    `json:"names"`   // the free parameters, which the directions are of
	Singular  []float64   `json:"singular_values"`
	Rank      int         `json:"rank"`
	Tolerance float64     `json:"tolerance"`
	Flat      [][]float64 `json:"flat,omitempty"` // directions, of unit length
	Sentences []string    `json:"sentences"`      // the finding in words
}

// Failure is a row whose equilibrium was not found at the estimate.
type Failure struct {
	Row      int    `json:"row"` // among those used, from zero
	Place    string `json:"place"`
	Sentence string `json:"sentence"`

	several bool // equilibria
}

// Profile is a profile likelihood of one parameter.
type Profile struct {
	Name     string    `json:"name"`
	Level    float64   `json:"level"` // 0.95
	Lower    Edge      `json:"lower"`
	Upper    Edge      `json:"upper"`
	At       []float64 `json:"at"`             // values of the parameter
	LogLik   []float64 `json:"log_likelihood"` // maximised over the others
	Flat     bool      `json:"flat"`           // constant on an interval
	Sentence string    `json:"sentence"`
}

// Edge is an end of a profile interval.
type Edge struct {
	// Value is where the profile crosses, the bound, or how far was looked.
	Value     float64 `json:"value"`
	Bound     bool    `json:"bound,omitempty"`     // the bound was reached first
	Unbounded bool    `json:"unbounded,omitempty"` // no crossing was found as far as was looked
}

// Bootstrap is the spread of refits.
type Bootstrap struct {
	Resample  string               `json:"resample"` // parametric, rows or cluster
	Cluster   string               `json:"cluster,omitempty"`
	Seed      uint64               `json:"seed"`
	Asked     int                  `json:"replicates"`
	Failed    int                  `json:"failed"`
	Intervals []BootstrapParameter `json:"parameters"`
	Draws     [][]float64          `json:"-"` // a row per successful replicate
}

// BootstrapParameter is one parameter's part of a Bootstrap.
type BootstrapParameter struct {
	Name   string  `json:"name"`
	Mean   float64 `json:"mean"`
	StdErr float64 `json:"std_err"` // the standard deviation of the replicates
	Lower  float64 `json:"lower"`   // percentile interval, 95 %
	Upper  float64 `json:"upper"`
}

// Series is an observed column and what the model says of it.
type Series struct {
	Name      string
	Observed  []float64
	Predicted []float64 // the density's mean or location, in the target's units
}

// Step is an accepted point of the optimiser.
type Step struct {
	X        []float64 // the free parameters
	LogLik   float64
	Gradient float64 // relative
}

// Surface is the log likelihood over two parameters, the others at their estimates.
type Surface struct {
	X, Y     string
	XAt, YAt []float64
	LogLik   [][]float64 // [y][x]; NaN where the model has no value
}
