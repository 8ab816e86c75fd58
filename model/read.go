package model

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pullback/internal/spelling"
	"pullback/model/expression"
)

// Read reads and checks a model file. Mistakes in it are *Error.
func Read(path string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// One byte more than is allowed tells that there is more, whatever the file says of its size.
	text, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err != nil {
		return nil, err
	}
	return Parse(path, text)
}

// Parse reads and checks a model file's text; the path is for messages. Mistakes in it are
// *Error.
func Parse(path string, text []byte) (*Model, error) {
	if len(text) > largestFile {
		return nil, &Error{Path: path, Message: fmt.Sprintf("the file has more than %d bytes, "+
			"the most that a model may have", largestFile), Advice: moveData}
	}
	s := strings.TrimPrefix(string(text), "\ufeff")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	r := &reader{at: map[string]Position{}, names: map[string]declaration{},
		selections: map[string]Position{},
		Model:      &Model{Source: Source{path, s}, lines: strings.Split(s, "\n")}}
	file, err := r.readYAML()
	if err == nil {
		err = r.file(file)
	}
	if err == nil {
		err = r.check()
	}
	if err != nil {
		return nil, err
	}
	return r.Model, nil
}

// reader fills a model from nodes, one method a section of the file.
type reader struct {
	*Model
	at         map[string]Position    // of the sections' keys
	names      map[string]declaration // of parameters, unknowns and definitions
	selections map[string]Position    // of what unknowns have written under select
}

// section is a part of the file with its reader.
type section struct {
	key  string
	read func(*reader, node) error
}

// sections are the keys of a file, in the order in which people write them.
func sections() []section {
	return []section{
		{"name", (*reader).name},
		{"parameters", each((*reader).parameter, "parameters are written as c_d: {start: 0.6}")},
		{"unknowns", each((*reader).unknown, "unknowns are written as P: {start: 5}")},
		{"define", each((*reader).definition, "definitions are written as demand: 100 - P^c_d")},
		{"equilibrium", (*reader).equilibrium},
		{"observe", each((*reader).observation, "write a column, a colon and a distribution, as "+
			"price: normal(P, sigma)")},
		{"residual", each((*reader).shock, "write a formula, a colon and a distribution, as "+
			"demand - Q: normal(0, sigma)")},
		{"loglik", (*reader).logLik},
		{"weights", (*reader).weights},
		{"panel", column(func(m *Model) **Key { return &m.Panel })},
		{"time", column(func(m *Model) **Key { return &m.Time })},
		{"missing", (*reader).missing},
	}
}

func (r *reader) file(file node) error {
	const advice = "a model file begins with name:, parameters: or unknowns:"
	if file.kind != mapping {
		return r.Complain(file.at, fmt.Sprintf("%v stands where the sections of a model are "+
			"needed", file), advice)
	}
	all := sections()
	var keys []string
	for _, s := range all {
		keys = append(keys, s.key)
	}
	base := filepath.Base(r.Source.Path)
	r.Name = strings.TrimSuffix(base, filepath.Ext(base))
	for _, e := range file.entries {
		i := slices.Index(keys, e.key.text)
		if i < 0 {
			return r.unknownKey(e.key, "a model file", keys)
		}
		r.at[e.key.text] = e.key.at
		if e.value.kind == nothing {
			return r.Complain(e.key.at, "nothing stands under "+e.key.text+":",
				"leave the key out, or indent what belongs to it")
		}
		if err := all[i].read(r, e.value); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) unknownKey(key node, where string, keys []string) error {
	advice := "the keys are " + strings.Join(keys, ", ")
	if near := spelling.Nearest(key.text, keys); near != "" {
		advice = "did you mean " + near + "?"
	}
	return r.Complain(key.at, fmt.Sprintf("%s has no key %s", where, key.text), advice)
}

// each reads a mapping entry by entry.
func each(read func(*reader, entry) error, advice string) func(*reader, node) error {
	return func(r *reader, n node) error {
		if n.kind != mapping {
			return r.Complain(n.at, fmt.Sprintf("%v stands where a mapping is needed", n), advice)
		}
		for _, e := range n.entries {
			if err := read(r, e); err != nil {
				return err
			}
		}
		return nil
	}
}

// column reads a column's name.
func column(to func(*Model) **Key) func(*reader, node) error {
	return func(r *reader, n node) error {
		k, err := r.key(n)
		*to(r.Model) = &k
		return err
	}
}

func (r *reader) key(n node) (Key, error) {
	if n.kind != scalar || !expression.IsName(n.text) {
		return Key{}, r.Complain(n.at, fmt.Sprintf("%v stands where a column's name is needed", n),
			nameAdvice)
	}
	return Key{n.text, n.at}, nil
}

func (r *reader) name(n node) error {
	if n.kind != scalar {
		return r.Complain(n.at, fmt.Sprintf("%v stands where the model's name is needed", n),
			"write name: market")
	}
	r.Name = n.text
	return nil
}

func (r *reader) missing(n node) error {
	if n.text != "drop" {
		return r.Complain(n.at, fmt.Sprintf("%v is no way to treat missing values", n),
			"write missing: drop, or leave it out to have rows with missing values refused")
	}
	r.DropMissing = true
	return nil
}

func (r *reader) weights(n node) error {
	const advice = "write weights: {column: w, kind: frequency}, or kind: sampling"
	if n.kind != mapping {
		return r.Complain(n.at, fmt.Sprintf("%v does not say of which kind the weights are", n),
			advice)
	}
	var column, kind *node
	err := r.fields(n, "the section weights", map[string]**node{"column": &column, "kind": &kind})
	if err != nil {
		return err
	}
	if column == nil || kind == nil {
		return r.Complain(n.at, "weights need a column and a kind", advice)
	}
	k, err := r.key(*column)
	if err != nil {
		return err
	}
	if kind.text != "frequency" && kind.text != "sampling" {
		return r.Complain(kind.at, fmt.Sprintf("%v is no kind of weights", *kind), advice)
	}
	r.Weights = &Weights{k, kind.text == "sampling"}
	return nil
}

// fields finds the values of a mapping's keys, which are all optional.
func (r *reader) fields(n node, where string, to map[string]**node) error {
	var keys []string
	for k := range to {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, e := range n.entries {
		field, ok := to[e.key.text]
		if !ok {
			return r.unknownKey(e.key, where, keys)
		}
		if e.value.kind == nothing {
			return r.Complain(e.key.at, "nothing follows "+e.key.text+":",
				"write its value, or leave the key out")
		}
		*field = &e.value
	}
	return nil
}

// formula reads a formula of numbers.
func (r *reader) formula(n node) (Formula, error) {
	f, err := r.formulas(n)
	return f, r.single(f, err)
}

// single refuses a tuple.
func (r *reader) single(f Formula, err error) error {
	if t, ok := f.Expr.(*expression.Tuple); ok && err == nil {
		return r.Complain(r.Place(f, t.Where()), "several values stand where one is needed",
			"write one formula")
	}
	return err
}

// formulas reads a formula, or a tuple of them.
func (r *reader) formulas(n node) (Formula, error) {
	if n.kind != scalar {
		return Formula{}, r.Complain(n.at, fmt.Sprintf("%v stands where a formula is needed", n),
			"write a formula, in quotes if it begins with -, [ or { or has a colon in it")
	}
	return r.parse(n.text, n.at)
}

func (r *reader) parse(text string, at Position) (Formula, error) {
	e, err := expression.Parse(text)
	f := Formula{e, text, at}
	return f, r.inFile(f, err)
}

// inFile gives a formula's syntax error its place in the file.
func (r *reader) inFile(f Formula, err error) error {
	var syntax *expression.SyntaxError
	if errors.As(err, &syntax) {
		return r.Complain(r.Place(f, syntax.At), syntax.Message, syntax.Advice)
	}
	return err
}

// part is a part of a formula as a formula of its own.
func (r *reader) part(f Formula, span expression.Span) (Formula, error) {
	text := f.Text[span.Start:span.End]
	span.Start += len(text) - len(strings.TrimLeft(text, " \t\n"))
	return r.parse(strings.TrimSpace(text), r.Place(f, span))
}

// number reads a formula without names, and computes it.
func (r *reader) number(n node) (float64, error) {
	const unbounded = "what has no bound has no lower: or upper:"
	if s := strings.TrimLeft(strings.ToLower(n.text), "+-."); s == "inf" || s == "nan" {
		return 0, r.Complain(n.at, fmt.Sprintf("%v is no finite number", n), unbounded)
	}
	f, err := r.formula(n)
	if err != nil {
		return 0, err
	}
	x, ok := constant(f.Expr)
	if !ok {
		return 0, r.Complain(n.at, fmt.Sprintf("%v has names in it, and a number is needed here",
			n), "write a number, such as 0.6 or 2*pi")
	}
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, r.Complain(n.at, fmt.Sprintf("%v is %v, and a finite number is needed here", n,
			x), unbounded)
	}
	return x, nil
}

// constant is the value of a formula that depends on nothing.
func constant(e expression.Expr) (x float64, ok bool) {
	ok = true
	expression.Walk(e, func(e expression.Expr) {
		switch e.(type) {
		case *expression.Name, *expression.Lag, *expression.Group:
			ok = false
		}
	})
	if !ok {
		return 0, false
	}
	return expression.Eval(e, expression.Env{}).Float(), true
}

// Advice that several mistakes share.
const (
	moveData   = "data stand in a file of their own"
	nameAdvice = "a name has letters, digits and _, and begins with no digit"
)
