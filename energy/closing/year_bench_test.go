package closing_test

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
	"heatledger/energy/store/rowtable"
	"heatledger/energy/store/storetest"
	"heatledger/energy/yardstick"
)

// yearPoints is how many points' year is derived: both sides grow by the point.
var yearPoints = flag.Int("points", 100, "points whose year BenchmarkDeriveYear derives; 1000 is the whole of the goal")

// block is a site of points of which every fourth counts tenths of a kilowatt-hour
// and the others are noisy powers in single precision, a meter for four of them.
func block(site string, points int) string {
	var y strings.Builder
	fmt.Fprintf(&y, "  - id: %[1]s\n    name: Block %[1]s\n    operator: op\n    meters:\n", site)
	for i := range points {
		if i%4 == 0 {
			fmt.Fprintf(&y, "      - id: %s-m%04d\n        points:\n", site, i/4)
		}
		quantity, role := "active_power", []string{"", "grid_import", "it_load", "cooling"}[i%4]
		if i%4 == 0 {
			quantity, role = "active_energy_import", "other_infrastructure"
		}
		fmt.Fprintf(&y, "          - {id: %s/p%04d, quantity: %s, role: %s}\n", site, i, quantity, role)
	}
	return y.String()
}

// blocks is a registry of so many blocks, in a ledger over a database.
func blocks(b *testing.B, address string, sites, points int) (*ledger.Ledger, *intake.Intake) {
	b.Helper()
	text := "municipality: {ags: \"06413000\", name: Offenbach am Main, timezone: Europe/Berlin}\noperators: [{id: op, name: Operator}]\nsites:\n"
	for n := range sites {
		text += block(fmt.Sprintf("block%d", n), points)
	}
	r, faults := registry.Load("registry.yaml", []byte(text))
	if len(faults) > 0 {
		b.Fatal(faults[0])
	}
	l := ledger.New(storetest.Open(b, address, store.Options{}), "Europe/Berlin")
	in := intake.New(l, intake.Options{})
	if _, err := in.Apply(b.Context(), r, "test", false, false); err != nil {
		b.Fatal(err)
	}
	return l, in
}

// registers gives what point i shows at each quarter-hour, one after the other.
func registers(i int) func() energy.Value {
	random, stand := rand.New(rand.NewPCG(uint64(i), 7)), int64(0)
	if i%4 == 0 {
		return func() energy.Value {
			stand += 200 + random.Int64N(100)
			return energy.Decimal(stand, -1)
		}
	}
	return func() energy.Value { return energy.Float(float64(float32(100 + 20*random.Float64()))) }
}

const quartersOfYear = 35_040

// yearFrom is the first instant of a local year.
var yearFrom = time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC)

// yearOf are the readings of point i in that year, and the first of the next.
func yearOf(i int) iter.Seq[energy.Reading] {
	return func(yield func(energy.Reading) bool) {
		next := registers(i)
		for n := range quartersOfYear + 1 {
			if !yield(energy.Reading{At: yearFrom.Add(time.Duration(n) * energy.QuarterHour), Value: next(), Quality: energy.Measured}) {
				return
			}
		}
	}
}

// BenchmarkDeriveYear closes a year of points that is in the database as facts:
// quarter-hours, days with their coverage, spans and balances (goal: a quarter of
// the time that plain SQL takes to roll the same readings up, which lie there as
// rows in the order of time).
func BenchmarkDeriveYear(b *testing.B) {
	const rounds = 3
	address := storetest.URL(b)
	l, in := blocks(b, address, rounds, *yearPoints)
	for n := range rounds {
		site := energy.SiteID(fmt.Sprintf("block%d", n))
		_, err := in.Backfill(b.Context(), "file", site, func(yield func(energy.PointID, iter.Seq[energy.Reading]) bool) {
			for i := range *yearPoints {
				if !yield(energy.PointID(fmt.Sprintf("%s/p%04d", site, i)), yearOf(i)) {
					return
				}
			}
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	rows := rowsOfYear(b, address, *yearPoints)
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	ours := yardstick.Side{Do: func(round int) {
		closed, err := closer.Site(b.Context(), energy.SiteID(fmt.Sprintf("block%d", round)))
		if err != nil || closed.Days < 365**yearPoints {
			b.Fatal(closed, err)
		}
	}}
	peer := func(name string, grain rowtable.Grain) yardstick.Side {
		return yardstick.Side{Name: name, Do: func(int) {
			days, err := rows.RollUp(b.Context(), int32(*yearPoints+3)/4, grain, "Europe/Berlin")
			if err != nil || days < int64(365**yearPoints) {
				b.Fatal(days, err)
			}
		}}
	}
	yardstick.InTurns(b, rounds, ours, peer("peer", rowtable.QuarterHours), peer("hours", rowtable.Hours))
	b.ReportMetric(float64(*yearPoints), "points")
}

// rowsOfYear are the readings of the same points as rows, channels that count first.
func rowsOfYear(b *testing.B, address string, points int) *rowtable.Table {
	b.Helper()
	table, err := rowtable.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { table.Close(b.Context()) }) //nolint:errcheck // done
	counters := (points + 3) / 4
	channels, next := make([]int32, points), make([]func() energy.Value, points)
	counting, level := 0, counters
	for i := range points {
		if i%4 == 0 {
			channels[i], counting = int32(counting), counting+1
		} else {
			channels[i], level = int32(level), level+1
		}
		next[i] = registers(i)
	}
	const atOnce = 100_000
	var rows []rowtable.Row
	for n := range quartersOfYear + 1 {
		at := yearFrom.Add(time.Duration(n) * energy.QuarterHour)
		for i := range points {
			rows = append(rows, rowtable.Row{Channel: channels[i], At: at, Value: next[i]().Float64()})
		}
		if len(rows) < atOnce && n < quartersOfYear {
			continue
		}
		if err := table.Copy(b.Context(), rows); err != nil {
			b.Fatal(err)
		}
		rows = rows[:0]
	}
	if err := table.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	return table
}

// BenchmarkAnHourMore closes what an hour brings a site of 1,000 points in the
// afternoon (goal: twice the bare update of as many day rows).
func BenchmarkAnHourMore(b *testing.B) {
	const points = 1000
	address := storetest.URL(b)
	l, in := blocks(b, address, 1, points)
	closer := closing.New(l, slog.New(slog.DiscardHandler))
	rows, err := rowtable.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { rows.Close(b.Context()) }) //nolint:errcheck // done
	if err := rows.MakeDays(b.Context(), points); err != nil {
		b.Fatal(err)
	}
	next := make([]func() energy.Value, points)
	for i := range next {
		next[i] = registers(i)
	}
	hour := collecting{in: in, next: next, at: time.Date(2025, 6, 2, 22, 0, 0, 0, time.UTC), epoch: energy.NewEpoch()}
	closeAll := func() {
		closed, err := closer.Site(b.Context(), "block0")
		if err != nil || closed.Days == 0 {
			b.Fatal(closed, err)
		}
	}
	for range 2*24 + 6 { // two days that are over, and a morning
		hour.deliver(b)
	}
	closeAll()
	bare := newBareDays(b, l, points)
	amounts := make([]int64, points)
	count := int64(0)
	update := func(int) {
		count++
		for i := range amounts {
			amounts[i] = 2_000_000_000 + count
		}
		if err := rows.UpdateDays(b.Context(), 49, amounts); err != nil {
			b.Fatal(err)
		}
	}
	// The day must not end, for then an hour is one of two days.
	yardstick.InTurns(b, 7, yardstick.Side{Before: func() { hour.deliver(b) }, Do: func(int) { closeAll() }},
		yardstick.Side{Name: "peer", Do: func(int) { bare.update(b) }}, yardstick.Side{Name: "hour", Do: update})
}

// collecting delivers what points show, hour by hour.
type collecting struct {
	in       *intake.Intake
	next     []func() energy.Value
	at       time.Time
	epoch    energy.Epoch
	sequence uint64
}

func (p *collecting) deliver(b *testing.B) {
	b.Helper()
	var readings []energy.PointReading
	for range 4 {
		p.at = p.at.Add(energy.QuarterHour)
		for i, next := range p.next {
			readings = append(readings, reading(energy.PointID(fmt.Sprintf("block0/p%04d", i)), p.at, next()))
		}
	}
	p.sequence++
	batch := energy.Batch{Site: "block0", Source: "test", Epoch: p.epoch, Lane: energy.Live, Sequence: p.sequence, Readings: readings}
	if _, err := p.in.Deliver(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
}

// bareDays are day rows that are written again and again, and nothing else.
type bareDays struct {
	store *store.Store
	days  map[energy.PointID][]series.Day
	round energy.Amount
}

func newBareDays(b *testing.B, l *ledger.Ledger, points int) *bareDays {
	b.Helper()
	const site = "bare"
	bare := &bareDays{store: l.Store(), days: map[energy.PointID][]series.Day{}}
	if err := bare.store.EnsureSite(b.Context(), site); err != nil {
		b.Fatal(err)
	}
	date := energy.Date{Year: 2025, Month: time.June, Day: 5}
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	var readings []energy.PointReading
	for i := range points {
		id := energy.PointID(fmt.Sprintf("%s/p%04d", site, i))
		day := series.Day{Date: date, Period: calendar.Day(date), CoveredS: 60 * 900}
		for n := range 96 {
			quality, covered, amount := energy.Missing, int16(0), energy.Amount(0)
			if n < 60 {
				quality, covered, amount = energy.Measured, 900, energy.Amount(25_000_000+1000*i+n)
			}
			day.Values, day.Quality, day.Covered = append(day.Values, amount), append(day.Quality, quality), append(day.Covered, covered)
		}
		bare.days[id] = []series.Day{day}
		readings = append(readings, reading(id, yearFrom, energy.Decimal(1, 0)))
	}
	_, err = bare.store.Append(b.Context(), site, func(ctx context.Context, f *store.Fact) error { return f.Segments(ctx, "collector", 10, readings) })
	if err != nil {
		b.Fatal(err)
	}
	bare.update(b)
	return bare
}

// update writes each day with other values than before.
func (d *bareDays) update(b *testing.B) {
	b.Helper()
	d.round++
	for _, days := range d.days {
		for n := 56; n < 60; n++ {
			days[0].Values[n] = 26_000_000 + d.round
		}
		days[0].Total = 96 * d.round
	}
	busy, err := d.store.Closing(b.Context(), "bare", store.JobClosing, func(ctx context.Context, c *store.Closing) error {
		return c.PutDays(ctx, d.days, closing.Method)
	})
	if busy || err != nil {
		b.Fatal(busy, err)
	}
}
