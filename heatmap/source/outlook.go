package source

import (
	"cmp"
	"math"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// ForecastMethod names a way to expect the mean power of a month to come.
type ForecastMethod string

// LastMonth expects the last known month again; LastQuarter the mean of the last
// three; SameMonth what the same month brought a year before; SeasonAtLevel the same
// month a year before, times how much the last three months were above or below the
// same three of that year, of those that are known in both.
const (
	LastMonth     ForecastMethod = "last_month"
	LastQuarter   ForecastMethod = "last_quarter"
	SameMonth     ForecastMethod = "same_month"
	SeasonAtLevel ForecastMethod = "season_at_level"
)

// forecastMethods are those there are, in the order of preference where they err
// alike: the simpler first.
func forecastMethods() [4]ForecastMethod {
	return [...]ForecastMethod{LastQuarter, LastMonth, SameMonth, SeasonAtLevel}
}

// Growth is power that was contracted: from a day on, so much more than without it
// (less, where it is negative).
type Growth struct {
	From     energy.Date
	Power    heatmap.Kilowatts
	Contract string // where it is agreed
}

// Tried is how a method did on the past.
type Tried struct {
	Method ForecastMethod
	// Error is the mean of |what came − what was expected| over Trials, relative to the
	// level at the time.
	Error  float64
	Trials int
}

// Outlook is what a source is expected to give in the months to come, from its own
// past alone and with what was contracted.
//
// Method: each of [ForecastMethod] is tried on the past: from every month on, it
// forecasts up to the following twelve from what was known by then. The one with the
// least error on what all could forecast is taken. The band of a month is the point
// forecast plus the 10, 50 and 90 % quantiles of the errors that the method made at
// about the same distance (a month less, the same, a month more), relative to the
// mean of the twelve months before; where fewer than eight were made there, those of
// the next distances are taken too, until there are eight, and the month says so
// (OtherDistances). Errors of neighbouring months resemble each other, so the band is
// narrower than it looks where few years are known: Trials says how many errors there
// were.
type Outlook struct {
	Months []Expected
	Method ForecastMethod
	Error  float64 // of Method, see [Tried]
	Trials int
	All    []Tried // every method that could be tried
	// Growth is what begins in these months and is counted in their Contracted.
	Growth []Growth
	// NoSeason says why a Method that expects all months alike was taken: UnderTwoYears,
	// for a season could not be tried against it, or "" where a season did worse, or is in
	// it.
	NoSeason Why
	// Why says why there is no outlook, or (NotTried) no band: then Months hold P50
	// alone.
	Why Why
}

// Fallback is what an expectation rests on for want of what its method asks for.
type Fallback string

// NoSuchMonth: the method lacks the month it would look at, so the last known one is
// expected again. OtherDistances: too few errors were made at about the month's
// distance, so the band is that of nearer months too, and rather too narrow.
const (
	NoSuchMonth    Fallback = "last_month"
	OtherDistances Fallback = "other_distances"
)

// Expected is a month to come.
type Expected struct {
	Year  int
	Month time.Month
	// Fallbacks are what was resorted to; Least and Farthest the distances in months
	// whose errors make the band, 0 without one.
	Fallbacks       []Fallback
	Least, Farthest int
	// P90 is the mean power that the month reaches with a likelihood of 90 %, by the
	// past; without HasBand P10 and P90 mean nothing.
	P10, P50, P90 heatmap.Kilowatts
	HasBand       bool
	// Contracted comes on top of each of them: the growth in force, by its share of the
	// month.
	Contracted heatmap.Kilowatts
}

// Seasonal tells whether the method expects a course of the year.
func (m ForecastMethod) Seasonal() bool { return m == SameMonth || m == SeasonAtLevel }

// With is the expectation with what was contracted, never below zero.
func (e Expected) With() Expected {
	grown := func(p heatmap.Kilowatts) heatmap.Kilowatts { return max(0, p+e.Contracted) }
	e.P10, e.P50, e.P90, e.Contracted = grown(e.P10), grown(e.P50), grown(e.P90), 0
	return e
}

const (
	farthest    = 12 // months that a method is tried on
	leastTrials = 8  // errors that a band needs
	quarter     = 3  // months of a level
)

// Foresee looks ahead from the last month that is known, by so many months. Growth that
// already runs at its end, or at that of the series, is taken to be in the past: only
// what begins later is added.
func Foresee(s heatmap.Series, calendar energy.Calendar, ahead int, growth []Growth) Outlook {
	months := Monthly(s, calendar)
	for len(months) > 0 && !months[len(months)-1].OK() {
		months = months[:len(months)-1] // a month that has only begun says nothing yet
	}
	past := make([]float64, len(months))
	known := 0
	for i, m := range months {
		if past[i] = math.NaN(); m.OK() {
			past[i] = float64(m.Mean)
			known++
		}
	}
	if known < quarter {
		return Outlook{Why: TooFewMonths}
	}
	o := Outlook{Why: NotTried, Method: LastQuarter}
	errs := o.try(past)
	level := levelOf(past)
	last := months[len(months)-1]
	end := calendar.Month(last.Year, last.Month).To
	if to := s.Period().To; to.Before(end) {
		end = to
	}
	for _, g := range growth {
		if begins := calendar.Day(g.From).From; !begins.Before(end) && begins.Before(calendar.Month(last.Year, last.Month+time.Month(ahead)).To) {
			o.Growth = append(o.Growth, g)
		}
	}
	for h := 1; h <= ahead; h++ {
		first := energy.Date{Year: last.Year, Month: last.Month, Day: 1}.UTC().AddDate(0, h, 0)
		e := Expected{Year: first.Year(), Month: first.Month()}
		middle := forecast(o.Method, past, h)
		if middle != middle {
			middle = forecast(LastMonth, past, 1)
			e.Fallbacks = append(e.Fallbacks, NoSuchMonth)
		}
		e.P10, e.P50, e.P90 = heatmap.Kilowatts(middle), heatmap.Kilowatts(middle), heatmap.Kilowatts(middle)
		if o.Why == "" {
			e.within(near(errs, h), middle, level)
		}
		e.Contracted = contracted(o.Growth, calendar, calendar.Month(e.Year, e.Month))
		o.Months = append(o.Months, e)
	}
	return o
}

// within gives an expectation the band of errors, relative to a level, about a middle.
func (e *Expected) within(about distant, middle, level float64) {
	band := func(share float64) heatmap.Kilowatts {
		return heatmap.Kilowatts(max(0, middle+exceeded(about.errors, share)*level))
	}
	e.HasBand, e.P10, e.P50, e.P90 = true, band(0.1), band(0.5), band(0.9)
	e.Least, e.Farthest = about.least, about.farthest
	if about.other {
		e.Fallbacks = append(e.Fallbacks, OtherDistances)
	}
}

// try tries all methods on the past, chooses one and gives its errors by distance.
func (o *Outlook) try(past []float64) [][]float64 {
	all := map[ForecastMethod][][]float64{}
	together := map[ForecastMethod]*mean{}
	for _, m := range forecastMethods() {
		all[m], together[m] = make([][]float64, farthest+1), &mean{}
	}
	for origin := quarter; origin < len(past); origin++ {
		level := levelOf(past[:origin])
		for h := 1; h <= farthest && origin+h <= len(past); h++ {
			came := past[origin+h-1]
			if came != came || !(level > 0) {
				continue
			}
			errs := map[ForecastMethod]float64{}
			for _, m := range forecastMethods() {
				if x := forecast(m, past[:origin], h); x == x {
					errs[m] = (came - x) / level
					all[m][h] = append(all[m][h], errs[m])
				}
			}
			if len(errs) == len(all) {
				for m, e := range errs {
					together[m].add(math.Abs(e))
				}
			}
		}
	}
	return o.choose(all, together)
}

// choose takes the method with the least error, of those that were tried alike.
func (o *Outlook) choose(all map[ForecastMethod][][]float64, together map[ForecastMethod]*mean) [][]float64 {
	for _, m := range forecastMethods() {
		var err mean
		for _, list := range all[m] {
			for _, e := range list {
				err.add(math.Abs(e))
			}
		}
		if err.weight == 0 {
			continue
		}
		tried := Tried{m, err.of(), int(err.weight)}
		if compared := together[m]; compared.weight >= leastTrials { // of all methods on the same months
			tried = Tried{m, compared.of(), int(compared.weight)}
		}
		o.All = append(o.All, tried)
	}
	fair := slices.DeleteFunc(slices.Clone(o.All), func(t Tried) bool { return t.Trials < leastTrials })
	if together[LastQuarter].weight < leastTrials { // seasons could not be tried
		fair = slices.DeleteFunc(fair, func(t Tried) bool { return t.Method.Seasonal() })
		o.NoSeason = UnderTwoYears
	}
	if len(fair) == 0 {
		return nil
	}
	best := slices.MinFunc(fair, func(a, b Tried) int { return cmp.Compare(a.Error, b.Error) })
	o.Method, o.Error, o.Trials, o.Why = best.Method, best.Error, best.Trials, ""
	return all[best.Method]
}

// distant are errors made at some distances; other tells that they are not about the
// one that was meant.
type distant struct {
	errors          []float64 // ascending
	least, farthest int
	other           bool
}

// near are the errors at about distance h; where those are too few, with those of the
// next distances on both sides, until they are enough or all.
func near(errs [][]float64, h int) distant {
	h = min(h, farthest)
	for reach := 1; ; reach++ {
		d := distant{least: max(1, h-reach), farthest: min(h+reach, len(errs)-1), other: reach > 1}
		for i := d.least; i <= d.farthest; i++ {
			d.errors = append(d.errors, errs[i]...)
		}
		if len(d.errors) < leastTrials && (d.least > 1 || d.farthest < len(errs)-1) {
			continue
		}
		for d.least < d.farthest && len(errs[d.least]) == 0 { // where none was made
			d.least++
		}
		for d.farthest > d.least && len(errs[d.farthest]) == 0 {
			d.farthest--
		}
		slices.Sort(d.errors)
		return d
	}
}

// forecast expects the h-th month after the past; NaN where the method lacks
// something.
func forecast(m ForecastMethod, past []float64, h int) float64 {
	n := len(past)
	same := n - monthsOfYear + (h-1)%monthsOfYear
	switch m {
	case LastMonth:
		for i := n - 1; i >= 0; i-- {
			if past[i] == past[i] {
				return past[i]
			}
		}
	case LastQuarter:
		return meanOf(past, n-quarter, n)
	case SameMonth:
		if same >= 0 {
			return past[same]
		}
	case SeasonAtLevel:
		if level := sinceAYear(past); level == level { // then there is a year before
			return past[same] * level
		}
	}
	return math.NaN()
}

// sinceAYear is the level of the last three months over that of the same three a year
// before, of those that are known in both years: a month of one year only would take
// its season for growth. NaN where there is none, of a shorter past, and of a level of
// nothing.
func sinceAYear(past []float64) float64 {
	if len(past) < quarter+monthsOfYear {
		return math.NaN()
	}
	var now, before mean
	for i := len(past) - quarter; i < len(past); i++ {
		if was := past[i-monthsOfYear]; past[i] == past[i] && was == was {
			now.add(past[i])
			before.add(was)
		}
	}
	if before.sum <= 0 {
		return math.NaN()
	}
	return now.sum / before.sum
}

// levelOf is the mean of the last twelve months that are known.
func levelOf(past []float64) float64 {
	return meanOf(past, max(0, len(past)-monthsOfYear), len(past))
}

// meanOf is that of the known months from first to before last; NaN where first is
// before the past or none is known.
func meanOf(past []float64, first, last int) float64 {
	if first < 0 {
		return math.NaN()
	}
	var m mean
	for _, x := range past[first:last] {
		if x == x {
			m.add(x)
		}
	}
	if m.weight == 0 {
		return math.NaN()
	}
	return m.of()
}

// contracted is the growth in force, on average over a month.
func contracted(growth []Growth, calendar energy.Calendar, month energy.Period) (p heatmap.Kilowatts) {
	for _, g := range growth {
		if begins := calendar.Day(g.From).From; begins.Before(month.To) {
			p += g.Power * heatmap.Kilowatts(min(1, month.To.Sub(begins).Hours()/month.Length().Hours()))
		}
	}
	return p
}
