package web

import (
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

// heatStatistics is what the hours of a kind of heat say. Powers are in kW, and P10,
// P50 and P90 those that 10, 50 and 90 % of the hours reach.
type heatStatistics struct {
	Kind           string          `json:"kind"`
	Method         string          `json:"method"`
	From           time.Time       `json:"from"`
	To             time.Time       `json:"to"`
	Grade          string          `json:"grade"`
	Limit          string          `json:"limit"`
	KWh            float64         `json:"kwh"`
	Coverage       float64         `json:"coverage" says:"share of the time whose power is known"`
	EnergyCoverage float64         `json:"energy_coverage"`
	MeasuredHours  float64         `json:"measured_hours"`
	EstimatedHours float64         `json:"estimated_hours"`
	DeclaredHours  float64         `json:"declared_hours"`
	Secured        heatSecured     `json:"secured"`
	Bands          heatBands       `json:"bands"`
	Curve          heatCurve       `json:"curve"`
	Outages        heatOutages     `json:"outages"`
	Below          *heatBelow      `json:"below" says:"of the power that is wanted"`
	Held           *heatHeld       `json:"held" says:"of the temperature that is wanted"`
	NotRequested   *heatUnasked    `json:"not_requested"`
	AtPower        []heatAtPower   `json:"temperature_at_power"`
	Months         []heatMeanMonth `json:"months"`
	Season         heatSeason      `json:"season"`
	Trend          heatTrend       `json:"trend"`
	Levels         []heatLevel     `json:"levels" says:"stretches of days between breaks"`
}

type heatSecured struct {
	Availability float64 `json:"availability"`
	KW           float64 `json:"kw"`
	AtWorstKW    float64 `json:"at_worst_kw" says:"if all hours without data had given nothing"`
	Hours        int     `json:"hours"`
	Of           int     `json:"of"`
}

type heatBand struct {
	P10   float64 `json:"p10_kw"`
	P50   float64 `json:"p50_kw"`
	P90   float64 `json:"p90_kw"`
	Hours int     `json:"hours"`
	Of    int     `json:"of"`
}

// heatBands have 24 entries for each kind of day, and twelve months of 24.
type heatBands struct {
	Whole  heatBand              `json:"whole"`
	Days   map[string][]heatBand `json:"days" says:"by kind of day: weekday, saturday, sunday_or_holiday; by local hour"`
	Months []heatMonthBands      `json:"months"`
	Why    string                `json:"why" says:"why there are no months"`
}

type heatMonthBands struct {
	Month int        `json:"month"`
	Whole heatBand   `json:"whole"`
	Hours []heatBand `json:"hours"`
}

type heatCurve struct {
	ReferenceKW   float64   `json:"reference_kw"`
	Reference     string    `json:"reference" says:"capacity: declared; peak: the greatest hour"`
	FullLoadHours float64   `json:"full_load_hours"`
	Of            int       `json:"of" says:"hours of the period"`
	KW            []float64 `json:"kw" says:"the known hours, the greatest first"`
}

type heatOutages struct {
	LeastKW    float64      `json:"least_kw" says:"a power at or below it is an outage"`
	TotalHours float64      `json:"total_h"`
	KnownHours float64      `json:"known_h"`
	List       []heatOutage `json:"list"`
	Gaps       int          `json:"gaps" says:"in which nothing is known: no outages"`
}

type heatOutage struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Cause    string    `json:"cause"`
	Reason   string    `json:"reason"`
	OpenFrom bool      `json:"open_from"`
	OpenTo   bool      `json:"open_to"`
}

type heatBelow struct {
	Hours        float64 `json:"hours"`
	KnownHours   float64 `json:"known_hours"`
	LongestHours float64 `json:"longest_h"`
	LackingKWh   float64 `json:"lacking_kwh"`
}

type heatHeld struct {
	AboveC     float64  `json:"above_c"`
	TimeShare  *float64 `json:"time_share"`
	HeatShare  *float64 `json:"heat_share"`
	KnownHours float64  `json:"known_hours"`
}

type heatUnasked struct {
	Hours      float64 `json:"hours" says:"in which heat was available and none requested"`
	KnownHours float64 `json:"known_hours"`
	KWh        float64 `json:"kwh"`
}

type heatAtPower struct {
	FromKW  float64  `json:"from_kw"`
	ToKW    float64  `json:"to_kw"`
	Hours   int      `json:"hours"`
	FlowC   *float64 `json:"flow_c"`
	ReturnC *float64 `json:"return_c"`
}

type heatMeanMonth struct {
	Month  string  `json:"month"`
	MeanKW float64 `json:"mean_kw"`
	Hours  int     `json:"hours"`
	Of     int     `json:"of"`
}

type heatSeason struct {
	Months   []float64 `json:"months" says:"relative to the mean; empty: see why"`
	Strength float64   `json:"strength"`
	Why      string    `json:"why"`
}

type heatTrend struct {
	KWPerYear float64 `json:"kw_per_year"`
	Relative  float64 `json:"relative_per_year"`
	P         float64 `json:"p"`
	Why       string  `json:"why"`
}

type heatLevel struct {
	From   energy.Date `json:"from"`
	To     energy.Date `json:"to"`
	MeanKW float64     `json:"mean_kw"`
	Change string      `json:"change"`
}

func heatStatisticsJSON(s *source.Statistics) *heatStatistics {
	if s == nil {
		return nil
	}
	a := s.Account
	out := &heatStatistics{Kind: string(s.Kind), Method: string(s.Method.Code), From: s.Period.From, To: s.Period.To, Grade: a.Grade().String(), Limit: a.Limit().String(),
		KWh: float64(a.Energy + a.Unshaped), Coverage: a.Coverage(), EnergyCoverage: a.EnergyCoverage(),
		MeasuredHours: a.ByGrade[heatmap.Measured].Hours(), EstimatedHours: a.ByGrade[heatmap.Estimated].Hours(), DeclaredHours: a.ByGrade[heatmap.Declared].Hours(),
		Secured: heatSecuredJSON(s.Secured), Bands: heatBandsJSON(s.Bands), Outages: heatOutagesJSON(s.Outages),
		Curve:   heatCurve{float64(s.Curve.Reference), string(s.Curve.ReferenceIs), s.Curve.FullLoad, s.Curve.Of, numbers(s.Curve.Hours)},
		AtPower: []heatAtPower{}, Months: []heatMeanMonth{}, Levels: []heatLevel{},
		Season: heatSeason{Months: []float64{}, Strength: s.Season.Strength, Why: string(s.Season.Why)},
		Trend:  heatTrend{float64(s.Trend.PerYear), s.Trend.Relative, s.Trend.P, string(s.Trend.Why)}}
	if s.Season.Why == "" {
		out.Season.Months = s.Season.Months[:]
	}
	heatAskedJSON(out, s)
	for _, p := range s.AtPower {
		one := heatAtPower{FromKW: float64(p.From), ToKW: float64(p.To), Hours: p.Hours, ReturnC: celsius(p.Return)}
		if p.Hours > 0 {
			one.FlowC = new(float64(p.Flow))
		}
		out.AtPower = append(out.AtPower, one)
	}
	for _, m := range s.Months {
		out.Months = append(out.Months, heatMeanMonth{monthOf(m.Year, int(m.Month)), float64(m.Mean), m.Hours, m.Of})
	}
	for _, l := range s.Levels.List {
		out.Levels = append(out.Levels, heatLevel{l.From, l.To, float64(l.Mean), string(l.Change)})
	}
	return out
}

// heatAskedJSON puts in what is there only where it was asked for, or is known.
func heatAskedJSON(out *heatStatistics, s *source.Statistics) {
	if b := s.Below; b.Known > 0 {
		out.Below = &heatBelow{b.Time.Hours(), b.Known.Hours(), b.Longest.Length().Hours(), float64(b.Lacking)}
	}
	if h := s.Held; h.Known > 0 {
		out.Held = &heatHeld{AboveC: float64(h.Above), KnownHours: h.Known.Hours()}
		if share, ok := h.TimeShare(); ok {
			out.Held.TimeShare = &share
		}
		if share, ok := h.HeatShare(); ok {
			out.Held.HeatShare = &share
		}
	}
	if u := s.Unasked; u.Known > 0 {
		out.NotRequested = &heatUnasked{u.Time.Hours(), u.Known.Hours(), float64(u.Energy)}
	}
}

func heatSecuredJSON(s source.Secured) heatSecured {
	return heatSecured{s.Availability, float64(s.Power), float64(s.AtWorst), s.Hours, s.Of}
}

func heatBandJSON(b source.Band) heatBand {
	return heatBand{float64(b.P10), float64(b.P50), float64(b.P90), b.Hours, b.Of}
}

func heatBandList(list []source.Band) []heatBand {
	out := make([]heatBand, len(list))
	for i, b := range list {
		out[i] = heatBandJSON(b)
	}
	return out
}

func heatBandsJSON(b source.Bands) heatBands {
	out := heatBands{Whole: heatBandJSON(b.Whole), Days: map[string][]heatBand{}, Months: []heatMonthBands{}, Why: string(b.Why)}
	for kind := range b.Days {
		out.Days[heatmap.KindOfDay(kind).String()] = heatBandList(b.Days[kind][:])
	}
	for m := range b.Months {
		out.Months = append(out.Months, heatMonthBands{m + 1, heatBandJSON(b.Months[m].Whole), heatBandList(b.Months[m].Hours[:])})
	}
	return out
}

func heatOutagesJSON(o source.Outages) heatOutages {
	out := heatOutages{LeastKW: float64(o.Least), TotalHours: o.Total.Hours(), KnownHours: o.Known.Hours(), List: []heatOutage{}, Gaps: len(o.Gaps)}
	for _, one := range o.List {
		out.List = append(out.List, heatOutage{one.Period.From, one.Period.To, string(one.Cause), one.Event.Reason, one.OpenFrom, one.OpenTo})
	}
	return out
}

func numbers[T ~float64](list []T) []float64 {
	out := make([]float64, len(list))
	for i, x := range list {
		out[i] = float64(x)
	}
	return out
}
