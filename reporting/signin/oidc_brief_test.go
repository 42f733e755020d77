package signin

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// TestAProviderLeadsUsNowhereElse has the provider redirect what is asked of it, as
// one that was taken over would to reach what only this host reaches (SSRF).
func TestAProviderLeadsUsNowhereElse(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inside.Close()
	var sent atomic.Int64
	for sentence, answer := range map[string]http.HandlerFunc{
		"another host": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside.URL, http.StatusFound) },
		"a file": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		},
		"an answer without an end": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			block := make([]byte, 64<<10)
			for sent.Load() < 256<<20 && r.Context().Err() == nil {
				n, err := w.Write(block)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		},
	} {
		evil := httptest.NewServer(answer)
		p := NewProvider(NewDesk(nil, nil, time.Now, Around{}), Outside{Issuer: evil.URL, ClientID: "x", ClientSecret: func() (string, error) { return "x", nil }})
		if address, _, err := p.Send(t.Context(), "/"); err == nil {
			t.Errorf("%s: people are sent to %s", sentence, address)
		}
		evil.Close()
	}
	if reached.Load() > 0 || sent.Load() > 64<<20 {
		t.Errorf("the inside was reached %d times, %d MiB were read", reached.Load(), sent.Load()>>20)
	}
	var none http.RoundTripper = brief{roundTrip(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })}
	if answer, err := none.RoundTrip(httptest.NewRequest("GET", "/", nil)); err == nil {
		answer.Body.Close()
		t.Error("no answer is one")
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
