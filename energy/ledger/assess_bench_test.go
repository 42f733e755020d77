package ledger_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/store/storetest"
)

// city is a registry of so many data centres, each bound by the law, a contract
// on its efficiency and one on its heat, and a decision of the council.
func city(sites int) string {
	var y strings.Builder
	y.WriteString("municipality: {ags: \"06413000\", name: Offenbach am Main, timezone: Europe/Berlin}\noperators: [{id: op, name: Operator}]\nsites:\n")
	for n := range sites {
		fmt.Fprintf(&y, `  - id: dc%[1]d
    name: Data centre %[1]d
    operator: op
    in_operation_since: 2015-03-01
    connected_load_kw: 4800
    meters:
      - {id: dc%[1]d-main, accuracy: {class: "0.5"}, points: [{id: dc%[1]d/grid, quantity: active_energy_import, role: grid_import}]}
      - {id: dc%[1]d-roof, accuracy: {class: "1"}, points: [{id: dc%[1]d/roof, quantity: active_energy_import, role: onsite_renewable}]}
      - {id: dc%[1]d-ups, accuracy: {percent: 1.0}, points: [{id: dc%[1]d/it, quantity: active_energy_import, role: it_load, category: 1}]}
      - {id: dc%[1]d-heat, accuracy: {percent: 2}, points: [{id: dc%[1]d/heat, quantity: heat_energy, role: heat_delivered}]}
    commitments:
      - {id: law%[1]d, rulebook: enefg-2023}
      - {id: pue%[1]d, source: Contract, metric: pue, at_most: 1.5, per: calendar_year, from: 2020-01-01}
      - {id: heat%[1]d, source: Contract, metric: heat_delivered, at_least: 4 GWh, per: calendar_year, from: 2020-01-01}
`, n)
	}
	y.WriteString("commitments:\n  - {id: green, source: Council, metric: green_share_annual, at_least: 100 %, per: calendar_year, from: 2024-01-01, operator: op}\n")
	return y.String()
}

// furnish gives every site the balances of so many years that are over, and of
// the running one up to a day: all months, and the days of that day's month in
// each of the years, which is what closing has written and a judgement looks at.
func furnish(b *testing.B, address string, years int) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(b.Context()) //nolint:errcheck // done
	number := func(r energy.Role) int16 { return r.Number() }
	roles := []int16{number(energy.GridImport), number(energy.OnsiteRenewable), number(energy.ITLoad), number(energy.HeatDelivered),
		1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1016, 1022, 1023, 1024}
	categories := []int16{0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0}
	amounts := []int64{10, 1, 7, 5, 11, 7, 11, 7, 1, 11, 10, 5, 11, 6, 7, 5, 1, 11, 10}
	for _, sql := range []string{
		`insert into site_cursor (site_id, job, seq) select site_id, 'closing', seq from site_head where site_id > 0 on conflict do nothing`,
		`insert into balance (site_id, grain, period, role, category, amount, substitute, covered_s, energy_s, expected_s, seq)
		select s.site_id, p.grain::"char", p.period, r.role, r.category, (r.amount * p.seconds / 86400) * 24000000000 + s.site_id, 0, p.seconds, p.seconds, p.seconds, 1
		from (
			select 'm' as grain, d::date as period, extract(epoch from (d + interval '1 month') - d)::int8 as seconds
			from generate_series(make_timestamp(2026 - @years::int, 1, 1, 0, 0, 0), timestamp '2026-11-01', interval '1 month') d
			union all
			select 'd', make_date(y, 11, n), 86400 from generate_series(2026 - @years::int, 2026) y, generate_series(1, 30) n where y < 2026 or n < 22
		) p, (select site_id from site where site_id > 0) s, unnest(@roles::int2[], @categories::int2[], @amounts::int8[]) r (role, category, amount)
		order by p.period, s.site_id`,
		`analyze balance`, `vacuum balance`,
	} {
		args := []any{pgx.NamedArgs{"years": years, "roles": roles, "categories": categories, "amounts": amounts}}
		if !strings.Contains(sql, "@") {
			args = nil
		}
		if _, err := conn.Exec(b.Context(), sql, args...); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAssessACity judges all commitments of 500 sites (goal: 1 s), with
// one, three and six years of balances: neither time nor memory may follow them.
func BenchmarkAssessACity(b *testing.B) {
	const sites = 500
	for _, years := range []int{1, 3, 6} {
		b.Run(fmt.Sprintf("years=%d", years), func(b *testing.B) {
			address := storetest.URL(b)
			s := storetest.Open(b, address, store.Options{})
			l := ledger.New(s, "Europe/Berlin")
			r, faults := registry.Load("city.yaml", []byte(city(sites)))
			if len(faults) > 0 {
				b.Fatal(faults)
			}
			if _, err := intake.New(l, intake.Options{}).Apply(b.Context(), r, "test", false, false); err != nil {
				b.Fatal(err)
			}
			furnish(b, address, years)
			ids := make([]energy.SiteID, sites)
			for n := range ids {
				ids[n] = energy.SiteID(fmt.Sprintf("dc%d", n))
			}
			judge := func() (verdicts map[commitment.Verdict]int) {
				all, err := l.AssessAll(b.Context(), ids, func(energy.Calendar) energy.Date { return issuedOn }, "")
				if err != nil {
					b.Fatal(err)
				}
				verdicts = map[commitment.Verdict]int{}
				for _, one := range all {
					for _, a := range one.Assessments {
						verdicts[a.Verdict]++
					}
				}
				return verdicts
			}
			if v := judge(); v[commitment.Met]+v[commitment.Missed] < 2*sites || v[commitment.OnTrack]+v[commitment.AtRisk] < 2*sites {
				b.Fatalf("judged: %v", v)
			}
			var peak uint64
			stop, stopped := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(stopped)
				for {
					select {
					case <-stop:
						return
					case <-time.After(10 * time.Millisecond):
					}
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapInuse)
				}
			}()
			b.ReportAllocs()
			for b.Loop() {
				judge()
			}
			close(stop)
			<-stopped
			b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
		})
	}
}
