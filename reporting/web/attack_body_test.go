package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"heatledger/energy/access"
)

// TestBodiesThatGrowAreRefusedInTime sends what is small on the way and large at home.
func TestBodiesThatGrowAreRefusedInTime(t *testing.T) {
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
		{"300 MiB as a list", "/api/v1/readings", http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, bytes.NewReader(gz.Bytes()), "400 larger than"},
		{"deep JSON as lines", "/api/v1/readings", http.Header{"Content-Type": {"application/x-ndjson"}}, strings.NewReader(deep), "200 400 413"},
		{"deep JSON as a step", "/api/v1/submissions/x/steps", http.Header{"Content-Type": {"application/json"}}, strings.NewReader(deep), "400"},
		{"deep JSON as a mapping", "/api/v1/submissions", http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}, strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"mapping\"\r\n\r\n" + deep + "\r\n--x--"), "400"},
		{"a million fields", "/api/v1/submissions", http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}, strings.NewReader(parts), "400 413"},
		{"a million fields with a document", "/api/v1/sites/hafen/evidence", http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}, strings.NewReader(parts), "400 413"},
		{"a field without an end and without a length", "/api/v1/submissions/x/withdraw", http.Header{"Content-Type": {"application/json"}}, struct{ io.Reader }{io.MultiReader(strings.NewReader(`{"reason":"`), strings.NewReader(strings.Repeat("a", 3<<20)))}, "413"},
	} {
		began := time.Now()
		answer := s.call(t, "POST", tt.path, token, tt.body, tt.header, nil)
		text, _ := io.ReadAll(answer.Body) // it is in memory
		codes, says, worded := strings.Cut(tt.want, " larger")
		if !strings.Contains(codes, fmt.Sprint(answer.StatusCode)) || worded && !strings.Contains(string(text), "larger"+says) {
			t.Errorf("%s: %d %.200s, want %s", tt.sentence, answer.StatusCode, text, tt.want)
		}
		if took := time.Since(began); took > 60*time.Second {
			t.Errorf("%s took %s", tt.sentence, took)
		}
	}
}
