package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"slices"
	"sync"
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

// common is what takes long to make and no test changes.
var common inCommon

// inCommon is made for the first test that asks for it, and taken away after the last.
type inCommon struct {
	city  sync.Once
	town  *httptest.Server
	err   error // of the city
	leave []func() error
}

// TestMain takes away what the tests had in common. Beside so much that is thrown
// away at once, the collector runs less often than usual, within a bound.
func TestMain(m *testing.M) {
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(1 << 30)
	code := m.Run()
	for _, leave := range slices.Backward(common.leave) {
		if err := leave(); err != nil {
			fmt.Fprintln(os.Stderr, "take away what the tests had in common:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// newCity serves two sites of the virtual plant with a year of hourly readings,
// and a server room that reports nothing. All tests of the process look at the same
// one: it has no store to write to and no token to write with.
func newCity(t testing.TB) *httptest.Server {
	t.Helper()
	common.city.Do(func() { common.town, common.err = common.buildCity(context.Background()) }) // it outlives the test that asks first
	if common.err != nil {
		t.Fatal(common.err)
	}
	return common.town
}

func (c *inCommon) buildCity(ctx context.Context) (*httptest.Server, error) {
	text, err := os.ReadFile("testdata/city.yaml")
	if err != nil {
		return nil, err
	}
	s, drop, err := storetest.Shared(ctx)
	if err != nil {
		return nil, err
	}
	c.leave = append(c.leave, drop)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("city.yaml", text)
	if len(faults) > 0 {
		return nil, fmt.Errorf("load the registry: %v", faults)
	}
	if _, err := in.Apply(ctx, r, "test", false, false); err != nil {
		return nil, fmt.Errorf("apply the registry: %w", err)
	}
	if err := liveAYear(ctx, l, in, r); err != nil {
		return nil, err
	}
	at := time.Date(2025, 12, 31, 22, 30, 0, 0, time.UTC)
	meters := []fieldbus.MeterHealth{
		{Connection: "hafen-gateway", Meter: "hafen-main", State: fieldbus.Healthy, Since: at.Add(-time.Hour), LastAnswer: at},
		{Connection: "hafen-gateway", Meter: "hafen-ups", State: fieldbus.Degraded, Since: at.Add(-time.Minute), LastAnswer: at,
			Points: []fieldbus.PointHealth{{Point: "hafen/it-energy", Reason: "exception 2 (illegal data address) at holding 3203", Since: at, Retry: at.Add(time.Hour)}}},
		{Connection: "kaiserlei-bms", Meter: "kaiserlei-main", State: fieldbus.Silent, Since: at, LastError: "connection refused"},
	}
	server, err := web.New(ctx, web.Options{Listen: "127.0.0.1:0", Version: "test", Store: s, Ledger: l, Intake: in,
		Meters: func() []fieldbus.MeterHealth { return meters }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("make a server: %w", err)
	}
	h := httptest.NewServer(server.Handler())
	c.leave = append(c.leave, func() error { h.Close(); return nil })
	return h, nil
}

// liveAYear hands in the year of the plant and closes it.
func liveAYear(ctx context.Context, l *ledger.Ledger, in *intake.Intake, r *registry.Registry) error {
	plant, err := plantsim.NewPlant(1, plantsim.SmallTown())
	if err != nil {
		return fmt.Errorf("build the plant: %w", err)
	}
	year := energy.Period{From: time.Date(2024, 12, 31, 12, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
	silent := energy.Period{From: time.Date(2025, 3, 10, 0, 0, 0, 0, time.UTC), To: time.Date(2025, 3, 20, 0, 0, 0, 0, time.UTC)}
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	for _, site := range r.Sites {
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				history, err := plant.History(point.ID, year, time.Hour)
				if err != nil {
					return fmt.Errorf("ask the plant: %w", err)
				}
				submission := intake.Submission{Source: "plant", Key: string(point.ID)}
				for reading := range history {
					if point.ID == "hafen/it-energy" && silent.Contains(reading.At) {
						continue
					}
					submission.Rows = append(submission.Rows, intake.Row{Number: len(submission.Rows) + 1, Point: point.ID, At: reading.At, Value: reading.Value, Quality: reading.Quality})
				}
				if receipt, err := in.Submit(ctx, submission); err != nil || len(receipt.Rejected) > 0 {
					return fmt.Errorf("hand in the year of %s: %v, %d rejected", point.ID, err, len(receipt.Rejected))
				}
			}
		}
		if _, err := closer.Site(ctx, site.ID); err != nil {
			return fmt.Errorf("close %s: %w", site.ID, err)
		}
	}
	return nil
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
