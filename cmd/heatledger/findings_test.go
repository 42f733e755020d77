package main

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/ledger"
	"heatledger/energy/validation"
	"heatledger/fieldbus/plantsim"
)

// TestNothingInTheCityIsToBeLookedAt: in a month of every site of the virtual
// city, two of them not in operation yet, no rule finds more than a remainder
// that no meter shows.
func TestNothingInTheCityIsToBeLookedAt(t *testing.T) {
	t.Parallel()
	d, in, s := pastOf(t, plantsim.City())
	l := ledger.New(s, "Europe/Berlin")
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	month := energy.Period{From: time.Date(2026, 3, 31, 22, 0, 0, 0, time.UTC), To: time.Date(2026, 4, 30, 22, 0, 0, 0, time.UTC)}
	quiet := newProgress(io.Discard, "")
	for _, site := range d.plant.Sites() {
		e := errand{site: site.Spec.ID, step: energy.QuarterHour, period: energy.Period{From: month.From.Add(-48 * time.Hour), To: month.To.Add(24 * time.Hour)}}
		for _, point := range d.plant.Points() {
			if point.ID.Site() == e.site {
				e.points = append(e.points, point.ID)
			}
		}
		if _, err := d.run(t.Context(), in, e, quiet); err != nil {
			t.Fatal(err)
		}
		if _, err := closer.Site(t.Context(), e.site); err != nil {
			t.Fatal(err)
		}
		found, err := l.Findings(t.Context(), e.site, month, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found.List {
			if f.Severity != validation.Info {
				t.Errorf("%s: %s of %s in %s: %v", e.site, f.Code, f.Point, f.Period, f.Args)
			}
		}
	}
}
