package closing_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/series"
)

// calculatedYAML has two feeds, their sum less half a pump, a cooler that is
// shared by what the IT takes of the first feed, and a point made of the sum.
const calculatedYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    kind: data_centre
    operator: op
    meters:
      - id: hafen-meters
        points:
          - {id: hafen/feed-1, quantity: active_energy_import, use: info}
          - {id: hafen/feed-2, quantity: active_energy_import, use: info}
          - {id: hafen/pump, quantity: active_energy_import, use: info}
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, parent: hafen/feed-1}
          - {id: hafen/cooler, quantity: active_energy_import, use: info}
      - id: hafen-sums
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import, formula: hafen/feed-1 + hafen/feed-2 - 0.5 * hafen/pump}
          - {id: hafen/cooling, quantity: active_energy_import, role: cooling, share: {of: hafen/cooler, by: hafen/it, fallback: 0.25, basis: heat load}}
          - {id: hafen/rest, quantity: active_energy_import, use: info, formula: hafen/grid - hafen/it}
`

var calculatedPoints = []energy.PointID{"hafen/grid", "hafen/cooling", "hafen/rest"}

// feeds are two days of counters in Wh each quarter-hour; feed-2 is not read from
// 20 o'clock of the first day to 3 o'clock of the second.
func feeds(from time.Time) []energy.PointReading {
	rates := map[energy.PointID]int64{"hafen/feed-1": 1000, "hafen/feed-2": 600, "hafen/pump": 101, "hafen/it": 750, "hafen/cooler": 300}
	var readings []energy.PointReading
	for q := range int64(2*96 + 1) {
		at := from.Add(time.Duration(q) * energy.QuarterHour)
		for _, point := range []energy.PointID{"hafen/feed-1", "hafen/feed-2", "hafen/pump", "hafen/it", "hafen/cooler"} {
			if hour := at.Sub(from).Hours(); point == "hafen/feed-2" && hour > 20 && hour < 27 {
				continue
			}
			readings = append(readings, reading(point, at, energy.Decimal(q*rates[point], -3)))
		}
	}
	return readings
}

func (w *world) calculated(t *testing.T, from, to energy.Date) (map[energy.PointID][]series.Day, map[energy.PointID][]series.Span) {
	t.Helper()
	days, _, err := w.store.Days(t.Context(), hafen, calculatedPoints, from, to)
	if err != nil {
		t.Fatalf("read days: %v", err)
	}
	spans, err := w.store.Spans(t.Context(), hafen, calculatedPoints, energy.Period{From: from.UTC(), To: to.UTC()})
	if err != nil {
		t.Fatalf("read spans: %v", err)
	}
	return days, spans
}

func TestCalculatedPointsFollowTheirInputs(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC) // midnight of 3 June in Berlin
	first, last := energy.Date{Year: 2025, Month: 6, Day: 3}, energy.Date{Year: 2025, Month: 6, Day: 5}
	w := newWorld(t, calculatedYAML)
	w.deliver(t, feeds(from))
	w.close(t)
	days, spans := w.calculated(t, first, last)

	// 96 quarter-hours of 1000 + 600 − 50.5 Wh, and so on, in mWh.
	grid := days["hafen/grid"]
	if len(grid) != 2 || grid[0].Total+grid[1].Total != 2*96*1_549_500 {
		t.Fatalf("grid has %d days: %+v; two that add up to %d mWh are expected", len(grid), grid, 2*96*1_549_500)
	}
	if q := grid[0].Quality[0]; q != energy.Calculated || grid[0].Values[0] != 1_549_500 || grid[0].Covered[0] != 900 {
		t.Errorf("the first quarter-hour is %d mWh, %s, covered %d s; 1549500 mWh, calculated, 900 s are expected", grid[0].Values[0], q, grid[0].Covered[0])
	}
	if q := grid[0].Quality[95]; q != energy.Distributed || grid[0].Covered[95] != 0 || grid[0].Substitute == 0 {
		t.Errorf("the quarter-hour before midnight is %s, covered %d s, of the day %d mWh are a substitute; distributed, not covered, and the gap's share are expected", q, grid[0].Covered[95], grid[0].Substitute)
	}
	if got := spans["hafen/grid"]; len(got) != 1 || got[0].Amount != 28*1_549_500 || got[0].Period.Length() != 7*time.Hour {
		t.Errorf("spans of the sum are %+v; one of 7 hours and %d mWh is expected", got, 28*1_549_500)
	}
	if total := days["hafen/cooling"][0].Total; total != 96*225_000 {
		t.Errorf("the share of the cooler is %d mWh, three quarters of it, %d, are expected", total, 96*225_000)
	}
	if rest := days["hafen/rest"]; rest[0].Total != grid[0].Total-96*750_000 || len(spans["hafen/rest"]) != 1 {
		t.Errorf("the point made of the sum has %d mWh and %d spans; %d and one are expected", rest[0].Total, len(spans["hafen/rest"]), grid[0].Total-96*750_000)
	}
	figures, _, err := w.ledger.Figures(t.Context(), hafen, "2025-06-03", time.Time{})
	if err != nil || len(figures) == 0 || !figures[0].Numerator.Equal(energy.ActiveEnergyImport.Value(grid[0].Total)) {
		t.Errorf("figures %+v, %v: the first is expected to rest on the calculated grid import of %d mWh", figures, err, grid[0].Total)
	}
}

func TestCalculatedPointsAreTheSameInAnyOrderAndAsKnownBefore(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC)
	first, last := energy.Date{Year: 2025, Month: 6, Day: 3}, energy.Date{Year: 2025, Month: 6, Day: 5}
	all := feeds(from)
	whole := newWorld(t, calculatedYAML)
	whole.deliver(t, all)
	whole.close(t)
	wantDays, wantSpans := whole.calculated(t, first, last)

	w := newWorld(t, calculatedYAML)
	w.deliver(t, all[len(all)/2:]) // the second day before the first
	w.close(t)
	halfDays, _ := w.calculated(t, first, last)
	known := time.Now()
	w.deliver(t, all[:len(all)/2])
	w.close(t)
	if days, spans := w.calculated(t, first, last); !reflect.DeepEqual(days, wantDays) || !reflect.DeepEqual(spans, wantSpans) {
		t.Errorf("days or spans differ from those of readings in order:\n%+v\n%+v", spans, wantSpans)
	}
	day := energy.Period{From: from.Add(24 * time.Hour), To: from.Add(48 * time.Hour)}
	for _, point := range calculatedPoints {
		before, err := w.ledger.Values(t.Context(), ledger.Question{Point: point, Period: day, Step: ledger.Day, At: known})
		if err != nil {
			t.Fatalf("answer as known before: %v", err)
		}
		total := energy.ActiveEnergyImport.Value(halfDays[point][len(halfDays[point])-1].Total)
		if got := before.Values[0]; !got.OK || !got.Value.Equal(total) {
			t.Errorf("%s as known before the first day came: %+v, %s is expected", point, got, total)
		}
	}
}

func TestAPointThatIsNoLongerCalculatedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC)
	first, last := energy.Date{Year: 2025, Month: 6, Day: 3}, energy.Date{Year: 2025, Month: 6, Day: 5}
	w := newWorld(t, calculatedYAML)
	w.deliver(t, feeds(from))
	w.close(t)
	w.apply(t, strings.Replace(calculatedYAML, "role: cooling, share: {of: hafen/cooler, by: hafen/it, fallback: 0.25, basis: heat load}", "role: cooling", 1))
	w.close(t)
	if days, _ := w.calculated(t, first, last); len(days["hafen/cooling"]) != 0 || len(days["hafen/grid"]) != 2 {
		t.Errorf("%d days of the former share and %d of the sum are left; none and two are expected", len(days["hafen/cooling"]), len(days["hafen/grid"]))
	}
}

func TestWithoutItsKeyAShareFallsBackAndSaysSo(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC)
	w := newWorld(t, calculatedYAML)
	var readings []energy.PointReading
	for _, r := range feeds(from) {
		if r.Point != "hafen/it" {
			readings = append(readings, r)
		}
	}
	w.deliver(t, readings)
	w.close(t)
	days, _ := w.calculated(t, energy.Date{Year: 2025, Month: 6, Day: 3}, energy.Date{Year: 2025, Month: 6, Day: 4})
	day := days["hafen/cooling"][0]
	if day.Total != 96*75_000 || day.Substitute != day.Total || day.Quality[0] != energy.Substitute || day.CoveredS != 0 {
		t.Errorf("%d mWh, %d of them substitute, %s, covered %d s; a quarter of the cooler, %d, all substitute, is expected", day.Total, day.Substitute, day.Quality[0], day.CoveredS, 96*75_000)
	}
	if rest := days["hafen/rest"]; len(rest) != 0 {
		t.Errorf("a sum with an unknown addend has days: %+v", rest)
	}
}

func TestNobodyHandsInWhatIsCalculated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, calculatedYAML)
	row := intake.Row{Number: 2, Point: "hafen/grid", At: time.Date(2025, 6, 3, 0, 0, 0, 0, time.UTC), Value: energy.Decimal(1, 0), Quality: energy.Measured}
	receipt, err := w.intake.Submit(t.Context(), intake.Submission{Source: "test", Rows: []intake.Row{row}})
	if err != nil || len(receipt.Rejected) != 1 || receipt.Rejected[0].Code != intake.CodeCalculated {
		t.Errorf("receipt %+v, %v: the row is expected to be rejected as %s", receipt, err, intake.CodeCalculated)
	}
}
