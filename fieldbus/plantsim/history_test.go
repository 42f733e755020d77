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
