package store_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
	"heatledger/energy/yardstick"
)

// BenchmarkBalanceSums adds up what the judgements of 32 sites ask for: ten
// stretches of up to a year each.
func BenchmarkBalanceSums(b *testing.B) {
	address := storetest.URL(b)
	s := storetest.Open(b, address, store.Options{})
	const sites = 32
	conn, err := pgx.Connect(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context()) //nolint:errcheck // done
	var stretches []store.Stretch
	for n := range sites {
		id := energy.SiteID(fmt.Sprintf("dc%d", n))
		if err := s.EnsureSite(b.Context(), id); err != nil {
			b.Fatal(err)
		}
		for year := 2022; year <= 2026; year++ {
			first := energy.Date{Year: year, Month: 1, Day: 1}
			stretches = append(stretches, store.Stretch{Site: id, From: first, To: energy.Date{Year: year, Month: 11, Day: 22}},
				store.Stretch{Site: id, From: first, To: energy.Date{Year: year + 1, Month: 1, Day: 1}})
		}
	}
	for _, sql := range []string{`
		insert into balance (site_id, grain, period, role, category, amount, substitute, covered_s, energy_s, expected_s, seq)
		select s.site_id, g.grain::"char", g.period, role, 0, role * 1000000, 0, 1, 1, 1, 1
		from (
			select 'm' as grain, d::date as period from generate_series(timestamp '2022-01-01', timestamp '2026-12-01', interval '1 month') d
			union all select 'd', d::date from generate_series(timestamp '2022-01-01', timestamp '2026-12-31', interval '1 day') d
		) g, (select site_id from site where site_id > 0) s, generate_series(1001, 1020) role
		order by g.period, s.site_id`, `vacuum analyze balance`} {
		if _, err := conn.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
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
	address := storetest.URL(b)
	s := storetest.Open(b, address, store.Options{})
	conn, err := pgx.Connect(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context()) //nolint:errcheck // done
	var stretches []store.Stretch
	for n := range sites {
		id := energy.SiteID(fmt.Sprintf("dc%d", n))
		if err := s.EnsureSite(b.Context(), id); err != nil {
			b.Fatal(err)
		}
		stretches = append(stretches, store.Stretch{Site: id, From: energy.Date{Year: 2025, Month: 1, Day: 1}, To: energy.Date{Year: 2026, Month: 1, Day: 1}})
	}
	for _, sql := range []string{`
		insert into balance (site_id, grain, period, role, category, amount, substitute, covered_s, energy_s, expected_s, seq)
		select s.site_id, g.grain::"char", g.period, role, 1, role * 1000000, 0, 1, 1, 1, 1
		from (
			select 'm' as grain, d::date as period from generate_series(timestamp '2023-01-01', timestamp '2026-12-01', interval '1 month') d
			union all select 'd', d::date from generate_series(timestamp '2023-01-01', timestamp '2026-12-31', interval '1 day') d
		) g, (select site_id from site where site_id > 0) s, generate_series(1001, 1020) role
		order by g.period, s.site_id`, `vacuum analyze balance`} {
		if _, err := conn.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
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
