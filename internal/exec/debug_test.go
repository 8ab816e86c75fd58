package exec_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/internal/record"
)

// nanPrograms make a NaN in the line that each notes, and go on with it.
func nanPrograms(line *int) map[string]func(x ad.Value) ad.Value {
	here := func() {
		_, _, *line, _ = runtime.Caller(1)
	}
	return map[string]func(x ad.Value) ad.Value{
		"plain": func(x ad.Value) ad.Value {
			here()
			y := ad.Log(ad.Neg(x)) // the line after the noted one
			return ad.Add(ad.Sqrt(y), y)
		},
		"while": func(x ad.Value) ad.Value {
			return ad.While(x, func(s ad.Value) ad.Value { return ad.Less(s, 10) },
				func(s ad.Value) ad.Value {
					here()
					return ad.Add(s, ad.Sqrt(ad.Sub(3, s)))
				})
		},
		"scan": func(x ad.Value) ad.Value {
			return ad.ForI(5, x, func(i, s ad.Value) ad.Value {
				here()
				return ad.Sqrt(ad.Sub(s, 2))
			})
		},
		"cond": func(x ad.Value) ad.Value {
			return ad.Cond(ad.Less(x, 0), func() ad.Value { return x }, func() ad.Value {
				here()
				return ad.Mul(ad.Sub(ad.Exp(ad.Mul(x, 1e9)), ad.Exp(ad.Mul(x, 1e9))), 2)
			})
		},
	}
}

// TestDebugNaN runs itself anew with PULLBACK_DEBUG=nan, which is read once.
func TestDebugNaN(t *testing.T) {
	if os.Getenv("PULLBACK_DEBUG") != "nan" {
		command := exec.Command(os.Args[0], "-test.run=^TestDebugNaN$", "-test.v")
		command.Env = append(os.Environ(), "PULLBACK_DEBUG=nan")
		if out, err := command.CombinedOutput(); err != nil ||
			!strings.Contains(string(out), "4 programs") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	var line int
	programs := nanPrograms(&line)
	ops := map[string]string{"plain": "log", "while": "sqrt", "scan": "sqrt", "cond": "sub"}
	for name, f := range programs {
		_, err := ad.JitChecked(f)(ad.Scalar(2.5))
		nan, ok := err.(*record.NaNError)
		where := fmt.Sprintf("debug_test.go:%d", line+1)
		if !ok || nan.Op != ops[name] || !strings.HasSuffix(nan.Pos.String(), where) {
			t.Errorf("%s: %v; want %s at %s", name, err, ops[name], where)
		}
	}
	t.Logf("%d programs", len(programs))
}
