package closing_test

import (
	"reflect"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
)

const shapedYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    kind: data_centre
    operator: op
    meters:
      - id: hafen-heat
        points:
          - {id: hafen/heat, quantity: heat_energy, role: heat_delivered, resolution: 0.1 MWh}
          - {id: hafen/heat-power, quantity: heat_power, role: heat_delivered}
`

// coarseHeat are two days of a heat meter that shows 100 kWh at a time and gives
// 40 kW by night and 120 kW from 6 to 18 o'clock UTC; it is not read from 20
// o'clock of the first day to 3 o'clock of the second, but its power is.
func coarseHeat(from time.Time) (counter, power []energy.PointReading) {
	var wh int64
	for q := range int64(2*96 + 1) {
		at := from.Add(time.Duration(q) * energy.QuarterHour)
		kw := int64(40)
		if h := at.Hour(); h >= 6 && h < 18 {
			kw = 120
		}
		if hour := at.Sub(from).Hours(); hour <= 20 || hour >= 27 {
			counter = append(counter, reading("hafen/heat", at, energy.Decimal(wh/100_000*100, 0)))
		}
		power = append(power, reading("hafen/heat-power", at, energy.Decimal(kw, 0)))
		wh += kw * 250
	}
	return counter, power
}

func TestACoarseCounterHasTheShapeOfItsPowerInAnyOrderOfArrival(t *testing.T) {
	t.Parallel()
	from := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC) // midnight of 3 June in Berlin
	first, last := energy.Date{Year: 2025, Month: 6, Day: 3}, energy.Date{Year: 2025, Month: 6, Day: 5}
	points := []energy.PointID{"hafen/heat"}
	counter, power := coarseHeat(from)

	w := newWorld(t, shapedYAML)
	w.deliver(t, counter)
	w.close(t)
	alone, _, err := w.store.Days(t.Context(), hafen, points, first, last)
	if err != nil {
		t.Fatal(err)
	}
	known := time.Now()
	w.deliver(t, power)
	w.close(t)
	late, _, err := w.store.Days(t.Context(), hafen, points, first, last)
	if err != nil {
		t.Fatal(err)
	}
	before, after := alone["hafen/heat"][0], late["hafen/heat"][0]
	if before.Quality[0] != energy.Measured || after.Quality[0] != energy.Calculated || after.Quality[95] != energy.Calculated || after.CoveredS != 96*900 {
		t.Errorf("first quarter-hours %s and %s, the last %s, covered %d s: measured, calculated, calculated and all of the day are expected",
			before.Quality[0], after.Quality[0], after.Quality[95], after.CoveredS)
	}
	if night, noon := after.Values[4], after.Values[48]; noon < 29*night/10 || noon > 31*night/10 {
		t.Errorf("noon has %d mWh, the night %d: three times as much is expected", noon, night)
	}
	var sum, want energy.Amount
	for i := range late["hafen/heat"] {
		sum += late["hafen/heat"][i].Total
		want += alone["hafen/heat"][i].Total
	}
	if sum != want {
		t.Errorf("the two days have %d mWh by shape and %d by the counter", sum, want)
	}
	if spans, err := w.store.Spans(t.Context(), hafen, points, energy.Period{From: from, To: from.Add(48 * time.Hour)}); err != nil || len(spans["hafen/heat"]) != 0 {
		t.Errorf("spans %v, %v: the gap is expected to be filled", spans, err)
	}

	together := newWorld(t, shapedYAML)
	together.deliver(t, append(append([]energy.PointReading{}, power...), counter...))
	together.close(t)
	if days, _, err := together.store.Days(t.Context(), hafen, points, first, last); err != nil || !reflect.DeepEqual(days, late) {
		t.Errorf("days differ from those of power that came late: %v\n%+v\n%+v", err, days, late)
	}
	for at, days := range map[time.Time]energy.Amount{known: before.Total, time.Now(): after.Total} {
		answer, err := w.ledger.Values(t.Context(), ledger.Question{Point: "hafen/heat", Period: before.Period, Step: ledger.Day, At: at})
		if err != nil || !answer.Values[0].Value.Equal(energy.HeatEnergy.Value(days)) {
			t.Errorf("as known at %s: %+v, %v; %d mWh is expected", at, answer.Values, err, days)
		}
	}
}
