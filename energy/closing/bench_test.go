package closing_test

import (
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// BenchmarkCloseQuarterHour closes what a quarter-hour brings a site of 200
// counters, an hour each day of which is missing: without substitute values, and
// with all points asking for them.
func BenchmarkCloseQuarterHour(b *testing.B) {
	for name, order := range map[string]string{"plain": "", "asking": ", substitute: {methods: [comparison_day], reason: communication_fault}"} {
		b.Run(name, func(b *testing.B) {
			const points, days = 200, 9
			var yaml strings.Builder
			yaml.WriteString(registryYAML[:strings.Index(registryYAML, "    meters:")] + "    meters:\n      - id: hafen-meters\n        points:\n")
			for i := range points {
				fmt.Fprintf(&yaml, "          - {id: hafen/p%03d, quantity: active_energy_import, role: other_infrastructure%s}\n", i, order)
			}
			r, faults := registry.Load("registry.yaml", []byte(yaml.String()))
			if len(faults) > 0 {
				b.Fatal(faults)
			}
			l := ledger.New(storetest.Open(b, storetest.URL(b), store.Options{}), "Europe/Berlin")
			in, closer := intake.New(l, intake.Options{}), closing.New(l, slog.New(slog.DiscardHandler))
			if _, err := in.Apply(b.Context(), r, "test", false, false); err != nil {
				b.Fatal(err)
			}
			at, epoch, sequence, stand := time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC), energy.NewEpoch(), uint64(0), int64(0)
			step := func(quarters int) {
				var readings []energy.PointReading
				for range quarters {
					at, stand = at.Add(energy.QuarterHour), stand+1+stand%7
					if hour := at.Hour(); hour == 3 || hour == 4 {
						continue
					}
					for i := range points {
						readings = append(readings, reading(energy.PointID(fmt.Sprintf("hafen/p%03d", i)), at, energy.Decimal(stand, -1)))
					}
				}
				sequence++
				if _, err := in.Deliver(b.Context(), energy.Batch{Site: hafen, Source: "test", Epoch: epoch, Lane: energy.Live, Sequence: sequence, Readings: readings}); err != nil {
					b.Fatal(err)
				}
			}
			step(days * 96)
			step(60) // into the afternoon
			closed, err := closer.Site(b.Context(), hafen)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := l.Store().Seal(b.Context(), hafen, closed.Upto, at.Add(time.Hour)); err != nil {
				b.Fatal(err)
			}
			used := time.Duration(0)
			for b.Loop() {
				b.StopTimer()
				step(1)
				before := processorTime(b)
				b.StartTimer()
				if _, err := closer.Site(b.Context(), hafen); err != nil {
					b.Fatal(err)
				}
				used += processorTime(b) - before
			}
			b.ReportMetric(float64(used.Nanoseconds())/float64(b.N)/1e6, "cpu-ms/op")
		})
	}
}

// processorTime is what this process has used so far, without the server.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
