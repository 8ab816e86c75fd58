package fit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Encode is the fit as the text of fit.json. Its format is set to FormatNow. A number that is not
// finite has no place in JSON and none in a finding: it is an error that names the field.
func Encode(f *Fit) ([]byte, error) {
	written := *f
	written.Format = FormatNow
	if err := encodable(reflect.ValueOf(written), ""); err != nil {
		return nil, err
	}
	if err := written.check(); err != nil {
		return nil, fmt.Errorf("the fit cannot be written: %w", err)
	}
	return marshal(&written)
}

func marshal(f *Fit) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(f); err != nil {
		return nil, fmt.Errorf("the fit cannot be written: %w", err)
	}
	return out.Bytes(), nil
}

// Decode reads what Encode wrote, from the file at path, which its errors name. Floats come back
// with the same bits. What pictures are drawn from is not in the file and stays empty.
func Decode(path string, data []byte) (*Fit, error) {
	var head struct {
		Format *int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, notJSON(path, data, err)
	}
	switch {
	case head.Format == nil:
		return nil, fmt.Errorf("%s has no \"format\": it is not a fit that pullback fit --json "+
			"wrote", path)
	case *head.Format != FormatNow:
		return nil, fmt.Errorf("%s is of format %d, and this program reads format %d only; "+
			"run pullback fit --json again with this program", path, *head.Format, FormatNow)
	}
	f := &Fit{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(f); err != nil {
		return nil, notJSON(path, data, err)
	}
	if err := complete(f, data); err != nil {
		return nil, fmt.Errorf("%s is no complete fit: %w; run pullback fit --json again",
			path, err)
	}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("%s contradicts itself: %w; run pullback fit --json again",
			path, err)
	}
	return f, nil
}

// notJSON is a sentence with the line where reading ended.
func notJSON(path string, data []byte, err error) error {
	line := func(offset int64) int {
		return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s:%d: this is not JSON: %w; name a file that pullback fit --json "+
			"wrote", path, line(syntax.Offset), err)
	case errors.As(err, &kind):
		return fmt.Errorf("%s:%d: %q is a %s, and of the type %s in a fit; "+
			"run pullback fit --json again",
			path, line(kind.Offset), kind.Field, kind.Value, kind.Type)
	}
	return fmt.Errorf("%s is not a fit: %w", path,
		errors.New(strings.TrimPrefix(err.Error(), "json: ")))
}

// encodable is an error if a number within v is not finite, or a text not UTF-8, which JSON would
// silently change. Fields that are not written are not looked at.
func encodable(v reflect.Value, at string) error {
	switch v.Kind() {
	case reflect.Float64:
		if x := v.Float(); math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("the fit cannot be written: %s is %g, which is no number of a "+
				"finding", at, x)
		}
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return fmt.Errorf("the fit cannot be written: %s is not UTF-8", at)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return encodable(v.Elem(), at)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := encodable(v.Index(i), fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if name == "-" {
				continue
			}
			if err := encodable(v.Field(i), joined(at, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func joined(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// complete is an error if data lack something that f, which was read from them, is written with:
// encoding/json would take it for zero.
func complete(f *Fit, data []byte) error {
	again, err := marshal(f)
	if err != nil {
		return err
	}
	var want, got any
	if err := errors.Join(json.Unmarshal(again, &want), json.Unmarshal(data, &got)); err != nil {
		return err
	}
	return lacking(want, got, "")
}

func lacking(want, got any, at string) error {
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is null", at)
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			inner, ok := have[name]
			if !ok {
				return fmt.Errorf("%s is not there", joined(at, name))
			}
			if err := lacking(want[name], inner, joined(at, name)); err != nil {
				return err
			}
		}
	case []any:
		have, ok := got.([]any)
		if !ok || len(have) != len(want) {
			return fmt.Errorf("%s is not a list of %d", at, len(want))
		}
		for i := range want {
			if err := lacking(want[i], have[i], fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	default:
		if want != nil && got == nil {
			return fmt.Errorf("%s is null", at)
		}
	}
	return nil
}

// check is an error if parts of the fit do not fit together.
func (f *Fit) check() error {
	n := len(f.Parameters) + len(f.Noise)
	if f.Covariance != nil && len(f.Covariance) != n {
		return fmt.Errorf("covariance has %d rows for %d parameters", len(f.Covariance), n)
	}
	for i, row := range f.Covariance {
		if len(row) != n {
			return fmt.Errorf("covariance[%d] has %d elements for %d parameters", i, len(row), n)
		}
	}
	for i, direction := range f.Identification.Flat {
		if len(direction) != len(f.Identification.Names) {
			return fmt.Errorf("identification.flat[%d] has %d components for %d names", i,
				len(direction), len(f.Identification.Names))
		}
	}
	for i, p := range f.Profiles {
		if len(p.At) != len(p.LogLik) {
			return fmt.Errorf("profiles[%d] has %d points and %d log likelihoods", i, len(p.At),
				len(p.LogLik))
		}
	}
	return nil
}
