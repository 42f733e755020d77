package source

import (
	"math"
	"slices"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
)

func TestADayIsKnownByThreeQuartersOfItsHours(t *testing.T) {
	t.Parallel()
	berlin, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	// From Friday, 28 March 2025, to Monday; Sunday has 23 hours, of which 17.25 are wanted.
	var c heatmap.Columns
	hour := func(known bool, p heatmap.Kilowatts) {
		if !known {
			c.Power, c.Grade, c.Limit = append(c.Power, heatmap.Kilowatts(math.NaN())), append(c.Grade, heatmap.NoGrade), append(c.Limit, heatmap.NoLimit)
			return
		}
		c.Power, c.Grade, c.Limit = append(c.Power, p), append(c.Grade, heatmap.Measured), append(c.Limit, heatmap.SupplyLimited)
	}
	for h := range 24 { // 48 kW in the first hour, else 24
		hour(true, 24+24*heatmap.Kilowatts(max(0, 1-h)))
	}
	for h := range 24 {
		hour(h < 17, 24)
	}
	for h := range 23 {
		hour(h < 18, heatmap.Kilowatts(h))
	}
	for h := range 24 {
		hour(h >= 6, 3)
	}
	s, err := heatmap.New(heatmap.Header{Source: "made", From: berlin.Day(energy.Date{Year: 2025, Month: 3, Day: 28}).From, Step: time.Hour}, c)
	if err != nil {
		t.Fatal(err)
	}
	want := []day{
		{energy.Date{Year: 2025, Month: 3, Day: 28}, 25},
		{energy.Date{Year: 2025, Month: 3, Day: 30}, 17.0 / 2},
		{energy.Date{Year: 2025, Month: 3, Day: 31}, 3},
	}
	if got := daily(s, berlin); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
