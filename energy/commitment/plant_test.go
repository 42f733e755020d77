package commitment

import (
	"errors"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// plant is a site whose figures are known by name and days, "pue 2025-01-01
// 2026-01-01", or for all days, "pue". Of its electricity numerator is the own
// use and denominator the consumption, in MWh; degree_days are its weather.
type plant map[string]kpi.Figure

var errGone = errors.New("the database is gone")

// gone is a figure that cannot be read.
func gone() kpi.Figure { return kpi.Figure{Name: "gone"} }

func (p plant) Metric(metric string, s energy.Period) (kpi.Figure, bool, error) {
	f, ok := p[metric+s.From.Format(" 2006-01-02")+s.To.Format(" 2006-01-02")]
	if !ok {
		f, ok = p[metric]
	}
	if f.Name == "gone" {
		return kpi.Figure{}, false, errGone
	}
	return f, ok, nil
}

func (p plant) Electricity(s energy.Period) (kpi.Figure, kpi.Sum, bool, error) {
	f, ok, err := p.Metric("electricity", s)
	own, all := energy.Amount(f.Numerator.Float64()*1e9), energy.Amount(f.Denominator.Float64()*1e9)
	return f, kpi.Sum{Numerator: own, Denominator: all, Limit: all - own}, ok, err
}

func (p plant) DegreeDays(s energy.Period) (float64, bool, error) {
	f, ok, err := p.Metric("degree_days", s)
	return f.Value, ok, err
}

// withoutWeather is a source that knows no degree-days.
type withoutWeather struct{ FigureSource }

func date(y, m, d int) energy.Date { return energy.Date{Year: y, Month: time.Month(m), Day: d} }

// of is a figure that is known throughout.
func of(value float64, unit energy.Unit) kpi.Figure {
	return kpi.Figure{OK: true, Value: value, Unit: unit, EnergyCoverage: 1, IntervalCoverage: 1}
}

// kwh is heat that is known throughout.
func kwh(value float64) kpi.Figure { return of(value, energy.KilowattHour) }

// known is a figure of which only a share is known.
func known(share float64, f kpi.Figure) kpi.Figure {
	f.EnergyCoverage, f.IntervalCoverage = share, share
	return f
}

// used is the electricity of a site: its own use of all it uses, in MWh.
func used(own, all float64) kpi.Figure {
	return kpi.Figure{OK: true, Unit: energy.One, Numerator: energy.Float(own), Denominator: energy.Float(all), EnergyCoverage: 1, IntervalCoverage: 1}
}

func measure(t *testing.T, text string) (m registry.Measure) {
	t.Helper()
	if err := m.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return m
}

func number(t *testing.T, text string) registry.Number {
	t.Helper()
	n, err := registry.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// least is the rule that a metric is at least so much in each calendar year.
func least(t *testing.T, metric, threshold string, terms ...func(*Rule)) Rule {
	t.Helper()
	rule := Rule{ID: "a", Metric: metric, Comparator: registry.AtLeast, Thresholds: []Threshold{{Value: measure(t, threshold)}}, Per: registry.CalendarYear, FirstWindow: StartsOnOrAfter}
	for _, term := range terms {
		term(&rule)
	}
	return rule
}

// most is the rule that it is at most so much.
func most(t *testing.T, metric, threshold string, terms ...func(*Rule)) Rule {
	t.Helper()
	return least(t, metric, threshold, append(terms, func(r *Rule) { r.Comparator = registry.AtMost })...)
}

// asking is the question whether site hafen, which runs since 2015, kept a rule.
func asking(rule Rule, source FigureSource, on energy.Date, papers ...registry.Evidence) Question {
	site := registry.Site{ID: "hafen", Operator: "op", Kind: energy.DataCentre, InOperationSince: date(2015, 1, 1)}
	for i := range papers {
		papers[i].Sites = []energy.SiteID{"hafen"}
	}
	return Question{Site: site, Registry: &registry.Registry{Operators: []registry.Operator{{ID: "op"}}, Sites: []registry.Site{site}, Evidence: papers},
		Commitment: registry.Commitment{ID: "c", Rulebook: "b"}, Rulebook: &Rulebook{ID: "b", Version: "1", Rules: []Rule{rule}},
		On: on, Calendar: energy.Calendar{Location: time.UTC}, Figures: source}
}

// judged is the assessment of the closed period, or of the running one.
func (q Question) judged(t *testing.T, closed bool) Assessment {
	t.Helper()
	list, err := Assess(q)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if a.Period.Closed == closed {
			return a
		}
	}
	t.Fatalf("no such period in %+v", list)
	return Assessment{}
}

// says tells whether some step has the code.
func (a Assessment) says(code Code) bool {
	for _, s := range a.Steps {
		if s.Code == code {
			return true
		}
	}
	return false
}
