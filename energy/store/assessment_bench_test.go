package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/energy/yardstick"
)

// BenchmarkBalanceSums adds up what the judgements of 32 sites ask for: ten
// stretches of up to a year each.
func BenchmarkBalanceSums(b *testing.B) {
	const sites = 32
	s, _ := balanced(b, sites, 2022, 0)
	var stretches []store.Stretch
	for n := range sites {
		id := energy.SiteID(fmt.Sprintf("dc%d", n))
		for year := 2022; year <= 2026; year++ {
			first := energy.Date{Year: year, Month: 1, Day: 1}
			stretches = append(stretches, store.Stretch{Site: id, From: first, To: energy.Date{Year: year, Month: 11, Day: 22}},
				store.Stretch{Site: id, From: first, To: energy.Date{Year: year + 1, Month: 1, Day: 1}})
		}
	}
	roles := []int16{1001, 1002, 1003, 1004, 1005, 1006, 1008, 1009, 1016, 1017, 1018}
	for b.Loop() {
		sums, err := s.BalanceSums(b.Context(), stretches, roles)
		if err != nil || len(sums[0]) != len(roles) {
			b.Fatalf("%d sums, %v", len(sums[0]), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/sites*500, "ms/500-sites")
}

// BenchmarkAnnualPUE asks for both sides of the PUE of 50 sites in a year (goal:
// 1 ms); what the machine takes at least is a question that asks for nothing.
func BenchmarkAnnualPUE(b *testing.B) {
	const sites, numerator, denominator = 50, 1001, 1002
	s, conn := balanced(b, sites, 2023, 1)
	var stretches []store.Stretch
	for n := range sites {
		id := energy.SiteID(fmt.Sprintf("dc%d", n))
		stretches = append(stretches, store.Stretch{Site: id, From: energy.Date{Year: 2025, Month: 1, Day: 1}, To: energy.Date{Year: 2026, Month: 1, Day: 1}})
	}
	yardstick.Beside(b, func() {
		sums, err := s.BalanceSums(b.Context(), stretches, []int16{numerator, denominator})
		if err != nil || len(sums) != sites || len(sums[sites-1]) != 2 || sums[0][0].Amount != 12*numerator*1_000_000 {
			b.Fatal(len(sums), err)
		}
	}, func() {
		if _, err := conn.Exec(b.Context(), "select 1"); err != nil {
			b.Fatal(err)
		}
	})
}

// balanced is a store of sites dc0, dc1, … whose balances of every month and day from
// a year to 2026 hold twenty roles, each with a million times its number, and a
// connection beside it.
func balanced(b *testing.B, sites, year, category int) (*store.Store, *pgx.Conn) {
	b.Helper()
	address := storetest.URL(b)
	s := storetest.Open(b, address, store.Options{})
	conn, err := pgx.Connect(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close(context.Background()) }) // done
	for n := range sites {
		if err := s.EnsureSite(b.Context(), energy.SiteID(fmt.Sprintf("dc%d", n))); err != nil {
			b.Fatal(err)
		}
	}
	_, err = conn.Exec(b.Context(), `
		insert into balance (site_id, grain, period, role, category, amount, substitute, covered_s, energy_s, expected_s, seq)
		select s.site_id, g.grain::"char", g.period, role, @category::int, role * 1000000, 0, 1, 1, 1, 1
		from (
			select 'm' as grain, d::date as period from generate_series(@first::timestamp, timestamp '2026-12-01', interval '1 month') d
			union all select 'd', d::date from generate_series(@first::timestamp, timestamp '2026-12-31', interval '1 day') d
		) g, (select site_id from site where site_id > 0) s, generate_series(1001, 1020) role
		order by g.period, s.site_id`, pgx.NamedArgs{"category": category, "first": time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := conn.Exec(b.Context(), "vacuum analyze balance"); err != nil {
		b.Fatal(err)
	}
	return s, conn
}
