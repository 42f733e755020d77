package ledger_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

const issuingYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    in_operation_since: 2023-01-01
    connected_load_kw: 4800
    meters:
      - id: hafen-main
        accuracy: {class: "0.5"}
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
      - id: hafen-ups-a
        accuracy: {percent: 1.0}
        points:
          - {id: hafen/it-a, quantity: active_energy_import, role: it_load, category: 1}
      - id: hafen-ups-b
        accuracy: {percent: 0.5}
        points:
          - {id: hafen/it-b, quantity: active_energy_import, role: it_load, category: 1}
      - id: hafen-heat
        accuracy: {percent: 2}
        points:
          - {id: hafen/heat, quantity: heat_energy, role: heat_delivered}
    commitments:
      - {id: law, rulebook: enefg-2023}
      - {id: pue, source: Contract, metric: pue, at_most: 1.5, per: calendar_year, from: 2024-01-01}
      - {id: heat, source: Contract, metric: heat_delivered, at_least: 4 GWh, per: calendar_year, from: 2024-01-01}
      - {id: season, source: Contract, metric: heat_delivered, at_least: 4 GWh, per: heating_year, from: 2023-10-01}
`

// issuing is a site with nearly four years of a reading a day.
type issuing struct {
	*testing.T
	store  *store.Store
	ledger *ledger.Ledger
	in     *intake.Intake
	batch  uint64
	epoch  energy.Epoch
}

var issuedOn = energy.Date{Year: 2026, Month: time.November, Day: 22}

func newIssuing(t *testing.T, s *store.Store) *issuing {
	t.Helper()
	l := ledger.New(s, "Europe/Berlin")
	i := &issuing{T: t, store: s, ledger: l, in: intake.New(l, intake.Options{}), epoch: energy.NewEpoch()}
	i.apply(issuingYAML)
	return i
}

func (i *issuing) apply(yaml string) {
	i.Helper()
	r, faults := registry.Load("registry.yaml", []byte(yaml))
	if len(faults) > 0 {
		i.Fatal(faults)
	}
	if _, err := i.in.Apply(i.Context(), r, "office", false, false); err != nil {
		i.Fatal(err)
	}
}

// fourYears are the readings: even electricity, heat by season, more each year.
func fourYears(t testing.TB) []energy.PointReading {
	t.Helper()
	berlin, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var list []energy.PointReading
	grid, a, b, heat := int64(0), int64(0), int64(0), int64(0)
	for date := (energy.Date{Year: 2023, Month: time.January, Day: 1}); !issuedOn.Before(date); date = date.AddDays(1) {
		at := berlin.Day(date).From
		for point, wh := range map[energy.PointID]int64{"hafen/grid": grid, "hafen/it-a": a, "hafen/it-b": b, "hafen/heat": heat} {
			list = append(list, energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: energy.Decimal(wh, -1), Quality: energy.Measured}})
		}
		year := int64(date.Year - 2023)
		grid, a, b = grid+143_000-100*year, a+60_000+10*year, b+40_000
		if date.Month < time.May || date.Month > time.September {
			heat += 180_000 + 3_000*year + int64(date.Day)*100
		} else {
			heat += 20_000
		}
	}
	return list
}

func (i *issuing) deliver(readings []energy.PointReading) {
	i.Helper()
	i.batch++
	if _, err := i.in.Deliver(i.Context(), energy.Batch{Site: "hafen", Source: "test", Epoch: i.epoch, Lane: energy.Live, Sequence: i.batch, Readings: readings}); err != nil {
		i.Fatal(err)
	}
}

func (i *issuing) close() {
	i.Helper()
	if err := closing.New(i.ledger, slog.New(slog.DiscardHandler)).All(i.Context()); err != nil {
		i.Fatal(err)
	}
}

func (i *issuing) issue() []ledger.Issued {
	i.Helper()
	issued, err := i.ledger.Issue(i.Context(), "hafen", ledger.Issuing{On: issuedOn, Actor: "office", Reason: "yearly"})
	if err != nil {
		i.Fatal(err)
	}
	return issued
}

// judged are the canonical forms, as known at a time, one a line.
func judged(t testing.TB, l *ledger.Ledger, at time.Time) string {
	t.Helper()
	list, _, err := l.AssessAt(t.Context(), "hafen", issuedOn, "", at)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 8 {
		t.Fatalf("%d assessments", len(list))
	}
	var forms []string
	for _, a := range list {
		forms = append(forms, a.Digest+" "+string(bytes.ReplaceAll(a.Canonical(), []byte("\n"), []byte(" "))))
	}
	return strings.Join(forms, "\n")
}
