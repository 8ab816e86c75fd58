package spelling

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"price", "price", 0}, {"pirce", "price", 1},
		{"prise", "price", 1}, {"prce", "price", 1}, {"pprice", "price", 1}, {"ca", "abc", 3},
		{"σ_p", "σ_q", 1}, {"kitten", "sitting", 3},
	} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if got := Distance(c.b, c.a); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"price", "quantity", "P", "c_d", "c_s"}
	for word, want := range map[string]string{"pirce": "price", "Quantity": "quantity", "p": "P",
		"cd": "c_d", "Q": "", "elasticity": "", "price": "", "c_t": "c_d", "q": "", "p1": "",
		"pd": "", "cs": "c_s", "c": ""} {
		if got := Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
