package closing_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
)

// movedYAML is substituteYAML of a site that goes by Lisbon from lastDay on.
func movedYAML() string {
	return strings.Replace(substituteYAML, "    operator: op\n", "    operator: op\n    timezones: [{zone: Europe/Lisbon, from: "+lastDay.String()+"}]\n", 1)
}

func TestASiteThatChangesItsZoneLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, movedYAML())
	w.deliver(t, quarters(-17, 8, true, true))
	w.close(t)
	got := substituted(t, w)
	for point, days := range got.Days {
		for i, day := range days {
			if n := int(day.Period.Length() / energy.QuarterHour); len(day.Values) != n || (n != 96) != (day.Date == lastDay) {
				t.Errorf("%s %s has %d quarter-hours, want %d", point, day.Date, len(day.Values), n)
			}
			if i > 0 && !days[i-1].Period.To.Equal(day.Period.From) {
				t.Errorf("%s: between %s and %s lies something", point, days[i-1].Period, day.Period)
			}
		}
	}
	if day := got.on(t, "hafen/it", lastDay); len(day.Values) != 100 {
		t.Errorf("the day of the change has %d quarter-hours, want 100", len(day.Values))
	}
	// The counter, first and last as it was read.
	readings := quarters(-17, 8, true, true)
	var stands []energy.Value
	for _, r := range readings {
		if r.Point == "hafen/it" {
			stands = append(stands, r.Value)
		}
	}
	last, _ := energy.ActiveEnergyImport.Fixed(stands[len(stands)-1])
	start, _ := energy.ActiveEnergyImport.Fixed(stands[0])
	var sum energy.Amount
	for _, day := range got.Days["hafen/it"] {
		sum += day.Total
	}
	if sum != last-start {
		t.Errorf("the days of the counter have %d mWh, it went on by %d", sum, last-start)
	}
	w.checkSums(t, got)
}

// checkSums holds that parts are the whole: the days' balances the months', the
// days' values the year's, the months' figures the year's.
func (w *world) checkSums(t *testing.T, got derivedSubstitutes) {
	t.Helper()
	type key struct{ role, category int16 }
	sums := map[store.Grain]map[key][3]int64{store.GrainDay: {}, store.GrainMonth: {}}
	for _, b := range got.Balances {
		k := key{int16(b.Role), int16(b.Category)}
		s := sums[b.Grain][k]
		sums[b.Grain][k] = [3]int64{s[0] + b.Amount, s[1] + b.Substitute, s[2] + b.ExpectedS}
	}
	if len(sums[store.GrainDay]) == 0 || !reflect.DeepEqual(sums[store.GrainDay], sums[store.GrainMonth]) {
		t.Errorf("the balances of the days are %v, those of the months %v", sums[store.GrainDay], sums[store.GrainMonth])
	}
	for _, point := range substitutePoints {
		amounts := map[ledger.Step]energy.Amount{}
		for _, step := range []ledger.Step{ledger.QuarterHour, ledger.Day, ledger.Month} {
			year := energy.Period{From: time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)} // Berlin's beginning, Lisbon's end
			answer, err := w.ledger.Values(t.Context(), ledger.Question{Point: point, Period: year, Step: step})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range answer.Values {
				if amount, err := energy.ActiveEnergyImport.Fixed(v.Value); err == nil && v.OK {
					amounts[step] += amount
				}
			}
		}
		if amounts[ledger.Day] == 0 || amounts[ledger.Day] != amounts[ledger.QuarterHour] || amounts[ledger.Day] != amounts[ledger.Month] {
			t.Errorf("%s: quarter-hours, days and months add up to %v", point, amounts)
		}
	}
	total := func(period string) (numerator, denominator float64) {
		figures, _, err := w.ledger.Figures(t.Context(), hafen, period, time.Time{})
		if err != nil || len(figures) == 0 {
			t.Fatalf("%s: %+v, %v", period, figures, err)
		}
		return figures[0].Numerator.Float64(), figures[0].Denominator.Float64()
	}
	var parts [2]float64
	for _, month := range []string{"2025-06", "2025-07"} {
		n, d := total(month)
		parts[0], parts[1] = parts[0]+n, parts[1]+d
	}
	if n, d := total("2025"); n != parts[0] || d != parts[1] || n == 0 {
		t.Errorf("the year has %v and %v kWh, its months %v", n, d, parts)
	}
}

func TestSubstitutesGoByTheClockAcrossAChangeOfTheZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(movedYAML(), "[interpolation, comparison_meter, comparison_day], comparison: hafen/check", "[comparison_day]", 1))
	w.deliver(t, quarters(-17, 8, true, false))
	w.close(t)
	list, _, err := w.ledger.Substitutes(t.Context(), "hafen/grid", energy.Period{From: lastDay.UTC(), To: lastDay.AddDays(1).UTC()}, time.Time{})
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v, want the noon and the night", list, err)
	}
	// Noon by Berlin is 11 o'clock by Lisbon: a week before, 11 o'clock was an hour earlier.
	if noon := list[0]; len(noon.Drawn) != 1 || noon.Drawn[0].From != noon.Period.From.AddDate(0, 0, -7).Add(-time.Hour) {
		t.Errorf("noon, %s, is drawn from %v; what the clock showed a week before is expected", noon.Period, noon.Drawn)
	}
	w.checkSums(t, substituted(t, w))
}

func TestAChangeOfTheZoneIsAFactLikeOthers(t *testing.T) {
	t.Parallel()
	readings := quarters(-17, 8, true, true)
	w := newWorld(t, substituteYAML)
	w.deliver(t, readings)
	w.close(t)
	before := substituted(t, w)
	head, err := w.store.Head(t.Context(), hafen)
	if err != nil {
		t.Fatal(err)
	}
	day := ledger.Question{Point: "hafen/it", Step: ledger.Day, Period: energy.Period{From: lastDay.AddDays(-1).UTC(), To: lastDay.AddDays(2).UTC()}}
	answered, err := w.ledger.Values(t.Context(), day)
	if err != nil {
		t.Fatal(err)
	}
	w.apply(t, movedYAML())
	w.close(t)
	whole := newWorld(t, movedYAML())
	whole.deliver(t, readings)
	whole.close(t)
	if got, want := substituted(t, w), substituted(t, whole); !reflect.DeepEqual(got, want) {
		t.Error("a change that became known later gives other days, spans or balances than one that always was")
	}
	if again := w.close(t); again.Days != 0 {
		t.Errorf("closing once more derived %d days, want none", again.Days)
	}
	day.At = head.RecordedAt
	if then, err := w.ledger.Values(t.Context(), day); err != nil || !reflect.DeepEqual(then.Values, answered.Values) {
		t.Errorf("as known before the change the days are %+v, %v; want those answered then", then, err)
	}
	day.At = time.Time{}
	if now, err := w.ledger.Values(t.Context(), day); err != nil || reflect.DeepEqual(now.Values, answered.Values) {
		t.Errorf("now the days are still %+v, %v", now, err)
	}
	w.apply(t, substituteYAML) // it was a mistake
	w.close(t)
	if got := substituted(t, w); !reflect.DeepEqual(got, before) {
		t.Error("a change that is taken back leaves something behind")
	}
}
