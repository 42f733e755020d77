package ledger_test

import (
	"log/slog"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/commitment"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
)

const weatherYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    in_operation_since: 2023-01-01
    connected_load_kw: 4800
    facts:
      - {name: outdoor_temperature, value: hafen/outdoor}
    meters:
      - id: hafen-heat
        points:
          - {id: hafen/heat, quantity: heat_energy, role: heat_delivered}
      - id: hafen-weather
        points:
          - {id: hafen/outdoor, quantity: temperature, series: instant, use: info}
    commitments:
      - {id: heat, source: Contract, metric: heat_delivered, at_least: 100 MWh, per: month, from: 2026-01-01, degree_days: {normal: 496}}
`

// TestDegreeDaysAreMeasuredOutdoors owes heat by the degree-days of a month: 30
// days at 6 °C, one at 16 °C, which needs no heating, is 30 · 14 = 420 of the
// 496 K·d the contract calls normal. On the last quarter-hour of the day before
// the warm one it rises to 16 °C: 5 K more than on the other 95.
func TestDegreeDaysAreMeasuredOutdoors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		gap     bool // a day without readings
		verdict commitment.Verdict
		reason  commitment.Code
		owed    float64
	}{
		"every day is measured": {false, commitment.Met, commitment.Kept, 100_000 * (420 - 5./96) / 496},
		"a day is not known":    {true, commitment.Undetermined, commitment.DegreeDaysUnknown, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.New(t)
			l := ledger.New(s, "Europe/Berlin")
			in := intake.New(l, intake.Options{})
			r, faults := registry.Load("registry.yaml", []byte(weatherYAML))
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
				t.Fatal(err)
			}
			berlin, _ := energy.LoadCalendar("Europe/Berlin")
			january := berlin.Month(2026, time.January)
			var readings []energy.PointReading
			take := func(point energy.PointID, at time.Time, v energy.Value) {
				readings = append(readings, energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: v, Quality: energy.Measured}})
			}
			for at := january.From; !at.After(january.To); at = at.Add(15 * time.Minute) {
				day := at.In(berlin.Location).Day()
				if test.gap && day == 20 {
					continue
				}
				celsius := int64(60)
				if day == 10 {
					celsius = 160
				}
				take("hafen/outdoor", at, energy.Decimal(celsius, -1))
			}
			take("hafen/heat", january.From, energy.Decimal(0, 0))
			take("hafen/heat", january.To, energy.Decimal(90_000, 0))
			if _, err := in.Deliver(t.Context(), energy.Batch{Site: "hafen", Source: "test", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1, Readings: readings}); err != nil {
				t.Fatal(err)
			}
			if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
				t.Fatal(err)
			}
			for who, at := range map[string]time.Time{"now": {}, "from the facts": time.Now()} {
				list, _, err := l.AssessAt(t.Context(), "hafen", energy.Date{Year: 2026, Month: time.February, Day: 2}, "", at)
				if err != nil || len(list) == 0 {
					t.Fatalf("%s: %d assessments, %v", who, len(list), err)
				}
				a := list[0]
				if a.Period.Label != "2026-01" || a.Verdict != test.verdict || a.Reason != test.reason {
					t.Errorf("%s: %s is %s (%s), want %s (%s)", who, a.Period.Label, a.Verdict, a.Reason, test.verdict, test.reason)
				}
				if test.owed != 0 && (a.Threshold.Number < test.owed-1 || a.Threshold.Number > test.owed+1) {
					t.Errorf("%s: %v kWh are owed, want %v", who, a.Threshold.Number, test.owed)
				}
			}
		})
	}
}
