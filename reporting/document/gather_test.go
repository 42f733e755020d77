package document_test

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store/storetest"
	"heatledger/reporting/document"
)

const registryYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Hafen Betriebs GmbH}]
sites:
  - id: hafen
    name: Hafen
    kind: data_centre
    operator: op
    address: {street: Hafenstraße 1, postcode: "63067", town: Offenbach}
    meters:
      - id: hafen-main
        manufacturer: Janitza
        model: UMG 96RM
        accuracy: {class: "0.5"}
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import}
      - id: hafen-ups
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/grid}
`

// plant is a ledger with hourly counters from the local new year 2025 to the
// 1st of March, without 10 to 12 February: 15 kWh an hour from the grid, 10 kWh
// of them for IT.
func plant(t *testing.T) (*ledger.Ledger, *intake.Intake, *closing.Closer) {
	t.Helper()
	l := ledger.New(storetest.New(t), "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		t.Fatalf("load the registry: %v", faults)
	}
	if _, err := in.Apply(t.Context(), r, "test", false, false); err != nil {
		t.Fatalf("apply the registry: %v", err)
	}
	from := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)
	var readings []energy.PointReading
	for hour := range int64(59*24 + 1) {
		at := from.Add(time.Duration(hour) * time.Hour)
		if day := at.Add(time.Hour); day.Month() == time.February && day.Day() >= 10 && day.Day() <= 12 {
			continue
		}
		readings = append(readings, reading("hafen/grid", at, 15*hour), reading("hafen/it", at, 10*hour))
	}
	batch := energy.Batch{Site: "hafen", Source: "test", Epoch: energy.NewEpoch(), Lane: energy.Live, Sequence: 1, Readings: readings}
	if _, err := in.Deliver(t.Context(), batch); err != nil {
		t.Fatalf("deliver: %v", err)
	}
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	if err := closer.All(t.Context()); err != nil {
		t.Fatalf("close: %v", err)
	}
	return l, in, closer
}

func reading(point energy.PointID, at time.Time, kWh int64) energy.PointReading {
	return energy.PointReading{Point: point, Reading: energy.Reading{At: at, Value: energy.Decimal(kWh, 0), Quality: energy.Measured}}
}

func TestAReportSaysWhatIsKnownOfAYear(t *testing.T) {
	t.Parallel()
	l, in, closer := plant(t)
	y, err := document.Gather(t.Context(), l, "hafen", 2025, time.Time{})
	if err != nil {
		t.Fatalf("gather: %v", err)
	}
	if y.Operator != "Hafen Betriebs GmbH" || y.Address != "Hafenstraße 1, 63067 Offenbach" || len(y.Dates) != 365 || len(y.Points) != 2 {
		t.Errorf("%s, %s, %d days, %d points", y.Operator, y.Address, len(y.Dates), len(y.Points))
	}
	january := y.Months[0]
	if got := january.Figure; !got.OK || got.Value != 1.5 || got.Numerator.Float64() != 31*24*15 || got.Denominator.Float64() != 31*24*10 || got.EnergyCoverage != 1 {
		t.Errorf("January: %+v", got)
	}
	if !january.GridOK || january.Grid.Float64() != 31*24*15 {
		t.Errorf("January's grid import is %s, want %d kWh", january.Grid, 31*24*15)
	}
	if y.Months[5].Figure.OK || y.Months[5].GridOK {
		t.Errorf("June has values: %+v", y.Months[5])
	}
	pue := y.Figures[slices.IndexFunc(y.Figures, func(f kpi.Figure) bool { return f.Name == "pue" })]
	if pue.Value != 1.5 || pue.Numerator.Float64() != 59*24*15 {
		t.Errorf("the year's PUE is %+v", pue)
	}
	if p := y.Points[0]; p.Model != "Janitza UMG 96RM" || !p.HasPercent || p.Total.Float64() != 59*24*15 {
		t.Errorf("the first point is %+v", p)
	}
	if !slices.Equal(y.Unstated, []energy.MeterID{"hafen-ups"}) {
		t.Errorf("without accuracy are %v, want hafen-ups", y.Unstated)
	}
	wantGap := energy.Date{Year: 2025, Month: 3, Day: 1}
	if len(y.Gaps) == 0 || !slices.ContainsFunc(y.Gaps, func(g document.Gap) bool { return g.Point == "hafen/it" && g.From == wantGap }) {
		t.Errorf("the gaps are %+v, want one of hafen/it from %s", y.Gaps, wantGap)
	}
	var before bytes.Buffer
	if err := document.WritePDF(&before, y, document.German); err != nil {
		t.Fatalf("write the report: %v", err)
	}

	// As known then, later facts change nothing, not even a byte.
	time.Sleep(2 * time.Millisecond) // recorded_at is in whole milliseconds, by the database's clock
	row := intake.Row{Number: 2, Point: "hafen/it", At: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC), Value: energy.Decimal(59*24*10+15, 0), Quality: energy.Measured}
	if receipt, err := in.Submit(t.Context(), intake.Submission{Source: "office", Key: "k", Rows: []intake.Row{row}}); err != nil || receipt.Accepted != 1 {
		t.Fatalf("submit a late reading: %v, %+v", err, receipt)
	}
	if err := closer.All(t.Context()); err != nil {
		t.Fatalf("close: %v", err)
	}
	now, err := document.Gather(t.Context(), l, "hafen", 2025, time.Time{})
	if err != nil || now.Fact != y.Fact+1 || now.Digest() == y.Digest() {
		t.Errorf("after a late reading the report rests on fact %d, %v, want %d and another digest", now.Fact, err, y.Fact+1)
	}
	then, err := document.Gather(t.Context(), l, "hafen", 2025, y.AsKnown)
	if err != nil {
		t.Fatalf("gather as known then: %v", err)
	}
	var after bytes.Buffer
	if err := document.WritePDF(&after, then, document.German); err != nil {
		t.Fatalf("write the report: %v", err)
	}
	if !bytes.Equal(before.Bytes(), after.Bytes()) {
		t.Errorf("as known at %s the report differs: fact %d and %d, digest %s and %s", y.AsKnown, then.Fact, y.Fact, then.Digest(), y.Digest())
	}
}

func TestThereIsNoReportOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	l, _, _ := plant(t)
	_, err := document.Gather(t.Context(), l, "hafen", 2019, time.Time{})
	var nothing *document.NothingError
	if !errors.As(err, &nothing) || !errors.Is(err, document.ErrNothing) || !slices.Equal(nothing.Years, []int{2025, 2025}) {
		t.Errorf("a year without readings: %v, want one that names 2025", err)
	}
	if _, err := document.Gather(t.Context(), l, "nowhere", 2025, time.Time{}); !errors.Is(err, ledger.ErrNoSite) {
		t.Errorf("an unknown site: %v", err)
	}
}
