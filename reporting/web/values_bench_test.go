package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"heatledger/energy/yardstick"
	"heatledger/reporting/web"
)

// BenchmarkColumnsOfAYear asks the API for the 35,040 quarter-hours of a point in
// the columnar form (goal: 5 ms); what the machine takes at least is an answer of
// the same bytes over the same HTTP, from memory.
func BenchmarkColumnsOfAYear(b *testing.B) {
	y := newMeteredYear(b, "hafen/it-energy")
	server, err := web.New(b.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", Store: y.store, Ledger: y.ledger, Intake: y.intake, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	h := httptest.NewServer(server.Handler())
	defer h.Close()
	address := h.URL + "/api/v1/sites/hafen/points/it-energy/values?from=2025-01-01&to=2026-01-01&format=columns&limit=40000"
	_, body, header := get(b, address, "de")
	if n := strings.Count(body, `"measured"`); n != 35_040 || header.Get("Link") != "" {
		b.Fatalf("%d quarter-hours in %.300s", n, body)
	}
	kept := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}))
	defer kept.Close()
	asking := func(address string) func() {
		return func() {
			if _, got, _ := get(b, address, "de"); len(got) != len(body) {
				b.Fatalf("%d bytes", len(got))
			}
		}
	}
	yardstick.Beside(b, asking(address), asking(kept.URL))
	b.ReportMetric(float64(len(body)), "bytes")
}
