package model

import (
	"math"
	"strings"
)

// named goes through a mapping from names to whatever f reads.
func (r *reader) named(e entry, what string, f func(entry)) {
	if e.value.kind != mapping {
		r.fail(e.value.at, "", "%s is a mapping of names, and this is %s", what, e.value.kind)
		return
	}
	for _, e := range e.value.entries {
		r.declare(e.key, e.at)
		if r.err != nil {
			return
		}
		f(e)
	}
}

func (r *reader) parameters(e entry) {
	r.named(e, "parameters", r.parameter)
}

func (r *reader) parameter(e entry) {
	p := Parameter{Name: e.key, At: e.at, Lower: math.Inf(-1), Upper: math.Inf(1)}
	given := map[string]Position{}
	note := func(f func(entry)) func(entry) {
		return func(e entry) { given[e.key] = e.at; f(e) }
	}
	r.keys(e.value, "the parameter "+e.key, map[string]func(entry){
		"start": note(func(e entry) { p.Start = r.number(e.value, false) }),
		"value": note(func(e entry) { p.Start, p.Fixed = r.number(e.value, false), true }),
		"lower": note(func(e entry) { p.Lower = r.number(e.value, true) }),
		"upper": note(func(e entry) { p.Upper = r.number(e.value, true) }),
		"transform": note(func(e entry) {
			switch text := r.text(e.value); text {
			case "log":
				p.Transform = Log
			case "logit":
				p.Transform = Logit
			default:
				r.fail(e.value.at, "The transforms are log and logit.", "there is no transform %q",
					text)
			}
		}),
	})
	r.checkParameter(p, given)
	r.m.Parameters = append(r.m.Parameters, p)
}

func (r *reader) checkParameter(p Parameter, given map[string]Position) {
	_, start := given["start"]
	value, fixed := given["value"]
	lower, upper := p.Lower, p.Upper
	switch {
	case start && fixed:
		r.fail(value, "value fixes a parameter, start is where its search begins: leave out one.",
			"%s has a value and a start", p.Name)
	case !start && !fixed:
		r.fail(p.At, "Write “start: 1”, where the search begins, or “value: 1” to fix it.",
			"%s has neither a start nor a value", p.Name)
	case fixed && len(given) > 1:
		r.fail(p.At, "Leave out what is beside the value.", "%s is fixed, so bounds and "+
			"transforms "+
			"have no meaning for it", p.Name)
	case lower > upper:
		r.fail(given["lower"], "", "the lower bound of %s, %v, is above the upper one, %v", p.Name,
			lower, upper)
	case p.Start < lower || p.Start > upper:
		at := given["start"]
		r.fail(at, "", "the start of %s, %v, is not between its bounds, %v and %v", p.Name, p.Start,
			lower, upper)
	}
	if p.Transform == Identity || r.err != nil {
		return
	}
	ends := p
	if math.IsInf(ends.Lower, -1) {
		ends.Lower = 0
	}
	if p.Transform == Logit && math.IsInf(ends.Upper, 1) {
		ends.Upper = 1
	}
	if !(p.Start > ends.Lower) || p.Transform == Logit && !(p.Start < ends.Upper) {
		r.fail(given["start"], "A transform needs a start inside: log above the lower bound, "+
			"which "+
			"is 0 unless given, and logit between the bounds, 0 and 1 unless given.",
			"%s starts at %v, where its transform is not finite", p.Name, p.Start)
	}
}

func (r *reader) unknowns(e entry) { r.named(e, "unknowns", r.unknown) }

func (r *reader) unknown(e entry) {
	u := Unknown{Name: e.key, At: e.at, Select: Unique}
	started, selected := false, false
	r.keys(e.value, "the unknown "+e.key, map[string]func(entry){
		"start": func(e entry) { u.Start, started = r.formula(e.value), true },
		"bracket": func(e entry) {
			if e.value.kind != list || len(e.value.items) != 2 {
				r.fail(e.value.at, "Write “bracket: [0, 100]”.", "a bracket is a list of two ends")
				return
			}
			lower, upper := r.formula(e.value.items[0]), r.formula(e.value.items[1])
			u.Lower, u.Upper = &lower, &upper
		},
		"select": func(e entry) {
			selected = true
			switch text := r.text(e.value); text {
			case "unique":
			case "lowest":
				u.Select = Lowest
			case "highest":
				u.Select = Highest
			case "nearest":
				u.Select = Nearest
			default:
				r.fail(e.value.at, "Of several equilibria one can have the lowest, the highest or "+
					"the nearest to the start, or refuse them: unique.",
					"there is no selection %q", text)
			}
		},
		"observed": func(e entry) { u.Observed = r.key(e.value) },
	})
	switch {
	case r.err != nil:
	case !started:
		r.fail(e.at, "Write “start: 5”, where the search for the root begins.", "%s has no start",
			e.key)
	case selected && u.Lower == nil && u.Select != Nearest:
		r.fail(e.at, "Write “bracket: [0, 100]”, in which roots are looked for.",
			"%s selects among roots, and has no bracket", e.key)
	case u.Lower == nil:
		u.Select = Nearest
	}
	r.m.Unknowns = append(r.m.Unknowns, u)
}

func (r *reader) definitions(e entry) {
	r.named(e, "define", func(e entry) {
		r.m.Definitions = append(r.m.Definitions, Definition{e.key, r.formula(e.value), e.at})
	})
}

func (r *reader) equations(e entry) {
	if e.value.kind != list {
		r.fail(e.value.at, "Write a line such as “- demand = supply” for each.",
			"equilibrium is a list of equations, and this is %s", e.value.kind)
		return
	}
	for _, item := range e.value.items {
		r.equation(item)
	}
}

// equation takes the text apart at its one =, which is none of ==, <=, >= and !=.
func (r *reader) equation(n node) {
	text := r.text(n)
	if r.err != nil {
		return
	}
	var signs []int
	for i := range len(text) {
		if text[i] == '=' && (i == 0 || !strings.ContainsRune("=<>!", rune(text[i-1]))) &&
			(i+1 == len(text) || text[i+1] != '=') {
			signs = append(signs, i)
		}
	}
	whole := Formula{Text: text, At: n.at}
	switch len(signs) {
	case 1:
	case 0:
		r.fail(n.at, "Write “demand = supply”.", "an equation needs its =")
		return
	default:
		at := whole.At
		at.Column += signs[1]
		r.fail(at, "Write an equation for each.", "here is a second = in one equation")
		return
	}
	left, right := text[:signs[0]], text[signs[0]+1:]
	after := n.at
	after.Column += len([]rune(left)) + 1
	trimmed := strings.TrimLeft(right, " ")
	after.Column += len(right) - len(trimmed)
	q := Equation{At: n.at,
		Left:  r.parsed(Formula{Text: strings.TrimRight(left, " "), At: n.at}),
		Right: r.parsed(Formula{Text: trimmed, At: after})}
	r.m.Equations = append(r.m.Equations, q)
}
