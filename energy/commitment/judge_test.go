package commitment

import (
	"testing"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// unsure is a figure with a relative uncertainty.
func unsure(u float64, f kpi.Figure) kpi.Figure {
	f.Uncertainty, f.HasUncertainty = u, true
	return f
}

// proving puts the burden on the operator, until the last day of March.
func proving(r *Rule) {
	r.Burden, r.Deadline = OperatorProves, energy.MonthDay{Month: 3, Day: 31}
}

func TestAClosedYearIsJudgedByWhatIsKnownOfIt(t *testing.T) {
	t.Parallel()
	pue := func(share, value float64) plant { return plant{"pue": known(share, of(value, energy.One))} }
	none := least(t, "pue", "1")
	none.Thresholds = nil
	pua := most(t, "pue", "1.5")
	pua.Metric = "pua"
	agreed := func(r *Rule) { r.MinimumCoverage = number(t, "0.5") }
	for _, tt := range []struct {
		sentence string
		rule     Rule
		site     plant
		verdict  Verdict
		reason   Code
	}{
		{"just as much is known as must be", most(t, "pue", "1.5"), pue(0.9, 1.2), Met, Kept},
		{"a little less is known", most(t, "pue", "1.5"), pue(0.899, 1.2), Undetermined, ThinCoverage},
		{"a little less, and the operator has to prove it", most(t, "pue", "1.5", proving), pue(0.899, 1.2), Missed, NotEvidenced},
		{"just as much is known as was agreed", most(t, "pue", "1.5", agreed), pue(0.5, 1.2), Met, Kept},
		{"less is known than was agreed", most(t, "pue", "1.5", agreed), pue(0.499, 1.2), Undetermined, ThinCoverage},
		{"what is known of the heat thrown away is too much already", most(t, "heat_rejected", "60 MWh"), plant{"heat_rejected": known(0.5, kwh(60001))}, Missed, AboveThreshold},
		{"what is known of it is not too much yet", most(t, "heat_rejected", "60 MWh"), plant{"heat_rejected": known(0.5, kwh(59999))}, Undetermined, ThinCoverage},
		{"no paper proves what the operator has to prove", least(t, greenAnnual, "50 %", proving), plant{"electricity": used(20, 100)}, Missed, NotEvidenced},
		{"no paper proves what nobody has to", least(t, greenAnnual, "50 %"), plant{"electricity": used(20, 100)}, Undetermined, EvidenceMissing},
		{"a rule that sets sites like this no limit", none, pue(1, 1.2), Undetermined, StartUnknown},
		{"a figure nobody knows", pua, plant{"pua": of(1.2, energy.One)}, Undetermined, StartUnknown},
	} {
		if a := asking(tt.rule, tt.site, midYear()).judged(t, true); a.Verdict != tt.verdict || a.Reason != tt.reason || a.Args == nil {
			t.Errorf("%s: %s (%s) %v, want %s (%s)", tt.sentence, a.Verdict, a.Reason, a.Args, tt.verdict, tt.reason)
		}
	}
}

func TestARunningYearIsJudgedOnceAMonthOfItIsKnown(t *testing.T) {
	t.Parallel()
	// From 6 January on, 360 days are owed: the thirtieth of them ends a twelfth.
	part := most(t, "pue", "1.5")
	part.ProRata, part.From = true, date(2026, 1, 6)
	for _, tt := range []struct {
		sentence string
		rule     Rule
		site     plant
		on       energy.Date
		reason   Code
	}{
		{"on the last day of the month it is just begun", part, plant{"pue": of(1.2, energy.One)}, date(2026, 2, 4), JustBegun},
		{"the day after it says something", part, plant{"pue": of(1.2, energy.One)}, date(2026, 2, 5), ForecastKeeps},
		{"just as much is known as must be", most(t, "pue", "1.5"), plant{"pue": known(0.9, of(1.2, energy.One))}, midYear(), ForecastKeeps},
		{"a little less is known", most(t, "pue", "1.5"), plant{"pue": known(0.899, of(1.2, energy.One))}, midYear(), ThinCoverage},
	} {
		if a := asking(tt.rule, tt.site, tt.on).judged(t, false); a.Reason != tt.reason {
			t.Errorf("%s: %s (%s), want %s", tt.sentence, a.Verdict, a.Reason, tt.reason)
		}
	}
	if list := asking(part, plant{}, date(2026, 2, 5)).Asks(); len(list) < 3 {
		t.Errorf("a judgement that forecasts asks for %v, want past years too", list)
	}
}

func TestABandThatJustReachesTheThresholdHoldsIt(t *testing.T) {
	t.Parallel()
	for value, within := range map[float64]bool{2: true, 1.75: false} { // 2 ± 0.5 and 1.75 ± 0.4375 against 2.5
		a := asking(most(t, "pue", "2.5"), plant{"pue": unsure(0.25, of(value, energy.One))}, midYear()).judged(t, true)
		if a.WithinUncertainty != within || a.Verdict != Met {
			t.Errorf("%v ± a quarter against 2.5: within %t (%s), want %t", value, a.WithinUncertainty, a.Verdict, within)
		}
	}
}

func TestTheFirstOfRollingPeriodsIsTheOneThatBeginsOnTheDueDay(t *testing.T) {
	t.Parallel()
	for due, first := range map[energy.Date]string{date(2027, 7, 1): "P12M/2028-06", date(2027, 7, 2): "P12M/2028-07"} {
		rule := most(t, "pue", "1.5")
		rule.Per, rule.From = registry.Rolling, due
		if a := asking(rule, plant{"pue": of(1.2, energy.One)}, midYear()).judged(t, false); a.Verdict != NotDue || a.Args["first"].Text != first {
			t.Errorf("due on %s: %s from %s, want from %s", due, a.Verdict, a.Args["first"].Text, first)
		}
	}
}

func TestARuleSaysWhomItDoesNotBindInTheRunningPeriod(t *testing.T) {
	t.Parallel()
	rule := most(t, "pue", "1.5")
	rule.Reach, rule.AppliesTo.Kinds = registry.AllSites, []energy.SiteKind{energy.ServerRoom}
	a := asking(rule, plant{}, midYear()).judged(t, false)
	if a.Verdict != NotApplicable || a.Period.Label != "2026" || !a.says(SitesTogether) {
		t.Errorf("%s in %s, %v, want not applicable in 2026 to the sites it names", a.Verdict, a.Period.Label, a.Steps)
	}
	q := asking(most(t, "pue", "1.5", func(r *Rule) { r.Reach = registry.AllSites }), plant{}, midYear())
	q.Registry.Sites = append(q.Registry.Sites, registry.Site{ID: "kai"})
	if a := q.judged(t, false); a.Reason != SitesNotKnown || a.Period.Label != "2026" {
		t.Errorf("%s in %s, want the running year open while others are not known", a.Reason, a.Period.Label)
	}
}

func TestAPromiseBindsNoPeriodThatWasOverBeforeIt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sentence string
		since    energy.Date
		periods  int
	}{
		{"a site that has always run", energy.Date{}, 2},
		{"one that began on the last day of the year", date(2025, 12, 31), 2},
		{"one that began on New Year's Day", date(2026, 1, 1), 1},
		{"one that is to begin next year", date(2027, 5, 1), 1},
	} {
		q := asking(most(t, "pue", "1.5"), plant{"pue": of(1.2, energy.One)}, midYear())
		q.Site.InOperationSince = tt.since
		if list, err := Assess(q); err != nil || len(list) != tt.periods || list[len(list)-1].Verdict == NotApplicable {
			t.Errorf("%s: %d periods, %v, want %d", tt.sentence, len(list), err, tt.periods)
		}
	}
}
