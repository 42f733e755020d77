package source

import (
	"fmt"
	"math"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

// Secured is the power that is there in a share of the hours.
type Secured struct {
	Availability float64
	Power        heatmap.Kilowatts // reached in that share of the known hours
	// AtWorst is what it would be if all hours without data had given nothing.
	AtWorst   heatmap.Kilowatts
	Hours, Of int // known hours, of all; of no hours it means nothing
}

// SecuredPower is that of one source at an availability from above 0 to 1.
func SecuredPower(s heatmap.Series, availability float64) (Secured, error) {
	if !(availability > 0 && availability <= 1) {
		return Secured{}, fmt.Errorf("secured power of %s at an availability of %v: more than 0 and at most 1 is expected", s.Source, availability)
	}
	return securedFrom(DurationCurve(s, 0), availability), nil
}

// securedFrom reads it off a curve.
func securedFrom(c Curve, availability float64) Secured {
	secured := Secured{Availability: availability, Hours: len(c.Hours), Of: c.Of}
	at := func(of int) heatmap.Kilowatts {
		p, _ := c.Reached(int(math.Ceil(availability*float64(of) - rounding)))
		return p
	}
	secured.Power, secured.AtWorst = at(len(c.Hours)), at(c.Of)
	return secured
}

// Together is the secured power of several sources that feed one network.
type Together struct {
	Secured
	Period energy.Period
	// Single are those of each source over the same hours, in their order, and Sum is
	// their sum: what one would count on who took all of them to fail at once. Sources
	// that do not fail at the same time give more together.
	Single []Secured
	Sum    heatmap.Kilowatts
}

// SecuredTogether adds the sources up hour by hour over the period that all of them
// have. An hour counts where each of them is known.
func SecuredTogether(list []heatmap.Series, availability float64) (Together, error) {
	if len(list) == 0 || !(availability > 0 && availability <= 1) {
		return Together{}, fmt.Errorf("secured power of %d sources at an availability of %v: one source at least, and more than 0 and at most 1, is expected", len(list), availability)
	}
	common := list[0].Hourly().Period()
	for _, s := range list[1:] {
		common = common.Common(s.Hourly().Period())
	}
	if common.Length() <= 0 {
		return Together{}, fmt.Errorf("secured power of %d sources: they have no hour in common", len(list))
	}
	sum := make([]heatmap.Kilowatts, int(common.Length()/time.Hour))
	hours := make([][]heatmap.Kilowatts, len(list))
	for k, s := range list {
		hours[k] = s.Hourly().Within(common).Columns().Power
		for i, p := range hours[k] {
			sum[i] += p // absent makes it absent
		}
	}
	t := Together{Secured: securedOf(sum, sum, availability), Period: common}
	for k := range list {
		single := securedOf(hours[k], sum, availability)
		t.Single = append(t.Single, single)
		t.Sum += single.Power
	}
	return t, nil
}

// securedOf is that of the hours in which beside is known too.
func securedOf(hours, beside []heatmap.Kilowatts, availability float64) Secured {
	c := Curve{Of: len(hours)}
	for i, p := range hours {
		if beside[i] == beside[i] {
			c.Hours = append(c.Hours, p)
		}
	}
	slices.Sort(c.Hours)
	slices.Reverse(c.Hours)
	return securedFrom(c, availability)
}
