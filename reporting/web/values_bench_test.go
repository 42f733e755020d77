package web_test

import (
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/energy/yardstick"
	"heatledger/reporting/web"
)

// BenchmarkColumnsOfAYear asks the API for the 35,040 quarter-hours of a point in
// the columnar form (goal: 5 ms); what the machine takes at least is an answer of
// the same bytes over the same HTTP, from memory.
func BenchmarkColumnsOfAYear(b *testing.B) {
	text, err := os.ReadFile("testdata/city.yaml")
	if err != nil {
		b.Fatal(err)
	}
	r, faults := registry.Load("city.yaml", text)
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	s := storetest.New(b)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	if _, err := in.Apply(b.Context(), r, "test", false, false); err != nil {
		b.Fatal(err)
	}
	calendar, err := l.Calendar(r, "hafen")
	if err != nil {
		b.Fatal(err)
	}
	year := calendar.Year(2025)
	_, err = in.Backfill(b.Context(), "file", "hafen", func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
		yield("hafen/it-energy", func(yield func(energy.Reading) bool) {
			for n, at := int64(0), year.From; !at.After(year.To) && yield(energy.Reading{At: at, Value: energy.Decimal(n*1300+n*n%97, -1), Quality: energy.Measured}); n++ {
				at = at.Add(energy.QuarterHour)
			}
		})
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := closing.New(l, slog.New(slog.DiscardHandler)).Site(b.Context(), "hafen"); err != nil {
		b.Fatal(err)
	}
	server, err := web.New(b.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", Store: s, Ledger: l, Intake: in, Log: slog.New(slog.DiscardHandler)})
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
