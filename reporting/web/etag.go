package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"heatledger/energy/ledger"
)

// taggedWriter gives an answer that rests on facts a weak ETag (RFC 9110, 8.8.3),
// and answers 304 without a body when the caller has it already.
//
// The tag is drawn from the facts of the answer, those of the municipality (its
// registry is among them), who asks, what exactly, in which language, the hour, for
// some answers say what is silent or due now, and the version of the program.
type taggedWriter struct {
	http.ResponseWriter
	request *http.Request
	rests   string // what the tag is drawn from beside the facts of the answer
	begun   bool
	had     bool // 304: what comes is dropped
}

// tagged is a writer for the answer to a read. What is known of the municipality is
// asked before the answer is made: what comes in between makes another tag.
func (s *Server) tagged(w http.ResponseWriter, r *http.Request, who caller) (http.ResponseWriter, error) {
	if s.options.Store == nil || who.name == "" || !strings.HasPrefix(r.URL.Path, "/api/") {
		return w, nil
	}
	town, err := s.options.Store.Head(r.Context(), ledger.Municipality)
	if err != nil {
		return nil, err
	}
	return &taggedWriter{ResponseWriter: w, request: r, rests: fmt.Sprintf("%d\x00%s\x00%s\x00%s\x00%s\x00%s\x00%s", town.Seq, who.name, who.actor, r.URL.RequestURI(), r.Header.Get("Accept"),
		r.Header.Get("Accept-Language"), s.options.Version+s.now().UTC().Format(time.DateOnly+" 15"))}, nil
}

func (t *taggedWriter) WriteHeader(status int) {
	if t.begun {
		return
	}
	t.begun = true
	facts := t.Header().Values(factHeader)
	if status != http.StatusOK || len(facts) == 0 {
		t.ResponseWriter.WriteHeader(status)
		return
	}
	sum := sha256.Sum256([]byte(strings.Join(facts, "\x00") + "\x00" + t.rests))
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	t.Header().Set("ETag", tag)
	if !has(t.request.Header.Values("If-None-Match"), tag) {
		t.ResponseWriter.WriteHeader(status)
		return
	}
	t.had = true
	for _, name := range []string{"Content-Type", "Content-Disposition", "Content-Length"} {
		t.Header().Del(name)
	}
	t.ResponseWriter.WriteHeader(http.StatusNotModified)
}

func (t *taggedWriter) Write(p []byte) (int, error) {
	t.WriteHeader(http.StatusOK)
	if t.had {
		return len(p), nil
	}
	return t.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the writer below.
func (t *taggedWriter) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// has tells whether If-None-Match names a tag, by the weak comparison.
func has(said []string, tag string) bool {
	for _, list := range said {
		for one := range strings.SplitSeq(list, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}
