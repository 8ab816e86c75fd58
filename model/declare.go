package model

import (
	"fmt"
	"math"
	"strings"

	"pullback/model/expression"
)

// declare gives something new its name, if it can have it.
func (r *reader) declare(key node, what string) error {
	if !expression.IsName(key.text) {
		advice := nameAdvice
		if expression.Reserved(key.text) != "" {
			advice = key.text + " is " + expression.Reserved(key.text)
		}
		return r.Complain(key.at, fmt.Sprintf("%v cannot be a name", key), advice)
	}
	if already := expression.Reserved(key.text); already != "" {
		return r.Complain(key.at, fmt.Sprintf("%s is %s and cannot name anything else", key.text,
			already), "choose another name, such as "+key.text+"_")
	}
	if d, twice := r.names[key.text]; twice {
		return r.Complain(key.at, "the name "+key.text+" is used twice", fmt.Sprintf("it is %s "+
			"in line %d, column %d; choose another for one of them", d.what, d.at.Line,
			d.at.Column))
	}
	r.names[key.text] = declaration{what, key.at}
	return nil
}

func (r *reader) parameter(e entry) error {
	if err := r.declare(e.key, aParameter); err != nil {
		return err
	}
	name := e.key.text
	if e.value.kind != mapping {
		return r.Complain(e.value.at, fmt.Sprintf("%v does not say whether the parameter %s is "+
			"estimated", e.value, name), "write {start: 0.6} to estimate it from 0.6, or "+
			"{value: 0.6} to fix it there")
	}
	var start, value, lower, upper, transform *node
	err := r.fields(e.value, "the parameter "+name, map[string]**node{"start": &start,
		"value": &value, "lower": &lower, "upper": &upper, "transform": &transform})
	if err != nil {
		return err
	}
	p := Parameter{Name: name, At: e.key.at, Fixed: value != nil, Lower: math.Inf(-1),
		Upper: math.Inf(1)}
	switch {
	case start != nil && value != nil:
		return r.Complain(value.at, "the parameter "+name+" has a start and a value",
			"a value fixes it and a start is where estimation begins: leave one out")
	case start == nil && value == nil:
		return r.Complain(e.key.at, "the parameter "+name+" has neither a start nor a value",
			"write start: and where estimation begins, or value: and the number that it is")
	case start == nil:
		start = value
	}
	for _, f := range []struct {
		from *node
		to   *float64
	}{{start, &p.Start}, {lower, &p.Lower}, {upper, &p.Upper}} {
		if f.from == nil {
			continue
		}
		if *f.to, err = r.number(*f.from); err != nil {
			return err
		}
	}
	if lower != nil && upper != nil && p.Lower >= p.Upper {
		return r.Complain(upper.at, fmt.Sprintf("the upper bound %v is not above the lower, %v",
			p.Upper, p.Lower), "exchange them, or fix the parameter with value:")
	}
	if transform != nil {
		if err := r.transform(&p, *transform, lower, upper); err != nil {
			return err
		}
	}
	if err := r.inside(p, *start); err != nil {
		return err
	}
	r.Parameters = append(r.Parameters, p)
	return nil
}

// transform reads how the optimiser sees a parameter, and checks that its bounds are those that
// the transform maps.
func (r *reader) transform(p *Parameter, n node, lower, upper *node) error {
	switch n.text {
	case "log":
		p.Transform = Log
		if upper != nil {
			return r.Complain(upper.at, "the transform log has no upper bound",
				"leave upper: out, or write transform: logit")
		}
		if lower == nil {
			p.Lower = 0
		}
	case "logit":
		p.Transform = Logit
		if (lower == nil) != (upper == nil) {
			return r.Complain(n.at, "the transform logit has two bounds, and here is one",
				"write lower: and upper:, or neither for [0, 1]")
		}
		if lower == nil {
			p.Lower, p.Upper = 0, 1
		}
	default:
		return r.Complain(n.at, fmt.Sprintf("%v is no transform", n), "write transform: log for "+
			"what is above lower:, or transform: logit for what is between lower: and upper:")
	}
	return nil
}

// inside checks a parameter's start against its bounds, which a transform keeps open.
func (r *reader) inside(p Parameter, start node) error {
	word := "start"
	if p.Fixed {
		word = "value"
	}
	if p.Start < p.Lower || p.Start > p.Upper {
		return r.Complain(start.at, fmt.Sprintf("the %s %v is outside [%v, %v], the bounds of %s",
			word, p.Start, p.Lower, p.Upper, p.Name), "move the "+word+" or the bounds")
	}
	if p.Transform != Identity && !p.Fixed && (p.Start == p.Lower || p.Start == p.Upper) {
		return r.Complain(start.at, fmt.Sprintf("the start %v is at a bound of %s, where its "+
			"transform is infinite", p.Start, p.Name), "move it inside the bounds")
	}
	return nil
}

func (r *reader) unknown(e entry) error {
	if err := r.declare(e.key, anUnknown); err != nil {
		return err
	}
	name := e.key.text
	if e.value.kind != mapping {
		return r.Complain(e.value.at, fmt.Sprintf("%v stands where an unknown's keys are needed",
			e.value), "write {start: 5}, and bracket: [0, 100] if one is known")
	}
	var start, bracket, selection, observed *node
	err := r.fields(e.value, "the unknown "+name, map[string]**node{"start": &start,
		"bracket": &bracket, "select": &selection, "observed": &observed})
	if err != nil {
		return err
	}
	u := Unknown{Name: name, Select: Nearest, At: e.key.at}
	if observed != nil {
		k, err := r.key(*observed)
		if err != nil {
			return err
		}
		u.Observed = &k
	}
	switch {
	case start != nil:
		if u.Start, err = r.formula(*start); err != nil {
			return err
		}
	case u.Observed != nil && u.Observed.Name != name:
		// What is observed is the best start that there is.
		if u.Start, err = r.formula(*observed); err != nil {
			return err
		}
	default:
		return r.Complain(e.key.at, "the unknown "+name+" has no start",
			"write start: and a number near the solution, or a formula of columns")
	}
	if bracket != nil {
		if err := r.bracket(&u, *bracket); err != nil {
			return err
		}
	}
	if selection != nil {
		r.selections[name] = selection.at
		u.Select, err = r.selection(*selection, bracket != nil)
	}
	r.Unknowns = append(r.Unknowns, u)
	return err
}

// bracket reads the ends between which the solution is. In it, unless another rule is named, one
// root is to be found.
func (r *reader) bracket(u *Unknown, n node) error {
	if n.kind != sequence || len(n.items) != 2 {
		return r.Complain(n.at, "a bracket is a list of two numbers or formulas",
			"write bracket: [0, 100], with quotes around a formula that has commas or brackets")
	}
	lower, err := r.formula(n.items[0])
	if err != nil {
		return err
	}
	upper, err := r.formula(n.items[1])
	if err != nil {
		return err
	}
	a, isNumber := constant(lower.Expr)
	b, areNumbers := constant(upper.Expr)
	if isNumber && areNumbers && !(a < b) {
		return r.Complain(upper.At, fmt.Sprintf("the bracket [%v, %v] has no inside", a, b),
			"write the lower end first")
	}
	u.Lower, u.Upper, u.Select = &lower, &upper, Unique
	return nil
}

func (r *reader) selection(n node, bracketed bool) (Selection, error) {
	for i, name := range []string{"unique", "lowest", "highest", "nearest"} {
		if n.text != name {
			continue
		}
		if !bracketed && Selection(i) != Nearest {
			return 0, r.Complain(n.at, "select: "+name+" scans a bracket, and there is none",
				"write bracket: [0, 100] with ends that hold every solution, or select: nearest")
		}
		return Selection(i), nil
	}
	return 0, r.Complain(n.at, fmt.Sprintf("%v is no way to select a solution", n),
		"write unique, lowest, highest or nearest")
}

func (r *reader) definition(e entry) error {
	if err := r.declare(e.key, aDefinition); err != nil {
		return err
	}
	f, err := r.formula(e.value)
	r.Definitions = append(r.Definitions, Definition{e.key.text, f, e.key.at})
	return err
}

func (r *reader) equilibrium(n node) error {
	if n.kind != sequence {
		return r.Complain(n.at, fmt.Sprintf("%v stands where a list of equations is needed", n),
			"write each equation after a dash and a space: - demand = supply")
	}
	for _, item := range n.items {
		if item.kind != scalar {
			return r.Complain(item.at, fmt.Sprintf("%v stands where an equation is needed", item),
				"write left = right, in quotes if it begins with - or has a colon in it")
		}
		whole := Formula{nil, item.text, item.at}
		sign, err := expression.EqualSign(item.text)
		if err := r.inFile(whole, err); err != nil {
			return err
		}
		left, err := r.side(whole, expression.Span{Start: 0, End: sign}, "left")
		if err != nil {
			return err
		}
		right, err := r.side(whole, expression.Span{Start: sign + 1, End: len(item.text)}, "right")
		if err != nil {
			return err
		}
		r.Equations = append(r.Equations, Equation{left, right, item.at})
	}
	return nil
}

// side reads a side of an equation.
func (r *reader) side(whole Formula, span expression.Span, name string) (Formula, error) {
	if strings.TrimSpace(whole.Text[span.Start:span.End]) == "" {
		return Formula{}, r.Complain(r.Place(whole, span),
			fmt.Sprintf("nothing stands to the %s of =", name), "write 0 if that is meant")
	}
	f, err := r.part(whole, span)
	return f, r.single(f, err)
}
