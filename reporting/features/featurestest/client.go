// Package featurestest holds any server of OGC API – Features against the abstract
// tests of Part 1 (OGC 17-069r4, annex A) and Part 2 (18-058r1, annex A), by the
// assertions that the executable test suite ets-ogcapi-features10 makes of them, and of
// Part 5 (23-058r2, annex A), for which there is no suite. The suite itself is a Java
// program and does not run here; testdata/abstract_tests.csv says of each of its tests
// where it is held.
//
// It is for tests alone.
package featurestest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Client asks a server.
type Client struct {
	Base   string      // of the landing page
	Header http.Header // of every request
}

// object is a JSON object.
type object = map[string]any

// answer is what a server said, and when.
type answer struct {
	*http.Response
	body          []byte
	before, after time.Time
}

// get asks for an address, whole or behind the base.
func (c Client) get(t *testing.T, address, accept string) answer {
	t.Helper()
	return c.do(t, http.MethodGet, address, accept)
}

// do asks for an address by a method.
func (c Client) do(t *testing.T, method, address, accept string) answer {
	t.Helper()
	if !strings.HasPrefix(address, "http") {
		address = c.Base + address
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range c.Header {
		r.Header[name] = values
	}
	r.Header.Set("Accept", accept)
	a := answer{before: time.Now()}
	if a.Response, err = http.DefaultClient.Do(r); err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.body, err = io.ReadAll(a.Body); err != nil {
		t.Fatal(err)
	}
	a.after = time.Now()
	return a
}

// document asks for JSON and expects it.
func (c Client) document(t *testing.T, address, accept string) object {
	t.Helper()
	a := c.get(t, address, accept)
	return a.object(t, http.StatusOK)
}

// object is an answer of a status as JSON.
func (a answer) object(t *testing.T, status int) object {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s is answered %d, want %d: %.400s", a.Request.URL, a.StatusCode, status, a.body)
	}
	var o object
	if err := json.Unmarshal(a.body, &o); err != nil {
		t.Fatalf("%s: %v: %.200s", a.Request.URL, err, a.body)
	}
	return o
}

// list is a member of an object that is a list of objects.
func list(t *testing.T, o object, name string) []object {
	t.Helper()
	members, ok := o[name].([]any)
	if !ok {
		t.Fatalf("%s is no list: %v", name, o[name])
	}
	var all []object
	for _, one := range members {
		whole, ok := one.(object)
		if !ok {
			t.Fatalf("%s holds %v", name, one)
		}
		all = append(all, whole)
	}
	return all
}

// texts is a member that is a list of texts.
func texts(t *testing.T, o object, name string) []string {
	t.Helper()
	members, _ := o[name].([]any)
	var all []string
	for _, one := range members {
		text, ok := one.(string)
		if !ok {
			t.Fatalf("%s holds %v", name, one)
		}
		all = append(all, text)
	}
	return all
}

// linked is the address of a link by its relation and type; "" without one.
func linked(t *testing.T, o object, rel, kind string) string {
	t.Helper()
	for _, link := range list(t, o, "links") {
		if link["rel"] == rel && (kind == "" || link["type"] == kind) {
			return fmt.Sprint(link["href"])
		}
	}
	return ""
}

// with is an address with parameters.
func with(address string, pairs ...string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // the server's own link; a test fails by it
	}
	query := u.Query()
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	u.RawQuery = query.Encode()
	return u.String()
}
