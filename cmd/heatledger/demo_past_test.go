package main

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/fieldbus/plantsim"
)

// pastOf is the past of sites, and an intake that knows their registry.
func pastOf(t testing.TB, sites []plantsim.SiteSpec) (*past, *intake.Intake, *store.Store) {
	t.Helper()
	plant, err := plantsim.Start(t.Context(), plantsim.Options{Seed: 1, Sites: sites})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plant.Close() })
	dir := t.TempDir()
	if err := plant.WriteConfig(dir); err != nil {
		t.Fatal(err)
	}
	if _, faults := config.Load(filepath.Join(dir, "config.yaml")); len(faults) > 0 {
		t.Fatalf("the plant's configuration: %v", faults)
	}
	r, err := loadRegistry(filepath.Join(dir, "registry.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.New(t)
	in := intake.New(ledger.New(s, "Europe/Berlin"), intake.Options{})
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatal(err)
	}
	return &past{process: &process{environment: environment{stderr: io.Discard}, log: slog.New(slog.DiscardHandler)}, plant: plant.Plant()}, in, s
}

// TestThePastIsTakenUpWhereItEnded brings in a site of the city up to one
// instant and later up to another: the second time only from the month on
// that was not whole. What an outage left out stays out.
func TestThePastIsTakenUpWhereItEnded(t *testing.T) {
	t.Parallel()
	d, in, s := pastOf(t, plantsim.City()[3:4]) // bieber, with its outages
	quiet := newProgress(io.Discard, "")
	for _, row := range []struct {
		sentence, now, from string
		want                intake.Backfilled
	}{
		{"the first time, two years from the day before last year on", "2026-06-20T10:07:00Z", "2024-12-31T00:00:00Z",
			// 536 days and 10 hours less two shutdowns (77 quarter-hours each) and nine days 16 hours
			intake.Backfilled{Accepted: 9 * (536*96 + 40 - 2*77 - 928)}},
		{"a week later, from the beginning of the month on", "2026-06-27T10:07:00Z", "2026-06-01T00:00:00Z",
			intake.Backfilled{Accepted: 9 * 7 * 96, Duplicate: 9 * (19*96 + 40 - 77)}},
		{"in the next month, from there on", "2026-07-01T00:15:00Z", "2026-06-01T00:00:00Z",
			intake.Backfilled{Accepted: 9 * (3*96 + 57), Duplicate: 9 * (26*96 + 40 - 77)}},
		{"then the month before is whole", "2026-07-01T00:30:00Z", "2026-07-01T00:00:00Z", intake.Backfilled{Accepted: 9, Duplicate: 9}},
	} {
		now, err := time.Parse(time.RFC3339, row.now)
		if err != nil {
			t.Fatal(err)
		}
		errands, err := d.errands(t.Context(), s, now)
		if err != nil || len(errands) != 1 || len(errands[0].points) != 9 {
			t.Fatalf("%s: %+v, %v", row.sentence, errands, err)
		}
		if from := errands[0].period.From.Format(time.RFC3339); from != row.from || errands[0].period.To.After(now) {
			t.Errorf("%s: from %s to %s, want from %s", row.sentence, from, errands[0].period.To, row.from)
		}
		done, err := d.run(t.Context(), in, errands[0], quiet)
		if err != nil || done != row.want {
			t.Errorf("%s: %+v, %v; want %+v", row.sentence, done, err, row.want)
		}
	}
	dark := energy.Period{From: time.Date(2025, 6, 3, 2, 38, 0, 0, time.UTC), To: time.Date(2025, 6, 3, 21, 54, 0, 0, time.UTC)}
	runs, err := s.Runs(t.Context(), "bieber", []energy.PointID{"bieber/it-energy"}, dark, 1<<62)
	if err != nil || len(runs) > 0 {
		t.Errorf("in the outage %d runs of readings are known, %v; want none", len(runs), err)
	}
}

func TestProgressIsSeenOnATerminalOnly(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	for _, row := range []struct {
		sentence string
		out      io.Writer
		seen     bool
	}{
		{"a buffer is none", new(bytes.Buffer), false}, {"a file is none", file, false},
		{"the null device is none", null, false}, {"a terminal is one", terminal, true},
	} {
		if got := newProgress(row.out, "work").out != nil; got != row.seen {
			t.Errorf("%s: progress is shown: %v", row.sentence, got)
		}
	}
	var line bytes.Buffer
	p := &progress{out: &line, title: "work", begun: time.Now()}
	p.expect(200)
	p.expect(200)
	p.advance(100)
	p.advance(100)
	p.end()
	if got := line.String(); strings.Contains(got, "\n") || !strings.Contains(got, "work: 25 %") || !strings.Contains(got, "work: 50 %") {
		t.Errorf("the line is %q, want 25 %% and 50 %% one over the other", got)
	}
}

// BenchmarkPastOfTheCity brings in last year and the running one of every site.
func BenchmarkPastOfTheCity(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d, in, s := pastOf(b, plantsim.City())
		b.StartTimer()
		if err := d.bring(b.Context(), in, s); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(d.plant.Points())), "points")
	}
}
