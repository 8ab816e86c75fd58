package expression

import "fmt"

// What a formula may be: so much text, in bytes, and so many parts inside one another. Both are
// far above what people write, and keep hostile input from filling memory and stack.
const (
	longest = 64 << 10
	deepest = 200
)

// Parse reads a formula of numbers, or a tuple of such formulas. Its errors are *SyntaxError.
func Parse(text string) (Expr, error) {
	p, err := newParser(text)
	if err != nil {
		return nil, err
	}
	e, err := p.choice()
	if err == nil {
		err = p.close()
	}
	if _, isTuple := e.(*Tuple); err == nil && !isTuple {
		err = isNumber(e)
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// ParseCall reads one call whose function is not looked up, and whose arguments may be tuples: a
// distribution such as normal(P, sigma) or mvnormal((P, Q)). Its errors are *SyntaxError.
func ParseCall(text string) (*Call, error) {
	p, err := newParser(text)
	if err != nil {
		return nil, err
	}
	f := p.take()
	if f.kind != name || p.peek().kind != "(" {
		return nil, &SyntaxError{Span{0, len(text)}, "this is no distribution",
			"write its name and its arguments, such as normal(P, sigma)"}
	}
	args, err := p.arguments()
	if err == nil {
		err = p.expect(")", f, "put a comma between arguments")
	}
	if err == nil {
		err = p.close()
	}
	for _, a := range args {
		if _, isTuple := a.(*Tuple); err == nil && !isTuple {
			err = isNumber(a)
		}
	}
	if err != nil {
		return nil, err
	}
	return &Call{Span{f.Start, p.last().End}, f.text, args}, nil
}

// EqualSign finds the one = of an equation, as a byte offset. Its errors are *SyntaxError.
func EqualSign(text string) (int, error) {
	ts, err := tokens(text)
	if err != nil {
		return 0, err
	}
	at := -1
	for _, t := range ts {
		switch {
		case t.kind == "==":
			return 0, &SyntaxError{t.Span, "== is the question whether two numbers are equal",
				"write = between the two sides of an equation"}
		case t.kind != "=":
		case at >= 0:
			return 0, &SyntaxError{t.Span, "this is a second = in one equation",
				"write one equation for each ="}
		default:
			at = t.Start
		}
	}
	if at < 0 {
		return 0, &SyntaxError{Span{0, len(text)}, "an equation needs a =",
			"write left = right, or right = 0"}
	}
	return at, nil
}

// parser reads tokens by recursive descent, one method a level of binding.
type parser struct {
	tokens []token
	at     int
	depth  int
}

func newParser(text string) (*parser, error) {
	ts, err := tokens(text)
	return &parser{tokens: ts}, err
}

func (p *parser) peek() token { return p.tokens[p.at] }
func (p *parser) last() token { return p.tokens[p.at-1] }

// take is the next token. The end stays.
func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != end {
		p.at++
	}
	return t
}

// accept takes the next token if it is of a kind.
func (p *parser) accept(k kind) bool {
	if p.peek().kind != k {
		return false
	}
	p.at++
	return true
}

// expect takes a token that must be of a kind, as part of what was begun by another.
func (p *parser) expect(k kind, begun token, advice string) error {
	if p.accept(k) {
		return nil
	}
	t := p.peek()
	return &SyntaxError{t.Span, fmt.Sprintf("%q is missing before %s, after %q", string(k), t,
		begun.text), advice}
}

// String is the token in a message.
func (t token) String() string {
	if t.kind == end {
		return "the end of the formula"
	}
	return fmt.Sprintf("%q", t.text)
}

// close checks that nothing follows.
func (p *parser) close() error {
	t := p.peek()
	advice := "write an operator between two values"
	switch t.kind {
	case end:
		return nil
	case "=":
		return &SyntaxError{t.Span, "a formula has no =",
			"write == to compare; equations stand under equilibrium:"}
	case ")", "]":
		advice = "there is no bracket for it to close"
	case ",":
		advice = "write parentheses around several values: (a, b)"
	case "by":
		advice = "by stands in a sum over rows, as in sum(x by market)"
	}
	return &SyntaxError{t.Span, "the formula could end before " + t.String(), advice}
}

// deeper counts parts inside one another. Its caller takes one off when it is done.
func (p *parser) deeper() error {
	if p.depth++; p.depth > deepest {
		return &SyntaxError{p.peek().Span,
			fmt.Sprintf("more than %d parts stand inside one another here", deepest),
			"give parts of the formula names under define:"}
	}
	return nil
}

// choice reads what may stand in parentheses: anything.
func (p *parser) choice() (Expr, error) {
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	return p.binary(disjunction)
}

// operators are the binary ones by their tokens.
func operator(k kind) (op Operator, ok bool) {
	for op := Add; op <= Not; op++ {
		if op != Neg && op != Not && op.String() == string(k) {
			return op, true
		}
	}
	return 0, false
}

// binary reads operators to the left that bind at least as tightly as a level.
func (p *parser) binary(least int) (Expr, error) {
	if least == negation {
		return p.negation()
	}
	if least == minus {
		return p.minus()
	}
	start := p.peek().Start
	x, err := p.binary(least + 1)
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		op, ok := operator(t.kind)
		if _, level := op.symbol(); !ok || level != least {
			return x, nil
		}
		if b, isBinary := x.(*Binary); isBinary && least == comparison && isComparison(b.Op) {
			return nil, &SyntaxError{t.Span, "a comparison has two sides",
				"write a < b and b < c"}
		}
		p.take()
		y, err := p.binary(least + 1)
		if err != nil {
			return nil, err
		}
		if x, err = combine(Span{start, p.last().End}, op, x, y); err != nil {
			return nil, err
		}
	}
}

func (p *parser) negation() (Expr, error) {
	t := p.peek()
	if !p.accept("not") {
		return p.binary(comparison)
	}
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	x, err := p.negation()
	if err == nil {
		err = isCondition(x)
	}
	if err != nil {
		return nil, err
	}
	return &Unary{Span{t.Start, p.last().End}, Not, x}, nil
}

func (p *parser) minus() (Expr, error) {
	t := p.peek()
	if t.kind != "-" && t.kind != "+" {
		return p.power()
	}
	p.take()
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	x, err := p.minus()
	if err == nil {
		err = isNumber(x)
	}
	if err != nil || t.kind == "+" {
		return x, err
	}
	return &Unary{Span{t.Start, p.last().End}, Neg, x}, nil
}

func (p *parser) power() (Expr, error) {
	start := p.peek().Start
	x, err := p.primary()
	if err != nil || !p.accept("^") {
		return x, err
	}
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	y, err := p.minus()
	if err != nil {
		return nil, err
	}
	return combine(Span{start, p.last().End}, Pow, x, y)
}

func (p *parser) primary() (Expr, error) {
	t := p.take()
	switch t.kind {
	case number:
		return &Number{t.Span, t.value}, nil
	case name:
		return p.named(t)
	case "(":
		return p.parentheses(t)
	case "if":
		return p.conditional(t)
	}
	advice := "a value is a number, a name, a call, or a formula in parentheses"
	switch {
	case t.kind == "not":
		advice = "write parentheses around not and its condition"
	case t.kind == end:
		advice = "the formula ends too early"
	case t.kind == "[":
		advice = "a bracket follows a column's name, as in price[-1]"
	}
	if t.kind == "then" || t.kind == "else" || t.kind == "by" {
		advice = t.text + " is a word of the notation and no name"
	}
	return nil, &SyntaxError{t.Span, fmt.Sprintf("here is %s where a value is needed", t), advice}
}

// parentheses reads what follows a (.
func (p *parser) parentheses(open token) (Expr, error) {
	p.at-- // arguments takes it again
	list, err := p.arguments()
	if err == nil {
		err = p.expect(")", open, "every ( needs its )")
	}
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, &SyntaxError{Span{open.Start, p.last().End}, "the parentheses are empty",
			"write a formula in them"}
	}
	if len(list) == 1 {
		return list[0], nil
	}
	for _, e := range list {
		if err := isNumber(e); err != nil {
			return nil, err
		}
	}
	return &Tuple{Span{open.Start, p.last().End}, list}, nil
}

func (p *parser) conditional(t token) (Expr, error) {
	const form = "a choice is: if c then a else b"
	cond, err := p.choice()
	if err == nil {
		err = isCondition(cond)
	}
	if err == nil {
		err = p.expect("then", t, form)
	}
	if err != nil {
		return nil, err
	}
	then, err := p.choice()
	if err == nil {
		err = isNumber(then)
	}
	if err == nil {
		err = p.expect("else", t, form)
	}
	if err != nil {
		return nil, err
	}
	otherwise, err := p.choice()
	if err == nil {
		err = isNumber(otherwise)
	}
	if err != nil {
		return nil, err
	}
	return &If{Span{t.Start, p.last().End}, cond, then, otherwise}, nil
}

// combine makes a binary operation of two formulas of the right kinds.
func combine(at Span, op Operator, x, y Expr) (Expr, error) {
	check := isNumber
	if op == And || op == Or {
		check = isCondition
	}
	for _, e := range []Expr{x, y} {
		if err := check(e); err != nil {
			return nil, err
		}
	}
	return &Binary{at, op, x, y}, nil
}

func isComparison(op Operator) bool { return op >= Less && op <= NotEqual }

// holds says whether a formula is a condition.
func holds(e Expr) bool {
	switch e := e.(type) {
	case *Unary:
		return e.Op == Not
	case *Binary:
		return isComparison(e.Op) || e.Op == And || e.Op == Or
	}
	return false
}

// isNumber refuses what is no number.
func isNumber(e Expr) error {
	if _, ok := e.(*Tuple); ok {
		return &SyntaxError{e.Where(), "several values stand where one is needed",
			"write one formula in the parentheses"}
	}
	if holds(e) {
		return &SyntaxError{e.Where(), "a condition stands where a number is needed",
			"write if c then 1 else 0 for the number"}
	}
	return nil
}

// isCondition refuses what is no condition.
func isCondition(e Expr) error {
	if holds(e) {
		return nil
	}
	return &SyntaxError{e.Where(), "a number stands where a condition is needed",
		"compare it, as in x != 0"}
}
