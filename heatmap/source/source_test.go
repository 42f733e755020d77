package source_test

import (
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

func TestASourceIsDescribedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	from := berlin.Day(day(2025, 6, 2)).From // a Monday
	quarters := func(limit heatmap.Limit, of func(hour int) float64) heatmap.Series {
		return made(t, "hafen", from, energy.QuarterHour, limit, each(7*96, func(i int) float64 { return of(i / 4) }))
	}
	power := func(hour int) float64 {
		switch {
		case hour == 30:
			return gone
		case hour >= 50 && hour < 54:
			return 1 // 1 % of the peak
		case hour == 60:
			return 100
		}
		return 80
	}
	s := quarters(heatmap.SupplyLimited, power)
	load := quarters(heatmap.SupplyLimited, func(hour int) float64 {
		if hour >= 50 && hour < 53 {
			return 0
		}
		return 500
	})
	asked := quarters(heatmap.DemandLimited, func(hour int) float64 { return float64(60 * (hour % 2)) })
	o := source.Options{Local: hesse, Requested: asked, Load: load}
	plain := source.Describe(s, o)
	if plain.Below != (source.Below{}) || plain.Held != (source.Held{}) || plain.AtPower != nil {
		t.Errorf("what nobody asked for: %+v, %+v, %+v", plain.Below, plain.Held, plain.AtPower)
	}
	// 167 known hours, of which 164 reach 98 %: four have 1 kW, so the fourth least.
	if plain.Secured.Availability != 0.98 || plain.Secured.Hours != 167 || plain.Secured.Power != 1 || plain.Curve.Reference != 100 || plain.Bands.Whole.P50 != 80 {
		t.Errorf("secured %+v of %v kW", plain.Secured, plain.Curve.Reference)
	}
	longest, ok := plain.Outages.Longest()
	if !ok || plain.Outages.Least != 2 || longest.Period.Length() != 4*time.Hour || longest.Cause != source.NoLoad || len(plain.Outages.Gaps) != 1 || len(plain.Outages.List) != 1 {
		t.Errorf("outages %+v", plain.Outages)
	}
	// Even hours ask for nothing: 84, of which one is not known.
	if plain.Unasked.Time != 83*time.Hour || plain.Unasked.Known != 167*time.Hour {
		t.Errorf("not asked for: %+v", plain.Unasked)
	}
	if plain.Bands.Why != source.UnderTwelveMonths || plain.Levels.Why != source.TooFewDays || plain.Trend.Why != source.UnderTwoYears || plain.Months[0].Hours != 167 || plain.Months[0].Of != 720 || plain.Months[0].OK() {
		t.Errorf("of a week: %s, %s, %s, %+v", plain.Bands.Why, plain.Levels.Why, plain.Trend.Why, plain.Months)
	}
	o.Wanted, o.Availability, o.Capacity = 80, 0.5, 200
	asking := source.Describe(s, o)
	if asking.Below.Time != 4*time.Hour || asking.Secured.Availability != 0.5 || asking.Secured.Power != 80 || asking.Curve.FullLoad != float64(162*80+4+100)/200 || asking.Outages.Least != 4 {
		t.Errorf("asked: %+v, %+v, full load %v", asking.Below, asking.Secured, asking.Curve.FullLoad)
	}
	o.Wanted = 0.5
	if little := source.Describe(s, o); little.Below.Known != 167*time.Hour || little.Below.Time != 0 {
		t.Errorf("half a kilowatt is always there: %+v", little.Below)
	}
	// Delivered heat says nothing of what was there and not asked for; series of other
	// steps are not looked at.
	if d := source.Describe(quarters(heatmap.DemandLimited, power), o); d.Unasked != (source.Unasked{}) {
		t.Errorf("the network's appetite was not asked for: %+v", d.Unasked)
	}
	o.Requested, o.Load = asked.Hourly(), load.Hourly()
	if d := source.Describe(s, o); d.Unasked != (source.Unasked{}) || d.Outages.List[0].Cause != source.Unknown {
		t.Errorf("beside series of hours: %+v, %+v", d.Unasked, d.Outages.List)
	}
	if none := source.Describe(heatmap.Series{}, source.Options{Local: hesse}); none.Bands.Why != source.NothingKnown || none.Account.Of != 0 {
		t.Errorf("of nothing: %+v", none)
	}
}
