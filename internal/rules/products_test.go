package rules

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
)

// loose lists the products of floats in a file that Go may fuse with a sum. It may do so through
// variables, arguments and results too (Go specification, "Floating-point operators"): whatever the
// compiler inlines is one expression to it. A product is safe where it is converted at once,
// multiplied, divided or compared, stored in memory, an operand of package math, or an argument
// with a power of two for a factor, which is exact.
func loose(info *types.Info, file *ast.File) (products []ast.Node) {
	var path []ast.Node // from the file down to the current node
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			path = path[:len(path)-1]
			return false
		}
		switch x := n.(type) {
		case *ast.BinaryExpr:
			if x.Op == token.MUL && info.Types[x].Value == nil && isFloat(info.Types[x].Type) &&
				!safe(info, x, path) {
				products = append(products, x)
			}
		case *ast.AssignStmt:
			if x.Tok == token.MUL_ASSIGN && isFloat(info.Types[x.Lhs[0]].Type) &&
				!inMemory(info, x.Lhs[0]) {
				products = append(products, x)
			}
		}
		path = append(path, n)
		return true
	})
	return products
}

// safe says whether the product x, which path leads to, cannot be fused with a sum.
func safe(info *types.Info, x ast.Expr, path []ast.Node) bool {
	parent := path[len(path)-1]
	switch p := parent.(type) {
	case *ast.ParenExpr:
		return safe(info, p, path[:len(path)-1])
	case *ast.UnaryExpr:
		return safe(info, p, path[:len(path)-1])
	case *ast.BinaryExpr:
		return p.Op != token.ADD && p.Op != token.SUB
	case *ast.AssignStmt:
		for i, e := range p.Rhs {
			if e == x {
				return p.Tok == token.MUL_ASSIGN || p.Tok == token.QUO_ASSIGN ||
					p.Tok == token.ASSIGN && inMemory(info, p.Lhs[i])
			}
		}
	case *ast.CallExpr:
		return info.Types[p.Fun].IsType() || info.Types[p.Fun].IsBuiltin() || ofMath(info, p.Fun) ||
			isScaling(info, x)
	}
	return false
}

// isScaling says whether x is a product with a constant power of two.
func isScaling(info *types.Info, x ast.Expr) bool {
	b, ok := x.(*ast.BinaryExpr)
	if !ok {
		return false
	}
	for _, e := range []ast.Expr{b.X, b.Y} {
		if c := info.Types[e].Value; c != nil {
			f, _ := constant.Float64Val(c)
			fraction, _ := math.Frexp(f)
			return math.Abs(fraction) == 0.5
		}
	}
	return false
}

// inMemory says whether e is an element of a slice, which the compiler does not keep in a register.
func inMemory(info *types.Info, e ast.Expr) bool {
	x, ok := e.(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, ok = info.Types[x.X].Type.Underlying().(*types.Slice)
	return ok
}

// ofMath says whether e is a function of package math.
func ofMath(info *types.Info, e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := info.Uses[s.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "math"
}
