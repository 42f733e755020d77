package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"heatledger/energy/access"
	"heatledger/reporting/web"
)

// TestEveryOperationTakesWhatItDeclaresAndNothingElse asks every read as its own
// examples say, with each parameter in turn, and with one it does not declare.
func TestEveryOperationTakesWhatItDeclaresAndNothingElse(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	for _, o := range c.operations {
		address, required := o.path, url.Values{}
		for _, p := range o.Parameters {
			switch {
			case p.In == "path":
				address = strings.ReplaceAll(address, "{"+p.Name+"}", c.said(nil, p.Name, map[string]any{}, p.Example, true))
			case p.Required:
				required.Set(p.Name, c.said(nil, p.Name, map[string]any{}, p.Example, true))
			}
		}
		ask := func(query url.Values) (int, string) {
			r := request{operation: o, who: "admin", address: address + "?" + query.Encode(), header: http.Header{}}
			if strings.HasSuffix(o.path, "/batches") {
				r.who = "collector"
			}
			status, body := c.keeps(t, r)
			return status, string(body)
		}
		if o.method == http.MethodGet {
			for _, p := range o.Parameters {
				if p.In != "query" {
					continue
				}
				values := []string{c.said(nil, p.Name, map[string]any{}, p.Example, true)}
				if enum, ok := p.Schema["enum"].([]any); ok {
					for _, one := range enum {
						values = append(values, fmt.Sprint(one))
					}
				}
				for _, value := range values {
					query := url.Values{p.Name: {value}}
					for name := range required {
						query[name] = append(query[name], required[name]...)[:1]
					}
					if status, body := ask(query); status == http.StatusBadRequest {
						t.Errorf("%s refuses what it declares, %s=%s: %s", o.ID, p.Name, value, body)
					}
				}
			}
		}
		if !strings.HasPrefix(o.path, "/api/") {
			continue
		}
		query := url.Values{"not_declared": {"1"}}
		for name := range required {
			query[name] = required[name]
		}
		if status, body := ask(query); status != http.StatusBadRequest || !strings.Contains(body, `"unknown_parameter"`) || !strings.Contains(body, "not_declared") {
			t.Errorf("%s with a parameter that it does not declare: %d %.200s", o.ID, status, body)
		}
	}
}

func TestAnAddressNamesItsMethods(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	for _, o := range c.operations {
		path := strings.NewReplacer("{site}", "hafen", "{point}", "grid").Replace(o.path)
		answer := c.call(t, http.MethodOptions, path, "", nil, nil, nil)
		if answer.StatusCode != http.StatusNoContent || !strings.Contains(answer.Header.Get("Allow"), o.method) {
			t.Errorf("OPTIONS %s: %d, Allow %q", path, answer.StatusCode, answer.Header.Get("Allow"))
		}
		var p struct{ Code, Title string }
		answer = c.call(t, http.MethodPatch, path, "", nil, nil, &p)
		if answer.StatusCode != http.StatusMethodNotAllowed || p.Code != "method_not_allowed" || !strings.Contains(answer.Header.Get("Allow"), o.method) || answer.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("PATCH %s: %d %+v, Allow %q", path, answer.StatusCode, p, answer.Header.Get("Allow"))
		}
	}
	head := c.call(t, http.MethodHead, "/api/v1/sites", c.tokens["office"], nil, nil, nil)
	if body := new(bytes.Buffer); head.StatusCode != http.StatusOK || head.Header.Get("Content-Type") != "application/json" {
		t.Errorf("HEAD /api/v1/sites: %d %v", head.StatusCode, head.Header)
	} else if n, _ := body.ReadFrom(head.Body); n != 0 {
		t.Errorf("HEAD /api/v1/sites has a body of %d bytes", n)
	}
	for _, method := range []string{http.MethodGet, http.MethodOptions, http.MethodDelete} {
		var p struct{ Code string }
		if answer := c.call(t, method, "/api/v1/nothing", "", nil, nil, &p); answer.StatusCode != http.StatusNotFound || p.Code != "no_page" {
			t.Errorf("%s of nothing: %d %+v", method, answer.StatusCode, p)
		}
	}
}

func TestAnAnswerThatTheCallerHasIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	s.fill(t, office)
	const address = "/api/v1/sites/hafen/points/grid/values?from=2025-06-03&to=2025-06-04"
	first := s.call(t, "GET", address, office, nil, nil, nil)
	tag := first.Header.Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) {
		t.Fatalf("ETag %q, want a weak one", tag)
	}
	for said, want := range map[string]int{tag: 304, `"other", ` + tag: 304, strings.TrimPrefix(tag, "W/"): 304, "*": 304, `W/"other"`: 200, "": 200} {
		answer := s.call(t, "GET", address, office, nil, http.Header{"If-None-Match": {said}}, nil)
		body := new(bytes.Buffer)
		n, _ := body.ReadFrom(answer.Body)
		if answer.StatusCode != want || answer.Header.Get("ETag") != tag || (want == 304) != (n == 0) || answer.Header.Get("Heatledger-Fact") == "" {
			t.Errorf("If-None-Match %s: %d with %d bytes, ETag %s, want %d", said, answer.StatusCode, n, answer.Header.Get("ETag"), want)
		}
	}
	for what, answer := range map[string]*http.Response{
		"another form":   s.call(t, "GET", address+"&format=csv", office, nil, nil, nil),
		"another caller": s.call(t, "GET", address, s.token(t, access.Auditor), nil, nil, nil),
	} {
		if got := answer.Header.Get("ETag"); got == tag || got == "" {
			t.Errorf("%s has the ETag %q of the first answer", what, got)
		}
	}
	s.call(t, "POST", "/api/v1/readings", office, strings.NewReader("point,at,value\nhafen/grid,2025-06-05T00:00:00Z,5000\n"), csvHeader(), nil)
	if answer := s.call(t, "GET", address, office, nil, http.Header{"If-None-Match": {tag}}, nil); answer.StatusCode != http.StatusOK {
		t.Errorf("after a further fact: %d, want the answer", answer.StatusCode)
	}
}

func TestWhoAsksTooOftenIsToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	s := newSiteWith(t, func(o *web.Options) { o.Requests = web.Requests{PerSecond: 0.01, Burst: 3} })
	office, operator := s.token(t, access.Office), s.token(t, access.Operator, "hafen")
	for i := range 5 {
		answer := s.call(t, "GET", "/api/v1/sites", office, nil, nil, nil)
		if want := map[bool]int{true: 200, false: 429}[i < 3]; answer.StatusCode != want {
			t.Errorf("request %d: %d, want %d", i+1, answer.StatusCode, want)
		} else if want == 429 {
			if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 100 || answer.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("request %d: Retry-After %q as %s", i+1, answer.Header.Get("Retry-After"), answer.Header.Get("Content-Type"))
			}
		}
	}
	if answer := s.call(t, "GET", "/api/v1/sites", operator, nil, nil, nil); answer.StatusCode != http.StatusOK {
		t.Errorf("another caller: %d", answer.StatusCode)
	}
	for range 5 {
		if answer := s.call(t, "GET", "/healthz", "", nil, nil, nil); answer.StatusCode != http.StatusOK {
			t.Errorf("a supervisor: %d", answer.StatusCode)
		}
	}
	guesses := map[int]int{}
	for i := range 6 {
		guesses[s.call(t, "GET", "/api/v1/sites", fmt.Sprint("guess ", i), nil, nil, nil).StatusCode]++
	}
	if guesses[401] != 3 || guesses[429] != 3 {
		t.Errorf("guessed tokens are answered %v, want 401 three times, then 429", guesses)
	}
}

// TestAKeyStandsForWhatBecameKnown holds what the Idempotency-Key stands for: a
// submission of which something became known. Where nothing did, because it was
// refused or every row was rejected, the sender mends it and keeps his key.
func TestAKeyStandsForWhatBecameKnown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	office := s.token(t, access.Office)
	post := func(key, kind, body string) (int, string) {
		answer := s.call(t, "POST", "/api/v1/readings", office, strings.NewReader(body), http.Header{"Content-Type": {kind}, "Idempotency-Key": {key}}, nil)
		text := new(bytes.Buffer)
		_, _ = text.ReadFrom(answer.Body) // it is in memory
		return answer.StatusCode, text.String()
	}
	const head, wrong = "point,at,value\n", "point,at,value\nhafen/nothing,2025-06-05T00:00:00Z,5000\n"
	const good, other = head + "hafen/grid,2025-06-05T00:00:00Z,5000\n", head + "hafen/grid,2025-06-06T00:00:00Z,6000\n"
	for _, row := range []struct {
		says, key, kind, body string
		status                int
		has                   string
	}{
		{"a type that is not taken is refused", "a", "text/html", good, 415, "bad_type"},
		{"and leaves its key free", "a", "text/csv", good, 200, `"accepted":1`},
		{"the same again makes nothing known twice", "a", "text/csv", good, 200, `"accepted":0,"duplicate":1`},
		{"another body under it is a conflict", "a", "text/csv", other, 409, "key_used"},
		{"a body without a header is refused", "b", "text/csv", "nothing\n", 400, "faults"},
		{"and leaves its key free too", "b", "text/csv", wrong, 200, `"accepted":0`},
		{"so does one of which every row was rejected", "b", "text/csv", other, 200, `"accepted":1`},
	} {
		if status, body := post(row.key, row.kind, row.body); status != row.status || !strings.Contains(body, row.has) {
			t.Errorf("%s: %d %.300s, want %d with %s", row.says, status, body, row.status, row.has)
		}
	}
}
