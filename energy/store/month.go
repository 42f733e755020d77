package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// SumMonths writes the balances of the local months that hold the days from
// first to last as the sums of their days, in place of what there was.
func (c *Closing) SumMonths(ctx context.Context, first, last energy.Date) error {
	args := pgx.NamedArgs{"site": c.siteNo, "seq": c.Upto,
		"from": time.Date(first.Year, first.Month, 1, 0, 0, 0, 0, time.UTC),
		"to":   time.Date(last.Year, last.Month+1, 1, 0, 0, 0, 0, time.UTC)}
	_, err := c.q.Exec(ctx, `
		delete from balance m
		where m.site_id = @site and m.grain = 'm' and m.period >= @from::date and m.period < @to::date
		and not exists (
			select from balance d
			where d.site_id = @site and d.grain = 'd' and d.role = m.role and d.category = m.category
			and d.period >= m.period and d.period < (m.period + interval '1 month')::date)`, args)
	if err != nil {
		return fmt.Errorf("drop empty months from %s: %w", first, err)
	}
	_, err = c.q.Exec(ctx, `
		insert into balance as b (site_id, grain, period, role, category, amount, substitute, covered_s, energy_s, expected_s, seq)
		select site_id, 'm', date_trunc('month', period::timestamp)::date as month, role, category,
			sum(amount)::int8, sum(substitute)::int8, sum(covered_s)::int8, sum(energy_s)::int8, sum(expected_s)::int8, @seq
		from balance
		where site_id = @site and grain = 'd' and period >= @from::date and period < @to::date
		group by site_id, month, role, category
		`+onBalanceConflict, args)
	return wrap(err, "sum the months from %s to %s", first, last)
}
