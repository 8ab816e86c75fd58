package model

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// node is a part of a YAML file: a text, a mapping or a sequence. This file alone knows the
// library that reads them.
type node struct {
	kind    nodeKind
	text    string // of a scalar, without space around it
	at      Position
	entries []entry // of a mapping
	items   []node  // of a sequence
}

type entry struct{ key, value node }

type nodeKind int

const (
	scalar nodeKind = iota
	mapping
	sequence
	nothing // no value after a colon or a dash
)

// String is the kind in a message.
func (n node) String() string {
	switch n.kind {
	case mapping:
		return "a mapping"
	case sequence:
		return "a list"
	case nothing:
		return "nothing"
	}
	return fmt.Sprintf("%q", n.text)
}

// largestFile is the size in bytes beyond which a file is no model: its tokens take some hundred
// times as much memory.
const largestFile = 256 << 10

// mostTokens is how many signs and texts of YAML a file may have. The parser's time is quadratic
// in them, and a thousand parameters have 13,000.
const mostTokens = 20_000

// deepestFile is how many lists and mappings of YAML may stand inside one another. A model file
// needs four.
const deepestFile = 16

// readYAML reads a file into nodes. What a model file has no use for is refused, above all what
// makes a small file large or deep.
func (m *Model) readYAML() (n node, err error) {
	if err := m.checkText(); err != nil {
		return node{}, err
	}
	defer func() {
		// The library's mistakes must not end the program of somebody with a broken file.
		if r := recover(); r != nil {
			n, err = node{}, m.Complain(Position{}, "this is not YAML that can be read",
				"compare it with a model file that works")
		}
	}()
	tokens := lexer.Tokenize(m.Source.Text)
	if err := m.checkTokens(tokens); err != nil {
		return node{}, err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return node{}, m.syntaxError(err)
	}
	var body ast.Node
	for _, d := range file.Docs {
		switch {
		case body == nil:
			body = d.Body
		case d.Body != nil:
			return node{}, m.Complain(position(d.Body.GetToken()), "a second document begins here",
				"write one model a file, without --- between")
		}
	}
	if body == nil {
		return node{}, m.Complain(Position{1, 1}, "the file is empty",
			"write parameters:, unknowns:, equilibrium: and observe:")
	}
	return m.convert(body)
}

// checkText refuses what is no text, and tabs that indent.
func (m *Model) checkText() error {
	for i, line := range m.lines {
		if !utf8.ValidString(line) {
			at := strings.IndexFunc(line, func(r rune) bool { return r == utf8.RuneError })
			return m.Complain(Position{i + 1, utf8.RuneCountInString(line[:at]) + 1},
				"this byte is no UTF-8", "save the file in the encoding UTF-8")
		}
		if at := strings.IndexByte(line, 0); at >= 0 {
			return m.Complain(Position{i + 1, utf8.RuneCountInString(line[:at]) + 1},
				"this byte is zero", "a model file is text; was another file meant?")
		}
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if at := strings.IndexByte(indent, '\t'); at >= 0 && len(indent) < len(line) {
			return m.Complain(Position{i + 1, at + 1}, "a tab indents this line",
				"YAML is indented with spaces alone")
		}
	}
	return nil
}

// checkTokens refuses what a model file has no use for and, before the parser recurses, what is
// too deep.
func (m *Model) checkTokens(tokens token.Tokens) error {
	if len(tokens) > mostTokens {
		return m.Complain(position(tokens[mostTokens]), "the file is too long for a model, which "+
			"may have two thousand lines or so", moveData)
	}
	var columns []int // of the open blocks
	flow := 0
	for i, t := range tokens {
		at := position(t)
		column := 0
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType:
			return m.Complain(at, fmt.Sprintf("%q begins one of YAML's references or tags, which "+
				"model files have not", strings.TrimSpace(t.Value)),
				"write the value itself, in quotes if it begins with this sign")
		case token.DirectiveType:
			return m.Complain(at, "a directive of YAML, which model files have not",
				"leave the line out")
		case token.MappingKeyType:
			return m.Complain(at, "a key of several lines, which model files have not",
				"write the key in one line, in quotes if need be")
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType:
			column = t.Position.Column
		case token.MappingValueType:
			if i > 0 {
				column = tokens[i-1].Position.Column
			}
		}
		if column > 0 && flow <= 0 {
			for len(columns) > 0 && columns[len(columns)-1] >= column {
				columns = columns[:len(columns)-1]
			}
			columns = append(columns, column)
		}
		if len(columns)+flow > deepestFile {
			return m.Complain(at, fmt.Sprintf("more than %d lists and mappings stand inside one "+
				"another here", deepestFile), "a model file needs four")
		}
	}
	return nil
}

// syntaxError is the library's complaint with our layout.
func (m *Model) syntaxError(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return m.Complain(Position{}, "this is not YAML that can be read",
			"compare it with a model file that works")
	}
	message, _, _ := strings.Cut(e.GetMessage(), "\n")
	return m.Complain(position(e.GetToken()), "YAML cannot be read here: "+message,
		"a colon needs a space after it, what belongs together the same indentation, and a "+
			"formula with a special sign quotes around it")
}

func position(t *token.Token) Position {
	if t == nil || t.Position == nil {
		return Position{}
	}
	return Position{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

// convert turns the library's tree into ours.
func (m *Model) convert(n ast.Node) (node, error) {
	at := position(n.GetToken())
	switch n := n.(type) {
	case *ast.MappingNode:
		return m.convertMapping(n.Values)
	case *ast.MappingValueNode:
		return m.convertMapping([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		out := node{kind: sequence, at: at}
		for _, v := range n.Values {
			item, err := m.convert(v)
			if err != nil {
				return node{}, err
			}
			out.items = append(out.items, item)
		}
		return out, nil
	case *ast.NullNode:
		return node{kind: nothing, at: at}, nil
	case *ast.LiteralNode:
		return node{text: strings.TrimSpace(n.Value.Value), at: m.firstAfter(at.Line)}, nil
	case *ast.StringNode:
		if n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType {
			at.Column++
		}
		return node{text: strings.TrimSpace(n.Value), at: at}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node{text: strings.TrimSpace(n.GetToken().Value), at: at}, nil
	}
	return node{}, m.Complain(at, "this part of YAML has no place in a model file",
		"write texts, lists and mappings")
}

// convertMapping refuses a key that comes twice.
func (m *Model) convertMapping(values []*ast.MappingValueNode) (node, error) {
	out := node{kind: mapping}
	lines := map[string]int{}
	for _, v := range values {
		key, err := m.convert(v.Key)
		if err != nil {
			return node{}, err
		}
		if key.kind != scalar {
			return node{}, m.Complain(key.at, fmt.Sprintf("%v stands where a key is needed", key),
				"write a name, or a formula in quotes, before the colon")
		}
		if line, twice := lines[key.text]; twice {
			return node{}, m.Complain(key.at, "the key "+key.text+" comes twice in one mapping",
				fmt.Sprintf("the first is in line %d", line))
		}
		lines[key.text] = key.at.Line
		value, err := m.convert(v.Value)
		if err != nil {
			return node{}, err
		}
		out.entries = append(out.entries, entry{key, value})
	}
	if len(out.entries) > 0 {
		out.at = out.entries[0].key.at
	}
	return out, nil
}

// firstAfter is the first character after a line that is no space.
func (m *Model) firstAfter(line int) Position {
	for n, text := range m.lines {
		if rest := strings.TrimLeft(text, " \t"); n >= line && rest != "" {
			return Position{n + 1, len(text) - len(rest) + 1}
		}
	}
	return Position{line, 1}
}
