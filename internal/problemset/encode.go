package problemset

import (
	"encoding/json"
	"io"
)

// WriteJSON writes the figures as one JSON object.
func (a Answers) WriteJSON(w io.Writer) error {
	type figure struct {
		ID        string  `json:"id"`
		Published *number `json:"published"`
		Float32   number  `json:"float32"`
		Float64   number  `json:"float64"`
		Status    Status  `json:"status"`
		Note      string  `json:"note"`
		Seconds   number  `json:"seconds"`
	}
	out := struct {
		Figures []figure `json:"figures"`
		Seconds number   `json:"seconds_total"`
	}{[]figure{}, number(a.Seconds)}
	for _, f := range a.figures() {
		var published *number
		if f.Published != "" {
			p := number(mustParse(f.Published))
			published = &p
		}
		out.Figures = append(out.Figures, figure{f.ID, published, number(f.Float32),
			number(f.Float64), f.Status, f.Note, number(f.Seconds)})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

// number is null in JSON where it is not finite, which JSON has no word for.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if !finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}
