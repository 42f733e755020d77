package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/fieldbus"
	"heatledger/fieldbus/plantsim"
	"heatledger/reporting/web"
)

// cityYear is the year the test city has readings of; hafen has none of its IT
// from 10 to 20 March.
const cityYear = "2025"

// newCity serves two sites of the virtual plant with a year of hourly readings,
// and a server room that reports nothing.
func newCity(t testing.TB) *httptest.Server {
	t.Helper()
	text, err := os.ReadFile("testdata/city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("city.yaml", text)
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	plant, err := plantsim.NewPlant(1, plantsim.SmallTown())
	if err != nil {
		t.Fatalf("build the plant: %v", err)
	}
	year := energy.Period{From: time.Date(2024, 12, 31, 12, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
	silent := energy.Period{From: time.Date(2025, 3, 10, 0, 0, 0, 0, time.UTC), To: time.Date(2025, 3, 20, 0, 0, 0, 0, time.UTC)}
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	for _, site := range r.Sites {
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				history, err := plant.History(point.ID, year, time.Hour)
				if err != nil {
					t.Fatalf("ask the plant: %v", err)
				}
				submission := intake.Submission{Source: "plant", Key: string(point.ID)}
				for reading := range history {
					if point.ID == "hafen/it-energy" && silent.Contains(reading.At) {
						continue
					}
					submission.Rows = append(submission.Rows, intake.Row{Number: len(submission.Rows) + 1, Point: point.ID, At: reading.At, Value: reading.Value, Quality: reading.Quality})
				}
				if receipt, err := in.Submit(t.Context(), submission); err != nil || len(receipt.Rejected) > 0 {
					t.Fatalf("hand in the year of %s: %v, %d rejected", point.ID, err, len(receipt.Rejected))
				}
			}
		}
		if _, err := closer.Site(t.Context(), site.ID); err != nil {
			t.Fatalf("close %s: %v", site.ID, err)
		}
	}
	at := time.Date(2025, 12, 31, 22, 30, 0, 0, time.UTC)
	meters := []fieldbus.MeterHealth{
		{Connection: "hafen-gateway", Meter: "hafen-main", State: fieldbus.Healthy, Since: at.Add(-time.Hour), LastAnswer: at},
		{Connection: "hafen-gateway", Meter: "hafen-ups", State: fieldbus.Degraded, Since: at.Add(-time.Minute), LastAnswer: at,
			Points: []fieldbus.PointHealth{{Point: "hafen/it-energy", Reason: "exception 2 (illegal data address) at holding 3203", Since: at, Retry: at.Add(time.Hour)}}},
		{Connection: "kaiserlei-bms", Meter: "kaiserlei-main", State: fieldbus.Silent, Since: at, LastError: "connection refused"},
	}
	server, err := web.New(t.Context(), web.Options{Listen: "127.0.0.1:0", Version: "test", Store: s, Ledger: l, Intake: in,
		Meters: func() []fieldbus.MeterHealth { return meters }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("make a server: %v", err)
	}
	h := httptest.NewServer(server.Handler())
	t.Cleanup(h.Close)
	return h
}

// get asks as a browser of that language does.
func get(t testing.TB, address, language string) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Language", language)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body), answer.Header
}
