// Package source says what a source of heat can give, from its measured series:
// bands by month, hour and kind of day, the duration curve, outages, temperatures,
// trend, season and breaks, an outlook, secured power for one source and for
// several, and what was promised against what came. It knows heatmap's series and
// nothing of where they are kept; it gives numbers and codes, no sentences.
//
// Definitions that hold for all of it:
//
//   - P10, P50 and P90 are powers reached or exceeded in 10, 50 and 90 % of the hours
//     (FIGURES.md, For planners), so P10 ≥ P50 ≥ P90. The number given is one that
//     was seen: the greatest that so many hours reach, without interpolation.
//   - An hour is known where all of it is ([heatmap.Series.Hourly]). Hours that are
//     not known are in no statistic, and each says how many it rests on.
//   - No data is no outage, and an outage is data.
//   - A series that is demand-limited speaks of the network, not of the source: the
//     numbers are right, but they are lower bounds. [Statistics] says so by its
//     account; whoever shows them has to say it too.
package source

import (
	"heatledger/energy"
	"heatledger/heatmap"
)

// Method is the version of the definitions of this package. It is raised with every
// change that may turn a digit, so that what was cited can be computed again.
const Method = 3

// Why says why there is no answer; "" where there is one.
type Why string

// The reasons: no hour is known; the known hours span less than twelve months, or
// two years; a month of the year has less than half of its hours; there are too few
// days or months of data; no past forecast could be tried.
const (
	NothingKnown      Why = "nothing_known"
	UnderTwelveMonths Why = "under_twelve_months"
	UnderTwoYears     Why = "under_two_years"
	MonthTooThin      Why = "month_too_thin"
	TooFewDays        Why = "too_few_days"
	TooFewMonths      Why = "too_few_months"
	NotTried          Why = "not_tried"
)

// Options are what is asked of a source beside its series. The zero value of each
// but Local stands for: not known, or not asked for.
type Options struct {
	Local    heatmap.Local
	Capacity heatmap.Kilowatts // declared thermal power
	// Wanted is the power a taker wants, and the least flow temperature.
	Wanted            heatmap.Kilowatts
	WantedTemperature heatmap.Temperature
	// Requested, of the same steps, is what was asked for; Load the IT load, from
	// which an outage of the site shows. Empty series are none.
	Requested, Load heatmap.Series
	Events          []Event
	// Availability is that of the secured power, above 0 to 1; 0 is 0.98.
	Availability float64
}

// usualAvailability is that of the secured power where none is asked for.
const usualAvailability = 0.98

// Statistics are all that a series says of its source.
type Statistics struct {
	heatmap.Header
	Period  energy.Period
	Account heatmap.Account // what everything below rests on
	Bands   Bands
	Curve   Curve
	Secured Secured
	Outages Outages
	Below   Below   // of Wanted; zero where nothing is wanted
	Unasked Unasked // beside Requested; zero without it, and of a demand-limited series
	Held    Held    // of WantedTemperature; zero where none is wanted
	// AtPower are the temperatures in tenths of the greatest hour.
	AtPower []AtPower
	Months  []Month
	Season  Season
	Trend   Trend
	Levels  Levels
}

// Describe says all of it. Series beside s whose steps are others are ignored: a
// caller that hands them over has asked two questions in one, and cuts them first
// ([heatmap.Series.Within]).
func Describe(s heatmap.Series, o Options) Statistics {
	if o.Availability == 0 {
		o.Availability = usualAvailability
	}
	hours := s.Hourly()
	slots := o.Local.Slots(hours)
	days := daily(hours, o.Local.Calendar)
	months := monthly(hours, o.Local.Calendar)
	curve := DurationCurve(hours, o.Capacity)
	answer := Statistics{
		Header: s.Header, Period: s.Period(), Account: s.Account(),
		Bands: bands(hours, slots), Curve: curve, Secured: securedFrom(curve, o.Availability),
		Outages: FindOutages(s, OutageQuestion{Least: curve.Reference * outageShare, Requested: o.Requested, Load: o.Load, Events: o.Events}),
		AtPower: TemperatureAtPower(hours, powerClasses),
		Months:  months, Season: season(hours, slots, days, months), Trend: trend(months), Levels: levels(days),
	}
	if o.Wanted > 0 {
		answer.Below = BelowPower(s, o.Wanted)
	}
	if s.Same(o.Requested) && answer.Account.Limit() != heatmap.DemandLimited { // which says nothing of what was there
		answer.Unasked, _ = NotRequested(s, o.Requested)
	}
	if o.WantedTemperature.OK {
		answer.Held = HeldAbove(s, o.WantedTemperature.Celsius)
	}
	return answer
}
