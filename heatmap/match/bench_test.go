package match_test

import (
	"syscall"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/heatmap"
	"heatledger/heatmap/match"
)

// BenchmarkAYear matches a made-up town of 50 sources and 500 areas over 8,760 hours;
// the town is 10 km wide, its streets reach 2 km, or each source reaches each area.
func BenchmarkAYear(b *testing.B) {
	sparse, dense := town(b, 50, 500, 10_000, 2000), town(b, 50, 500, 10_000, 0)
	tank := func(in match.Input, stores ...match.Store) match.Input {
		in.Stores = stores
		return in
	}
	warm := func(in match.Input) match.Input {
		in.Sources, in.Areas = append([]match.Source(nil), in.Sources...), append([]match.Area(nil), in.Areas...)
		for i := range in.Sources {
			in.Sources[i].Flow = course(in.Hours, func(h int) float64 { return 55 + float64((7*h+i)%30) })
			in.Sources[i].ReturnLimit, in.Sources[i].Return = heatmap.At(energy.Celsius(40+i%10)), match.Share
		}
		for i := range in.Areas {
			in.Areas[i].Flow = course(in.Hours, func(h int) float64 { return 50 + float64((h/24+i)%20) })
			in.Areas[i].Return = match.Course{energy.Celsius(38 + i%14)}
		}
		return in
	}
	scarce := func(in match.Input) match.Input {
		in.Areas = append([]match.Area(nil), in.Areas...)
		for i, a := range in.Areas {
			in.Areas[i].Load = make([]heatmap.Kilowatts, in.Hours)
			for h, x := range a.Load {
				in.Areas[i].Load[h] = 4 * x
			}
		}
		return in
	}
	boiled := func(in match.Input) match.Input {
		in.Boilers = []match.Boiler{{ID: "peak", Power: 50_000, Efficiency: 0.9}}
		return in
	}
	common := match.Store{ID: "tank", Capacity: 50_000, Loss: 0.0005}
	seasonal := match.Store{ID: "pit", Rank: 1, Capacity: 20_000_000, Loss: 0.00005, Cyclic: true}
	hot := common
	hot.Temperature = heatmap.At(65)
	near := match.Store{ID: "tank", Capacity: 50_000, Loss: 0.0005, Sources: []string{"source-03", "source-07"}}
	for _, row := range []struct {
		name string
		in   match.Input
	}{
		{"sparse", sparse},
		{"dense", dense},
		{"sparse, four times the demand", scarce(sparse)},
		{"dense, four times the demand", scarce(dense)},
		{"sparse, tank at two sources", tank(sparse, near)},
		{"sparse, tank of all", tank(sparse, common)},
		{"dense, tank of all", tank(dense, common)},
		{"dense, tank and seasonal store until the year closes", tank(dense, common, seasonal)},
		{"sparse, temperatures of every hour", warm(sparse)},
		{"dense, temperatures of every hour", warm(dense)},
		{"dense, temperatures of every hour, four times the demand, tank of all, boiler", warm(scarce(boiled(tank(dense, hot))))},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			began, runs := processor(b), 0
			for b.Loop() {
				runs++
				r, err := match.Run(b.Context(), row.in)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(row.in.Links)), "links")
				share, _ := r.Total.Covered()
				b.ReportMetric(share, "covered")
				b.ReportMetric(float64(r.Moved), "moved")
				if len(r.Stores) > 0 {
					b.ReportMetric(float64(r.Stores[len(r.Stores)-1].Rounds), "rounds")
				}
			}
			b.ReportMetric((processor(b)-began).Seconds()/float64(runs), "cpu-s/op")
		})
	}
}

// processor is the time that processors worked for this program, which others on the
// same machine do not stretch as they do the time of a clock.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func course(hours int, of func(h int) float64) match.Course {
	c := make(match.Course, hours)
	for h := range c {
		c[h] = energy.Celsius(of(h))
	}
	return c
}
