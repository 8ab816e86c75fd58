package model

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pullback/model/expression"
)

// Read reads and checks a model file. What is wrong with it is an *Error.
func Read(path string) (*Model, error) {
	source, err := readSource(path)
	if err != nil {
		return nil, err
	}
	return parse(source)
}

// Parse is Read of a text; the path is for messages.
func Parse(path string, text []byte) (*Model, error) {
	return parse(Source{path, string(text)})
}

func parse(source Source) (*Model, error) {
	root, err := source.document()
	if err != nil {
		return nil, err
	}
	r := &reader{m: &Model{Source: source, Name: "model"}}
	if root.kind != mapping {
		return nil, source.complain(root.at, "a model file is a mapping, and this is "+
			root.kind.String(), "Begin with a line such as “name: market”.")
	}
	r.root(root)
	if r.err == nil {
		r.check()
	}
	if r.err != nil {
		return nil, r.err
	}
	return r.m, nil
}

// reader makes a model of nodes. After the first error it only returns.
type reader struct {
	m   *Model
	err error
}

func (r *reader) fail(at Position, advice, format string, args ...any) {
	if r.err == nil {
		r.err = r.m.Complain(at, fmt.Sprintf(format, args...), advice)
	}
}

// keys hands each entry of a mapping to its reader; others are unknown, and nothing may come twice.
func (r *reader) keys(n node, what string, known map[string]func(entry)) {
	if n.kind != mapping {
		r.fail(n.at, "", "%s is a mapping, and this is %s", what, n.kind)
		return
	}
	seen := map[string]Position{}
	for _, e := range n.entries {
		if at, twice := seen[e.key]; twice {
			r.fail(e.at, "Leave out one of the two.", "%s is given twice, in line %d "+
				"already", e.key,
				at.Line)
		}
		seen[e.key] = e.at
		f := known[e.key]
		if f == nil {
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			advice := didYouMean(e.key, names)
			if advice == "" {
				advice = "The keys are " + strings.Join(names, ", ") + "."
			}
			r.fail(e.at, advice, "%s has no key %q", what, e.key)
			return
		}
		if r.err == nil {
			f(e)
		}
	}
}

func (r *reader) root(n node) {
	r.keys(n, "a model file", map[string]func(entry){
		"name":        func(e entry) { r.m.Name = r.text(e.value) },
		"parameters":  r.parameters,
		"unknowns":    r.unknowns,
		"define":      r.definitions,
		"equilibrium": r.equations,
		"observe":     func(e entry) { r.m.Observations = r.observations(e, true) },
		"residual":    func(e entry) { r.m.Shocks = r.observations(e, false) },
		"loglik": func(e entry) {
			f := r.formula(e.value)
			r.m.LogLik = &f
		},
		"weights": r.weights,
		"panel":   func(e entry) { r.m.Panel = r.key(e.value) },
		"time":    func(e entry) { r.m.Time = r.key(e.value) },
		"missing": func(e entry) {
			if text := r.text(e.value); text != "drop" {
				r.fail(e.value.at, "Write “missing: drop”, or leave the line out to refuse rows "+
					"with missing values.", "missing is %q", text)
			}
			r.m.DropMissing = true
		},
	})
}

// text of a scalar.
func (r *reader) text(n node) string {
	if n.kind != plain {
		r.fail(n.at, "", "here should be a value, and this is %s", n.kind)
		return ""
	}
	return n.text
}

// key is a column's name.
func (r *reader) key(n node) *Key {
	name := r.text(n)
	if r.err == nil && strings.TrimSpace(name) == "" {
		r.fail(n.at, "", "here should be the name of a column")
	}
	return &Key{name, n.at}
}

// number is a literal one, which may be infinite only where it says so.
func (r *reader) number(n node, infinite bool) float64 {
	text := r.text(n)
	if r.err != nil {
		return 0
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	switch {
	case err != nil && math.IsInf(x, 0):
		r.fail(n.at, "The greatest number is 1.8e308.", "%s is too large", text)
	case err != nil:
		r.fail(n.at, "", "%q is no number", text)
	case math.IsNaN(x) || math.IsInf(x, 0) && !infinite:
		r.fail(n.at, "", "%q is no finite number", text)
	}
	return x
}

// formula reads an expression.
func (r *reader) formula(n node) Formula {
	f := Formula{Text: r.text(n), At: n.at}
	if r.err != nil {
		return f
	}
	return r.parsed(f)
}

// parsed reads the text of a formula.
func (r *reader) parsed(f Formula) Formula {
	e, err := expression.Parse(f.Text)
	if err != nil {
		wrong := err.(*expression.SyntaxError)
		r.fail(f.place(wrong.At), capital(wrong.Advice), "%s", wrong.Message)
		return f
	}
	f.Expr = e
	return f
}

// capital makes a sentence of an advice.
func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// isName says whether a text can name something in formulas.
func isName(text string) bool {
	e, err := expression.Parse(text)
	if err != nil {
		return false
	}
	name, ok := e.(*expression.Name)
	return ok && name.Name == text
}

// declare checks a new name.
func (r *reader) declare(name string, at Position) {
	switch {
	case !isName(name):
		r.fail(at, "Names are letters, digits and _, and begin with a letter; pi and words of the "+
			"notation are taken.", "%q cannot be a name", name)
	case expression.Known(name):
		r.fail(at, "Choose another name.", "%s is the name of a function", name)
	}
	for _, p := range r.m.Parameters {
		r.twice(name, p.Name, at, p.At, "a parameter")
	}
	for _, u := range r.m.Unknowns {
		r.twice(name, u.Name, at, u.At, "an unknown")
	}
	for _, d := range r.m.Definitions {
		r.twice(name, d.Name, at, d.At, "a definition")
	}
}

func (r *reader) twice(name, other string, at, before Position, what string) {
	if name == other {
		r.fail(at, "Every name has one meaning; choose another.", "%s is already %s, in line %d",
			name, what, before.Line)
	}
}

func (r *reader) weights(e entry) {
	w := &Weights{}
	var kind string
	r.keys(e.value, "weights", map[string]func(entry){
		"column": func(e entry) { w.Column = *r.key(e.value) },
		"kind": func(e entry) {
			kind = r.text(e.value)
			if kind != "frequency" && kind != "sampling" {
				r.fail(e.value.at, "The kinds are frequency and sampling.", "there is no kind "+
					"%q of "+
					"weights", kind)
			}
		},
	})
	if r.err == nil && (w.Column.Name == "" || kind == "") {
		r.fail(e.at, "Write “weights: {column: w, kind: frequency}”, or sampling.",
			"weights need their column and their kind")
	}
	w.Sampling = kind == "sampling"
	r.m.Weights = w
}
