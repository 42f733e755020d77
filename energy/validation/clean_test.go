package validation_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heatledger/energy"
	"heatledger/energy/validation"
)

// year2025 is the local year in Berlin.
func year2025() energy.Period {
	return energy.Period{From: time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC), To: time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC)}
}

// TestNothingIsFoundInACleanYear: whatever its size and weather, a plant that is
// metered throughout and reports in time gives no reason to look at anything.
func TestNothingIsFoundInACleanYear(t *testing.T) {
	t.Parallel()
	period := year2025()
	loaded := newPlant(t, plantYAML, nil)
	rapid.Check(t, func(r *rapid.T) {
		c := conditions{
			it: rapid.Float64Range(60, 230).Draw(r, "it"), cool: rapid.Float64Range(0.05, 0.3).Draw(r, "cool"), sun: rapid.Float64Range(0, 400).Draw(r, "sun"),
			heat: rapid.Float64Range(0, 0.7).Draw(r, "heat"), losses: rapid.Float64Range(0, 0.02).Draw(r, "losses"), noise: rapid.Uint64().Draw(r, "noise"),
		}
		p := loaded
		p.readings = grow(c, period.From, period.To.Add(24*time.Hour), time.Hour)
		p.readings["hafen/invoice"] = invoices(p.readings["hafen/grid"], period)
		if found := p.findings(t, period, period.To.Add(24*time.Hour)); len(found) > 0 {
			r.Fatalf("%d findings in a clean year, the first of them %q with %v", len(found), said(found[:1]), found[0].Args)
		}
	})
}

// invoices are the local months of a counter, as its operator would bill them.
func invoices(counter []energy.Reading, period energy.Period) []energy.Reading {
	stand := map[int64]energy.Value{}
	for _, r := range counter {
		stand[r.At.Unix()] = r.Value
	}
	berlin, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	var months []energy.Reading
	for m := time.January; m <= time.December; m++ {
		month := berlin.Month(2025, m)
		from, okFrom := stand[month.From.Unix()]
		to, okTo := stand[month.To.Unix()]
		if okFrom && okTo && period.Covers(month) {
			months = append(months, energy.Reading{At: month.From, Length: month.Length(), Quality: energy.Measured,
				Value: energy.Decimal(int64(math.Round((to.Float64()-from.Float64())*1000)), -3)})
		}
	}
	return months
}

// BenchmarkASiteYear applies all rules that look at days to a year of twenty
// points in quarter-hours, with the year before to compare with.
func BenchmarkASiteYear(b *testing.B) {
	period := year2025()
	p := newPlant(b, plantYAML, grow(usual(), period.From.AddDate(-1, 0, 0), period.To, energy.QuarterHour))
	q := p.question(b, period, period.To)
	for len(q.Known) < 20 { // more of the same, as points of their own
		for _, meter := range p.site().Meters {
			points := meter.Points
			meter.Points = nil
			for _, point := range points {
				if len(q.Known) < 20 && q.Known[point.ID].Days != nil {
					known := q.Known[point.ID]
					point.ID += energy.PointID(rune('a' + len(q.Known)))
					q.Known[point.ID] = known
					meter.Points = append(meter.Points, point)
				}
			}
			if meter.ID += "-more"; len(meter.Points) > 0 {
				q.Site.Meters = append(q.Site.Meters, meter)
			}
		}
	}
	b.ResetTimer()
	for b.Loop() {
		validation.Check(q)
	}
}

// BenchmarkAPointsDelivery applies all rules that look at readings to a point's
// year of quarter-hours.
func BenchmarkAPointsDelivery(b *testing.B) {
	period := year2025()
	p := newPlant(b, plantYAML, grow(usual(), period.From, period.To, energy.QuarterHour))
	runs := p.runs("hafen/it")
	for b.Loop() {
		validation.CheckDelivery(p.delivery("hafen/it", period, runs))
	}
}

// BenchmarkAMonthOfMinutes applies the same rules to a month of a point that is
// delivered minute by minute, a fact each.
func BenchmarkAMonthOfMinutes(b *testing.B) {
	period := june2025()
	p := newPlant(b, plantYAML, grow(usual(), period.From, period.To, time.Minute))
	runs := stream(p.runs("hafen/it"), time.Second)
	for b.Loop() {
		validation.CheckDelivery(p.delivery("hafen/it", period, runs))
	}
}
