package ad_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/ir"
)

// mistakes are what users get wrong, each with the sentence that they read. The line that the
// sentence must name ends in the comment "// <- " and the name of the case.
func mistakes() map[string]struct {
	do   func()
	want string
} {
	type mistake = struct {
		do   func()
		want string
	}
	x, v := ad.Scalar(0.5), ad.Vector(1., 2., 3.)
	m := ad.Matrix(2, 3, make([]float64, 6))
	return map[string]mistake{
		// Operands
		"dtypes": {func() {
			ad.Add(ad.Scalar(1.), ad.Scalar[float32](1)) // <- dtypes
		}, "add(float64[], float32[]): the element types differ; convert one with ad.Convert"},
		"weak": {func() {
			ad.Mul(ad.Vector[int32](1, 2), 0.5) // <- weak
		}, "mul: the number 0.5 is no int32; convert the other operand with ad.Convert, or write a number that fits"},
		"weak negative": {func() {
			ad.Add(ad.Vector[uint64](1, 2), -1) // <- weak negative
		}, "add: the number -1 is no uint64; convert the other operand with ad.Convert, or write a number that fits"},
		"weak too great": {func() {
			ad.Add(ad.Scalar(1), 9223372036854775808.) // <- weak too great
		}, "add: the number 9.223372036854776e+18 is no int64; convert the other operand with ad.Convert, or " +
			"write a number that fits"},
		"weak overflow": {func() {
			ad.Mul(ad.Scalar[float32](1), 1e300) // <- weak overflow
		}, "mul: the number 1e+300 is no float32; convert the other operand with ad.Convert, or write a number that fits"},
		"weak bool": {func() {
			ad.And(ad.Scalar(true), 1) // <- weak bool
		}, "and: the number 1 is no bool; convert the other operand with ad.Convert, or write a number that fits"},
		"shapes": {func() {
			ad.Add(v, ad.Vector(1., 2.)) // <- shapes
		}, "add(float64[3], float64[2]): the shapes [3] and [2] do not broadcast: aligned at the last axis, " +
			"extents must be equal or one of them 1"},
		"bool arithmetic": {func() {
			ad.Add(ad.Scalar(true), ad.Scalar(true)) // <- bool arithmetic
		}, "add(bool[], bool[]): a bool is no number; convert it with ad.Convert"},
		"integer function": {func() {
			ad.Sin(ad.Scalar(3)) // <- integer function
		}, "sin(int64[]): int64 is no float; convert it with ad.Convert"},
		"where": {func() {
			ad.Where(x, x, x) // <- where
		}, "where(float64[], float64[], float64[]): the condition is float64[] and must be bool"},
		"zero value": {func() {
			var unset ad.Value
			ad.Add(unset, 1) // <- zero value
		}, "a Value was used that was never set; make one with ad.Scalar, ad.Vector or another constructor"},

		// Shapes
		"elements": {func() {
			ad.Matrix(2, 2, []float64{1, 2, 3}) // <- elements
		}, "array: 3 elements do not fill the shape [2 2]"},
		"negative shape": {func() {
			ad.Zeros(ad.Float64, 2, -1) // <- negative shape
		}, "full: the shape [2 -1] has a negative extent"},
		"axis": {func() {
			ad.Sum(v, 1) // <- axis
		}, "sum(float64[3]): there is no axis 1; axes go from 0 to 0, or from -1 to -1 counted from the end"},
		"no axis": {func() {
			ad.Sum(x, 0) // <- no axis
		}, "sum(float64[]): there is no axis 0; a scalar has none"},
		"axis twice": {func() {
			ad.Sum(m, 1, -1) // <- axis twice
		}, "sum(float64[2,3]): axis 1 is named twice"},
		"reshape": {func() {
			ad.Reshape(v, 2, 2) // <- reshape
		}, "reshape(float64[3]): 3 elements do not fill the shape [2 2], which holds 4"},
		"reshape the rest": {func() {
			ad.Reshape(v, 2, -1) // <- reshape the rest
		}, "reshape(float64[3]): 3 elements do not divide into groups of 2, which is what the other extents hold"},
		"reshape the rest twice": {func() {
			ad.Reshape(v, -1, -1) // <- reshape the rest twice
		}, "reshape(float64[3]): only one extent of [-1 -1] can be -1, which stands for what is left"},
		"reshape to negative": {func() {
			ad.Reshape(v, -3, -1) // <- reshape to negative
		}, "reshape: the shape [-3] has a negative extent"},
		"negative power": {func() {
			ad.Pow(2, -1) // <- negative power
		}, "pow(int64[], int64[]): the integer -1 as an exponent is negative, and integers have no such powers; convert " +
			"both with ad.Convert to powers of floats"},
		"powers of many": {func() {
			ad.Pow(2, ad.Vector(1, 2)) // <- powers of many
		}, "pow(int64[2], int64[2]): integers have powers whose exponent is one known number; convert both with ad.Convert " +
			"to powers of floats"},
		"element": {func() {
			ad.At(v, 3) // <- element
		}, "at(float64[3]): there is no element 3; there are 3, counted from 0"},
		"broadcast": {func() {
			ad.BroadcastTo(v, 2) // <- broadcast
		}, "broadcast(float64[3]): it does not broadcast to [2]"},
		"nothing to join": {func() {
			ad.Concatenate(0) // <- nothing to join
		}, "concatenate: there is nothing to join; give at least one Value"},
		"matmul": {func() {
			ad.MatMul(m, m) // <- matmul
		}, "matmul(float64[2,3], float64[2,3]): a matrix (m, k) times a matrix (k, n) of one element type is asked for, or " +
			"stacks of them with the same leading axes; ad.Vmap repeats one of the two"},
		"matmul of unequal batches": {func() {
			ad.MatMul(ad.Zeros(ad.Float64, 2, 3, 3), ad.Zeros(ad.Float64, 3, 3)) // <- matmul of unequal batches
		}, "matmul(float64[2,3,3], float64[3,3]): a matrix (m, k) times a matrix (k, n) of one element type is asked for, " +
			"or stacks of them with the same leading axes; ad.Vmap repeats one of the two"},
		"square": {func() {
			ad.Solve(m, v) // <- square
		}, "solve(float64[2,3]): a square matrix is asked for"},

		// Values in a recording
		"unknown": {func() {
			ad.Grad(func(x ad.Value) ad.Value {
				if x.Float() > 0 { // <- unknown
					return x
				}
				return ad.Neg(x)
			})(x)
		}, "the numbers of a recorded float64[] were asked for; inside Grad, Vmap or Jit a value is known only when " +
			"the program runs: decide with ad.Cond, ad.While or ad.Where instead of Go's if and for"},
		"kept": {func() {
			var kept ad.Value
			ad.Grad(func(x ad.Value) ad.Value { kept = ad.Mul(x, x); return kept })(x)
			ad.Add(kept, 1) // <- kept
		}, "add(float64[], float64[]): an operand outlived its recording: a value made inside a function given to Grad, " +
			"Vmap, Jit or a control-flow operation was kept and used after the function returned; return it from the " +
			"function instead"},
		"kept and read": {func() {
			var kept ad.Value
			ad.Jit(func(x ad.Value) ad.Value { kept = ad.Mul(x, x); return kept })(x)
			kept.Float() // <- kept and read
		}, "the numbers of a float64[] were asked for that outlived its recording: a value made inside a function given " +
			"to Grad, Vmap, Jit or a control-flow operation was kept and used after the function returned; return it " +
			"from the function instead"},
		"kept for another recording": {func() {
			var kept ad.Value
			ad.Grad(func(x ad.Value) ad.Value { kept = ad.Mul(x, x); return kept })(x)
			ad.Jit(func(x ad.Value) ad.Value {
				return ad.Add(x, kept) // <- kept for another recording
			})(x)
		}, "add(float64[], float64[]): an operand outlived its recording: a value made inside a function given to Grad, " +
			"Vmap, Jit or a control-flow operation was kept and used after the function returned; return it from the " +
			"function instead"},

		// Inside transformers
		"inside": {func() {
			f := func(x ad.Value) ad.Value {
				return ad.Sum(ad.MatVec(m, x)) // <- inside
			}
			ad.Jit(ad.Vmap(ad.Grad(f)))(ad.Zeros(ad.Float64, 5, 2))
		}, "matvec(float64[2,3], float64[2]): a matrix (m, n) times a vector (n) of one element type is asked for, or " +
			"stacks of them with the same leading axes; ad.Vmap repeats one of the two"},
		"inside of loops": {func() {
			ad.ForI(3, x, func(_, s ad.Value) ad.Value {
				return ad.Cond(ad.Less(s, 0), func() ad.Value {
					return ad.Dot(v, ad.Vector(1.)) // <- inside of loops
				}, func() ad.Value { return s })
			})
		}, "dot(float64[3], float64[1]): the operands must be two vectors of one length and element type"},
		"while in reverse": {func() {
			f := func(x ad.Value) ad.Value {
				return ad.While(x, // <- while in reverse
					func(s ad.Value) ad.Value { return ad.Less(s, 10) },
					func(s ad.Value) ad.Value { return ad.Mul(s, 2) })
			}
			ad.Jit(ad.Vmap(ad.Grad(f)))(v)
		}, "while cannot be differentiated in reverse: the number of its rounds is not known in advance, so its " +
			"intermediate states cannot be kept; use ad.ForI or ad.Scan, whose length is fixed, root.Find for the solution " +
			"of an equation, ad.CustomVJP for a derivative of your own, or differentiate forward with ad.JVP"},
		"while in reverse inside a scan": {func() {
			f := func(x ad.Value) ad.Value {
				return ad.ForI(2, x, func(_, x ad.Value) ad.Value {
					return ad.While(x, // <- while in reverse inside a scan
						func(s ad.Value) ad.Value { return ad.Less(s, 10) },
						func(s ad.Value) ad.Value { return ad.Mul(s, 2) })
				})
			}
			ad.Grad(ad.Jit(f))(x)
		}, "while cannot be differentiated in reverse: the number of its rounds is not known in advance, so its " +
			"intermediate states cannot be kept; use ad.ForI or ad.Scan, whose length is fixed, root.Find for the solution " +
			"of an equation, ad.CustomVJP for a derivative of your own, or differentiate forward with ad.JVP"},
		"custom rule that closes over": {func() {
			ad.Grad(func(c ad.Value) ad.Value {
				f := func(x ad.Value) ad.Value { return ad.Mul(x, c) }
				rule := func(x, dx ad.Value) (y, dy ad.Value) { return ad.Mul(x, c), ad.Mul(dx, c) }
				return ad.CustomJVP(f, rule)(ad.Scalar(2.)) // <- custom rule that closes over
			})(x)
		}, "custom_jvp: the function closes over a value that is being differentiated, and its rule is for its argument " +
			"only; make that value a part of the argument, or close over its ad.StopGradient"},
		"custom reverse rule that closes over": {func() {
			ad.Jit(ad.Grad(func(c ad.Value) ad.Value {
				f := func(x ad.Value) ad.Value { return ad.Mul(x, c) }
				forward := func(x ad.Value) (ad.Value, ad.Value) { return ad.Mul(x, c), c }
				return ad.CustomVJP(f, forward, func(c, ct ad.Value) ad.Value { return ad.Mul(ct, c) })(x) // <- custom reverse rule that closes over
			}))(x)
		}, "custom_vjp: the function closes over a value that is being differentiated, and its rule is for its argument " +
			"only; make that value a part of the argument, or close over its ad.StopGradient"},
		"custom rule's type": {func() {
			ad.CustomJVP(ad.Sin, func(x, dx ad.Value) (y, dy ad.Value) { // the rule gives a vector
				return ad.Sin(x), ad.Mul(dx, v)
			})(x) // <- custom rule's type
		}, "custom_jvp: ad.Value is float64[] in the function's result and float64[3] in the rule's tangent; both must " +
			"have the same type"},
		"custom cotangent's type": {func() {
			ad.CustomVJP(ad.Sin, func(x ad.Value) (y, c ad.Value) { return ad.Sin(x), ad.Cos(x) },
				func(c, ct ad.Value) ad.Value { return ad.Vector(1., 2.) })(x) // <- custom cotangent's type
		}, "custom_vjp: ad.Value is float64[] in the argument and float64[2] in what backward gives; a cotangent must have " +
			"the type of its value"},

		// Arguments and results of transformers
		"grad of a vector": {func() {
			ad.Grad(ad.Sin)(v) // <- grad of a vector
		}, "grad: the function's result is float64[3] and must be one float; sum it, or use ad.Jacobian"},
		"operands of an own operation": {func() {
			ad.Apply(ranks{}, x, x) // <- operands of an own operation
		}, "ranks(float64[], float64[]): it takes a vector and a scalar"},
		"derivative of an own operation": {func() {
			ad.Jit(ad.Vmap(ad.Grad(func(x ad.Value) ad.Value {
				return ad.Apply(square{}, x)[0] // <- derivative of an own operation
			})))(v)
		}, "square_by_hand(float64[]): no derivative is known of an operation that was applied with ad.Apply; put it " +
			"inside ad.CustomJVP or ad.CustomVJP, which give it one, or its operands inside ad.StopGradient"},
		"derivative of a batch of an own operation": {func() {
			ad.Grad(func(x ad.Value) ad.Value {
				f := func(x ad.Value) ad.Value { return ad.Apply(square{}, x)[0] } // <- derivative of a batch of an own operation
				return ad.Sum(ad.Vmap(f)(x))
			})(v)
		}, "square_by_hand(float64[]): no derivative is known of an operation that was applied with ad.Apply; put it " +
			"inside ad.CustomJVP or ad.CustomVJP, which give it one, or its operands inside ad.StopGradient"},
		"no operation": {func() {
			ad.Apply(nil, x) // <- no operation
		}, "apply: the operation is nil; give one"},
		"grad by nothing": {func() {
			ad.Grad(func(p float64) ad.Value { return ad.Scalar(p) })(3) // <- grad by nothing
		}, "grad: there is nothing to differentiate by: float64 holds no Value of floats here; a Go number is static, " +
			"ad.Scalar makes it a Value"},
		"hessian by integers": {func() {
			ad.Hessian(func(n []ad.Value) ad.Value { return x })([]ad.Value{ad.Scalar(1)}) // <- hessian by integers
		}, "hessian(int64[]): there is nothing to differentiate by: []ad.Value holds no Value of floats here; a Go number " +
			"is static, ad.Scalar makes it a Value"},
		"jvp by nothing": {func() {
			ad.JVP(func(p float64) ad.Value { return ad.Scalar(p) }, 3, 1) // <- jvp by nothing
		}, "jvp: there is nothing to differentiate by: float64 holds no Value of floats here; a Go number is static, " +
			"ad.Scalar makes it a Value"},
		"hessian of a vector": {func() {
			ad.Hessian(ad.Sin)(v) // <- hessian of a vector
		}, "hessian: the function's result is float64[3] and must be one float; sum it, or use ad.Jacobian"},
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
			ad.Grad(func(x ad.Value) ad.Value { return ad.Convert(x, ad.Int32) })(x) // <- grad of an integer
		}, "grad: the function's result is int32[] and must be one float; sum it, or use ad.Jacobian"},
		"jacobian at an integer": {func() {
			ad.Jacobian(func(a args) ad.Value { return a.X })(args{x, ad.Scalar(1)}) // <- jacobian at an integer
		}, "jacobian: ad_test.args.Y is int64[], which has no derivatives; close over it, or use ad.Grad, which gives it " +
			"zeros"},
		"jacobian of an integer": {func() {
			ad.Jacobian(func(x ad.Value) ad.Value { return ad.Convert(x, ad.Int32) })(x) // <- jacobian of an integer
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
		}, "jvp: []ad.Value has the length 1 in the values and 2 in the tangents; both must have the same parts"},
		"vmap of a scalar": {func() {
			ad.Vmap(ad.Sin)(x) // <- vmap of a scalar
		}, "vmap: ad.Value is a scalar and has no axis to map over; close over it, or broadcast it"},
		"vmap of axes": {func() {
			ad.Vmap(func(a args) ad.Value { return ad.Add(a.X, a.Y) })(args{v, ad.Vector(1., 2.)}) // <- vmap of axes
		}, "vmap: the leading axis of ad_test.args.Y has 2 elements, and others have 3; they must be equal"},
		"vmap of nothing": {func() {
			ad.Vmap(func([]ad.Value) ad.Value { return x })(nil) // <- vmap of nothing
		}, "vmap: the argument holds no Value to map over"},

		// Control flow
		"cond": {func() {
			ad.Cond(ad.Less(v, 1), func() ad.Value { return x }, func() ad.Value { return x }) // <- cond
		}, "cond: the condition is bool[3] and must be one bool; use ad.Where to decide element by element"},
		"branches": {func() {
			ad.Jit(func(x ad.Value) ad.Value {
				return ad.Cond(ad.Less(x, 1), func() ad.Value { return x }, func() ad.Value { return v }) // <- branches
			})(x)
		}, "cond: ad.Value is float64[] in one branch and float64[3] in the other; both must have the same type"},
		"while condition": {func() {
			ad.While(x, func(s ad.Value) ad.Value { return s }, ad.Sin) // <- while condition
		}, "while: the condition is float64[] and must be one bool"},
		"while state": {func() {
			type state struct{ X, N ad.Value }
			ad.While(state{x, ad.Scalar(0)}, // <- while state
				func(s state) ad.Value { return ad.Less(s.N, 3) },
				func(s state) state { return state{s.X, ad.Scalar(int32(1))} })
		}, "while: ad_test.state.N is int64[] in the first state and int32[] in the body's result; both must have the same " +
			"type"},
		"scan state": {func() {
			ad.ForI(3, ad.Scalar(1), func(_, s ad.Value) ad.Value { return x }) // <- scan state
		}, "for: ad.Value is int64[] in the first state and float64[] in the body's result; both must have the same type"},
		"static state": {func() {
			type state struct {
				X ad.Value
				N int
			}
			ad.ForI(3, state{x, 1}, func(_ ad.Value, s state) state { return state{s.X, s.N + 1} }) // <- static state
		}, "for: ad_test.state.N is 1 in the first state and 2 in the body's result; both must have the same parts"},
		"growing state": {func() {
			ad.ForI(3, []ad.Value{x}, func(_ ad.Value, s []ad.Value) []ad.Value { return append(s, x) }) // <- growing state
		}, "for: []ad.Value has the length 1 in the first state and 2 in the body's result; both must have the same parts"},
		"scan lengths": {func() {
			ad.Scan(x, args{v, ad.Vector(1., 2.)}, func(s ad.Value, _ args) (ad.Value, ad.Value) { return s, s }) // <- scan lengths
		}, "scan(float64[3], float64[2]): all Values to scan over must have a leading axis of the same length"},
		"scan nothing": {func() {
			ad.Scan(x, []ad.Value{}, func(s ad.Value, _ []ad.Value) (ad.Value, ad.Value) { return s, s }) // <- scan nothing
		}, "scan: there is no Value to scan over; use ad.ForI for a number of rounds"},
		"negative rounds": {func() {
			ad.ForI(-1, x, func(_, s ad.Value) ad.Value { return s }) // <- negative rounds
		}, "for: -1 rounds were asked for; the number cannot be negative"},

		// Reading
		"float of many": {func() {
			v.Float() // <- float of many
		}, "Float needs one element, and this is float64[3]; choose one with ad.At, or read all with Floats"},
		"int of a float": {func() {
			x.Int() // <- int of a float
		}, "Int needs one integer, and this is float64[]; use Float"},
		"int of many": {func() {
			ad.Vector[int32](1, 2).Int() // <- int of many
		}, "Int needs one integer, and this is int32[2]; choose one with ad.At, or read all with Floats"},
		"bool of many": {func() {
			ad.Less(v, 2).Bool() // <- bool of many
		}, "Bool needs one element, and this is bool[3]; reduce it with ad.All or ad.Any, or choose one with ad.At"},
		"too few leaves": {func() {
			_, rebuild := ad.Flatten(args{x, v})
			rebuild([]ad.Value{v}) // <- too few leaves
		}, "tree(float64[3]): ad_test.args has 2 Values here, and it was given 1 to build it from"},
		"slice of another type": {func() {
			ir.Slice[float32](v) // <- slice of another type
		}, "a slice of float32 was asked of a float64[3]; convert it first"},
	}
}

// caught is what do panics with, as a user reads it.
func caught(do func()) (text string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			text = "(no panic)"
		case *ad.Error:
			text = r.Error()
		default:
			text = fmt.Sprintf("(not an *ad.Error) %T: %v", r, r)
		}
	}()
	do()
	return ""
}

// lineOf finds the line of a file of this package that ends in a marker.
func lineOf(t testing.TB, file, marker string) string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(source), "\n") {
		if strings.HasSuffix(line, "// <- "+marker) {
			return fmt.Sprintf("%s:%d", file, i+1)
		}
	}
	t.Fatalf("no line of %s is marked %q", file, marker)
	return ""
}

func TestMistakes(t *testing.T) {
	for name, c := range mistakes() {
		t.Run(name, func(t *testing.T) {
			want := lineOf(t, "errors_test.go", name) + ": " + c.want
			if got := caught(c.do); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

// TestSentencesHaveNoTraces reads the sentences for what belongs in a debugger.
func TestSentencesHaveNoTraces(t *testing.T) {
	for name, c := range mistakes() {
		got := caught(c.do)
		for _, word := range []string{"goroutine", "0x", "panic", "runtime", "nil pointer", "%!", "\n", "internal/"} {
			if strings.Contains(got, word) {
				t.Errorf("%s: %q in %s", name, word, got)
			}
		}
	}
}

// TestJitCheckedReturnsMistakes has the same mistakes come back as errors.
func TestJitCheckedReturnsMistakes(t *testing.T) {
	f := ad.JitChecked(func(a args) ad.Value { return ad.Add(a.X, a.Y) }) // <- checked
	for range 2 {
		_, err := f(args{ad.Vector(1., 2.), ad.Vector(1., 2., 3.)})
		want := lineOf(t, "errors_test.go", "checked") + ": add(float64[2], float64[3]): the shapes [2] and [3] do not " +
			"broadcast: aligned at the last axis, extents must be equal or one of them 1"
		if err == nil || err.Error() != want {
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
	y, err := f(args{ad.Vector(1., 2.), ad.Scalar(1.)})
	if err != nil {
		t.Fatal(err)
	}
	near(t, y, 2, 3)
	defer func() {
		if r := recover(); r != "my own" {
			t.Errorf("a panic that is no mistake came back as %v", r)
		}
	}()
	ad.JitChecked(func(x ad.Value) ad.Value { panic("my own") })(ad.Scalar(1.))
}
