package series

import (
	"testing"
	"time"

	"heatledger/energy"
)

func perReading(b *testing.B, n int) {
	b.ReportMetric(float64(b.N)*float64(n)/b.Elapsed().Seconds()/1e6, "Mreadings/s")
}

func BenchmarkEncodeDay(b *testing.B) {
	for _, kind := range []register{counters, floats, wattFloats, prints, scaledPowers} {
		rs := registerDay(kind, 540, time.Second, 0, 86_400)
		b.Run(string(kind), func(b *testing.B) {
			var block []byte
			for b.Loop() {
				block = EncodeReadings(block[:0], rs)
			}
			b.ReportMetric(float64(len(block))/float64(len(rs)), "B/reading")
			perReading(b, len(rs))
		})
	}
}

func BenchmarkDecodeYear(b *testing.B) {
	for _, kind := range []register{counters, floats, wattFloats, prints, scaledPowers} {
		block := EncodeReadings(nil, registerDay(kind, 540, 15*time.Minute, 0, 35_040))
		b.Run(string(kind), func(b *testing.B) {
			for b.Loop() {
				if _, err := DecodeReadings(block); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(block))/35_040, "B/reading")
			perReading(b, 35_040)
		})
	}
}

// BenchmarkReadYear is a chunk of a year, from its bytes to what is visible.
func BenchmarkReadYear(b *testing.B) {
	for _, kind := range []register{counters, floats} {
		rs := registerDay(kind, 540, 15*time.Minute, 0, 35_040)
		block := EncodeRuns(nil, []Run{{Seq: 7, Readings: rs}})
		b.Run(string(kind), func(b *testing.B) {
			for b.Loop() {
				runs, err := DecodeRuns(block)
				if got := Visible(runs, 7); err != nil || len(got) != len(rs) {
					b.Fatalf("%d readings (%v)", len(got), err)
				}
			}
			perReading(b, len(rs))
		})
	}
}

func BenchmarkVisibleYear(b *testing.B) {
	rs := registerDay(counters, 540, 15*time.Minute, 0, 35_040)
	var runs []Run
	for i := 0; i < len(rs); i += 96 {
		runs = append(runs, Run{Seq: int64(i), Readings: rs[i : i+96]})
	}
	for b.Loop() {
		if got := Visible(runs, 1<<40); len(got) != len(rs) {
			b.Fatalf("%d readings", len(got))
		}
	}
	perReading(b, len(rs))
}

func BenchmarkDeriveYear(b *testing.B) {
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	dates := calendar.Days(calendar.Year(2025))
	for _, kind := range []register{counters, floats} {
		rs := registerDay(kind, 540, 15*time.Minute, 0, 35_040)
		rules := energyRules()
		if kind == floats {
			rules = Rules{Quantity: energy.ActivePower, Kind: energy.Instant}
		}
		b.Run(string(kind), func(b *testing.B) {
			for b.Loop() {
				track := NewTrack(rs, rules)
				covered := 0
				for _, date := range dates {
					covered += track.Day(date, calendar.Day(date)).CoveredS
				}
				if covered < 364*86_400 {
					b.Fatalf("%d s covered", covered)
				}
			}
			perReading(b, len(rs))
		})
	}
}
