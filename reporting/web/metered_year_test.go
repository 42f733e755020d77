package web_test

import (
	"iter"
	"log/slog"
	"os"
	"testing"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// meteredYear is the town of testdata/city.yaml with a closed year 2025 of
// quarter-hours of some points of the site hafen.
type meteredYear struct {
	town   *registry.Registry
	store  *store.Store
	ledger *ledger.Ledger
	intake *intake.Intake
}

func newMeteredYear(b *testing.B, points ...energy.PointID) meteredYear {
	b.Helper()
	text, err := os.ReadFile("testdata/city.yaml")
	if err != nil {
		b.Fatal(err)
	}
	town, faults := registry.Load("city.yaml", text)
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	s := storetest.New(b)
	l := ledger.New(s, "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	if _, err := in.Apply(b.Context(), town, "test", false, false); err != nil {
		b.Fatal(err)
	}
	calendar, err := l.Calendar(town, "hafen")
	if err != nil {
		b.Fatal(err)
	}
	year := calendar.Year(2025)
	counter := func(yield func(energy.Reading) bool) {
		for n, at := int64(0), year.From; !at.After(year.To) && yield(energy.Reading{At: at, Value: energy.Decimal(n*1300+n*n%97, -1), Quality: energy.Measured}); n++ {
			at = at.Add(energy.QuarterHour)
		}
	}
	_, err = in.Backfill(b.Context(), "file", "hafen", func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
		for _, point := range points {
			if !yield(point, counter) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := closing.New(l, slog.New(slog.DiscardHandler)).Site(b.Context(), "hafen"); err != nil {
		b.Fatal(err)
	}
	return meteredYear{town, s, l, in}
}
