package exec

import (
	"fmt"
	"strings"

	"pullback/internal/rewrite"
	"pullback/ir"
)

// Explain shows what a closed graph becomes: the rewritten program, then its kernels.
func Explain(g *ir.Graph) string {
	g = rewrite.Program(g)
	return fmt.Sprintf("rewritten:\n%s\nkernels:\n%v",
		g.Text(ir.TextOptions{Positions: true, Elide: true}), lower(g))
}

// String lists the kernels with the buffers that they read and write.
func (p *Program) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "parameters %v, results %v\n", p.in, p.out)
	for _, st := range p.steps {
		s.WriteString(st.String())
	}
	return s.String()
}
