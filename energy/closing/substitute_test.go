package closing_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// substituteYAML has an operator's load profile that is interpolated, compared
// with an earlier week, or with the check meter beside it; and an IT counter,
// whose spans are shaped by the week before.
const substituteYAML = `
municipality: {ags: "06413000", name: Offenbach am Main, timezone: Europe/Berlin}
operators: [{id: op, name: Operator}]
sites:
  - id: hafen
    name: Hafen
    kind: data_centre
    operator: op
    meters:
      - id: hafen-main
        points:
          - {id: hafen/grid, quantity: active_energy_import, role: grid_import, series: interval, substitute: {methods: [interpolation, comparison_meter, comparison_day], comparison: hafen/check, reason: communication_fault, comparison_back_days: 14}}
      - id: hafen-check
        verification: {regime: mid}
        points:
          - {id: hafen/check, quantity: active_energy_import, use: check, series: interval}
      - id: hafen-ups
        points:
          - {id: hafen/it, quantity: active_energy_import, role: it_load, category: 1, substitute: {methods: [comparison_day], reason: disturbance}}
    # events
`

var substitutePoints = []energy.PointID{"hafen/grid", "hafen/it", "hafen/check"}

// lastDay is the day of the gaps; seventeen days before it are measured too.
var lastDay = energy.Date{Year: 2025, Month: 6, Day: 25}

// quarters are quarter-hours of the profile, its check meter and the counter from
// day first to day last after lastDay, without the gaps: the profile lacks an
// hour at noon of lastDay and the night from its 22 o'clock to 2 o'clock; the
// check meter, which shows a half, is not read then either unless with; the
// counter is not read that night.
func quarters(first, last int, gaps, with bool) []energy.PointReading {
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	noon := calendar.Day(lastDay).From.Add(12 * time.Hour)
	var readings []energy.PointReading
	stand := int64(0)
	for i := -17; i <= last; i++ {
		day := calendar.Day(lastDay.AddDays(i))
		for q, at := int64(0), day.From; at.Before(day.To); q, at = q+1, at.Add(energy.QuarterHour) {
			hours := at.Sub(noon).Hours()
			night, hour := hours >= 10 && hours < 14, hours >= 0 && hours < 1
			amount := 10_000 + 100*int64(i+17) + q*q
			if i >= first {
				take := func(point energy.PointID, v int64, length time.Duration) {
					readings = append(readings, energy.PointReading{Point: point, Reading: energy.Reading{At: at, Length: length, Value: energy.Decimal(v, -3), Quality: energy.Measured}})
				}
				if !gaps || !night && !hour {
					take("hafen/grid", 2*amount, energy.QuarterHour)
				}
				if !gaps || with || !night && !hour {
					take("hafen/check", amount, energy.QuarterHour)
				}
				if !gaps || !night || hours == 10 {
					take("hafen/it", stand, 0)
				}
			}
			stand += amount
		}
	}
	return readings
}

func substituted(t *testing.T, w *world) derivedSubstitutes {
	t.Helper()
	first, last := lastDay.AddDays(-20), lastDay.AddDays(12)
	days, _, err := w.store.Days(t.Context(), hafen, substitutePoints, first, last)
	if err != nil {
		t.Fatal(err)
	}
	spans, err := w.store.Spans(t.Context(), hafen, substitutePoints, energy.Period{From: first.UTC(), To: last.UTC()})
	if err != nil {
		t.Fatal(err)
	}
	balances := w.derived(t, first, last).Balances
	return derivedSubstitutes{days, spans, balances}
}

type derivedSubstitutes struct {
	Days     map[energy.PointID][]series.Day
	Spans    map[energy.PointID][]series.Span
	Balances []store.Balance
}

// on is a day of a point.
func (d derivedSubstitutes) on(t *testing.T, point energy.PointID, date energy.Date) series.Day {
	t.Helper()
	for _, day := range d.Days[point] {
		if day.Date == date {
			return day
		}
	}
	t.Fatalf("%s has no day %s", point, date)
	return series.Day{}
}

func TestGapsAreFilledAndMarkedInFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, substituteYAML)
	w.deliver(t, quarters(-17, 1, true, false))
	w.close(t)
	got := substituted(t, w)
	day, it := got.on(t, "hafen/grid", lastDay), got.on(t, "hafen/it", lastDay)
	if day.Quality[48] != energy.Substitute || day.Quality[88] != energy.Substitute || day.CoveredS != (96-4-8)*900 || day.Substitute <= 0 {
		t.Errorf("noon is %s, the night %s, covered %d s, %d mWh substitute", day.Quality[48], day.Quality[88], day.CoveredS, day.Substitute)
	}
	if it.Quality[90] != energy.Substitute || it.CoveredS != 88*900 || len(got.Spans["hafen/it"]) != 1 || got.Spans["hafen/it"][0].Cause != series.CauseSubstitute {
		t.Errorf("the counter's night is %s, covered %d s, spans %+v", it.Quality[90], it.CoveredS, got.Spans["hafen/it"])
	}
	for _, b := range got.Balances {
		if b.Role == energy.ITLoad.Number() && b.Grain == store.GrainDay && b.Period == lastDay && (b.Substitute != 0 || b.EnergyS != 86_400 || b.CoveredS != 88*900) {
			t.Errorf("the balance of the counter is %+v: all its energy is known, and that of the night has no time of its own", b)
		}
	}
	figures, _, err := w.ledger.Figures(t.Context(), hafen, "2025-06", time.Time{})
	if err != nil || len(figures) == 0 || figures[0].Name != "ipue" {
		t.Fatalf("%+v, %v", figures, err)
	}
	var substitutes energy.Amount
	for _, d := range got.Days["hafen/grid"] {
		substitutes += d.Substitute
	}
	if want := energy.ActiveEnergyImport.Value(substitutes).Float64() / figures[0].Numerator.Float64(); figures[0].SubstituteShare < want-1e-12 || figures[0].SubstituteShare > want+1e-12 || want == 0 {
		t.Errorf("substitute share %v, want %v: that of the profile, for the counter knows its total", figures[0].SubstituteShare, want)
	}
	if then, _, err := w.ledger.Figures(t.Context(), hafen, "2025-06", time.Now()); err != nil || !reflect.DeepEqual(then, figures) {
		t.Errorf("derived anew from the facts the figures are %+v, %v; want %+v", then, err, figures)
	}
	list, _, err := w.ledger.Substitutes(t.Context(), "hafen/grid", day.Period, time.Time{})
	if err != nil || len(list) != 2 || list[0].MethodCode != "Z92" || list[0].ReasonCode != "Z75" || list[1].MethodCode != "Z95" || list[1].Period.Length() != 4*time.Hour {
		t.Errorf("%+v, %v: an hour of Z92 and a night of Z95 are expected, for Z75", list, err)
	}
	for _, at := range []time.Time{{}, time.Now()} {
		all, fact, err := w.ledger.SiteSubstitutes(t.Context(), hafen, "2025-06", at)
		if err != nil || len(all) != 3 || fact == 0 {
			t.Fatalf("as known at %s the site has %+v, %v; the two of the profile and that of the counter are expected", at, all, err)
		}
		if night := all[1]; !reflect.DeepEqual(all[:2], list) || night.Source != "hafen/grid" || len(night.Drawn) != 2 || night.Drawn[0].From != night.Period.From.AddDate(0, 0, -7) {
			t.Errorf("as known at %s: %+v; the night is drawn from the same hours of both days a week before", at, all)
		}
		if it := all[2]; it.Point != "hafen/it" || !it.Total || it.MethodCode != "Z95" || it.ReasonCode != "ZB0" || it.Amount <= 0 {
			t.Errorf("as known at %s: %+v; the counter's night has a shape and a total that is known", at, it)
		}
		if sum := all[0].Amount + all[1].Amount; sum != substitutes {
			t.Errorf("as known at %s the gaps have %d mWh, the days %d", at, sum, substitutes)
		}
	}
}

func TestSubstitutesAreTheSameInAnyOrderAndBatching(t *testing.T) {
	t.Parallel()
	readings := quarters(-17, 8, true, true)
	inOrder := newWorld(t, substituteYAML)
	inOrder.deliver(t, readings)
	inOrder.close(t)
	want := substituted(t, inOrder)
	if d := want.on(t, "hafen/grid", lastDay); d.Substitute == 0 || want.on(t, "hafen/it", lastDay).Substitute == 0 {
		t.Fatal("nothing was substituted")
	}
	for seed := range uint64(3) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		// Whole days come in any order, those within a batch too.
		var batches [][]energy.PointReading
		for rest := readings; len(rest) > 0; {
			n := min(len(rest), 200+rnd.IntN(900))
			batches = append(batches, slices.Clone(rest[:n]))
			rest = rest[n:]
		}
		rnd.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
		w := newWorld(t, substituteYAML)
		for _, batch := range batches {
			rnd.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
			w.deliver(t, batch)
			w.close(t)
		}
		if got := substituted(t, w); !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: days, spans or balances differ from those of the readings in order", seed)
			for point, days := range want.Days {
				for i, d := range days {
					if i < len(got.Days[point]) && !reflect.DeepEqual(d, got.Days[point][i]) {
						t.Logf("%s %s: %d substitute %d, want %d substitute %d", point, d.Date, got.Days[point][i].Total, got.Days[point][i].Substitute, d.Total, d.Substitute)
					}
				}
			}
		}
		if again := w.close(t); again.Days != 0 {
			t.Errorf("closing once more derived %d days", again.Days)
		}
	}
}

func TestALaterReadingDisplacesASubstituteAndThePastStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, substituteYAML)
	w.deliver(t, quarters(-17, 8, true, false))
	w.close(t)
	before := substituted(t, w)
	head, err := w.store.Head(t.Context(), hafen)
	if err != nil {
		t.Fatal(err)
	}
	question := ledger.Question{Point: "hafen/grid", Period: energy.Period{From: before.on(t, "hafen/grid", lastDay).Period.From, To: before.on(t, "hafen/grid", lastDay.AddDays(1)).Period.To}, Step: ledger.QuarterHour}
	second := ledger.Question{Point: "hafen/grid", Period: before.on(t, "hafen/grid", lastDay.AddDays(1)).Period, Step: ledger.QuarterHour}
	answered, err := w.ledger.Values(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	answeredSecond, err := w.ledger.Values(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	w.deliver(t, quarters(0, 1, false, true))
	w.close(t)
	whole := newWorld(t, substituteYAML)
	whole.deliver(t, quarters(-17, 8, false, true))
	whole.close(t)
	after, want := substituted(t, w), substituted(t, whole)
	if d := after.on(t, "hafen/grid", lastDay); d.Substitute != 0 || d.CoveredS != 86_400 || !reflect.DeepEqual(after, want) {
		t.Errorf("the day has %d mWh substitute, %d s covered: none, and all of what was measured are expected", d.Substitute, d.CoveredS)
	}
	question.At, second.At = head.RecordedAt, head.RecordedAt
	if then, err := w.ledger.Values(t.Context(), second); err != nil || !reflect.DeepEqual(then.Values, answeredSecond.Values) {
		t.Errorf("as known before, the second day alone differs from the answer given then (%v)", err)
	}
	then, err := w.ledger.Values(t.Context(), question)
	if err != nil || !reflect.DeepEqual(then.Values, answered.Values) {
		t.Errorf("as known before, the answer differs from the one given then (%v)", err)
	}
	if list, _, err := w.ledger.Substitutes(t.Context(), "hafen/grid", question.Period, head.RecordedAt); err != nil || len(list) != 2 {
		t.Errorf("as known before: %+v, %v, want both gaps", list, err)
	}
	if list, _, err := w.ledger.Substitutes(t.Context(), "hafen/grid", question.Period, time.Time{}); err != nil || len(list) != 0 {
		t.Errorf("now: %+v, %v, want none", list, err)
	}
}

func TestDaysWhoseSubstitutesDrewOnAReadingAreDerivedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, substituteYAML)
	w.deliver(t, quarters(-17, 8, true, false))
	w.close(t)
	before := substituted(t, w).on(t, "hafen/grid", lastDay)
	week := before.Period.From.AddDate(0, 0, -7).Add(22 * time.Hour) // the night a week before
	correct := func(point energy.PointID, at time.Time, length time.Duration, value energy.Value, key string) {
		rows := []intake.Row{{Number: 1, Point: point, At: at, Length: length, Value: value, Quality: energy.Measured}}
		receipt, err := w.intake.Submit(t.Context(), intake.Submission{Source: "office", Key: key, Correction: "read again", Rows: rows})
		if err != nil || receipt.Accepted != 1 {
			t.Fatalf("correct a reading: %v, %+v", err, receipt)
		}
	}
	correct("hafen/grid", week, energy.QuarterHour, energy.Decimal(1, 0), "1")
	w.close(t)
	after := substituted(t, w).on(t, "hafen/grid", lastDay)
	if after.Values[88] != 1_000_000 || after.Quality[88] != energy.Substitute || before.Values[88] == after.Values[88] || after.Values[89] != before.Values[89] {
		t.Errorf("the first quarter-hour of the night is %d, was %d; 1 kWh, as was read a week before, is expected", after.Values[88], before.Values[88])
	}
	late := slices.DeleteFunc(quarters(0, 1, true, true), func(r energy.PointReading) bool { return r.Point != "hafen/check" })
	w.deliver(t, late) // the check meter's night
	w.close(t)
	compared := substituted(t, w).on(t, "hafen/grid", lastDay)
	if list, _, err := w.ledger.Substitutes(t.Context(), "hafen/grid", compared.Period, time.Time{}); err != nil || len(list) != 2 || list[1].MethodCode != "Z88" || list[1].Source != "hafen/check" {
		t.Errorf("%+v, %v: the verified check meter beats the week before", list, err)
	}
	if compared.Values[88] == after.Values[88] {
		t.Error("the check meter changed nothing")
	}
}

func TestAPersonsOrderComesAndGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, substituteYAML)
	w.deliver(t, quarters(-17, 0, false, true))
	w.close(t)
	without := substituted(t, w)
	event := `    events:
      - {kind: substitution, points: [hafen/grid, hafen/check], from: 2025-06-25T22:00:00Z, to: 2025-06-27T22:00:00Z, reason: decided by the office, substitute: {methods: [comparison_day], reason: defect}}
`
	w.apply(t, strings.Replace(substituteYAML, "    # events\n", event, 1))
	w.close(t)
	got := substituted(t, w)
	if again := got.on(t, "hafen/check", lastDay.AddDays(2)); again.Substitute != again.Total {
		t.Errorf("the check meter has %d mWh of which %d substitute", again.Total, again.Substitute)
	}
	for n := 1; n <= 2; n++ {
		day, week := got.on(t, "hafen/grid", lastDay.AddDays(n)), got.on(t, "hafen/grid", lastDay.AddDays(n-7))
		if day.Total != week.Total || day.Substitute != day.Total || day.CoveredS != 0 || !reflect.DeepEqual(day.Values, week.Values) {
			t.Errorf("%s: %d mWh of which %d substitute, %d s; all of the week before, %d mWh, is expected", day.Date, day.Total, day.Substitute, day.CoveredS, week.Total)
		}
	}
	if list, _, err := w.ledger.Substitutes(t.Context(), "hafen/grid", energy.Period{From: lastDay.AddDays(1).UTC(), To: lastDay.AddDays(2).UTC()}, time.Time{}); err != nil || len(list) != 1 || list[0].ReasonCode != "Z81" {
		t.Errorf("%+v, %v: one stretch for Z81 is expected", list, err)
	}
	r, faults := registry.Load("registry.yaml", []byte(substituteYAML))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := w.intake.Apply(t.Context(), r, "test", true, false); err != nil {
		t.Fatalf("withdraw the order: %v", err)
	}
	w.close(t)
	if again := substituted(t, w); !reflect.DeepEqual(again, without) {
		t.Errorf("the order was withdrawn and left something behind: %d days, want %d", len(again.Days["hafen/grid"]), len(without.Days["hafen/grid"]))
	}
}

// TestAGapBeforeMidnightFollowsTheMinutesAfterIt corrects a power that is read
// each minute, ten minutes after a gap that ends at midnight.
func TestAGapBeforeMidnightFollowsTheMinutesAfterIt(t *testing.T) {
	t.Parallel()
	yaml := strings.Replace(registryYAML, "quantity: active_power, role: grid_import}", "quantity: active_power, role: grid_import, substitute: {methods: [interpolation], reason: communication_fault}}", 1)
	midnight := time.Date(2025, 6, 25, 22, 0, 0, 0, time.UTC)
	var power []energy.PointReading
	for minute := -300; minute <= 120; minute++ {
		if minute <= -90 || minute >= 0 {
			power = append(power, reading("hafen/power", midnight.Add(time.Duration(minute)*time.Minute), energy.Decimal(100, 0)))
		}
	}
	w := newWorld(t, yaml)
	w.deliver(t, power)
	w.close(t)
	correction := midnight.Add(11 * time.Minute)
	rows := []intake.Row{{Number: 1, Point: "hafen/power", At: correction, Value: energy.Decimal(700, 0), Quality: energy.Measured}}
	if receipt, err := w.intake.Submit(t.Context(), intake.Submission{Source: "office", Key: "k", Correction: "read again", Rows: rows}); err != nil || receipt.Accepted != 1 {
		t.Fatalf("correct a reading: %v, %+v", err, receipt)
	}
	w.close(t)
	days, _, err := w.store.Days(t.Context(), hafen, []energy.PointID{"hafen/power"}, energy.Date{Year: 2025, Month: 6, Day: 25}, energy.Date{Year: 2025, Month: 6, Day: 27})
	if err != nil || len(days["hafen/power"]) != 2 {
		t.Fatalf("%d days, %v", len(days["hafen/power"]), err)
	}
	before, after := days["hafen/power"][0], days["hafen/power"][1]
	// A minute either side of 700 kW brings the quarter-hour 600 kWmin more.
	if after.Values[0] != 140_000_000 || before.Values[95] != 134_285_714 || before.Quality[95] != energy.Substitute || before.Covered[95] != 0 {
		t.Errorf("%d mW after midnight, %d mW (%s) before, %d s covered; six sevenths of the way up are expected", after.Values[0], before.Values[95], before.Quality[95], before.Covered[95])
	}
}
