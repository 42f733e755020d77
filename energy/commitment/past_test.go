package commitment

import (
	"errors"
	"math"
	"strings"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

func TestAForecastIsTriedOnTheYearsThatAreWellKnown(t *testing.T) {
	t.Parallel()
	wrong := of(1.2, energy.One)
	wrong.OK = false
	for _, tt := range []struct {
		sentence string
		change   map[string]kpi.Figure // of a site whose PUE is 1.2 in all days
		since    energy.Date
		years    int
	}{
		{"four, though more are known", nil, date(2015, 1, 1), 4},
		{"those since it began", nil, date(2024, 1, 1), 2},
		{"not the year in which it began", nil, date(2024, 1, 2), 1},
		{"up to the first whose whole is too little known", map[string]kpi.Figure{"pue 2024-01-01 2025-01-01": known(0.89, of(1.2, energy.One))}, date(2015, 1, 1), 1},
		{"up to the first whose part is too little known", map[string]kpi.Figure{"pue 2024-01-01 2024-07-01": known(0.89, of(1.2, energy.One))}, date(2015, 1, 1), 1},
		{"one that is just enough known too", map[string]kpi.Figure{"pue 2024-01-01 2025-01-01": known(0.9, of(1.2, energy.One))}, date(2015, 1, 1), 4},
		{"up to the first that came out wrong", map[string]kpi.Figure{"pue 2023-01-01 2024-01-01": wrong}, date(2015, 1, 1), 2},
	} {
		site := plant{"pue": of(1.2, energy.One), "degree_days": gone()} // the weather is no matter of a PUE
		for key, f := range tt.change {
			site[key] = f
		}
		q := asking(most(t, "pue", "1.5"), site, midYear())
		q.Site.InOperationSince = tt.since
		if a := q.judged(t, false); a.ForecastYears != tt.years || a.ForecastError != Some(0) || a.Verdict != OnTrack {
			t.Errorf("%s: tried on %d (%s), want %d", tt.sentence, a.ForecastYears, a.Verdict, tt.years)
		}
	}
	site := plant{"pue": of(1.2, energy.One), "pue 2024-01-01 2025-01-01": gone()}
	if _, err := Assess(asking(most(t, "pue", "1.5"), site, midYear())); !errors.Is(err, errGone) || !strings.Contains(err.Error(), "2024-01-01") {
		t.Errorf("a year that cannot be read: %v, want it named", err)
	}
}

func TestHeatIsForecastByWeatherOnlyWhereItIsKnown(t *testing.T) {
	t.Parallel()
	cold := func(days float64) kpi.Figure { return of(days, kelvinDays) }
	site := func(unknown ...string) plant {
		p := plant{"heat_delivered": kwh(60000)}
		for y, year := range []string{"2022", "2023", "2024", "2025"} {
			p["degree_days "+year+"-01-01 "+[]string{"2023", "2024", "2025", "2026"}[y]+"-01-01"] = cold(3000)
			p["degree_days "+year+"-01-01 "+year+"-07-01"] = cold(2000)
		}
		p["degree_days 2026-01-01 2026-07-01"] = cold(2000)
		for _, key := range unknown {
			delete(p, key)
		}
		return p
	}
	rule := least(t, "heat_delivered", "60 MWh")
	forecast := func(source FigureSource) (float64, Code) {
		q := asking(rule, source, midYear())
		list, err := q.courses(metric{name: "heat_delivered", unit: energy.KilowattHour, additive: true, heat: true}, Threshold{}, rule, q.windows(rule)[1], kwh(40000))
		if err != nil {
			t.Fatal(err)
		}
		x, ok := byDegreeDays(metric{additive: true, heat: true}, list)
		if !ok {
			return 0, ""
		}
		return x, ForecastByDegreeDays
	}
	for _, tt := range []struct {
		sentence string
		source   FigureSource
		want     float64
	}{
		{"a third of the cold is still to come", site(), 60000},
		{"a part whose cold is not known says nothing, though that of the year is", site("degree_days 2025-01-01 2025-07-01"), 60000},
		{"nor does a year whose cold is not known", site("degree_days 2025-01-01 2026-01-01"), 60000},
		{"the cold of the running year is not known", site("degree_days 2026-01-01 2026-07-01"), 0},
		{"a site without a thermometer", withoutWeather{site()}, 0},
	} {
		if got, _ := forecast(tt.source); !alike(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

func TestAForecastIsANumberAndTheFirstOfEquals(t *testing.T) {
	t.Parallel()
	ratio, _ := metricOf("pue")
	heatMetric, _ := metricOf("heat_delivered")
	for _, x := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
		if f, ok := foresee(ratio, []course{{part: part(x, 0, 0)}}); ok {
			t.Errorf("%v is forecast as %+v", x, f)
		}
	}
	half := course{from: date(2025, 1, 1), until: date(2025, 1, 6), to: date(2025, 1, 11), part: part(50, 0, 0), whole: part(100, 0, 0)}
	if x, ok := evenly(heatMetric, []course{half}); !ok || x != 100 {
		t.Errorf("after just a half: %v, %v, want 100", x, ok)
	}
	if f, ok := foresee(heatMetric, []course{half, half, half, half}); !ok || f.method != ForecastByLastYear || f.years != 2 || f.err != 0 {
		t.Errorf("two methods without an error: %+v, want that of the last year", f)
	}
	nothing, one := half, half
	nothing.whole, one.part, one.whole = part(0, 0, 0), part(0.5, 0, 0), part(1, 0, 0)
	by := method{ForecastLinear, evenly}
	if errs := try(heatMetric, by, []course{half, one, nothing, half}); len(errs) != 1 || errs[0] != 0 {
		t.Errorf("tried with errors of %v, want on the kWh of a year and not on nothing", errs)
	}
	minus := one
	minus.part, minus.whole = part(-0.5, 0, 0), part(-1, 0, 0)
	if errs := try(heatMetric, by, []course{half, minus, half}); len(errs) != 2 {
		t.Errorf("tried with errors of %v, want on both years", errs)
	}
	if m := mean(nil); m != 0 {
		t.Errorf("the mean of nothing is %v", m)
	}
}

func TestAYearBeginsWithItsContractOrItsWinter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		per      registry.Per
		on       energy.Date
		running  string
		closed   string
	}{
		{"the day before the contract year", registry.ContractYear, date(2026, 5, 14), "2025-05-15/2026-05-15", "2024-05-15/2025-05-15"},
		{"its first day", registry.ContractYear, date(2026, 5, 15), "2026-05-15/2027-05-15", "2025-05-15/2026-05-15"},
		{"the last day of September", registry.HeatingYear, date(2026, 9, 30), "2025-10-01/2026-10-01", "2024-10-01/2025-10-01"},
		{"the first of October", registry.HeatingYear, date(2026, 10, 1), "2026-10-01/2027-10-01", "2025-10-01/2026-10-01"},
	} {
		q := Question{On: tt.on, Commitment: registry.Commitment{From: date(2020, 5, 15)}}
		list := q.windows(Rule{Per: tt.per})
		if list[0].Label != tt.closed || list[1].Label != tt.running {
			t.Errorf("%s: %s, then %s, want %s, then %s", tt.sentence, list[0].Label, list[1].Label, tt.closed, tt.running)
		}
	}
}

func TestAPromiseOfItsOwnIsARule(t *testing.T) {
	t.Parallel()
	own := func(change func(*registry.Commitment)) Rule {
		c := registry.Commitment{ID: "c", Metric: "pue", AtMost: measure(t, "1.5"), From: date(2024, 5, 15)}
		change(&c)
		return ruleOf(c)
	}
	ramp := func(per registry.Per) func(*registry.Commitment) {
		return func(c *registry.Commitment) {
			c.Per, c.AtMost, c.Comparator = per, registry.Measure{}, registry.AtMost
			c.Thresholds = map[int]registry.Measure{2024: measure(t, "1.5"), 2026: measure(t, "1.4")}
		}
	}
	if r := own(func(*registry.Commitment) {}); r.Per != registry.CalendarYear || r.Comparator != registry.AtMost || len(r.Thresholds) != 1 || r.Thresholds[0].Value != measure(t, "1.5") || r.Thresholds[0].From != date(2024, 5, 15) {
		t.Errorf("a promise that names no period is judged by %s, at most %v", r.Per, r.Thresholds)
	}
	if r := own(ramp(registry.CalendarYear)); len(r.Thresholds) != 2 || r.Thresholds[0].From != date(2024, 5, 15) || r.Thresholds[1].From != date(2026, 1, 1) {
		t.Errorf("a ramp by the calendar falls due on %v", r.Thresholds)
	}
	if r := own(ramp(registry.ContractYear)); len(r.Thresholds) != 2 || r.Thresholds[0].From != date(2024, 5, 15) || r.Thresholds[1].From != date(2026, 5, 15) {
		t.Errorf("a ramp by contract years falls due on %v", r.Thresholds)
	}
	r := most(t, "pue", "1.5")
	r.DueMonthsAfterStart = 1
	if _, due, ok := r.threshold(Span{From: date(2026, 2, 1), To: date(2026, 3, 1)}, date(2026, 1, 15)); ok || due != date(2026, 2, 15) {
		t.Errorf("a month after the start is %s (bound: %t), want 15 February", due, ok)
	}
}

func TestARulebookThatDidNotComeAlongIsNotRead(t *testing.T) {
	t.Parallel()
	if book, err := read("enefg-1999"); err == nil || book != nil {
		t.Errorf("read %+v, %v", book, err)
	}
}
