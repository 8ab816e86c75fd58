package browser

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/png" // what screenshots are
	"net/url"
	"path/filepath"
	"strings"
)

// look is one way in which a page is looked at.
type look struct {
	width, height int
	scheme        string // light or dark
}

func (l look) String() string { return fmt.Sprintf("%d px wide, %s", l.width, l.scheme) }

// looks are a desk and a small telephone, by day and by night.
func looks() []look {
	return []look{{1280, 900, "light"}, {360, 640, "light"}, {360, 640, "dark"}}
}

// Check opens the HTML file and lists, in sentences, what is wrong with it: that it does not open,
// says anything on the console, asks for any other address, has a picture that cannot be seen, or
// is wider than the screen. The error is one of the browser itself.
func (b *Browser) Check(file string) (problems []string, err error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	for _, l := range looks() {
		found, err := b.look(address, l)
		if err != nil {
			return nil, fmt.Errorf("%s, %v: %w", file, l, err)
		}
		for _, problem := range found {
			problems = append(problems, fmt.Sprintf("%s, %v: %s", file, l, problem))
		}
	}
	return problems, nil
}

func (b *Browser) look(address string, l look) (problems []string, err error) {
	b.events = nil
	err = errors.Join(
		b.call("Emulation.setDeviceMetricsOverride", object{"width": l.width, "height": l.height,
			"deviceScaleFactor": 1, "mobile": l.width < 600}, nil),
		b.call("Emulation.setEmulatedMedia", object{"features": []object{
			{"name": "prefers-color-scheme", "value": l.scheme}}}, nil))
	if err != nil {
		return nil, err
	}
	var opened struct {
		ErrorText string `json:"errorText"`
	}
	if err := b.call("Page.navigate", object{"url": address}, &opened); err != nil {
		return nil, err
	}
	if opened.ErrorText != "" {
		return []string{"it does not open: " + opened.ErrorText}, nil
	}
	if err := b.wait("Page.loadEventFired"); err != nil {
		return nil, err
	}
	found, err := b.measure()
	if err != nil {
		return nil, err
	}
	problems = append(b.complaints(address), found.Problems...)
	if found.Screen != l.width {
		problems = append(problems, fmt.Sprintf("it is laid out for a screen of %d px and "+
			"scaled; a viewport is missing in its head", found.Screen))
	}
	blank, err := b.blank(nil)
	if err != nil {
		return nil, err
	}
	if blank {
		problems = append(problems, "the screen is blank")
	}
	for _, p := range found.Pictures {
		blank, err := b.blank(&p.box)
		if err != nil {
			return nil, err
		}
		if blank {
			problems = append(problems, fmt.Sprintf("the picture %q is blank", p.Name))
		}
	}
	return problems, nil
}

// complaints are what the console says, and requests for anything but the page itself.
func (b *Browser) complaints(address string) []string {
	var found []string
	for _, event := range b.events {
		var p struct {
			Type    string `json:"type"`
			Request struct {
				URL string `json:"url"`
			} `json:"request"`
			Entry struct {
				Level string `json:"level"`
				Text  string `json:"text"`
			} `json:"entry"`
		}
		// The fields of other events may be of other types; those are not looked at.
		_ = json.Unmarshal(event.Params, &p)
		switch event.Method {
		case "Runtime.consoleAPICalled":
			found = append(found, fmt.Sprintf("a message on the console: %s", event.Params))
		case "Runtime.exceptionThrown":
			found = append(found, fmt.Sprintf("an exception: %s", event.Params))
		case "Log.entryAdded":
			if p.Entry.Level == "error" || p.Entry.Level == "warning" {
				found = append(found, p.Entry.Level+" on the console: "+p.Entry.Text)
			}
		case "Network.requestWillBeSent":
			if p.Request.URL != address && !strings.HasPrefix(p.Request.URL, "data:") {
				found = append(found, "it asks for "+p.Request.URL)
			}
		}
	}
	return found
}

// box is a rectangle of the page in CSS pixels.
type box struct {
	X, Y, Width, Height float64
}

// measured is what measure.js returns.
type measured struct {
	Screen   int // the width that the page is laid out for
	Problems []string
	Pictures []struct {
		Name string
		box
	}
}

//go:embed measure.js
var measureJS string

func (b *Browser) measure() (found measured, err error) {
	var evaluated struct {
		Result struct {
			Value measured `json:"value"`
		} `json:"result"`
		Exception json.RawMessage `json:"exceptionDetails"`
	}
	err = b.call("Runtime.evaluate", object{"expression": measureJS, "returnByValue": true,
		"awaitPromise": true}, &evaluated)
	if err == nil && evaluated.Exception != nil {
		err = fmt.Errorf("measuring threw %s", evaluated.Exception)
	}
	return evaluated.Result.Value, err
}

// blank is whether a screenshot, of the screen or of a rectangle, shows next to nothing.
func (b *Browser) blank(clip *box) (bool, error) {
	params := object{"format": "png"}
	if clip != nil {
		params["captureBeyondViewport"] = true
		params["clip"] = object{"x": clip.X, "y": clip.Y, "width": clip.Width,
			"height": clip.Height, "scale": 1}
	}
	var shot struct {
		Data string `json:"data"`
	}
	if err := b.call("Page.captureScreenshot", params, &shot); err != nil {
		return false, err
	}
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		return false, err
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return false, err
	}
	return empty(picture), nil
}

// empty is whether next to no pixel is of another colour than the most frequent one.
func empty(picture image.Image) bool {
	const enough = 50 // pixels, those of a word or two
	counts := map[color.Color]int{}
	most, all := 0, 0
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := picture.At(x, y)
			counts[c]++
			most, all = max(most, counts[c]), all+1
		}
	}
	return all-most < enough
}
