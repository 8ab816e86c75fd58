package expression

// Walk calls f with a formula and each of its parts, a whole before its parts and these from left
// to right.
func Walk(e Expr, f func(Expr)) {
	f(e)
	for _, part := range parts(e) {
		Walk(part, f)
	}
}

func parts(e Expr) []Expr {
	switch e := e.(type) {
	case *Unary:
		return []Expr{e.X}
	case *Binary:
		return []Expr{e.X, e.Y}
	case *If:
		return []Expr{e.Cond, e.Then, e.Else}
	case *Call:
		return e.Args
	case *Group:
		return []Expr{e.X}
	case *Tuple:
		return e.Elements
	}
	return nil
}

// Names are the names in a formula in the order of their first places, once each, without those
// of lagged columns and groups' keys.
func Names(e Expr) []*Name {
	var names []*Name
	seen := map[string]bool{}
	Walk(e, func(e Expr) {
		if n, ok := e.(*Name); ok && !seen[n.Name] {
			seen[n.Name] = true
			names = append(names, n)
		}
	})
	return names
}
