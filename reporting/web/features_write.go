package web

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"heatledger/reporting/features"
)

// leastPacked is how long an answer is at least that is packed.
const leastPacked = 1400

// writeFeatures answers a program, packed where it takes that. The tag is weak and
// drawn from the answer without the time at which it was given.
func writeFeatures(w http.ResponseWriter, r *http.Request, answer features.Answer) {
	h := w.Header()
	for _, link := range answer.Links {
		h.Add("Link", fmt.Sprintf(`<%s>; rel="%s"; type="%s"`, link.Href, link.Rel, strings.ReplaceAll(link.Type, `"`, "")))
	}
	if answer.ContentCRS != "" {
		h.Set("Content-Crs", answer.ContentCRS)
	}
	sum := sha256.New()
	_, _ = sum.Write(answer.Body[:answer.Varying[0]]) // a hash never errs
	_, _ = sum.Write(answer.Body[answer.Varying[1]:])
	_, _ = sum.Write([]byte(answer.Kind + answer.ContentCRS))
	tag := `W/"` + hex.EncodeToString(sum.Sum(nil)[:12]) + `"`
	h.Set("ETag", tag)
	if has(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", answer.Kind)
	if len(answer.Body) < leastPacked || !takesGzip(r) {
		h.Set("Content-Length", strconv.Itoa(len(answer.Body)))
		_, _ = w.Write(answer.Body) // who has gone does not read it
		return
	}
	h.Set("Content-Encoding", "gzip")
	packed := gzip.NewWriter(w)
	_, _ = packed.Write(answer.Body) // who has gone does not read it
	_ = packed.Close()
}

// takesGzip tells whether the caller takes answers as gzip (RFC 9110, 12.5.3).
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, weight, weighed := strings.Cut(part, ";")
		if coding = strings.TrimSpace(coding); !strings.EqualFold(coding, "gzip") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		return !weighed || err == nil && q > 0
	}
	return false
}
