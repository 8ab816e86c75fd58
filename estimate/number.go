package estimate

import (
	"encoding/json"
	"fmt"
	"math"
)

// Number is a number that there may not be, such as the standard error of a parameter that is
// held. Where there is none Value is 0 and must not be read.
type Number struct {
	Value float64
	Known bool
}

// numberOf is x, unless it is a NaN or an infinity, which nobody should be given for a number.
func numberOf(x float64) Number {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Number{}
	}
	return Number{x, true}
}

// Pointer is the number, or nil.
func (n Number) Pointer() *float64 {
	if !n.Known {
		return nil
	}
	return &n.Value
}

// String is the number, or "none".
func (n Number) String() string {
	if !n.Known {
		return "none"
	}
	return fmt.Sprint(n.Value)
}

// MarshalJSON is the number, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Known {
		return []byte("null"), nil
	}
	return json.Marshal(n.Value)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Number) UnmarshalJSON(text []byte) error {
	*n = Number{}
	if string(text) == "null" {
		return nil
	}
	if err := json.Unmarshal(text, &n.Value); err != nil {
		return err
	}
	n.Known = true
	return nil
}
