package expression

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pullback/internal/spelling"
)

// furthest is the longest lag: longer ones are slips.
const furthest = 1_000_000

// named reads what starts with a name: a call, a lag, or the name alone.
func (p *parser) named(t token) (Expr, error) {
	switch p.peek().kind {
	case "(":
		return p.call(t)
	case "[":
		return p.lag(t)
	}
	if t.text == "pi" {
		return &Number{t.Span, math.Pi}, nil
	}
	return &Name{t.Span, t.text}, nil
}

// call reads a function's arguments, or a reduction's argument and key.
func (p *parser) call(f token) (Expr, error) {
	known, isFunction := lookUp(f.text)
	if !isFunction && !reduces(f.text) {
		return nil, unknownFunction(f)
	}
	args, err := p.arguments()
	if err != nil {
		return nil, err
	}
	for _, a := range args {
		if err := isNumber(a); err != nil {
			return nil, err
		}
	}
	reduction := reduces(f.text) && len(args) == 1
	key := ""
	if by := p.peek(); p.accept("by") {
		k := p.take()
		switch {
		case !reduction:
			return nil, &SyntaxError{by.Span, "by stands in a reduction over rows of one value",
				"write sum(x by market); the others are mean, min and max"}
		case k.kind != name:
			return nil, &SyntaxError{k.Span, fmt.Sprintf("here is %s where by needs a column", k),
				"write " + f.text + "(x by market)"}
		}
		key = k.text
	}
	if err := p.expect(")", f, "put a comma between arguments"); err != nil {
		return nil, err
	}
	span := Span{f.Start, p.last().End}
	if reduction {
		return &Group{span, f.text, args[0], key}, nil
	}
	if !isFunction {
		return nil, &SyntaxError{span, f.text + " is over rows of the data and has one argument",
			fmt.Sprintf("write %s(x), or %[1]s(x by market)", f.text)}
	}
	if n := len(args); n < known.Min || known.Max >= 0 && n > known.Max {
		return nil, &SyntaxError{span, fmt.Sprintf("%s has %s, not %d", f.text, arity(known),
			n), "an argument is any formula; commas stand between them"}
	}
	return &Call{span, f.text, args}, nil
}

func arity(f Function) string {
	switch {
	case f.Max < 0:
		return fmt.Sprintf("%d arguments or more", f.Min)
	case f.Min == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", f.Min)
}

// arguments reads a ( and values between commas, up to what is no comma.
func (p *parser) arguments() (list []Expr, err error) {
	p.take()
	if p.peek().kind == ")" {
		return nil, nil
	}
	for {
		e, err := p.choice()
		if err != nil {
			return nil, err
		}
		list = append(list, e)
		if !p.accept(",") {
			return list, nil
		}
	}
}

// lag reads what follows a column's name in brackets.
func (p *parser) lag(column token) (Expr, error) {
	p.take()
	earlier := p.accept("-")
	if !earlier {
		p.accept("+")
	}
	t := p.take()
	refuse := func(message, advice string) (Expr, error) {
		return nil, &SyntaxError{t.Span, message, advice}
	}
	advice := fmt.Sprintf("write %s[-1] for its value one period earlier", column.text)
	if t.kind != number || strings.Trim(t.text, "0123456789") != "" {
		return refuse(fmt.Sprintf("here is %s where a lag needs a whole number of periods", t),
			advice)
	}
	by, err := strconv.Atoi(t.text)
	switch {
	case !earlier || by == 0:
		return refuse("only earlier periods exist for a row", advice)
	case err != nil || by > furthest:
		return refuse(fmt.Sprintf("a lag of more than %d periods", furthest), advice)
	}
	if err := p.expect("]", column, advice); err != nil {
		return nil, err
	}
	return &Lag{Span{column.Start, p.last().End}, column.text, by}, nil
}

// unknownFunction says what may have been meant.
func unknownFunction(f token) error {
	if slices.Contains(Distributions(), f.text) {
		return &SyntaxError{f.Span, f.text + " is a distribution and no function",
			"distributions stand alone to the right of the colon under observe: and residual:"}
	}
	var names []string
	for _, known := range Functions() {
		names = append(names, known.Name)
	}
	names = append(names, reductions()[:2]...) // the others are functions too
	advice := "the functions are " + strings.Join(names, ", ")
	if strings.EqualFold(f.text, "ln") {
		advice = "the natural logarithm is log"
	} else if near := spelling.Nearest(f.text, names); near != "" {
		advice = "did you mean " + near + "?"
	}
	return &SyntaxError{f.Span, "there is no function " + f.text, advice}
}
