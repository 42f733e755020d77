package commitment

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// guarantees are MWh for hafen and a supply year, cancelled in February after it.
func guarantees(id string, year int, mwh int64, change ...func(*registry.Evidence)) registry.Evidence {
	e := registry.Evidence{ID: id, Kind: registry.GuaranteeOfOrigin, IDs: registry.IDRange{First: id + "-000001", Last: id + "-009999"}, Supplier: "Stadtwerke",
		Produced: registry.Month{Year: year, Month: time.March}, SupplyYear: year, Beneficiary: "op", VolumeMWh: mwh,
		Cancellation: registry.Cancellation{Reference: "C-" + id, On: date(year+1, 2, 11)}, Allocations: []registry.Allocation{{Site: "hafen", MWh: mwh}}}
	for _, f := range change {
		f(&e)
	}
	return e
}

// hourly is a certificate of an hour's Wh from an instant on.
func hourly(id string, year int, from time.Time, wh ...int64) registry.Evidence {
	return registry.Evidence{ID: id, Kind: registry.GranularCertificate, IDs: registry.IDRange{First: id + "-1", Last: id + "-9"}, SupplyYear: year,
		Profile: &registry.Profile{From: from, Minutes: 60, Wh: wh}, Cancellation: registry.Cancellation{Reference: "C-" + id, On: date(year+1, 2, 11)}}
}

func sold(id string, year int, mwh int64) registry.Evidence {
	return registry.Evidence{ID: id, Kind: registry.SoldGuarantee, SupplyYear: year, VolumeMWh: mwh}
}

// amountOf is an argument of the step with the code; absent without the step.
func (a Assessment) amountOf(code Code, name string) (x float64, ok bool) {
	for _, s := range a.Steps {
		if s.Code == code {
			return s.Args[name].Number.Number, true
		}
	}
	return 0, false
}

func TestTheGreenShareOfAYearIsWhatPapersProveOfIt(t *testing.T) {
	t.Parallel()
	night := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	later := func(e *registry.Evidence) { e.Cancellation.On = date(2026, 7, 1) }
	for _, tt := range []struct {
		sentence string
		papers   []registry.Evidence
		want     float64
		evidence []string
		counted  float64 // by the step that sums them
		sold     float64 // 0: no such step
	}{
		{"behind the guarantees of another year", []registry.Evidence{guarantees("a", 2024, 30), guarantees("b", 2025, 30)}, 0.5, []string{"b"}, 30, 0},
		{"those that do not count add nothing and take nothing", []registry.Evidence{guarantees("a", 2025, 20, later), guarantees("b", 2025, 30)}, 0.5, []string{"b"}, 30, 0},
		{"certificates of the hour beside guarantees", []registry.Evidence{hourly("h", 2025, night, 4_000_000, 6_500_000), guarantees("b", 2025, 30)}, 0.605, []string{"h", "b"}, 40.5, 0},
		{"two of them", []registry.Evidence{hourly("h", 2025, night, 4_000_000), hourly("i", 2025, night, 3_000_000)}, 0.27, []string{"h", "i"}, 7, 0},
		{"a single guarantee of own generation was sold", []registry.Evidence{sold("s", 2025, 1)}, 0.19, nil, 0, 1},
		{"its own generation was sold in two parts", []registry.Evidence{sold("s", 2025, 10), sold("r", 2025, 5), sold("q", 2024, 5)}, 0.05, nil, 0, 15},
		{"none at all", nil, 0.2, nil, 0, 0},
	} {
		q := asking(least(t, greenAnnual, "10 %"), plant{"electricity": used(20, 100)}, date(2026, 6, 1), tt.papers...)
		a := q.judged(t, true)
		counted, summed := a.amountOf(GuaranteesSummed, "counted")
		gone, any := a.amountOf(GuaranteesSold, "amount")
		if !alike(a.Value.Number, tt.want) || !slices.Equal(a.Evidence, tt.evidence) && len(a.Evidence)+len(tt.evidence) > 0 || !summed || counted != tt.counted || any != (tt.sold > 0) || gone != tt.sold {
			t.Errorf("%s: %v by %v of %v MWh, sold %v; want %v by %v of %v, %v", tt.sentence, a.Value, a.Evidence, counted, gone, tt.want, tt.evidence, tt.counted, tt.sold)
		}
	}
	a := asking(least(t, greenAnnual, "10 %"), plant{"electricity": used(20, 100)}, date(2026, 6, 1), hourly("h", 2025, night, 4_000_000, 6_500_000)).judged(t, true)
	if mwh, _ := a.amountOf(GuaranteeCounted, "amount"); mwh != 10.5 {
		t.Errorf("a certificate of 10.5 MWh counts %v", mwh)
	}
}

func TestGuaranteesSoldByOneSiteAreLackingToAllOfThem(t *testing.T) {
	t.Parallel()
	rule := least(t, greenAnnual, "10 %", func(r *Rule) { r.Reach = registry.AllSites })
	for _, tt := range []struct {
		sentence string
		sites    []energy.SiteID
		want     float64
	}{
		{"one site", []energy.SiteID{"hafen"}, 0.05},
		{"two, and the other one sold", []energy.SiteID{"hafen", "kai"}, 0.125}, // 40 less 15 of 200
	} {
		q := asking(rule, plant{"electricity": used(20, 100)}, date(2026, 6, 1), sold("s", 2025, 15))
		q.Registry.Sites = nil
		for _, id := range tt.sites {
			site := q.Site
			site.ID = id
			q.Registry.Sites = append(q.Registry.Sites, site)
		}
		q.Registry.Evidence[0].Sites = tt.sites[len(tt.sites)-1:]
		q.Elsewhere = func(energy.SiteID) FigureSource { return q.Figures }
		if a := q.judged(t, true); !alike(a.Value.Number, tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, a.Value, tt.want)
		}
	}
}

func TestGuaranteesCountForEveryPeriodAndRuleOfAQuestion(t *testing.T) {
	t.Parallel()
	q := asking(least(t, greenAnnual, "50 %"), plant{"electricity": used(20, 100)}, date(2026, 6, 1), guarantees("a", 2025, 30), guarantees("b", 2026, 40, func(e *registry.Evidence) { e.Cancellation.On = date(2026, 4, 1) }))
	second := q.Rulebook.Rules[0]
	second.ID = "again"
	q.Rulebook.Rules = append(q.Rulebook.Rules, second)
	list, err := Assess(q)
	if err != nil || len(list) != 4 {
		t.Fatalf("%d judgements, %v", len(list), err)
	}
	for i, want := range []float64{0.5, 0.6, 0.5, 0.6} {
		if !alike(list[i].Value.Number, want) {
			t.Errorf("%s in %s: %v, want %v", list[i].Rule, list[i].Period.Label, list[i].Value, want)
		}
	}
	if found := q.guarantees(); len(found) != 2 {
		t.Errorf("asked outside of a judgement there are %d guarantees, want 2", len(found))
	}
}

func TestAGreenShareNeedsAYearAndItsElectricity(t *testing.T) {
	t.Parallel()
	wrong := used(20, 100)
	wrong.OK = false
	contract := func(m, d int) Question {
		q := asking(least(t, greenAnnual, "10 %", func(r *Rule) { r.Per = registry.ContractYear }), plant{"electricity": used(20, 100)}, date(2026, 6, 1))
		q.Commitment.From = date(2020, m, d)
		return q
	}
	year := func(site plant) Question { return asking(least(t, greenAnnual, "10 %"), site, date(2026, 6, 1)) }
	for _, tt := range []struct {
		sentence string
		q        Question
		reason   Code
		args     int
	}{
		{"a contract year from July is in two supply years", contract(7, 1), PeriodNotJudged, 1},
		{"one that ends on New Year's Day too", contract(1, 2), PeriodNotJudged, 1},
		{"one that is a calendar year is not", contract(1, 1), Kept, 3},
		{"electricity that came out wrong", year(plant{"electricity": wrong}), NoData, 1},
		{"no electricity known", year(plant{}), NoData, 1},
		{"no electricity used", year(plant{"electricity": used(0, 0)}), NoData, 1},
		{"hardly any is electricity", year(plant{"electricity": used(1e-9, 1e-9)}), Kept, 3}, // a mWh
	} {
		if a := tt.q.judged(t, true); a.Reason != tt.reason || len(a.Args) != tt.args {
			t.Errorf("%s: %s %v, want %s", tt.sentence, a.Reason, a.Args, tt.reason)
		}
	}
}

func TestAGreenShareShowsItsTwoSides(t *testing.T) {
	t.Parallel()
	q := asking(least(t, greenAnnual, "10 %"), plant{"electricity": used(20, 100)}, date(2026, 6, 1), guarantees("a", 2025, 30))
	v, err := q.green(date(2025, 1, 1), date(2026, 1, 1))
	if err != nil || v.figure.Numerator.Float64() != 50_000 || v.figure.Denominator.Float64() != 100_000 {
		t.Errorf("%v kWh of %v kWh, %v, want 50 MWh of 100", v.figure.Numerator, v.figure.Denominator, err)
	}
	if arg := energyArg(-1); arg.Number != Some(0) {
		t.Errorf("less than nothing is shown as %v", arg.Number)
	}
}

func TestTheGreenShareOfARunningYearExpectsTheRestToBeLikeWhatWas(t *testing.T) {
	t.Parallel()
	// 59 of 365 days: 20 of 100 MWh become 123.7 of 618.6 MWh; 200 MWh are proven.
	early := func(e *registry.Evidence) {
		e.Produced.Month, e.Cancellation.On = time.January, date(2026, 2, 1)
	}
	q := asking(least(t, greenAnnual, "50 %"), plant{"electricity 2026-01-01 2026-03-01": used(20, 100), "electricity 2025-01-01 2026-01-01": used(20, 100)}, date(2026, 3, 1), guarantees("a", 2026, 200, early))
	a := q.judged(t, false)
	want := 0.2 + 200*59/(100*365.0)
	if a.Verdict != OnTrack || !(math.Abs(a.Forecast.Number-want) <= 1e-9) || a.ForecastMethod != ForecastLinear {
		t.Errorf("%s: a forecast of %v by %s, want %v", a.Verdict, a.Forecast, a.ForecastMethod, want)
	}
	q.Figures = plant{"electricity": gone()}
	if f, err := q.greenForecast(window{Span{From: date(2026, 1, 1), To: date(2027, 1, 1)}}); !errors.Is(err, errGone) || f.method != "" {
		t.Errorf("without its electricity: %+v, %v", f, err)
	}
	q.Figures = plant{}
	if f, err := q.greenForecast(window{Span{From: date(2026, 1, 1), To: date(2027, 1, 1)}}); err != nil || f.method != "" {
		t.Errorf("where none is known: %+v, %v, want no forecast", f, err)
	}
}

// fading is a source whose electricity can be read so many times.
type fading struct {
	plant
	times *int
}

func (f fading) Electricity(p energy.Period) (kpi.Figure, kpi.Sum, bool, error) {
	if *f.times--; *f.times < 0 {
		return kpi.Figure{}, kpi.Sum{}, false, errGone
	}
	return f.plant.Electricity(p)
}

func TestAGreenShareThatIsGoneBeforeItsForecastIsNoVerdict(t *testing.T) {
	t.Parallel()
	for _, times := range []int{0, 1, 2} { // of the closed year, of the running one, of its forecast
		left := times
		early := func(e *registry.Evidence) { e.Produced.Month, e.Cancellation.On = time.January, date(2026, 2, 1) }
		q := asking(least(t, greenAnnual, "50 %"), fading{plant{"electricity": used(20, 100)}, &left}, date(2026, 6, 1), guarantees("a", 2026, 20, early))
		if list, err := Assess(q); !errors.Is(err, errGone) || list != nil {
			t.Errorf("gone after %d times: %+v, %v, want the reason", times, list, err)
		}
	}
}
