package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heatledger/energy"
)

// notebook keeps what a command writes; commands write from several goroutines.
type notebook struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (n *notebook) Write(p []byte) (int, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.text.Write(p)
}

func (n *notebook) String() string {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.text.String()
}

// outcome is how a command ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// command runs the program in this process, as main does, with url as its
// DATABASE_URL, until it ends by itself.
func command(t *testing.T, url string, args ...string) outcome {
	t.Helper()
	return begin(t, url, args...).wait()
}

// want fails the test unless the command ended with code.
func (o outcome) want(t *testing.T, code int) outcome {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit %d, want %d\nstdout: %s\nstderr: %s", o.code, code, o.stdout, o.stderr)
	}
	return o
}

// running is a command that has not ended.
type running struct {
	t              *testing.T
	args           []string
	stdout, stderr *notebook
	cancel         context.CancelFunc
	ended          chan struct{}
	code           int // once ended is closed
}

// begin starts a command; it is told to end when the test ends.
func begin(t *testing.T, url string, args ...string) *running {
	t.Helper()
	return beginReading(t, url, strings.NewReader(""), args...)
}

// beginReading starts a command with something on its standard input.
func beginReading(t *testing.T, url string, stdin io.Reader, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{t: t, args: args, stdout: &notebook{}, stderr: &notebook{}, cancel: cancel, ended: make(chan struct{})}
	getenv := func(name string) string {
		if name == "DATABASE_URL" {
			return url
		}
		return ""
	}
	go func() {
		defer close(r.ended)
		r.code = run(ctx, args, environment{getenv: getenv, stdin: stdin, stdout: r.stdout, stderr: r.stderr})
	}()
	t.Cleanup(func() {
		r.stop()
		if t.Failed() {
			text := r.stderr.String()
			t.Logf("heatledger %s ended with %d and said last:\n%s", strings.Join(args, " "), r.code, text[max(0, len(text)-4000):])
		}
	})
	return r
}

// wait waits for the command to end by itself.
func (r *running) wait() outcome {
	r.t.Helper()
	select {
	case <-r.ended:
	case <-time.After(2 * time.Minute):
		r.t.Fatalf("heatledger %s did not end within two minutes\n%s", strings.Join(r.args, " "), r.stderr)
	}
	return outcome{r.code, r.stdout.String(), r.stderr.String()}
}

// stop tells the command to end, as SIGTERM does, and waits until it has.
func (r *running) stop() outcome {
	r.t.Helper()
	r.cancel()
	return r.wait()
}

// centre is a `serve` that answers.
type centre struct {
	*running
	address, token string
}

// serve starts `serve` at address, "" for any, and waits until it is ready.
func serve(t *testing.T, url, config, address string, more ...string) *centre {
	t.Helper()
	if address == "" {
		address = freeAddress(t)
	}
	args := append([]string{"serve", "--config", config, "--listen", address}, more...)
	c := &centre{running: begin(t, url, args...), address: address}
	eventually(t, "serve is ready", func() bool {
		select {
		case <-c.ended:
			t.Fatalf("serve ended with %d:\n%s", c.code, c.stderr)
		default:
		}
		answer, err := http.Get("http://" + address + "/readyz")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	return c
}

// eventually waits for what happens in its own time.
func eventually(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !happened(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// ask gets a page of the centre, which must answer with status 200.
func (c *centre) ask(path string) ([]byte, http.Header) {
	c.t.Helper()
	status, body, header := c.get(path, c.token)
	if status != http.StatusOK {
		c.t.Fatalf("GET %s: %d %s", path, status, body)
	}
	return body, header
}

// get gets a page of the centre as the bearer of token, "" for nobody.
func (c *centre) get(path, token string) (int, []byte, http.Header) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://"+c.address+path, nil)
	if err != nil {
		c.t.Fatalf("ask for %s: %v", path, err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatalf("GET %s: %v", path, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatalf("read the answer to GET %s: %v", path, err)
	}
	return answer.StatusCode, body, answer.Header
}

// item is an element of /values: an interval, or a reading if At is set. Value
// keeps the digits as they were sent; nil is null.
type item struct {
	At, From, To     time.Time
	Value            *json.Number
	Unit             energy.Unit
	Quality          string
	EnergyCoverage   float64 `json:"energy_coverage"`
	IntervalCoverage float64 `json:"interval_coverage"`
}

// number is the value as it was sent, which must be there.
func (i item) number(t *testing.T) energy.Value {
	t.Helper()
	if i.Value == nil {
		t.Fatalf("no value from %s to %s", i.From, i.To)
	}
	v, err := energy.ParseValue(i.Value.String())
	if err != nil {
		t.Fatalf("read a value: %v", err)
	}
	return v
}

// valuesPath is the address of a point's values; more are further parameters.
func valuesPath(point energy.PointID, from, to, step, more string) string {
	return fmt.Sprintf("/api/v1/sites/%s/points/%s/values?from=%s&to=%s&step=%s%s", point.Site(), point.Name(), from, to, step, more)
}

// values asks for the values of a point and follows the links from page to page.
func (c *centre) values(point energy.PointID, from, to, step, more string) (all []item) {
	c.t.Helper()
	for path := valuesPath(point, from, to, step, more); path != ""; {
		body, header := c.ask(path)
		var page []item
		if err := json.Unmarshal(body, &page); err != nil {
			c.t.Fatalf("read %s: %v", path, err)
		}
		all = append(all, page...)
		path = ""
		if link, rel, ok := strings.Cut(strings.TrimPrefix(header.Get("Link"), "<"), ">"); ok && rel == `; rel="next"` {
			path = link
		}
	}
	return all
}

// readings are all raw readings of a point.
func (c *centre) readings(point energy.PointID) []item {
	c.t.Helper()
	return c.values(point, "2000-01-01", "2100-01-01", "raw", "")
}

// table asks for CSV and gives its rows, header first.
func (c *centre) table(path string) [][]string {
	c.t.Helper()
	body, header := c.ask(path)
	if kind := header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") {
		c.t.Errorf("GET %s answers %s, want CSV", path, kind)
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		c.t.Fatalf("read the CSV of %s: %v", path, err)
	}
	return rows
}

// write puts a file into a folder and gives its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatalf("write a file: %v", err)
	}
	return path
}
