package exec

import (
	"fmt"
	"slices"
	"strings"

	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/internal/native"
	"pullback/internal/rewrite"
	"pullback/ir"
)

// Explain shows what a closed graph becomes: the rewritten program, then its kernels.
func Explain(g *ir.Graph) string {
	g = rewrite.Program(g)
	text := g.Text(ir.TextOptions{Positions: true, Elide: true})
	return fmt.Sprintf("rewritten:\n%s\nkernels:\n%v", text, lower(g, nil))
}

// String lists the kernels, one a line: what each computes, and the buffers that it reads and
// writes. Programs inside kernels are indented.
func (p *Program) String() string {
	var l listing
	l.program(p)
	return l.text.String()
}

// LanePrograms is the same listing of what Compile makes of g, with the lane program of each kernel
// that has one, and its machine code.
func LanePrograms(g *ir.Graph) string {
	l := listing{lanes: map[*laneStep]*lane.Program{}}
	l.program(lower(rewrite.Program(g), func(k *laneStep, p *lane.Program) { l.lanes[k] = p }))
	return l.text.String()
}

// listing is an explanation in the making.
type listing struct {
	lanes  map[*laneStep]*lane.Program // to be shown
	indent string
	at     *Program
	text   strings.Builder
}

func (l *listing) line(format string, args ...any) {
	fmt.Fprintf(&l.text, l.indent+format+"\n", args...)
}

func (l *listing) program(p *Program) {
	outer := l.at
	l.at = p
	l.line("parameters %s", l.buffers(p.in))
	for _, s := range p.steps {
		s.explain(l)
	}
	l.line("results %s", l.buffers(p.out))
	l.at = outer
}

// inside lists a program that is a part of the kernel before it.
func (l *listing) inside(name string, p *Program) {
	l.line("  %s:", name)
	l.indent += "    "
	l.program(p)
	l.indent = l.indent[4:]
}

// kernel is the line of a kernel.
func (l *listing) kernel(what string, s step) {
	l.line("%s: %s -> %s", what, l.buffers(s.reads()), l.buffers(s.writes()))
}

func (l *listing) buffers(list []int) string {
	if len(list) == 0 {
		return "nothing"
	}
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = fmt.Sprintf("b%d %v", b, l.at.buffers[b].typ)
		if l.at.buffers[b].kind == constant {
			names[i] = "constant " + l.at.buffers[b].typ.String()
		}
	}
	return strings.Join(names, ", ")
}

// namesOf lists the operations of nodes, those of loops among them in brackets; views, which
// compute nothing, are left out.
func namesOf(nodes []ir.Node) string {
	var names []string
	for _, n := range nodes {
		switch op := n.Op.(type) {
		case control.While:
			body := namesOf(append(append([]ir.Node{}, op.Cond.Nodes()...), op.Body.Nodes()...))
			names = append(names, fmt.Sprintf("while (%s)", body))
		case control.Scan:
			names = append(names, fmt.Sprintf("scan (%s)", namesOf(op.Body.Nodes())))
		case control.Cond:
			branches := append(append([]ir.Node{}, op.Then.Nodes()...), op.Else.Nodes()...)
			names = append(names, fmt.Sprintf("cond (%s)", namesOf(branches)))
		default:
			if !isLaneView(n) {
				names = append(names, n.Op.Name())
			}
		}
	}
	if len(names) == 0 {
		return "copy"
	}
	return strings.Join(names, " ")
}

func (k *laneStep) explain(l *listing) {
	plural := "s"
	if k.size == 1 {
		plural = ""
	}
	results := slices.DeleteFunc(k.writes(), func(b int) bool {
		return slices.ContainsFunc(k.finish, func(f finish) bool { return f.partials == b })
	})
	l.line("%d lane%s: %s -> %s: %s", k.size, plural, l.buffers(k.reads()), l.buffers(results),
		k.name)
	if k.kernel.Why != nil {
		l.line("  by %s: %v", k.kernel.By, k.kernel.Why)
	}
	if p, ok := l.lanes[k]; ok {
		for line := range strings.Lines(p.String()) {
			l.line("  %s", strings.TrimSuffix(line, "\n"))
		}
		l.code(p)
	}
}

// code lists a lane program's machine code in hexadecimal digits, if it has any.
func (l *listing) code(p *lane.Program) {
	const perLine = 40
	code, by, err := native.Code(p)
	if err != nil {
		l.line("  no machine code: %v", err)
	}
	if len(code) > 0 {
		l.line("  %d bytes of machine code and constants for %s:", len(code), by)
	}
	for bytes := range slices.Chunk(code, perLine) {
		l.line("    %x", bytes)
	}
}

func (e *evalStep) explain(l *listing)     { l.kernel(ir.Format(e.op), e) }
func (p *preparedStep) explain(l *listing) { l.kernel(ir.Format(p.op), p) }

func (c *condStep) explain(l *listing) {
	l.kernel("cond", c)
	l.inside("then", c.then)
	l.inside("else", c.otherwise)
}

func (w *whileStep) explain(l *listing) {
	l.kernel("while", w)
	l.inside("condition", w.cond)
	l.inside("body", w.body)
}

func (c *scanStep) explain(l *listing) {
	l.kernel(fmt.Sprintf("scan of %d rounds", c.op.Length), c)
	l.inside("body", c.body)
}
