package main

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/fieldbus/spool"
)

// account compares the spool's books with the facts.
func account(t *testing.T, dir, url string, handedIn int) {
	t.Helper()
	s := openStore(t, url)
	defer s.Close()
	rest := finish(t, dir, s)
	all := energy.Period{From: time.Unix(0, 0).UTC(), To: time.Now().Add(time.Hour).UTC()}
	sites, err := s.Sites(t.Context())
	if err != nil {
		t.Fatalf("list sites: %v", err)
	}
	var facts int64
	for _, site := range sites {
		facts += countFacts(t, s, site, all, handedIn)
	}
	if facts != rest.Collected {
		t.Errorf("%d readings are facts, %d were collected", facts, rest.Collected)
	}
	if rest.Collected < 1000 || handedIn < 10 {
		t.Errorf("only %d readings were collected and %d handed in: that proves nothing", rest.Collected, handedIn)
	}
	t.Logf("%d readings collected, %d facts, %d handed in", rest.Collected, facts, handedIn)
}

// finish delivers what the last stop left in the spool, closes every day, and
// gives the spool's books.
func finish(t *testing.T, dir string, s *store.Store) spool.Stats {
	t.Helper()
	l := ledger.New(s, "Europe/Berlin")
	left, err := spool.Open(filepath.Join(dir, "var", "spool"), spool.Options{Source: sourceOf(t, dir)})
	if err != nil {
		t.Fatalf("open the spool: %v", err)
	}
	defer left.Close()
	if err := left.Drain(t.Context(), intake.New(l, intake.Options{})); err != nil {
		t.Fatalf("deliver what is left: %v", err)
	}
	if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
		t.Fatalf("close: %v", err)
	}
	stats := left.Stats()
	if stats.Queued != 0 || stats.Lost != 0 || stats.SetAside != 0 || stats.Delivered != stats.Collected {
		t.Errorf("the spool's books: %+v, want everything delivered and nothing lost or damaged", stats)
	}
	return stats
}

// sourceOf is the collector's name, which the program takes from the host.
func sourceOf(t *testing.T, dir string) string {
	t.Helper()
	cfg, faults := config.Load(filepath.Join(dir, "config.yaml"))
	if len(faults) > 0 {
		t.Fatalf("load the configuration: %v", faults)
	}
	return cfg.Collector.Name
}

// countFacts counts what the collector's facts say about the site's points,
// finds what is there twice, and compares sums with counters.
func countFacts(t *testing.T, s *store.Store, site energy.SiteID, all energy.Period, handedIn int) int64 {
	t.Helper()
	points, err := s.Points(t.Context(), site)
	if err != nil {
		t.Fatalf("list points: %v", err)
	}
	var facts int64
	for _, point := range points {
		runs, err := s.Runs(t.Context(), site, []energy.PointID{point.ID}, all, 1<<62)
		if err != nil {
			t.Fatalf("read facts of %s: %v", point.ID, err)
		}
		var count int64
		seen := map[time.Time]energy.Reading{}
		for _, run := range runs[point.ID] {
			for _, r := range run.Readings {
				before, twice := seen[r.At]
				// An OPC UA server says when its value was: a program that is killed
				// and back within that moment is told the same once more, and the same
				// reading twice is one.
				told := site == "kaiserlei" && before.Value.Equal(r.Value) && before.Quality == r.Quality
				if twice && !told {
					t.Errorf("%s at %s is there twice", point.ID, r.At)
				}
				seen[r.At] = r
				count++
			}
		}
		if point.ID == "hafen/by-hand" {
			if count < int64(handedIn) || count > int64(handedIn)+1 { // one may have lost its receipt at the end
				t.Errorf("%d readings handed in by hand are facts, %d have a receipt", count, handedIn)
			}
		} else {
			facts += count
		}
		if point.Series == energy.Counter {
			compareSums(t, s, site, point, series.Visible(runs[point.ID], 1<<62))
		}
	}
	return facts
}

// compareSums says that the days of a counter add up to its difference, to the
// last digit.
func compareSums(t *testing.T, s *store.Store, site energy.SiteID, point store.Point, readings []energy.Reading) {
	t.Helper()
	if len(readings) < 2 {
		return
	}
	for i := 1; i < len(readings); i++ {
		if readings[i].Value.Float64() < readings[i-1].Value.Float64() {
			t.Errorf("%s falls from %s to %s at %s: the plant's counters never do", point.ID, readings[i-1].Value, readings[i].Value, readings[i].At)
		}
	}
	first, errFirst := point.Quantity.Fixed(readings[0].Value)
	last, errLast := point.Quantity.Fixed(readings[len(readings)-1].Value)
	if errFirst != nil || errLast != nil {
		t.Fatalf("%s: %v, %v", point.ID, errFirst, errLast)
	}
	totals, err := s.Totals(t.Context(), site, []energy.PointID{point.ID}, energy.Date{Year: 2020, Month: 1, Day: 1}, energy.Date{Year: 2100, Month: 1, Day: 1})
	if err != nil {
		t.Fatalf("add up %s: %v", point.ID, err)
	}
	if totals[point.ID] != last-first {
		t.Errorf("the days of %s add up to %d, its counter rose by %d", point.ID, totals[point.ID], last-first)
	}
}
