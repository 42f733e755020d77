package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Grain is the length of a balance's period.
type Grain byte

// A local day and a local month.
const (
	GrainDay   Grain = 'd'
	GrainMonth Grain = 'm'
)

// Balance is the sum of a site's points of one role and category in a period:
// what figures are computed from.
type Balance struct {
	Site       energy.SiteID
	Grain      Grain
	Period     energy.Date // the day, or the first of the month
	Role       int16       // [energy.Role.Number]
	Category   int16       // 0 where the role has none
	Amount     int64       // in the fixed unit of the role's quantity
	Substitute int64       // the part of Amount that is not known to belong to the period
	CoveredS   int64       // seconds measured at their own time (interval coverage)
	EnergyS    int64       // seconds whose energy is known (energy coverage)
	ExpectedS  int64       // seconds of the period
	Seq        int64       // the fact up to which it was derived when it last changed
}

// PutBalances replaces the balances of days of the closing's site by those
// given, which are of these days. One that is unchanged is not rewritten.
func (c *Closing) PutBalances(ctx context.Context, days []energy.Date, balances []Balance) error {
	n := len(balances)
	periods, roles, categories := make([]time.Time, n), make([]int16, n), make([]int16, n)
	amounts, substitutes, seqs := make([]int64, n), make([]int64, n), make([]int64, n)
	covered, energies, expected := make([]int64, n), make([]int64, n), make([]int64, n)
	for i, b := range balances {
		if b.Site != c.site || b.Grain != GrainDay || !slices.Contains(days, b.Period) {
			return fmt.Errorf("write balance of site %q on %s (%c): a day of site %q among the %d given is expected",
				b.Site, b.Period, b.Grain, c.site, len(days))
		}
		periods[i], roles[i], categories[i] = b.Period.UTC(), b.Role, b.Category
		amounts[i], substitutes[i], seqs[i] = b.Amount, b.Substitute, b.Seq
		covered[i], energies[i], expected[i] = b.CoveredS, b.EnergyS, b.ExpectedS
	}
	dates := make([]time.Time, len(days))
	for i, d := range days {
		dates[i] = d.UTC()
	}
	args := pgx.NamedArgs{"site": c.siteNo, "days": dates, "periods": periods, "roles": roles, "categories": categories,
		"amounts": amounts, "substitutes": substitutes, "covered": covered, "energy": energies, "expected": expected, "seqs": seqs}
	// What comes again is not deleted: if it is unchanged its row stays.
	_, err := c.q.Exec(ctx, `
		delete from balance where site_id = @site and grain = 'd' and period = any(@days::date[])
		and (period, role, category) not in (
			select p, r, c from unnest(@periods::date[], @roles::int2[], @categories::int2[]) n (p, r, c))`, args)
	if err != nil {
		return fmt.Errorf("replace balances of %d days: %w", len(days), err)
	}
	_, err = c.q.Exec(ctx, `
		insert into balance as b (site_id, grain, period, role, category, amount, substitute, covered_s, energy_s, expected_s, seq)
		select @site, 'd', period, role, category, amount, substitute, covered_s, energy_s, expected_s, seq
		from unnest(@periods::date[], @roles::int2[], @categories::int2[], @amounts::int8[], @substitutes::int8[],
			@covered::int8[], @energy::int8[], @expected::int8[], @seqs::int8[])
			as n (period, role, category, amount, substitute, covered_s, energy_s, expected_s, seq)`+onBalanceConflict, args)
	return wrap(err, "write %d balances of %d days", n, len(days))
}

// onBalanceConflict leaves a balance alone that would not change.
const onBalanceConflict = `
	on conflict (site_id, grain, period, role, category) do update
	set amount = excluded.amount, substitute = excluded.substitute, covered_s = excluded.covered_s,
		energy_s = excluded.energy_s, expected_s = excluded.expected_s, seq = excluded.seq
	where (b.amount, b.substitute, b.covered_s, b.energy_s, b.expected_s)
		is distinct from (excluded.amount, excluded.substitute, excluded.covered_s, excluded.energy_s, excluded.expected_s)`

// Balances are those of sites whose period begins on or after from and before
// to, by site, period, role and category. Unknown sites have none.
func (r Reader) Balances(ctx context.Context, sites []energy.SiteID, grain Grain, from, to energy.Date) (balances []Balance, err error) {
	err = r.with(ctx, func(q session) error {
		rows, err := q.Query(ctx, `
			select s.id, b.period, b.role, b.category, b.amount, b.substitute, b.covered_s, b.energy_s, b.expected_s, b.seq
			from site s join balance b on b.site_id = s.site_id and b.grain = @grain::text::"char" and b.period >= @from and b.period < @to
			where s.id = any(@sites)
			order by s.id, b.period, b.role, b.category`,
			pgx.NamedArgs{"sites": sites, "grain": string(rune(grain)), "from": from.UTC(), "to": to.UTC()})
		if err != nil {
			return err
		}
		b := Balance{Grain: grain}
		var period time.Time
		_, err = pgx.ForEachRow(rows, []any{&b.Site, &period, &b.Role, &b.Category, &b.Amount, &b.Substitute, &b.CoveredS, &b.EnergyS, &b.ExpectedS, &b.Seq},
			func() error {
				b.Period = energy.Date{Year: period.Year(), Month: period.Month(), Day: period.Day()}
				balances = append(balances, b)
				return nil
			})
		return err
	})
	return balances, wrap(err, "read balances of %d sites from %s to %s", len(sites), from, to)
}
