package ledger_test

import (
	"log/slog"
	"strings"
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

const promisesYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    operator: op
    in_operation_since: 2019-03-01
    connected_load_kw: 4800
    meters:
      - id: hafen-main
        accuracy: {class: "0.5"}
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
      - id: hafen-roof
        accuracy: {class: "0.5"}
        points:
          - {id: hafen/roof, quantity: active_energy_import, role: onsite_renewable}
      - id: hafen-ups
        accuracy: {percent: 1.0}
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}
    commitments:
      - {id: law, rulebook: enefg-2023}
      - {id: pue, source: Contract, metric: pue, at_most: 1.5, per: calendar_year, from: 2024-01-01}
  - id: rathaus
    name: Rathaus
    kind: server_room
commitments:
  - {id: green, source: Council, metric: green_share_annual, at_least: 100 %, per: calendar_year, from: 2024-01-01, operator: op}
`

const guaranteesYAML = `
evidence:
  - {id: hkn, kind: guarantee_of_origin, ids: "DE-00001..DE-10000", produced: 2025-03, supplier: Supplier, cancellation: {reference: C-1, on: 2026-02-11}, supply_year: 2025, volume_mwh: 10000, allocations: [{site: hafen, mwh: 10000}]}
`

func TestCommitmentsAreJudgedFromMetersAndPapers(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	apply := func(yaml string) {
		t.Helper()
		r, faults := registry.Load("registry.yaml", []byte(yaml))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
			t.Fatal(err)
		}
	}
	apply(promisesYAML)
	berlin, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var readings []energy.PointReading // 10,000 MWh from the grid, 600 from the roof, 7,400 for IT, evenly
	for month := time.January; month <= 13; month++ {
		at := berlin.Month(2025, month).From
		part := at.Sub(berlin.Year(2025).From).Hours() / berlin.Year(2025).Length().Hours()
		for point, kwh := range map[energy.PointID]float64{"hafen/grid": 10_000_000, "hafen/roof": 600_000, "hafen/it": 7_400_000} {
			readings = append(readings, energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: energy.Decimal(int64(kwh*part*10), -1), Quality: energy.Measured}})
		}
	}
	if _, err := in.Deliver(t.Context(), energy.Batch{Site: "hafen", Source: "test", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1, Readings: readings}); err != nil {
		t.Fatal(err)
	}
	if err := closing.New(l, slog.New(slog.DiscardHandler)).All(t.Context()); err != nil {
		t.Fatal(err)
	}
	on := energy.Date{Year: 2026, Month: time.November, Day: 22}
	judge := func(site energy.SiteID, rulebook string, at time.Time) map[string]commitment.Assessment {
		t.Helper()
		list, fact, err := l.AssessAt(t.Context(), site, on, rulebook, at)
		if err != nil || site == "hafen" && fact == 0 {
			t.Fatalf("assess %s: fact %d, %v", site, fact, err)
		}
		found := map[string]commitment.Assessment{}
		for _, a := range list {
			found[a.Commitment+" "+a.Rule+" "+a.Period.Label] = a
		}
		return found
	}
	before := judge("hafen", "", time.Time{})
	head, err := s.Head(t.Context(), "hafen")
	if err != nil {
		t.Fatal(err)
	}
	apply(promisesYAML + guaranteesYAML)
	after := judge("hafen", "", time.Time{})
	for _, test := range []struct {
		found   map[string]commitment.Assessment
		key     string
		verdict commitment.Verdict
		reason  commitment.Code
		value   float64
	}{
		{before, "pue pue 2025", commitment.Met, commitment.Kept, 10.6 / 7.4},
		{before, "law pue-existing 2025", commitment.NotDue, commitment.NotYetDueThen, 10.6 / 7.4},
		{before, "law green 2025", commitment.Undetermined, commitment.EvidenceMissing, 0.6 / 10.6},
		{before, "green green 2025", commitment.Undetermined, commitment.EvidenceMissing, 0.6 / 10.6},
		{before, "pue pue 2026", commitment.Undetermined, commitment.NoData, 0},
		{after, "law green 2025", commitment.Met, commitment.Kept, 1},
		{after, "green green 2025", commitment.Met, commitment.Kept, 1},
	} {
		a, ok := test.found[test.key]
		if !ok || a.Verdict != test.verdict || a.Reason != test.reason || a.Value.Number < test.value-1e-9 || a.Value.Number > test.value+1e-9 {
			t.Errorf("%s is %s (%s) with %v, want %s (%s) with %v", test.key, a.Verdict, a.Reason, a.Value, test.verdict, test.reason, test.value)
		}
	}
	if a := before["pue pue 2025"]; a.EnergyCoverage.Number != 1 || !a.Uncertainty.OK {
		t.Errorf("the year has coverage %v and uncertainty %v, want all and some", a.EnergyCoverage, a.Uncertainty)
	}
	then := judge("hafen", "", head.RecordedAt)
	if len(then) != len(before) {
		t.Errorf("%d assessments as known then, %d were given", len(then), len(before))
	}
	for key, a := range before {
		if then[key].Digest != a.Digest {
			t.Errorf("%s as known then is\n%s\nand was\n%s", key, then[key].Canonical(), a.Canonical())
		}
	}
	if found := judge("rathaus", "enefg-2023", time.Time{}); found["enefg-2023 green 2026"].Reason != commitment.LoadUnknown {
		t.Errorf("a room without a known load: %+v", found)
	}
	if found := judge("rathaus", "", time.Time{}); len(found) != 0 {
		t.Errorf("a room that promised nothing: %+v", found)
	}
	if _, _, err := l.Assess(t.Context(), "nowhere", on, ""); err == nil || !strings.Contains(err.Error(), "no such site") {
		t.Errorf("a site that is not there: %v", err)
	}
}
