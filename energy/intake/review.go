package intake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/validation"
)

// Question asks about something strange in what is handed in. It may be in
// order: who explains it may hand it in all the same.
type Question struct {
	Code        string              `json:"code"` // of package validation, or one of those below
	Rule        validation.Rule     `json:"rule,omitempty"`
	Severity    validation.Severity `json:"severity"`
	Point       energy.PointID      `json:"point,omitempty"` // "": the site as a whole
	From        time.Time           `json:"from"`
	To          time.Time           `json:"to"`
	Row         int                 `json:"row,omitempty"` // the first row it is about; 0: it is about sums
	ToRow       int                 `json:"to_row,omitempty"`
	Cell        string              `json:"cell,omitempty"`
	Rows        int                 `json:"rows"` // how many rows
	Args        validation.Args     `json:"args,omitempty"`
	Explanation string              `json:"explanation,omitempty"`

	column int
}

// The questions of the rows themselves.
const (
	QuestionNegative = "negative_value" // an amount or a counter below zero
	QuestionProfile  = "load_profile"   // standings of a counter that rise and fall as amounts do
)

// Explanation answers questions of a code: all of them, or those about rows of
// a range.
type Explanation struct {
	Code  string `json:"code"`
	Row   int    `json:"row,omitempty"`    // 0: wherever it is asked
	ToRow int    `json:"to_row,omitempty"` // 0: Row alone
	Text  string `json:"text"`
}

// covers tells whether the explanation is about the question.
func (e Explanation) covers(q Question) bool {
	return e.Code == q.Code && (e.Row == 0 || q.Row <= max(e.Row, e.ToRow) && e.Row <= q.ToRow)
}

// MonthChange is what a local month of a point came to before, and after. What
// is not known is nil. It is computed like every figure, from the quarter-hours.
type MonthChange struct {
	Point          energy.PointID `json:"point"`
	Month          string         `json:"month"` // 2025-06
	Unit           energy.Unit    `json:"unit"`
	Before         *energy.Value  `json:"before"`
	After          *energy.Value  `json:"after"`
	Delta          *float64       `json:"delta"` // nil unless both are known
	BeforeCoverage float64        `json:"before_coverage"`
	AfterCoverage  float64        `json:"after_coverage"`
}

// DayChange is what a local day of a point came to before, and after; see
// [MonthChange].
type DayChange struct {
	Point  energy.PointID `json:"point"`
	Day    energy.Date    `json:"day"`
	Before *energy.Value  `json:"before"`
	After  *energy.Value  `json:"after"`
}

// ValueChange is a known value that a row says differently.
type ValueChange struct {
	Row        int            `json:"row"`
	Point      energy.PointID `json:"point"`
	At         time.Time      `json:"at"`
	Old        energy.Value   `json:"old"`
	OldQuality energy.Quality `json:"old_quality"`
	New        energy.Value   `json:"new"`
	NewQuality energy.Quality `json:"new_quality"`
	Delta      float64        `json:"delta"`
}

// The most values and days side by side, and the most questions, of a site.
const (
	changesMost   = 1000
	questionsMost = 1000
	daysMost      = 12_000 // side by side: thirty points of a year
)

// compareBack is how many days before the rows are compared with them: a year
// and a month, so that the copy of last year is recognised.
const compareBack = 400

// review is what changes at a site with what a fact has written so far.
type review struct {
	fact      *store.Fact
	registry  *registry.Registry
	site      registry.Site
	calendar  energy.Calendar
	rows      map[energy.PointID]*rowList
	replaces  energy.Period
	until     time.Time
	carried   map[energy.PointID][]series.Day // of the year before, as they will be
	questions []Question
	months    []MonthChange
	days      []DayChange
}

func (in *Intake) review(ctx context.Context, check *checking, site energy.SiteID, f *store.Fact) (*review, error) {
	calendar, err := in.ledger.Calendar(check.registry, site)
	if err != nil {
		return nil, err
	}
	known, _ := check.registry.Site(site)
	v := &review{fact: f, registry: check.registry, site: known, calendar: calendar, rows: check.sites[site], replaces: check.submission.Replaces,
		until: check.now, carried: map[energy.PointID][]series.Day{}}
	whole, ok := v.whole()
	if !ok {
		return v, nil
	}
	for year := calendar.Date(whole.From).Year; year <= calendar.Date(whole.To.Add(-time.Microsecond)).Year; year++ {
		if err := v.year(ctx, calendar.Year(year)); err != nil {
			return nil, err
		}
	}
	v.negatives()
	v.profiles()
	slices.SortStableFunc(v.questions, func(a, b Question) int { return a.Row - b.Row })
	for i := range v.questions {
		if q := &v.questions[i]; q.column > 0 {
			q.Cell = sheet.At(q.column, q.Row)
		}
		for _, e := range check.submission.Explained {
			if v.questions[i].Explanation == "" && e.covers(v.questions[i]) {
				v.questions[i].Explanation = e.Text
			}
		}
	}
	return v, nil
}

// whole is the period that the rows of all points speak of.
func (v *review) whole() (whole energy.Period, ok bool) {
	for _, rows := range v.rows {
		p, some := v.period(rows)
		if !some {
			continue
		}
		if !ok || p.From.Before(whole.From) {
			whole.From = p.From
		}
		if !ok || p.To.After(whole.To) {
			whole.To = p.To
		}
		ok = true
	}
	return whole, ok
}

func (v *review) period(rows *rowList) (p energy.Period, ok bool) {
	if !v.replaces.To.IsZero() {
		return v.replaces, true
	}
	if rows.n == 0 {
		return p, false
	}
	return extent([]numbered{*rows.at(0), *rows.at(rows.n - 1)}), true
}

// derived are the days of a point before and after.
type derived struct{ before, after series.Known }

// year looks at one local year.
func (v *review) year(ctx context.Context, year energy.Period) error {
	changed := map[energy.PointID]derived{}
	var touched energy.Period
	var found, before []validation.Finding
	for _, id := range slices.Sorted(maps.Keys(v.rows)) {
		months := v.monthsOf(v.rows[id], year)
		if len(months) == 0 {
			continue
		}
		days, arrived, wereThere, err := v.derive(ctx, id, months)
		if err != nil {
			return err
		}
		changed[id] = days
		found, before = append(found, arrived...), append(before, wereThere...)
		v.compare(id, months, days)
		v.compareDays(id, days)
		if whole := (energy.Period{From: months[0].From, To: months[len(months)-1].To}); touched.To.IsZero() {
			touched = whole
		} else {
			touched.From, touched.To = minTime(touched.From, whole.From), maxTime(touched.To, whole.To)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	was, will, err := v.known(ctx, touched, changed)
	if err != nil {
		return err
	}
	question := validation.Question{Site: v.site, Calendar: v.calendar, Period: touched, Until: v.until, Known: was, Limits: validation.Defaults()}
	before = append(before, validation.Check(question)...)
	question.Known = will
	found = append(found, validation.Check(question)...)
	v.ask(found, before, changed)
	for id, days := range changed {
		v.carried[id] = days.after.Days
	}
	return nil
}

// monthsOf are the local months of a year that rows of a point touch.
func (v *review) monthsOf(rows *rowList, year energy.Period) (months []energy.Period) {
	p, ok := v.period(rows)
	if !ok || !p.Overlaps(year) {
		return nil
	}
	first := v.calendar.Date(maxTime(p.From, year.From))
	for month := v.calendar.Month(first.Year, first.Month); month.From.Before(minTime(p.To, year.To)); {
		months = append(months, month)
		next := v.calendar.Date(month.To)
		month = v.calendar.Month(next.Year, next.Month)
	}
	return months
}

// compare sets the months of a point side by side.
func (v *review) compare(id energy.PointID, months []energy.Period, days derived) {
	_, _, point, _ := v.registry.Point(id)
	for _, month := range months {
		date := v.calendar.Date(month.From)
		change := MonthChange{Point: id, Month: fmt.Sprintf("%04d-%02d", date.Year, date.Month), Unit: point.Quantity.Unit()}
		change.Before, change.BeforeCoverage = sumOf(point.Quantity, month, days.before)
		change.After, change.AfterCoverage = sumOf(point.Quantity, month, days.after)
		if change.Before != nil && change.After != nil {
			delta := change.After.Float64() - change.Before.Float64()
			change.Delta = &delta
		}
		v.months = append(v.months, change)
	}
}

// sumOf is the amount, or the mean level, of a period; nil: nothing is known.
func sumOf(q energy.Quantity, p energy.Period, known series.Known) (*energy.Value, float64) {
	total := series.Over(p, known.Days, known.Spans)
	coverage := float64(total.EnergyS) / float64(max(total.PeriodS, 1))
	if total.Quality == energy.Missing {
		return nil, coverage
	}
	amount, ok := total.Amount, true
	if !q.Cumulative() {
		amount, ok = total.Mean()
	}
	if !ok {
		return nil, coverage
	}
	value := q.Value(amount)
	return &value, coverage
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// rules are those of a point.
func (v *review) rules(id energy.PointID) series.Rules {
	rules, _ := ledger.Rules(v.registry, id) // the point was looked up when its rows were checked
	return rules
}
