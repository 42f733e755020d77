package demand

import (
	"math"
	"time"

	"heatledger/energy"
)

// ModelName is the name of [ModelledClimate]; answers that rest on it show it.
const ModelName = "modelled central German climate, version 1"

// ModelledClimate is a year of temperatures that nobody measured, for a first look
// where no station is at hand: 10.5 °C in the mean with the coldest days in the
// middle of January, warmest at three in the afternoon (UTC), and waves of weather of
// some days. Its cold waves are weaker than those of real winters: peaks by it are
// low. The numbers are assumptions of this project, of the order of those of the
// Rhine-Main region; a planner replaces them by [ReadClimate].
//
// It has the four days before the period, too. The same period gives the same
// temperatures.
func ModelledClimate(period energy.Period) Climate {
	from := period.From.AddDate(0, 0, -4).Truncate(time.Hour).UTC()
	c := Climate{Name: ModelName, Source: "assumption of this project, to be replaced", Modelled: true, From: from}
	for at := from; at.Before(period.To); at = at.Add(time.Hour) {
		c.Hours = append(c.Hours, modelled(at))
	}
	return c
}

// modelled is the temperature of an hour. Sines of periods that have no common one
// stand for the weather: they never repeat within a lifetime and have no chance in them.
func modelled(at time.Time) energy.Celsius {
	const day, year = 24.0, 24 * 365.2425 // hours
	hour := float64(at.Unix()) / 3600
	wave := func(period, phase float64) float64 { return math.Sin(2*math.Pi*hour/period + phase) }
	season := -math.Cos(2 * math.Pi * (hour/year - 16/365.2425)) // lowest on 16 January
	daily := math.Cos(2 * math.Pi * (hour - 15) / day)
	weather := 2.6*wave(9.7*day, 1) + 1.9*wave(5.3*day, 2) + 1.4*wave(23.1*day, 3) + 0.7*wave(2.9*day, 4)
	return energy.Celsius(10.5 + 9*season + (3.5+1.5*season)*daily + (1.1-0.25*season)*weather)
}
