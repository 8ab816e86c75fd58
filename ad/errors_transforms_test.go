package ad_test

import (
	"pullback/ad"
)

// mistakesInTransforms are mistakes inside of transformers and loops, and in what is given to them.
func mistakesInTransforms() map[string]mistake {
	x, v := ad.Scalar(0.5), ad.Vector(1., 2., 3.)
	m := ad.Matrix(2, 3, make([]float64, 6))
	return map[string]mistake{
		// Inside transformers
		"inside": {func() {
			f := func(x ad.Value) ad.Value {
				return ad.Sum(ad.MatVec(m, x)) // <- inside
			}
			ad.Jit(ad.Vmap(ad.Grad(f)))(ad.Zeros(ad.Float64, 5, 2))
		}, "matvec(float64[2,3], float64[2]): a matrix (m, n) times a vector (n) of one element " +
			"type is asked for, or stacks of them with the same leading axes; ad.Vmap repeats " +
			"one of the two"},
		"inside of loops": {func() {
			ad.ForI(3, x, func(_, s ad.Value) ad.Value {
				return ad.Cond(ad.Less(s, 0), func() ad.Value {
					return ad.Dot(v, ad.Vector(1.)) // <- inside of loops
				}, func() ad.Value { return s })
			})
		}, "dot(float64[3], float64[1]): the operands must be two vectors of one length and " +
			"element type"},
		"while in reverse": {func() {
			f := func(x ad.Value) ad.Value {
				return ad.While(x, // <- while in reverse
					func(s ad.Value) ad.Value { return ad.Less(s, 10) },
					func(s ad.Value) ad.Value { return ad.Mul(s, 2) })
			}
			ad.Jit(ad.Vmap(ad.Grad(f)))(v)
		}, "while cannot be differentiated in reverse: the number of its rounds is not known in " +
			"advance, so its intermediate states cannot be kept; use ad.ForI or ad.Scan, whose " +
			"length is fixed, root.Find for the solution of an equation, ad.CustomVJP for a " +
			"derivative of your own, or differentiate forward with ad.JVP"},
		"while in reverse inside a scan": {func() {
			f := func(x ad.Value) ad.Value {
				return ad.ForI(2, x, func(_, x ad.Value) ad.Value {
					return ad.While(x, // <- while in reverse inside a scan
						func(s ad.Value) ad.Value { return ad.Less(s, 10) },
						func(s ad.Value) ad.Value { return ad.Mul(s, 2) })
				})
			}
			ad.Grad(ad.Jit(f))(x)
		}, "while cannot be differentiated in reverse: the number of its rounds is not known in " +
			"advance, so its intermediate states cannot be kept; use ad.ForI or ad.Scan, whose " +
			"length is fixed, root.Find for the solution of an equation, ad.CustomVJP for a " +
			"derivative of your own, or differentiate forward with ad.JVP"},
		"custom rule that closes over": {func() {
			ad.Grad(func(c ad.Value) ad.Value {
				f := func(x ad.Value) ad.Value { return ad.Mul(x, c) }
				rule := func(x, dx ad.Value) (y, dy ad.Value) { return ad.Mul(x, c), ad.Mul(dx, c) }
				return ad.CustomJVP(f, rule)(ad.Scalar(2.)) // <- custom rule that closes over
			})(x)
		}, "custom_jvp: the function closes over a value that is being differentiated, and its " +
			"rule is for its argument only; make that value a part of the argument, or close " +
			"over its ad.StopGradient"},
		"custom reverse rule that closes over": {func() {
			ad.Jit(ad.Grad(func(c ad.Value) ad.Value {
				f := func(x ad.Value) ad.Value { return ad.Mul(x, c) }
				forward := func(x ad.Value) (ad.Value, ad.Value) { return ad.Mul(x, c), c }
				rule := func(c, ct ad.Value) ad.Value { return ad.Mul(ct, c) }
				return ad.CustomVJP(f, forward, rule)(x) // <- custom reverse rule that closes over
			}))(x)
		}, "custom_vjp: the function closes over a value that is being differentiated, and its " +
			"rule is for its argument only; make that value a part of the argument, or close " +
			"over its ad.StopGradient"},
		"custom rule's type": {func() {
			ad.CustomJVP(ad.Sin, func(x, dx ad.Value) (y, dy ad.Value) { // the rule gives a vector
				return ad.Sin(x), ad.Mul(dx, v)
			})(x) // <- custom rule's type
		}, "custom_jvp: ad.Value is float64[] in the function's result and float64[3] in the " +
			"rule's tangent; both must have the same type"},
		"custom cotangent's type": {func() {
			ad.CustomVJP(ad.Sin, func(x ad.Value) (y, c ad.Value) { return ad.Sin(x), ad.Cos(x) },
				// <- custom cotangent's type
				func(c, ct ad.Value) ad.Value { return ad.Vector(1., 2.) })(x)
		}, "custom_vjp: ad.Value is float64[] in the argument and float64[2] in what backward " +
			"gives; a cotangent must have the type of its value"},

		// Arguments and results of transformers
		"grad of a vector": {func() {
			ad.Grad(ad.Sin)(v) // <- grad of a vector
		}, "grad: the function's result is float64[3] and must be one float; sum it, or use " +
			"ad.Jacobian"},
		"operands of an own operation": {func() {
			ad.Apply(ranks{}, x, x) // <- operands of an own operation
		}, "ranks(float64[], float64[]): it takes a vector and a scalar"},
		"derivative of an own operation": {func() {
			ad.Jit(ad.Vmap(ad.Grad(func(x ad.Value) ad.Value {
				return ad.Apply(square{}, x)[0] // <- derivative of an own operation
			})))(v)
		}, "square_by_hand(float64[]): no derivative is known of an operation that was applied " +
			"with ad.Apply; put it inside ad.CustomJVP or ad.CustomVJP, which give it one, or " +
			"its operands inside ad.StopGradient"},
		"derivative of a batch of an own operation": {func() {
			ad.Grad(func(x ad.Value) ad.Value {
				// <- derivative of a batch of an own operation
				f := func(x ad.Value) ad.Value { return ad.Apply(square{}, x)[0] }
				return ad.Sum(ad.Vmap(f)(x))
			})(v)
		}, "square_by_hand(float64[]): no derivative is known of an operation that was applied " +
			"with ad.Apply; put it inside ad.CustomJVP or ad.CustomVJP, which give it one, or " +
			"its operands inside ad.StopGradient"},
		"no operation": {func() {
			ad.Apply(nil, x) // <- no operation
		}, "apply: the operation is nil; give one"},
		"grad by nothing": {func() {
			ad.Grad(func(p float64) ad.Value { return ad.Scalar(p) })(3) // <- grad by nothing
		}, "grad: there is nothing to differentiate by: float64 holds no Value of floats here; a " +
			"Go number is static, ad.Scalar makes it a Value"},
		"hessian by integers": {func() {
			// <- hessian by integers
			ad.Hessian(func(n []ad.Value) ad.Value { return x })([]ad.Value{ad.Scalar(1)})
		}, "hessian(int64[]): there is nothing to differentiate by: []ad.Value holds no Value of " +
			"floats here; a Go number is static, ad.Scalar makes it a Value"},
		"jvp by nothing": {func() {
			ad.JVP(func(p float64) ad.Value { return ad.Scalar(p) }, 3, 1) // <- jvp by nothing
		}, "jvp: there is nothing to differentiate by: float64 holds no Value of floats here; a " +
			"Go number is static, ad.Scalar makes it a Value"},
		"hessian of a vector": {func() {
			ad.Hessian(ad.Sin)(v) // <- hessian of a vector
		}, "hessian: the function's result is float64[3] and must be one float; sum it, or use " +
			"ad.Jacobian"},
		"direction's type": {func() {
			ad.HVP(func(x ad.Value) ad.Value { return ad.Sum(x) }, v, x) // <- direction's type
		}, "hvp: the tangent of a float64[3] is a float64[]; it must have the type of its value"},
		"jit of nil": {func() {
			ad.Jit[ad.Value, ad.Value](nil) // <- jit of nil
		}, "jit: the function is nil; give one"},
		"grad of nil": {func() {
			ad.Grad[ad.Value](nil) // <- grad of nil
		}, "grad: the function is nil; give one"},
		"scan with nil": {func() {
			ad.Scan[ad.Value, ad.Value, ad.Value](x, v, nil) // <- scan with nil
		}, "scan: the function is nil; give one"},
		"grad of an integer": {func() {
			// <- grad of an integer
			ad.Grad(func(x ad.Value) ad.Value { return ad.Convert(x, ad.Int32) })(x)
		}, "grad: the function's result is int32[] and must be one float; sum it, or use " +
			"ad.Jacobian"},
		"jacobian at an integer": {func() {
			// <- jacobian at an integer
			ad.Jacobian(func(a args) ad.Value { return a.X })(args{x, ad.Scalar(1)})
		}, "jacobian: ad_test.args.Y is int64[], which has no derivatives; close over it, or use " +
			"ad.Grad, which gives it zeros"},
		"jacobian of an integer": {func() {
			// <- jacobian of an integer
			ad.Jacobian(func(x ad.Value) ad.Value { return ad.Convert(x, ad.Int32) })(x)
		}, "jacobian: the function's result is int32[], which has no derivatives"},
		"tangent's type": {func() {
			ad.JVP(ad.Sin, x, v) // <- tangent's type
		}, "jvp: the tangent of a float64[] is a float64[3]; it must have the type of its value"},
		"cotangent's type": {func() {
			_, pullback := ad.VJP(ad.Sin, v)
			pullback(x) // <- cotangent's type
		}, "vjp: the cotangent of a float64[3] is a float64[]; it must have the type of its value"},
		"tangent's parts": {func() {
			f := func(xs []ad.Value) ad.Value { return xs[0] }
			ad.JVP(f, []ad.Value{x}, []ad.Value{x, x}) // <- tangent's parts
		}, "jvp: []ad.Value has the length 1 in the values and 2 in the tangents; both must have " +
			"the same parts"},
		"vmap of a scalar": {func() {
			ad.Vmap(ad.Sin)(x) // <- vmap of a scalar
		}, "vmap: ad.Value is a scalar and has no axis to map over; close over it, or broadcast " +
			"it"},
		"vmap of axes": {func() {
			// <- vmap of axes
			ad.Vmap(func(a args) ad.Value { return ad.Add(a.X, a.Y) })(args{v, ad.Vector(1., 2.)})
		}, "vmap: the leading axis of ad_test.args.Y has 2 elements, and others have 3; they " +
			"must be equal"},
		"vmap of nothing": {func() {
			ad.Vmap(func([]ad.Value) ad.Value { return x })(nil) // <- vmap of nothing
		}, "vmap: the argument holds no Value to map over"},

		// Control flow
		"cond": {func() {
			// <- cond
			ad.Cond(ad.Less(v, 1), func() ad.Value { return x }, func() ad.Value { return x })
		}, "cond: the condition is bool[3] and must be one bool; use ad.Where to decide element " +
			"by element"},
		"branches": {func() {
			ad.Jit(func(x ad.Value) ad.Value {
				// <- branches
				return ad.Cond(ad.Less(x, 1), func() ad.Value { return x },
					func() ad.Value { return v })
			})(x)
		}, "cond: ad.Value is float64[] in one branch and float64[3] in the other; both must " +
			"have the same type"},
		"while condition": {func() {
			ad.While(x, func(s ad.Value) ad.Value { return s }, ad.Sin) // <- while condition
		}, "while: the condition is float64[] and must be one bool"},
		"while state": {func() {
			type state struct{ X, N ad.Value }
			ad.While(state{x, ad.Scalar(0)}, // <- while state
				func(s state) ad.Value { return ad.Less(s.N, 3) },
				func(s state) state { return state{s.X, ad.Scalar(int32(1))} })
		}, "while: ad_test.state.N is int64[] in the first state and int32[] in the body's " +
			"result; both must have the same type"},
		"scan state": {func() {
			ad.ForI(3, ad.Scalar(1), func(_, s ad.Value) ad.Value { return x }) // <- scan state
		}, "for: ad.Value is int64[] in the first state and float64[] in the body's result; both " +
			"must have the same type"},
		"static state": {func() {
			type state struct {
				X ad.Value
				N int
			}
			// <- static state
			ad.ForI(3, state{x, 1}, func(_ ad.Value, s state) state { return state{s.X, s.N + 1} })
		}, "for: ad_test.state.N is 1 in the first state and 2 in the body's result; both must " +
			"have the same parts"},
		"growing state": {func() {
			// <- growing state
			ad.ForI(3, []ad.Value{x},
				func(_ ad.Value, s []ad.Value) []ad.Value { return append(s, x) })
		}, "for: []ad.Value has the length 1 in the first state and 2 in the body's result; both " +
			"must have the same parts"},
		"scan lengths": {func() {
			// <- scan lengths
			ad.Scan(x, args{v, ad.Vector(1., 2.)},
				func(s ad.Value, _ args) (ad.Value, ad.Value) { return s, s })
		}, "scan(float64[3], float64[2]): all Values to scan over must have a leading axis of " +
			"the same length"},
		"scan nothing": {func() {
			// <- scan nothing
			ad.Scan(x, []ad.Value{},
				func(s ad.Value, _ []ad.Value) (ad.Value, ad.Value) { return s, s })
		}, "scan: there is no Value to scan over; use ad.ForI for a number of rounds"},
		"negative rounds": {func() {
			ad.ForI(-1, x, func(_, s ad.Value) ad.Value { return s }) // <- negative rounds
		}, "for: -1 rounds were asked for; the number cannot be negative"},
	}
}
