package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/klauspost/compress/zstd"

	"heatledger/energy/access"
)

// TestBodiesThatGrowAreRefusedEarly sends what is small on the way and large at
// home: it is refused before more than a part of it was taken, by what it is.
func TestBodiesThatGrowAreRefusedEarly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	token := s.token(t, access.Operator, "hafen")
	packed := func(into io.WriteCloser, of *bytes.Buffer) *bytes.Buffer {
		zeros := bytes.Repeat([]byte(strings.Repeat(" ", 4095)+"\n"), 1<<8) // a line is bounded by itself
		for range 300 {
			if _, err := into.Write(zeros); err != nil {
				t.Fatal(err)
			}
		}
		if err := into.Close(); err != nil {
			t.Fatal(err)
		}
		return of
	}
	var gz, zs bytes.Buffer
	fast, err := zstd.NewWriter(&zs, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"explain\"\r\n\r\n[]\r\n", 1_000_000)
	deep := strings.Repeat("[", 500_000)
	for _, tt := range []struct {
		sentence, path string
		header         http.Header
		body           io.Reader
		want           string
	}{
		{"300 MiB as gzip", "/api/v1/readings", http.Header{"Content-Type": {"application/x-ndjson"}, "Content-Encoding": {"gzip"}}, packed(gzip.NewWriter(&gz), &gz), "413"},
		{"300 MiB as zstd", "/api/v1/readings", http.Header{"Content-Type": {"application/x-ndjson"}, "Content-Encoding": {"zstd"}}, packed(fast, &zs), "413"},
		{"deep JSON as readings", "/api/v1/readings", http.Header{"Content-Type": {"application/json"}}, strings.NewReader(deep), "400"},
		{"300 MiB as a list", "/api/v1/readings", http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, bytes.NewReader(gz.Bytes()), "400: larger than"},
		{"deep JSON as lines", "/api/v1/readings", http.Header{"Content-Type": {"application/x-ndjson"}}, strings.NewReader(deep), "200 400 413"},
		{"deep JSON as a step", "/api/v1/submissions/x/steps", http.Header{"Content-Type": {"application/json"}}, strings.NewReader(deep), "400"},
		{"deep JSON as a mapping", "/api/v1/submissions", http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}, strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"mapping\"\r\n\r\n" + deep + "\r\n--x--"), "400"},
		{"a million fields", "/api/v1/submissions", http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}, strings.NewReader(parts), "400: more than once"},
		{"a million fields with a document", "/api/v1/sites/hafen/evidence", http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}, strings.NewReader(parts), "400 413"},
		{"a field without an end and without a length", "/api/v1/submissions/x/withdraw", http.Header{"Content-Type": {"application/json"}}, struct{ io.Reader }{io.MultiReader(strings.NewReader(`{"reason":"`), strings.NewReader(strings.Repeat("a", 3<<20)))}, "413"},
	} {
		sent := &counted{from: tt.body}
		answer := s.call(t, "POST", tt.path, token, sent, tt.header, nil)
		text, _ := io.ReadAll(answer.Body) // it is in memory
		codes, says, _ := strings.Cut(tt.want, ": ")
		if !strings.Contains(codes, fmt.Sprint(answer.StatusCode)) || !strings.Contains(string(text), says) {
			t.Errorf("%s: %d %.200s, want %s", tt.sentence, answer.StatusCode, text, tt.want)
		}
		if n := sent.bytes.Load(); n > 8<<20 {
			t.Errorf("%s: %d bytes were taken before it was refused", tt.sentence, n)
		}
	}
}

// counted is a body whose length is not said, with what was taken of it.
type counted struct {
	from  io.Reader
	bytes atomic.Int64
}

func (c *counted) Read(into []byte) (int, error) {
	n, err := c.from.Read(into)
	c.bytes.Add(int64(n))
	return n, err
}
