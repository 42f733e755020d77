package ledger_test

import (
	"iter"
	"log/slog"
	"testing"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/rowtable"
	"heatledger/energy/store/storetest"
	"heatledger/energy/yardstick"
)

// BenchmarkMatrixOfAYear asks for the hours of a year of a point that was read
// every quarter-hour, by local day and hour, as the carpet of a site shows them
// (goal: 3 ms); the peer adds up rows that came in the order of time.
func BenchmarkMatrixOfAYear(b *testing.B) {
	const channels = 40
	address := storetest.URL(b)
	l := ledger.New(storetest.Open(b, address, store.Options{}), "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	r, faults := registry.Load("registry.yaml", []byte(registryYAML))
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	if _, err := in.Apply(b.Context(), r, "test", false, false); err != nil {
		b.Fatal(err)
	}
	calendar, err := l.Calendar(r, "hafen")
	if err != nil {
		b.Fatal(err)
	}
	year := calendar.Year(2025)
	stand := func(n int) int64 { return int64(n)*300 + int64(n*n%97) }
	_, err = in.Backfill(b.Context(), "file", "hafen", func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
		yield("hafen/it", func(yield func(energy.Reading) bool) {
			for n, at := 0, year.From; !at.After(year.To) && yield(energy.Reading{At: at, Value: energy.Decimal(stand(n), -1), Quality: energy.Measured}); n++ {
				at = at.Add(energy.QuarterHour)
			}
		})
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := closing.New(l, slog.New(slog.DiscardHandler)).Site(b.Context(), "hafen"); err != nil {
		b.Fatal(err)
	}
	rows, err := rowtable.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { rows.Close(b.Context()) }) //nolint:errcheck // done
	var some []rowtable.Row
	for n, at := 0, year.From; !at.After(year.To); n, at = n+1, at.Add(energy.QuarterHour) {
		for channel := range int32(channels) {
			some = append(some, rowtable.Row{Channel: channel, At: at, Value: float64(stand(n)) / 10})
		}
		if len(some) < 100_000 && at.Before(year.To) {
			continue
		}
		if err := rows.Copy(b.Context(), some); err != nil {
			b.Fatal(err)
		}
		some = some[:0]
	}
	if err := rows.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	yardstick.Beside(b, func() {
		answer, err := l.Columns(b.Context(), ledger.Question{Point: "hafen/it", Period: year, Step: ledger.Hour})
		if err != nil || len(answer.Amounts) != 8760 || answer.Quality[8759] != energy.Measured {
			b.Fatal(len(answer.Amounts), err)
		}
	}, func() {
		if cells, err := rows.Matrix(b.Context(), 7, year.From, year.To, "Europe/Berlin"); err != nil || cells != 8759 { // an hour occurs twice
			b.Fatal(cells, err)
		}
	})
}
