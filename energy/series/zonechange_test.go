package series

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
)

// TestDaysAddUpAcrossAChangeOfTheZone cuts a counter by a calendar that changes
// its zone: whatever the zones, the days have all of its energy, each once.
func TestDaysAddUpAcrossAChangeOfTheZone(t *testing.T) {
	t.Parallel()
	zones := []string{"Europe/Berlin", "Europe/Lisbon", "Europe/Istanbul", "Atlantic/Azores", "Asia/Kathmandu", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		load := func() energy.Calendar {
			c, err := energy.LoadCalendar(rapid.SampledFrom(zones).Draw(t, "zone"))
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		first := rapid.SampledFrom([]energy.Date{{Year: 2024, Month: 3, Day: 28}, {Year: 2024, Month: 10, Day: 24}, {Year: 2024, Month: 12, Day: 29}, {Year: 2024, Month: 6, Day: 1}}).Draw(t, "first day")
		calendar := load().Then(first.AddDays(rapid.IntRange(1, 6).Draw(t, "days to the change")), load())
		dates := datesOf(first, 8)
		whole := energy.Period{From: calendar.Day(dates[0]).From, To: calendar.Day(dates[7]).To}
		var readings []energy.Reading
		stand := int64(0)
		for at := whole.From.Add(-time.Hour); at.Before(whole.To.Add(2 * time.Hour)); {
			readings = append(readings, energy.Reading{At: at, Value: energy.Decimal(stand, -3), Quality: energy.Measured})
			at = at.Add(time.Duration(rapid.IntRange(1, 150).Draw(t, "minutes")) * time.Minute)
			stand += rapid.Int64Range(0, 50_000).Draw(t, "amount")
		}
		track := NewTrack(readings, Rules{Quantity: energy.ActiveEnergyImport, Kind: energy.Counter})
		known := Known{Spans: track.Spans()}
		var sum energy.Amount
		for _, date := range dates {
			p := calendar.Day(date)
			day := track.Day(date, p)
			if n := int(p.Length() / energy.QuarterHour); len(day.Values) != n || p.Length()%energy.QuarterHour != 0 {
				t.Fatalf("%s is %s and has %d quarter-hours, want %d", date, p, len(day.Values), n)
			}
			known.Days = append(known.Days, day)
			sum += day.Total
		}
		all := Over(whole, known.Days, known.Spans)
		once := track.Day(dates[0], whole) // as if the eight days were one
		if all.Amount != sum || once.Total != sum {
			t.Fatalf("the days add up to %d mWh, the period has %d, in one piece %d", sum, all.Amount, once.Total)
		}
	})
}

// datesOf are n dates from the first on.
func datesOf(first energy.Date, n int) (dates []energy.Date) {
	for i := range n {
		dates = append(dates, first.AddDays(i))
	}
	return dates
}
