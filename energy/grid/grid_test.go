package grid_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy/grid"
)

func TestHoursAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		at   time.Time
		want grid.Hour
	}{
		{time.Date(2021, 1, 1, 0, 30, 0, 0, time.UTC), grid.Hour{From: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), Direct: 449.07, LifeCycle: 526.77, Renewable: 0.2943, Year: 2021}},
		{time.Date(2023, 1, 1, 2, 0, 0, 0, time.FixedZone("CET", 3600)), grid.Hour{From: time.Date(2023, 1, 1, 1, 0, 0, 0, time.UTC), Direct: 140.44, LifeCycle: 185.7, Renewable: 0.7893, Year: 2023}},
		{time.Date(2024, 1, 1, 2, 0, 0, 0, time.UTC), grid.Hour{From: time.Date(2024, 1, 1, 2, 0, 0, 0, time.UTC), Direct: 137.94, LifeCycle: 183.69, Renewable: 0.816, Year: 2024}},
	} {
		got := grid.At(tt.at)
		if math.Abs(got.Renewable-tt.want.Renewable) > 1e-12 {
			t.Errorf("renewable share at %s = %v, want %v", tt.at, got.Renewable, tt.want.Renewable)
		}
		got.Renewable = tt.want.Renewable
		if got != tt.want {
			t.Errorf("the grid at %s = %+v, want %+v", tt.at, got, tt.want)
		}
	}
}

func TestMeansOfTheYearsAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	for year, want := range map[int][2]float64{2021: {371.1, 45.0}, 2023: {307.7, 58.9}, 2024: {273.9, 61.8}} {
		var direct, renewable, n float64
		for at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() == year; at = at.Add(time.Hour) {
			hour := grid.At(at)
			direct += float64(hour.Direct)
			renewable += 100 * hour.Renewable
			n++
		}
		if math.Abs(direct/n-want[0]) > 0.05 || math.Abs(renewable/n-want[1]) > 0.05 {
			t.Errorf("%d: mean direct intensity %.2f g/kWh, renewable share %.2f %%, want %v", year, direct/n, renewable/n, want)
		}
	}
}

func TestAnHourOfAnotherYearIsMovedByWeekday(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, at, want string }{
		{"a Tuesday of 2025 is the Tuesday of 2024 next to it", "2025-06-03T10:00:00Z", "2024-06-04T10:00:00Z"},
		{"2022 lies between two years and takes the later", "2022-06-15T10:00:00Z", "2023-06-14T10:00:00Z"},
		{"the first days of a year stay in it", "2026-01-01T00:00:00Z", "2024-01-04T00:00:00Z"},
		{"the last days of a year stay in it", "2029-12-31T23:00:00Z", "2024-12-30T23:00:00Z"},
		{"a leap day has a neighbour", "2028-02-29T05:00:00Z", "2024-02-27T05:00:00Z"},
		{"years before the first take the first", "2019-07-03T12:00:00Z", "2021-06-30T12:00:00Z"},
	} {
		at, _ := time.Parse(time.RFC3339, tt.at)
		if got := grid.At(at); !got.Moved || got.From.Format(time.RFC3339) != tt.want || got.Year != got.From.Year() {
			t.Errorf("%s: %s is %s of %d (moved: %v), want %s", tt.name, tt.at, got.From.Format(time.RFC3339), got.Year, got.Moved, tt.want)
		}
	}
}

func TestEveryHourHasOneThatStandsForIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4102444800).Draw(t, "second"), 0)
		got := grid.At(at)
		shift := math.Abs(float64(at.UTC().YearDay() - got.From.YearDay()))
		if got.From.Weekday() != at.UTC().Weekday() || got.From.Hour() != at.UTC().Hour() || shift > 10 {
			t.Fatalf("%s stands for %s: want the same weekday and hour, next to the same date", got.From, at.UTC())
		}
		if got.Moved == (at.UTC().Year() == got.Year) || got.Direct <= 0 || got.LifeCycle < got.Direct || got.Renewable <= 0 || got.Renewable >= 1 {
			t.Fatalf("%+v", got)
		}
	})
}
