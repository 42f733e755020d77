package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
)

// Workings are what the figures of a site in a calendar year are computed from,
// so that somebody else can compute them: amounts of quarter-hours, which points
// count when, what evidence gives, how exact the meters are. They hold one
// site's year in memory.
type Workings struct {
	Site   registry.Site
	Fact   int64 // the fact they rest on
	Period energy.Period
	// Open is the part of Period in which the site is open.
	Open     energy.Period
	Calendar energy.Calendar
	Points   []energy.PointID // ascending
	Days     map[energy.Date]map[energy.PointID]series.Day
	Spans    map[energy.PointID][]series.Span
	Figures  []Working
}

// Working is a figure with what it is computed from.
type Working struct {
	kpi.Definition
	Category int
	Figure   kpi.Figure
	// Pair are its terms in the year as a whole, Pages those of its days.
	Pair  kpi.Pair
	Pages []WorkingPage
	// Given is what evidence proves for the year, Monthly for each of its months.
	Given   kpi.Guarantees
	Monthly [12]kpi.Guarantees
	// Certified gives what certificates prove by the hour; nil where none does.
	Certified kpi.Certified
	// Capacity is the declared thermal power, in the fixed unit; 0: the greatest
	// hour stands for it.
	Capacity energy.Amount
	// Grams is the intensity in g/kWh of what was bought; Mixed: it is known.
	Grams float64
	Mixed bool
	// Accuracies of both sides; Unstated: nobody states that of the figure's other data.
	Numerator, Denominator []Accuracy
	Unstated               bool
}

// WorkingPage are the terms that count on the days [From, To).
type WorkingPage struct {
	From, To energy.Date
	Pair     kpi.Pair
}

// Accuracy is what a point's amount times Factor adds to a sum, and how exact it is.
type Accuracy struct {
	Point   energy.PointID
	Factor  float64
	Meter   energy.MeterID // "": on its own
	Percent float64
	Stated  bool
	// Heat is the accuracy of a heat meter, whose per cent depend on the
	// temperature difference; nil: Percent is as it is stated.
	Heat *registry.Accuracy
}

// Workings are those of a site in a local calendar year, as known at a time
// (zero = now).
func (l *Ledger) Workings(ctx context.Context, id energy.SiteID, year int, at time.Time) (*Workings, error) {
	q, err := l.inquire(ctx, id, at)
	if err != nil {
		return nil, err
	}
	if q.period, err = q.calendar.Parse(fmt.Sprintf("%04d", year)); err != nil {
		return nil, err
	}
	list := q.wanted(func(kpi.Definition) bool { return true })
	a := &account{inquiry: q, books: kpi.NewBooks(q.site), lines: map[month][]kpi.Line{}, hourly: map[energy.Date]map[energy.PointID]series.Day{}}
	points := q.withInputs(kpi.Points(q.site))
	for _, w := range list {
		for _, point := range w.pair.Points() {
			if !slices.Contains(points, point) {
				points = append(points, point)
			}
		}
	}
	slices.Sort(points)
	if at.IsZero() {
		err = a.read(ctx, points, points)
	} else {
		err = a.anew(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read the workings of %s in %d: %w", id, year, err)
	}
	w := &Workings{Site: q.site, Fact: a.upto, Period: q.period, Open: q.own(), Calendar: q.calendar, Points: points, Days: a.hourly, Spans: a.spans}
	for _, one := range list {
		w.Figures = append(w.Figures, a.working(one))
	}
	return w, nil
}

// working is a figure with what it is computed from.
func (a *account) working(w wanted) Working {
	given := a.guarantees()
	year := a.days().From.Year
	one := Working{Definition: w.Definition, Category: w.category, Pair: w.pair, Figure: a.figure(w), Pages: a.pages(w)}
	switch {
	case w.Market:
		g := a.ofYear()
		one.Given = kpi.Guarantees{MWh: g.MWh, Wh: g.Wh}
		mix, known := evidence.Mix(a.registry.Evidence, a.site.ID, year)
		one.Grams, one.Mixed = mix.CarbonGPerKWh.Float64(), known
	case w.Proof == kpi.ProofOfYear:
		one.Given = a.ofYear()
	case w.Matched:
		one.Given = kpi.Guarantees{SoldMWh: a.sold()}
		one.Certified = a.certified()
	case w.Proof == kpi.ProofOfMonth:
		for m := range one.Monthly {
			of := month{Year: year, Month: time.Month(m + 1)}
			one.Monthly[m] = kpi.GuaranteesOfMonth(given, of.Year, of.Month)
			one.Monthly[m].Add(kpi.CertificatesIn(given, a.calendar.Month(of.Year, of.Month)))
			one.Monthly[m].SoldMWh = a.soldIn(of)
		}
	case w.PerCapacity:
		one.Capacity, _ = kpi.Capacity(a.site, a.days())
	}
	one.Unstated = unstated(w)
	one.Numerator, one.Denominator = a.accuracies(w.pair.Numerator), a.accuracies(w.pair.Denominator)
	return one
}

// pages are the terms of the figure's days.
func (a *account) pages(w wanted) (pages []WorkingPage) {
	for _, date := range a.calendar.Days(a.period) {
		pair, ok := w.Of(a.site, w.category, kpi.On(date))
		if !ok {
			continue
		}
		if n := len(pages) - 1; n >= 0 && pages[n].To == date && samePair(pages[n].Pair, pair) {
			pages[n].To = date.AddDays(1)
			continue
		}
		pages = append(pages, WorkingPage{From: date, To: date.AddDays(1), Pair: pair})
	}
	return pages
}

func samePair(a, b kpi.Pair) bool {
	return slices.Equal(a.Numerator, b.Numerator) && slices.Equal(a.Denominator, b.Denominator) && slices.Equal(a.Limit, b.Limit) &&
		a.Above == b.Above && a.OwnTime == b.OwnTime
}

func (a *account) accuracies(terms []kpi.Term) (list []Accuracy) {
	for _, term := range terms {
		list = append(list, a.accuracyOf(term.Point, float64(term.Factor)/kpi.Unity)...)
	}
	return list
}

// accuracyOf is what [account.accuracy] rests on.
func (a *account) accuracyOf(id energy.PointID, factor float64) (list []Accuracy) {
	_, meter, point, _ := a.registry.Point(id)
	one := Accuracy{Point: id, Factor: factor, Meter: meter.ID}
	switch {
	case point.Share != nil:
		one.Meter = ""
		one.Percent, one.Stated = a.partPercent(*point.Share)
		return []Accuracy{one}
	case len(point.Formula.Terms) > 0:
		for _, t := range point.Formula.Terms {
			list = append(list, a.accuracyOf(t.Point, factor*t.Factor.Float64())...)
		}
		return list
	}
	if one.Percent, one.Stated = kpi.MeterPercent(meter); !one.Stated {
		if one.Percent, one.Stated = a.heatPercent(meter, id); one.Stated {
			one.Heat = &meter.Accuracy
		}
	}
	return []Accuracy{one}
}

// State says how a quarter-hour of a point counts, in an order in which the
// least of several points is that of all: 0 nothing is known; 1 energy spread
// across a gap; 2 estimated; 3 estimated, with the energy known; 4 measured,
// though doubtful or declared; 5 measured at its own time.
func State(day series.Day, known []int16, q int) int {
	of := func(seconds []int16) bool { return q < len(seconds) && seconds[q] == quarterSeconds }
	estimated := q < len(day.Quality) && slices.Contains([]energy.Quality{energy.Substitute, energy.Declared, energy.Suspect}, day.Quality[q])
	switch {
	case estimated && of(day.Covered):
		return 4
	case of(day.Covered):
		return 5
	case estimated && of(known):
		return 3
	case estimated:
		return 2
	case of(known):
		return 1
	}
	return 0
}

const quarterSeconds = 900
