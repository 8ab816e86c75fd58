package model

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The limits keep what a hostile file can cost small.
const (
	mostBytes  = 1 << 20
	mostIndent = 200 // spaces before a line, and items that a line opens
	mostNested = 40  // brackets open at once
)

// node is a piece of a YAML document.
type node struct {
	at      Position
	kind    nodeKind
	text    string // of a scalar
	entries []entry
	items   []node
}

type nodeKind int

const (
	plain nodeKind = iota
	mapping
	list
	null
)

func (k nodeKind) String() string {
	return [...]string{"a value", "a mapping", "a list", "nothing"}[k]
}

// entry of a mapping.
type entry struct {
	key   string
	at    Position // of the key
	value node
}

// readSource reads a file, up to a limit.
func readSource(path string) (Source, error) {
	file, err := os.Open(path)
	if err != nil {
		return Source{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
	if err != nil {
		return Source{}, err
	}
	return Source{path, string(text)}, nil
}

// document reads YAML into nodes. Anchors, aliases, tags and merge keys are refused: a model file
// has no use for them, and a small file can claim a gigabyte by them.
func (s Source) document() (root node, err error) {
	if err := s.limits(); err != nil {
		return node{}, err
	}
	defer func() {
		// The reader of YAML has been seen to panic on garbage; here is the border.
		if p := recover(); p != nil {
			err = s.complain(Position{1, 1}, "this is no YAML that can be read", "")
		}
	}()
	file, parseErr := parser.ParseBytes([]byte(s.Text), 0)
	if parseErr != nil {
		return node{}, s.yamlError(parseErr)
	}
	if len(file.Docs) > 1 {
		at := position(file.Docs[1].Body)
		return node{}, s.complain(at, "a second document begins here",
			"A model file is one document; leave out the line ---.")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return node{}, s.complain(Position{1, 1}, "the file is empty",
			"A model file has parameters and what is observed; see the tutorial.")
	}
	return s.convert(file.Docs[0].Body)
}

// limits refuses what would cost too much to read.
func (s Source) limits() error {
	if len(s.Text) > mostBytes {
		return s.complain(Position{1, 1}, fmt.Sprintf("the file is longer than %d bytes",
			mostBytes), "A model file is a page or two; is this the data?")
	}
	if !utf8.ValidString(s.Text) {
		for i, line := range strings.Split(s.Text, "\n") {
			if !utf8.ValidString(line) {
				return &Error{Path: s.Path, At: Position{i + 1, 1}, Message: "this line is not " +
					"UTF-8", Advice: "Save the file as UTF-8."}
			}
		}
	}
	depth := 0
	for i, line := range strings.Split(s.Text, "\n") {
		opened := len(line) - len(strings.TrimLeft(line, " -?:"))
		if opened > mostIndent {
			return s.complain(Position{i + 1, 1}, "this line is nested too deep", "")
		}
		for column, r := range line {
			switch r {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(depth-1, 0)
			}
			if depth > mostNested {
				return s.complain(Position{i + 1, column + 1}, fmt.Sprintf("more than %d brackets "+
					"are open here", mostNested), "")
			}
		}
	}
	return nil
}

// yamlError puts the reader's complaint into our form.
func (s Source) yamlError(err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		message := strings.TrimSuffix(at.GetMessage(), ".")
		advice := ""
		switch {
		case strings.Contains(message, "tab") || strings.Contains(lineOf(s.Text,
			at.GetToken().Position.Line), "\t"):
			advice = "Indent with spaces and not with tabs."
		case strings.Contains(message, "duplicate") || strings.Contains(message, "already defined"):
			message = fmt.Sprintf("%s is given twice", at.GetToken().Value)
			advice = "Leave out one of the two."
		case strings.Contains(lineOf(s.Text, at.GetToken().Position.Line), "\""):
			advice = "A quoted text is a whole value or a whole key."
		}
		return s.complain(tokenPosition(at.GetToken()), "this is no YAML: "+message, advice)
	}
	return s.complain(Position{1, 1}, "this is no YAML: "+firstLine(err.Error()), "")
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func lineOf(text string, number int) string {
	lines := strings.Split(text, "\n")
	if number < 1 || number > len(lines) {
		return ""
	}
	return lines[number-1]
}

func position(n ast.Node) Position {
	if n == nil || n.GetToken() == nil {
		return Position{1, 1}
	}
	return tokenPosition(n.GetToken())
}

func tokenPosition(t *token.Token) Position {
	if t.Position == nil {
		return Position{1, 1}
	}
	return Position{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

// convert a node of the YAML reader.
func (s Source) convert(n ast.Node) (node, error) {
	out := node{at: position(n)}
	switch n := n.(type) {
	case nil, *ast.NullNode:
		out.kind = null
	case *ast.MappingNode:
		out.kind = mapping
		for _, v := range n.Values {
			if err := s.addEntry(&out, v); err != nil {
				return node{}, err
			}
		}
		if len(out.entries) > 0 {
			out.at = out.entries[0].at
		}
	case *ast.MappingValueNode:
		out.kind = mapping
		if err := s.addEntry(&out, n); err != nil {
			return node{}, err
		}
	case *ast.SequenceNode:
		out.kind = list
		for _, v := range n.Values {
			item, err := s.convert(v)
			if err != nil {
				return node{}, err
			}
			out.items = append(out.items, item)
		}
	case *ast.LiteralNode:
		out.text = n.Value.Value
	case *ast.StringNode:
		out.text = n.Value
		if t := n.GetToken().Type; t == token.DoubleQuoteType || t == token.SingleQuoteType {
			out.at.Column++
		}
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode, *ast.DirectiveNode:
		return node{}, s.complain(out.at, "anchors, aliases, tags and directives have no use in a "+
			"model file", "Write the value out.")
	default:
		out.text = n.GetToken().Value
	}
	return out, nil
}

func (s Source) addEntry(out *node, v *ast.MappingValueNode) error {
	switch v.Key.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
	default:
		return s.complain(position(v.Key), "a key must be a plain text", "")
	}
	key, err := s.convert(v.Key)
	if err != nil {
		return err
	}
	if key.kind == null {
		key.text = v.Key.GetToken().Value
	}
	value, err := s.convert(v.Value)
	if err != nil {
		return err
	}
	if value.kind == null && v.Value == nil {
		value.at = key.at
	}
	out.entries = append(out.entries, entry{key.text, key.at, value})
	return nil
}
