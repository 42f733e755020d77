package commitment

import (
	"errors"
	"slices"
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// In mid-2026 the closed year is 2025.
func midYear() energy.Date { return date(2026, 7, 1) }

func TestWhatTheColdOfAYearLeavesOfAPromise(t *testing.T) {
	t.Parallel()
	fact := func(name, value string, year int, from, to energy.Date) registry.Fact {
		f := registry.Fact{Name: name, Year: year, From: from, To: to}
		if err := f.Value.UnmarshalText([]byte(value)); err != nil {
			t.Fatal(err)
		}
		return f
	}
	none := energy.Date{}
	for _, tt := range []struct {
		sentence        string
		fact            string
		normal, atLeast string
		facts           []registry.Fact
		weather         string // as measured; "" for unknown
		verdict         Verdict
		reason          Code
		threshold       float64
		scaled          bool
	}{
		{"just as cold as it must be", "", "", "3000", nil, "3000", Met, Kept, 60000, false},
		{"a little milder", "", "", "3000", nil, "2999.9", NotApplicable, TooMild, 60000, false},
		{"half as cold as usual owes half", "", "4000", "", nil, "2000", Met, Kept, 30000, true},
		{"a single degree-day as the usual", "", "1", "", nil, "2", Missed, BelowThreshold, 120000, true},
		{"half a degree-day as the usual", "", "0.5", "", nil, "0.5", Met, Kept, 60000, true},
		{"nobody measured", "", "4000", "", nil, "", Undetermined, DegreeDaysUnknown, 60000, false},
		{"as the contract's fact of the year says", "gtz", "4000", "", []registry.Fact{fact("gtz", "2000", 2025, none, none)}, "8000", Met, Kept, 30000, true},
		{"as its fact of these days says", "gtz", "4000", "", []registry.Fact{fact("gtz", "2000", 0, date(2025, 1, 1), date(2026, 1, 1))}, "8000", Met, Kept, 30000, true},
		{"behind facts of other names, words, years and days", "gtz", "4000", "", []registry.Fact{
			fact("area", "1000", 2025, none, none), fact("gtz", "cold", 2025, none, none), fact("gtz", "1000", 2024, none, none),
			fact("gtz", "1000", 0, date(2025, 1, 1), date(2025, 7, 1)), fact("gtz", "1000", 0, date(2025, 7, 1), date(2026, 1, 1)), fact("gtz", "2000", 2025, none, none)}, "", Met, Kept, 30000, true},
		{"a fact of another year says nothing of this one", "gtz", "4000", "", []registry.Fact{fact("gtz", "1000", 2024, none, none), fact("gtz", "1000", 2026, none, none)}, "8000", Undetermined, DegreeDaysUnknown, 60000, false},
	} {
		site := plant{"heat_delivered": kwh(60000)}
		if tt.weather != "" {
			site["degree_days 2025-01-01 2026-01-01"] = of(number(t, tt.weather).Float64(), kelvinDays)
		}
		rule := least(t, "heat_delivered", "60 MWh", func(r *Rule) {
			r.DegreeDays.Fact = tt.fact
			if tt.normal != "" {
				r.DegreeDays.Normal = number(t, tt.normal)
			}
			if tt.atLeast != "" {
				r.DegreeDays.AtLeast = number(t, tt.atLeast)
			}
		})
		q := asking(rule, site, midYear())
		q.Site.Facts = tt.facts
		a := q.judged(t, true)
		if a.Verdict != tt.verdict || a.Reason != tt.reason || a.Threshold != Some(tt.threshold) || a.says(DegreeDaysScaled) != tt.scaled {
			t.Errorf("%s: %s (%s) against %v, want %s (%s) against %v", tt.sentence, a.Verdict, a.Reason, a.Threshold, tt.verdict, tt.reason, tt.threshold)
		}
	}
}

func TestTheColdOfARunningYearIsNotHeldAgainstAYear(t *testing.T) {
	t.Parallel()
	rule := least(t, "heat_delivered", "60 MWh", func(r *Rule) { r.DegreeDays.Normal = number(t, "4000") })
	site := plant{"heat_delivered": kwh(60000), "degree_days": of(2000, kelvinDays)}
	if a := asking(rule, site, midYear()).judged(t, false); a.Verdict != Undetermined || a.Reason != DegreeDaysUnknown {
		t.Errorf("the running year is %s (%s), want it open until its cold is known", a.Verdict, a.Reason)
	}
	if a := asking(rule, withoutWeather{site}, midYear()).judged(t, true); a.Reason != DegreeDaysUnknown {
		t.Errorf("a site without a thermometer is %s (%s)", a.Verdict, a.Reason)
	}
}

func TestForceMajeureIsFoundBehindOtherPapers(t *testing.T) {
	t.Parallel()
	event := func(id, accepted string, from, to energy.Date) registry.Evidence {
		e := registry.Evidence{ID: id, Kind: registry.Contract, From: from, To: to, Facts: map[string]registry.Scalar{"force_majeure": "flood"}}
		if accepted != "" {
			e.Facts["event_accepted_on"] = registry.Scalar(accepted)
		}
		return e
	}
	papers := []registry.Evidence{
		{ID: "offer", Kind: registry.Offer, From: date(2025, 1, 1)},
		event("of-last-year", "2025-01-01", date(2024, 1, 1), date(2025, 1, 1)),
		event("not-accepted", "", date(2025, 1, 1), date(2025, 3, 1)),
		event("accepted-later", "2026-07-02", date(2025, 1, 1), date(2025, 3, 1)),
		event("accepted", "2026-07-01", date(2025, 3, 1), date(2025, 5, 13)), // 73 days, a fifth of the year
	}
	rule := least(t, "heat_delivered", "60 MWh", func(r *Rule) { r.ForceMajeure = true })
	a := asking(rule, plant{"heat_delivered": kwh(48000)}, midYear(), papers...).judged(t, true)
	short := 0
	for _, s := range a.Steps {
		if s.Code == ForceMajeureShort {
			short++
		}
	}
	if a.Verdict != Met || !alike(a.Threshold.Number, 48000) || !slices.Equal(a.Evidence, []string{"accepted"}) || short != 2 {
		t.Errorf("a fifth of the year was flooded: %s against %v by %v, %d fall short; want four fifths by the accepted one, 2", a.Verdict, a.Threshold, a.Evidence, short)
	}
}

func TestHeatNotTakenIsHeldAgainstWhatIsKnownOfIt(t *testing.T) {
	t.Parallel()
	wrong := kwh(60000)
	wrong.OK = false
	for _, tt := range []struct {
		sentence             string
		requested, available *kpi.Figure
		verdict              Verdict
		reason               Code
	}{
		{"asked for just what was given", new(kwh(50000)), nil, Met, AskedForNoMore},
		{"asked for it in MWh", new(of(50, "MWh")), nil, Met, AskedForNoMore},
		{"asked for more in MWh", new(of(51, "MWh")), nil, Missed, BelowThreshold},
		{"asked for more, though that was ready", new(kwh(50001)), new(kwh(60000)), Missed, BelowThreshold},
		{"just what was promised was ready", nil, new(kwh(60000)), Met, HeldReady},
		{"less was ready", nil, new(kwh(59999)), Missed, BelowThreshold},
		{"ready as far as agreed to be known", nil, new(known(0.9, kwh(60000))), Met, HeldReady},
		{"too little is known of what was ready", nil, new(known(0.89, kwh(60000))), Undetermined, RequestUnknown},
		{"what was ready came out wrong", nil, &wrong, Undetermined, RequestUnknown},
		{"ready in another unit", nil, new(of(60000, "h")), Undetermined, RequestUnknown},
		{"nobody knows of either", nil, nil, Undetermined, RequestUnknown},
	} {
		site := plant{"heat_delivered": kwh(50000)}
		if tt.requested != nil {
			site["heat_requested"] = *tt.requested
		}
		if tt.available != nil {
			site["heat_available"] = *tt.available
		}
		a := asking(least(t, "heat_delivered", "60 MWh", func(r *Rule) { r.TakeOrPay = true }), site, midYear()).judged(t, true)
		if a.Verdict != tt.verdict || a.Reason != tt.reason {
			t.Errorf("%s: %s (%s), want %s (%s)", tt.sentence, a.Verdict, a.Reason, tt.verdict, tt.reason)
		}
	}
}

func TestWhatCannotBeReadIsNoVerdict(t *testing.T) {
	t.Parallel()
	weather := func(r *Rule) { r.DegreeDays.Normal = number(t, "4000") }
	takeOrPay := func(r *Rule) { r.TakeOrPay = true }
	for _, tt := range []struct {
		sentence string
		rule     Rule
		site     plant
		on       energy.Date
	}{
		{"the figure itself", most(t, "pue", "1.5"), plant{"pue": gone()}, midYear()},
		{"the figure of the running year", most(t, "pue", "1.5"), plant{"pue": of(1.2, energy.One), "pue 2026-01-01 2026-07-01": gone()}, midYear()},
		{"the degree-days of the contract", least(t, "heat_delivered", "60 MWh", weather), plant{"heat_delivered": kwh(1), "degree_days": gone()}, midYear()},
		{"what was asked for", least(t, "heat_delivered", "60 MWh", takeOrPay), plant{"heat_delivered": kwh(1), "heat_requested": gone()}, midYear()},
		{"a year that a forecast looks at", most(t, "pue", "1.5"), plant{"pue": of(1.2, energy.One), "pue 2024-01-01 2025-01-01": gone()}, midYear()},
		{"the part of it up to the same day", most(t, "pue", "1.5"), plant{"pue": of(1.2, energy.One), "pue 2025-01-01 2025-07-01": gone()}, midYear()},
		{"the weather of the running year", least(t, "heat_delivered", "60 MWh"), plant{"heat_delivered": kwh(1), "degree_days 2026-01-01 2026-07-01": gone()}, midYear()},
		{"the weather of a part of a year before", least(t, "heat_delivered", "60 MWh"), plant{"heat_delivered": kwh(1), "degree_days": of(9, kelvinDays), "degree_days 2024-01-01 2024-07-01": gone()}, midYear()},
		{"the weather of a whole year before", least(t, "heat_delivered", "60 MWh"), plant{"heat_delivered": kwh(1), "degree_days": of(9, kelvinDays), "degree_days 2024-01-01 2025-01-01": gone()}, midYear()},
		{"the electricity", least(t, greenAnnual, "80 %"), plant{"electricity": gone()}, midYear()},
	} {
		if list, err := Assess(asking(tt.rule, tt.site, tt.on)); !errors.Is(err, errGone) || list != nil {
			t.Errorf("%s: %v, %v, want the reason and no verdict", tt.sentence, list, err)
		}
	}
}

func TestALimitThatCannotBeComparedIsNoVerdict(t *testing.T) {
	t.Parallel()
	band := func(r *Rule) {
		r.GuardBand = registry.GuardBand{Amount: measure(t, "2 kWh"), Favours: registry.OperatorSide}
	}
	for sentence, rule := range map[string]Rule{"a threshold in kWh": most(t, "pue", "1.5 kWh"), "a guard band in kWh": most(t, "pue", "1.5", band)} {
		if list, err := Assess(asking(rule, plant{"pue": of(1.2, energy.One)}, midYear())); err == nil {
			t.Errorf("%s: judged %+v", sentence, list)
		}
	}
}
