package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/proof"
)

// derivedRows are what is derived of a site, row by row: of which kind and
// point, which one, and a digest of what it says. The fact a row was last
// changed by is no part of it.
const derivedRows = `
	select 'day' as kind, p.id as point, d.day::text as what,
		md5(row(d.from_at, d.to_at, d.method, d.v, d.q, d.total, d.weighted, d.covered_s, d.substitute, d.lo, d.hi)::text) as sum
	from day d left join point p on p.site_id = d.site_id and p.point_no = d.point_no where d.site_id = @site
	union all
	select 'span', p.id, s.from_at::text || ' ' || s.to_at, md5(row(s.amount, s.cause, s.quality)::text)
	from span s left join point p on p.site_id = s.site_id and p.point_no = s.point_no where s.site_id = @site
	union all
	select 'balance', null, b.grain::text || ' ' || b.period || ' ' || b.role || ' ' || b.category,
		md5(row(b.amount, b.substitute, b.covered_s, b.energy_s, b.expected_s)::text)
	from balance b where b.site_id = @site`

// RememberDerived remembers the days, spans and balances of the site as they
// are, until the run ends; see [Closing.Differing].
func (c *Closing) RememberDerived(ctx context.Context) error {
	_, err := c.q.Exec(ctx, "create temporary table derived_before (kind text, point text, what text, sum text) on commit drop")
	if err == nil {
		_, err = c.q.Exec(ctx, "insert into derived_before (kind, point, what, sum)"+derivedRows, pgx.NamedArgs{"site": c.siteNo})
	}
	return wrap(err, "remember what is derived of site %q", c.site)
}

// Differing are the rows that the run has made others than those remembered: a
// row that the run wrote anew was missing, one that it deleted had been added.
func (c *Closing) Differing(ctx context.Context) (found []proof.Finding, err error) {
	rows, err := c.q.Query(ctx, `
		select coalesce(b.kind, a.kind), coalesce(b.point, a.point, ''), coalesce(b.what, a.what),
			case when b.kind is null then 'missing' when a.kind is null then 'added' else 'tampered' end
		from derived_before b
		full join (`+derivedRows+`) a on a.kind = b.kind and a.what = b.what and coalesce(a.point, '') = coalesce(b.point, '')
		where a.sum is distinct from b.sum order by 1, 2, 3`, pgx.NamedArgs{"site": c.siteNo})
	if err != nil {
		return nil, wrap(err, "compare what is derived of site %q", c.site)
	}
	f := proof.Finding{Site: c.site}
	_, err = pgx.ForEachRow(rows, []any{&f.Table, &f.Point, &f.What, &f.Verdict}, func() error {
		found = append(found, f)
		return nil
	})
	return found, wrap(err, "compare what is derived of site %q", c.site)
}
