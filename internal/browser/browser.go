// Package browser opens pages in a real Chromium without a window and says what a reader would
// miss. It is for tests. It speaks the Chrome DevTools Protocol over the two pipes that
// --remote-debugging-pipe reads and writes, in messages of JSON that end with a zero byte.
package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// Browser is a running Chromium with one open tab.
type Browser struct {
	process  *exec.Cmd
	profile  string // a temporary directory
	commands *os.File
	replies  *os.File
	reader   *bufio.Reader
	said     bytes.Buffer // on standard error
	session  string
	calls    int
	events   []message // that came since they were last asked for
}

// message is a reply, which has an ID, or an event, which has a Method.
type message struct {
	ID     int             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
	Session string `json:"sessionId,omitempty"`
}

// patience is how long the browser may take for one answer; without an end a test would hang.
const patience = 2 * time.Minute

// Start runs the program at path, which is Chromium or Chrome.
func Start(path string) (*Browser, error) {
	profile, err := os.MkdirTemp("", "pullback-browser-")
	if err != nil {
		return nil, err
	}
	b := &Browser{profile: profile}
	if err := b.start(path); err != nil {
		b.Close()
		return nil, fmt.Errorf("%s cannot be used: %w%s", path, err, b.said.String())
	}
	return b, nil
}

func (b *Browser) start(path string) error {
	read, commands, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	replies, write, err := os.Pipe()
	if err != nil {
		commands.Close()
		return err
	}
	defer write.Close()
	b.commands, b.replies, b.reader = commands, replies, bufio.NewReader(replies)
	b.process = exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--user-data-dir="+b.profile, "--remote-debugging-pipe", "about:blank")
	b.process.ExtraFiles = []*os.File{read, write} // descriptors 3 and 4
	b.process.Stderr = &b.said
	if err := b.process.Start(); err != nil {
		b.process = nil
		return err
	}
	var target struct {
		ID string `json:"targetId"`
	}
	var attached struct {
		Session string `json:"sessionId"`
	}
	err = b.call("Target.createTarget", object{"url": "about:blank"}, &target)
	if err != nil {
		return err
	}
	err = b.call("Target.attachToTarget", object{"targetId": target.ID, "flatten": true}, &attached)
	if err != nil {
		return err
	}
	b.session = attached.Session
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		if err := b.call(domain+".enable", nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the browser and removes what it left on the disk.
func (b *Browser) Close() {
	if b.process != nil {
		if b.call("Browser.close", nil, nil) != nil {
			_ = b.process.Process.Kill()
		}
		_ = b.process.Wait() // its end is what was asked for, however it ends
	}
	if b.commands != nil {
		b.commands.Close()
		b.replies.Close()
	}
	os.RemoveAll(b.profile)
}

// object is a JSON object.
type object map[string]any

// call sends a command and waits for its reply; events that come in between are kept.
func (b *Browser) call(method string, params object, result any) error {
	b.calls++
	command := struct {
		ID      int    `json:"id"`
		Method  string `json:"method"`
		Params  object `json:"params,omitempty"`
		Session string `json:"sessionId,omitempty"`
	}{b.calls, method, params, b.session}
	text, err := json.Marshal(command)
	if err != nil {
		return err
	}
	if _, err := b.commands.Write(append(text, 0)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	for {
		m, err := b.read()
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", method, err)
		case m.ID != b.calls:
			b.events = append(b.events, m)
		case m.Error != nil:
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		case result == nil:
			return nil
		default:
			return json.Unmarshal(m.Result, result)
		}
	}
}

// wait returns when the event has come.
func (b *Browser) wait(method string) error {
	for _, m := range b.events {
		if m.Method == method {
			return nil
		}
	}
	for {
		m, err := b.read()
		if err != nil {
			return fmt.Errorf("no %s: %w", method, err)
		}
		b.events = append(b.events, m)
		if m.Method == method {
			return nil
		}
	}
}

func (b *Browser) read() (m message, err error) {
	if err := b.replies.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return m, err
	}
	text, err := b.reader.ReadBytes(0)
	if err != nil {
		return m, errors.Join(errors.New("the browser does not answer"), err)
	}
	return m, json.Unmarshal(text[:len(text)-1], &m)
}
