package plantsim

import (
	"slices"
	"testing"
	"time"

	"heatledger/energy"
)

func year2025(t testing.TB) energy.Period {
	t.Helper()
	return energy.Period{From: instant(t, "2025-01-01T00:00:00Z"), To: instant(t, "2026-01-01T00:00:00Z")}
}

func history(t testing.TB, p *Plant, point energy.PointID, period energy.Period, step time.Duration) []energy.Reading {
	t.Helper()
	seq, err := p.History(point, period, step)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(seq)
}

func TestHistoryIsWhatTheMetersShowed(t *testing.T) {
	t.Parallel()
	p := town(t, 6)
	begin := instant(t, "2025-10-25T21:59:30Z") // over the autumn clock change
	for _, point := range p.Points() {
		period := energy.Period{From: begin, To: begin.Add(26 * time.Hour)}
		readings := history(t, p, point.ID, period, 10*time.Minute)
		if len(readings) != 156 {
			t.Fatalf("%s: %d readings in 26 hours, want 156", point.ID, len(readings))
		}
		again := history(t, town(t, 6), point.ID, period, 10*time.Minute)
		for i, r := range readings {
			shown, _ := p.Value(point.ID, r.At)
			if !r.At.Equal(begin.Add(time.Duration(i)*10*time.Minute)) || r.Quality != energy.Measured || !r.Value.Equal(shown) || !r.Same(again[i]) {
				t.Fatalf("%s: reading %d is %+v, shown %s, again %+v", point.ID, i, r, shown, again[i])
			}
		}
	}
}

func TestHistoryOfTheClockChangeDays(t *testing.T) {
	t.Parallel()
	p := town(t, 6)
	for _, row := range []struct {
		date energy.Date
		want int
	}{{energy.Date{Year: 2025, Month: 3, Day: 30}, 92}, {energy.Date{Year: 2025, Month: 10, Day: 26}, 100}, {energy.Date{Year: 2025, Month: 12, Day: 31}, 96}} {
		readings := history(t, p, "hafen/it-energy", p.calendar.Day(row.date), energy.QuarterHour)
		if len(readings) != row.want {
			t.Errorf("%s has %d quarter-hours, want %d", row.date, len(readings), row.want)
		}
		for i := 1; i < len(readings); i++ {
			if kwh := readings[i].Value.Float64() - readings[i-1].Value.Float64(); kwh < 30 || kwh > 80 {
				t.Errorf("%s: %v kWh of IT in the quarter-hour to %s", row.date, kwh, readings[i].At)
			}
		}
	}
}

func TestHistorySaysWhatItCannotGive(t *testing.T) {
	t.Parallel()
	p := town(t, 6)
	if _, err := p.History("hafen/no-such-point", year2025(t), time.Hour); err == nil {
		t.Error("history of a point that is not there")
	}
	if _, err := p.History("hafen/it-energy", year2025(t), 0); err == nil {
		t.Error("history in steps of nothing")
	}
	empty := energy.Period{From: year2025(t).To, To: year2025(t).From}
	if readings := history(t, p, "hafen/it-energy", empty, time.Hour); len(readings) != 0 {
		t.Errorf("%d readings in an empty period", len(readings))
	}
}

func BenchmarkHistoryOfAPointYear(b *testing.B) {
	for _, point := range []energy.PointID{"hafen/it-energy", "hafen/grid-energy", "hafen/grid-power", "hafen/heat-volume"} {
		b.Run(point.Name(), func(b *testing.B) {
			p := town(b, 1)
			p.Value(point, instant(b, "2026-01-01T00:00:00Z")) // the days before are summed
			for b.Loop() {
				seq, err := p.History(point, year2025(b), energy.QuarterHour)
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for range seq {
					n++
				}
				if n != 35_040 {
					b.Fatalf("%d values in a year", n)
				}
			}
		})
	}
}

func BenchmarkFirstLook(b *testing.B) {
	for b.Loop() {
		p := town(b, 1)
		for _, s := range p.sites {
			s.At(instant(b, "2026-11-01T00:00:00Z"))
		}
	}
}

func BenchmarkStateOfNow(b *testing.B) {
	p := town(b, 1)
	s := p.sites[0]
	t := instant(b, "2026-11-01T12:14:55.5Z")
	for b.Loop() {
		st := s.At(t)
		for x := range streams {
			st.Energy(x)
			st.Power(x)
		}
	}
}
