package ledger_test

import (
	"fmt"
	"log/slog"
	"math"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
)

// TestASiteIsMeasuredByTheDaysOnWhichItIsOpen reads meters through all of June
// 2025, 130 kWh an hour for 100 kWh of IT, of a site that opens or closes on the
// 16th: what was consumed before or after is none of its, and no gap either.
func TestASiteIsMeasuredByTheDaysOnWhichItIsOpen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence, bounds, period, name string
		days                           float64 // of consumption in the figure
		coverage                       float64
	}{
		{"a site that was always open", "", "2025-06", "ipue", 30, 1},
		{"the month in which it opened", "from: 2025-06-16, ", "2025-06", "ipue", 15, 1},
		{"the month in which it closed", "to: 2025-06-16, ", "2025-06", "ipue", 15, 1},
		{"the year in which it opened has no annual PUE", "from: 2025-06-16, ", "2025", "ipue", 15, 15. * 24 / (199*24 + 1)},
		{"the twelve months in which it was open", "", "2025", "pue", 30, 30. / 365},
		{"a month before it opened", "from: 2025-07-01, ", "2025-06", "ipue", 0, 0},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			t.Parallel()
			l := ledger.New(storetest.New(t), "Europe/Berlin")
			in := intake.New(l, intake.Options{})
			r, faults := registry.Load("registry.yaml", []byte(fmt.Sprintf(`
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
sites:
  - {id: hafen, name: Hafen, %smeters: [{id: main, points: [
      {id: hafen/grid, quantity: active_energy_import, role: grid_import},
      {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}]}]}
`, tt.bounds)))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
				t.Fatal(err)
			}
			var readings []energy.PointReading
			from := time.Date(2025, 5, 31, 22, 0, 0, 0, time.UTC) // midnight in Berlin
			for h := range int64(30*24 + 1) {
				for point, rate := range map[energy.PointID]int64{"hafen/grid": 130, "hafen/it": 100} {
					readings = append(readings, energy.PointReading{Point: point, Reading: energy.Reading{At: from.Add(time.Duration(h) * time.Hour), Value: energy.Decimal(h*rate, 0), Quality: energy.Measured}})
				}
			}
			if _, err := in.Deliver(t.Context(), energy.Batch{Site: "hafen", Source: "edge", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1, Readings: readings}); err != nil {
				t.Fatal(err)
			}
			if _, err := closing.New(l, slog.New(slog.DiscardHandler)).Site(t.Context(), "hafen"); err != nil {
				t.Fatal(err)
			}
			for _, at := range []time.Time{{}, time.Now()} { // as closed, and derived anew
				figures, _, err := l.Figures(t.Context(), "hafen", tt.period, at)
				if err != nil {
					t.Fatal(err)
				}
				found := false
				for _, f := range figures {
					if f.Name != "pue" && f.Name != "ipue" {
						continue
					}
					found = true
					if f.Name != tt.name || f.Numerator.Float64() != tt.days*24*130 || f.OK && f.Value != 1.3 ||
						math.Abs(f.EnergyCoverage-tt.coverage) > 1e-12 || math.Abs(f.IntervalCoverage-tt.coverage) > 1e-12 {
						t.Errorf("%s: %v kWh, %v, energy coverage %v, interval coverage %v; want %s of %v kWh and coverage %v",
							f.Name, f.Numerator.Float64(), f.Value, f.EnergyCoverage, f.IntervalCoverage, tt.name, tt.days*24*130, tt.coverage)
					}
				}
				if found != (tt.days > 0) {
					t.Errorf("a figure is there: %v", found)
				}
			}
		})
	}
}
