package asm

import (
	"bufio"
	"bytes"
	"debug/elf"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// example is an instruction as text for GNU as, in Intel's syntax, and what to Emit.
type example struct {
	text     string
	op       Op
	operands []Operand
}

func (e example) encode() ([]byte, error) {
	var a Assembler
	a.Emit(e.op, e.operands...)
	return a.code, a.err
}

var names64 = strings.Fields("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15")
var names32 = strings.Fields(
	"eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d")
var names8 = strings.Fields("al cl dl bl spl bpl sil dil r8b r9b r10b r11b r12b r13b r14b r15b")
var pointers = map[int]string{1: "byte", 2: "word", 4: "dword", 8: "qword", 16: "xmmword",
	32: "ymmword", 64: "zmmword"}

// generator makes examples of one form at one width.
type generator struct {
	r      *rand.Rand
	form   form
	width  Width
	high   bool // registers from 16 on
	memory bool // memory where there is a choice
}

// register is number n modulo how many registers there are, or a random one.
func (g *generator) register(n, count int) int {
	if n < 0 {
		return g.r.IntN(count)
	}
	return n % count
}

func (g *generator) vec(w Width, n int) (string, Vec) {
	count := 16
	if g.high {
		count = 32
	}
	n = g.register(n, count)
	return fmt.Sprintf("%cmm%d", "xyz"[w], n), V(w, n)
}

func (g *generator) widthOf(letter byte) Width {
	switch letter {
	case 'x':
		return Bits128
	case 'y':
		return Bits256
	case 'h':
		return max(g.width, 1) - 1
	case 'q':
		return max(g.width, 2) - 2
	case 'e':
		return Bits128
	}
	return g.width
}

// bytesOf is the size of memory in the place of such an operand.
func (g *generator) bytesOf(letter byte) int {
	return g.width.Bytes() >> map[byte]int{'v': 0, 'm': 0, 'h': 1, 'q': 2, 'e': 3}[letter]
}

// operand makes one from its description; n is the number of its register, -1 for any.
func (g *generator) operand(kind string, n int) (string, Operand) {
	kind, other, choice := strings.Cut(kind, "/")
	if choice && g.memory {
		size := g.bytesOf(kind[0])
		if k, err := strconv.Atoi(other[1:]); err == nil && other[0] == 'm' {
			size = k
		} else if other[0] == 'b' && g.high && g.r.IntN(2) == 0 {
			text, m := g.address(k, n, 0, 0)
			return fmt.Sprintf("%s ptr %s{1to%d}", pointers[k], text, size/k), m.All()
		}
		text, m := g.address(size, n, 0, 0)
		return pointers[size] + " ptr " + text, m
	}
	switch kind[0] {
	case 'k':
		k := g.register(n, 8)
		return fmt.Sprint("k", k), Mask(k + 1)
	case 'r', 'd', 'b':
		k := g.register(n, 16)
		return map[byte][]string{'r': names64, 'd': names32, 'b': names8}[kind[0]][k], Reg(k + 1)
	case 'i':
		k := g.r.IntN(256)
		return fmt.Sprint(k), Imm(k)
	case 'c':
		k := 1 + g.r.IntN(63)
		return fmt.Sprint(k), Imm(k)
	case 'n', 'N':
		k := []int64{0, 1, -1, 127, -128, 128, -129, 1<<31 - 1, -1 << 31, 12345}[g.r.IntN(10)]
		if kind == "N" {
			k = int64(g.r.Uint64() | 1<<40)
		}
		return fmt.Sprint(k), Imm(k)
	case 'm':
		size := g.bytesOf('m')
		if len(kind) > 1 {
			size, _ = strconv.Atoi(kind[1:])
		}
		text, m := g.address(size, n, 0, 0)
		return pointers[size] + " ptr " + text, m
	case 'g':
		name, v := g.vec(g.widthOf(kind[1]), n)
		size := int(kind[2] - '0')
		text, m := g.address(size, g.r.IntN(16), v, name)
		return pointers[size] + " ptr " + text, m
	}
	text, v := g.vec(g.widthOf(kind[0]), n)
	return text, v
}

// address is memory with a base of the given number, and a vector as its index if there is one.
func (g *generator) address(size, n int, lanes Vec, name any) (string, Mem) {
	base := g.register(n, 16)
	m := Mem{Base: Reg(base + 1)}
	text := "[" + names64[base]
	scale := 1 << g.r.IntN(4)
	if lanes != 0 {
		m.Lanes, m.Scale = lanes, scale
		text += fmt.Sprintf("+%s*%d", name, scale)
	} else if index := g.r.IntN(16); g.r.IntN(2) == 0 && Reg(index+1) != RSP {
		m.Index, m.Scale = Reg(index+1), scale
		text += fmt.Sprintf("+%s*%d", names64[index], scale)
	}
	disps := []int{0, 0, 1, -1, size, -size, 127, 128, -128, -129, 127 * size, 128 * size,
		-128 * size, -129 * size, 5 * size, 0x12345}
	m.Disp = int32(disps[g.r.IntN(len(disps))])
	return text + fmt.Sprintf("%+d]", m.Disp), m
}

// example makes one whose operand number which has register n.
func (g *generator) example(which, n int) example {
	e := example{op: g.form.op}
	var texts []string
	plus, must := strings.Contains(g.form.widths, "+"), strings.Contains(g.form.widths, "!")
	used := map[Operand]bool{}
	for k, kind := range strings.Fields(g.form.operands) {
		number := -1
		if k == which {
			number = n
		}
		text, o := g.operand(kind, number)
		if strings.Contains(g.form.operands, "g") { // a gather's vectors must differ
			for at, id := 0, o; ; at++ {
				if m, ok := o.(Mem); ok {
					id = X(m.Lanes.number())
				} else if v, ok := o.(Vec); ok {
					id = X(v.number())
				}
				if !used[id] {
					used[id] = true
					break
				}
				text, o = g.operand(kind, g.r.IntN(32))
			}
		}
		texts, e.operands = append(texts, text), append(e.operands, o)
	}
	if must || plus && g.high && g.r.IntN(3) == 0 {
		k := 1 + g.r.IntN(7)
		under := Under{K: Mask(k + 1)}
		texts[0] += fmt.Sprintf("{k%d}", k)
		_, toMemory := e.operands[0].(Mem)
		_, toMask := e.operands[0].(Mask)
		if !must && !toMemory && !toMask && g.r.IntN(2) == 0 {
			under.Zero = true
			texts[0] += "{z}"
		}
		e.operands = append([]Operand{under}, e.operands...)
	}
	e.text = g.form.name + " " + strings.Join(texts, ", ")
	if strings.HasPrefix(g.form.name, "vmov") {
		e.text = "{load} " + e.text // as would choose stores, some of which are a byte shorter
	}
	return e
}

// examples holds every form at every width with every register in every place.
func examples() []example {
	r := rand.New(rand.NewPCG(1, 2))
	var out []example
	for _, f := range forms {
		count := len(strings.Fields(f.operands))
		for w, letter := range "xyz" {
			if !strings.ContainsRune(f.widths, letter) {
				continue
			}
			if count == 0 {
				out = append(out, example{text: f.name, op: f.op})
			}
			high := f.op.has(evex) && (!f.op.has(vex) || strings.ContainsAny(f.widths, "+!"))
			for which := range count {
				for n := range 32 {
					for _, memory := range []bool{false, true} {
						g := generator{r, f, Width(w), high,
							memory && strings.Contains(f.operands, "/")}
						if g.memory == memory {
							out = append(out, g.example(which, n))
						}
					}
				}
			}
		}
	}
	return out
}

// assemble gives what GNU as makes of each line, filled up to 16 bytes with 0x0f. It skips the
// test where there is no as.
func assemble(t *testing.T, lines []string) [][]byte {
	t.Helper()
	var source strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&source, "%s\n.balign 16, 0x0f\n", line)
	}
	code := assembleText(t, source.String())
	if len(code) != 16*len(lines) {
		t.Fatalf("%d bytes for %d lines", len(code), len(lines))
	}
	out := make([][]byte, len(lines))
	for i := range lines {
		out[i] = code[16*i : 16*i+16]
	}
	return out
}

// assembleText gives the section .text of what GNU as makes of a source.
func assembleText(t *testing.T, source string) []byte {
	t.Helper()
	path, err := exec.LookPath("as")
	if err != nil {
		t.Skip("GNU as is not installed: the encodings are compared with testdata only")
	}
	object := filepath.Join(t.TempDir(), "x.o")
	cmd := exec.Command(path, "--64", "-o", object, "-")
	cmd.Stdin = strings.NewReader(".intel_syntax noprefix\n" + source)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("as: %v\n%.2000s", err, out)
	}
	f, err := elf.Open(object)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	code, err := f.Section(".text").Data()
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// TestAssembler compares every encoding with GNU as.
func TestAssembler(t *testing.T) {
	all := examples()
	lines := make([]string, len(all))
	for i, e := range all {
		lines[i] = e.text
	}
	wrong := 0
	for i, want := range assemble(t, lines) {
		got, err := all[i].encode()
		padded := append(bytes.Clone(got), bytes.Repeat([]byte{0x0f}, 16)...)[:16]
		if err != nil || len(got) == 0 || !bytes.Equal(padded, want) {
			t.Errorf("%s: % x, as has % x (%v)", all[i].text, got, want, err)
			if wrong++; wrong == 20 {
				t.FailNow()
			}
		}
	}
	t.Logf("%d instructions", len(all))
}

// length is that of our own encoding, which TestAssembler has compared with as whole.
func length(t *testing.T, e example) int {
	code, err := e.encode()
	if err != nil {
		t.Fatal(err)
	}
	return len(code)
}

const golden = "testdata/encodings.txt"

// TestEncodings compares some of every form with what GNU as said once: PULLBACK_UPDATE=1 asks
// it again.
func TestEncodings(t *testing.T) {
	sample := map[string]example{}
	var lines []string
	count := map[string]int{}
	for _, e := range examples() {
		key := fmt.Sprintf("%#x %d", uint64(e.op), len(e.operands))
		if count[key]++; (count[key]%151 == 1) && sample[e.text].op == 0 {
			sample[e.text] = e
			lines = append(lines, e.text)
		}
	}
	if os.Getenv("PULLBACK_UPDATE") != "" {
		var b bytes.Buffer
		for i, code := range assemble(t, lines) {
			fmt.Fprintf(&b, "%x\t%s\n", code[:length(t, sample[lines[i]])], lines[i])
		}
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(golden)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := 0
	for s := bufio.NewScanner(f); s.Scan(); seen++ {
		code, text, _ := strings.Cut(s.Text(), "\t")
		e, ok := sample[text]
		if !ok {
			t.Fatalf("no example %q any more: run with PULLBACK_UPDATE=1", text)
		}
		if got, err := e.encode(); err != nil || hex.EncodeToString(got) != code {
			t.Errorf("%s: %x, want %s (%v)", text, got, code, err)
		}
	}
	if seen != len(sample) {
		t.Errorf("%d encodings in %s, %d wanted: run with PULLBACK_UPDATE=1", seen, golden,
			len(sample))
	}
}

// TestFormsComplete: every exported instruction is in the table.
func TestFormsComplete(t *testing.T) {
	files, err := filepath.Glob("ops_*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	table, err := os.ReadFile("forms_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && v.Names[0].IsExported() {
				if !bytes.Contains(table, []byte(", "+v.Names[0].Name+", ")) {
					t.Errorf("%s is not tested", v.Names[0].Name)
				}
			}
			return true
		})
	}
}
