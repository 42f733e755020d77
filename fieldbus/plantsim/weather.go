package plantsim

import (
	"math"
	"time"
)

// weather is the modelled weather of the plant's town: one for all its sites.
// There is no measured series behind it.
type weather struct{ seed uint64 }

// daysPerYear is the mean year of the Gregorian calendar.
const daysPerYear = 365.2425

// yearPhase is the time since new year 2000 in years, day the time since
// midnight in days; both by UTC, so that no clock change touches the weather.
func yearPhase(t time.Time) (year, day float64) {
	days := float64(t.Unix()-946684800) / secondsPerDay
	return days / daysPerYear, days - math.Floor(days)
}

// outdoor is the air temperature in °C: a year of 11 °C mean and 9 K swing with
// its peak at the end of July, a day that is warmest at three in the afternoon
// (and swings more in summer), fronts of a few days and gusts of hours.
// Orders of magnitude are those of the Rhine-Main region.
func (w weather) outdoor(t time.Time) float64 {
	year, day := yearPhase(t)
	season := math.Cos(2 * math.Pi * (year - 0.56))
	sun := math.Cos(2 * math.Pi * (day - 14.0/24))
	front := drift(w.seed, noiseWeatherFront, year*daysPerYear/3.5)
	gust := drift(w.seed, noiseWeatherHours, year*daysPerYear*2)
	return 11 + 9*season + (4+2*season)*sun + 6*front + 1.5*gust
}

// sunshine is the share of its peak power that a flat solar field gives: the
// sine of the sun's height (declination by Cooper's formula, no equation of
// time) under clouds that change by the day and by the hour.
func (w weather) sunshine(t time.Time, latitude, longitude float64) float64 {
	year, day := yearPhase(t)
	declination := 23.45 * math.Pi / 180 * math.Sin(2*math.Pi*(year-math.Floor(year)-81/daysPerYear))
	hour := 2*math.Pi*(day-0.5) + longitude*math.Pi/180
	phi := latitude * math.Pi / 180
	height := math.Sin(phi)*math.Sin(declination) + math.Cos(phi)*math.Cos(declination)*math.Cos(hour)
	if height <= 0 {
		return 0
	}
	days := year * daysPerYear
	clear := 0.6 + 0.3*drift(w.seed, noiseCloudDays, days/1.5) + 0.2*drift(w.seed, noiseCloudHours, days*16)
	return 0.9 * height * min(1, max(0.08, clear))
}
