package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Stretch is a range of local days [From, To) of a site.
type Stretch struct {
	Site     energy.SiteID
	From, To energy.Date
}

// grains cuts a stretch into whole months and the days before and after them.
func (s Stretch) grains(each func(grain Grain, from, to energy.Date)) {
	first, last := monthFrom(s.From), energy.Date{Year: s.To.Year, Month: s.To.Month, Day: 1}
	if !first.Before(last) {
		each(GrainDay, s.From, s.To)
		return
	}
	each(GrainDay, s.From, first)
	each(GrainMonth, first, last)
	each(GrainDay, last, s.To)
}

// monthFrom is the first day of a month on or after d.
func monthFrom(d energy.Date) energy.Date {
	if d.Day == 1 {
		return d
	}
	t := time.Date(d.Year, d.Month+1, 1, 0, 0, 0, 0, time.UTC)
	return energy.Date{Year: t.Year(), Month: t.Month(), Day: 1}
}

// BalanceSums are, for each of several stretches, its balances of some roles
// added up, one for each role and category; Grain, Period and Seq say nothing.
// All of them are one question, whatever the number of sites. Each stretch is
// added up by itself, so that the database walks its rows and no others.
func (r Reader) BalanceSums(ctx context.Context, stretches []Stretch, roles []int16) (sums [][]Balance, err error) {
	sums = make([][]Balance, len(stretches))
	var sites, grains []string
	var numbers []int32
	var from, to []time.Time
	for i, s := range stretches {
		s.grains(func(grain Grain, first, last energy.Date) {
			if first.Before(last) {
				sites, grains, numbers = append(sites, string(s.Site)), append(grains, string(rune(grain))), append(numbers, int32(i))
				from, to = append(from, first.UTC()), append(to, last.UTC())
			}
		})
	}
	if len(sites) == 0 {
		return sums, nil
	}
	err = r.with(ctx, func(q session) error {
		rows, err := q.Query(ctx, `
			select n, role, category, sum(amount)::int8, sum(substitute)::int8, sum(covered_s)::int8, sum(energy_s)::int8, sum(expected_s)::int8
			from unnest(@sites::text[], @numbers::int4[], @grains::text[], @from::date[], @to::date[]) as w (site, n, grain, first, last)
			join site s on s.id = w.site
			cross join lateral (
				select b.role, b.category, sum(b.amount) as amount, sum(b.substitute) as substitute, sum(b.covered_s) as covered_s,
					sum(b.energy_s) as energy_s, sum(b.expected_s) as expected_s
				from balance b
				where b.site_id = s.site_id and b.grain = w.grain::"char" and b.period >= w.first and b.period < w.last and b.role = any(@roles)
				group by b.role, b.category
			) b
			group by n, role, category
			order by n, role, category`,
			pgx.NamedArgs{"sites": sites, "numbers": numbers, "grains": grains, "from": from, "to": to, "roles": roles})
		if err != nil {
			return err
		}
		var n int32
		var b Balance
		_, err = pgx.ForEachRow(rows, []any{&n, &b.Role, &b.Category, &b.Amount, &b.Substitute, &b.CoveredS, &b.EnergyS, &b.ExpectedS}, func() error {
			b.Site = stretches[n].Site
			sums[n] = append(sums[n], b)
			return nil
		})
		return err
	})
	return sums, wrap(err, "add up balances of %d stretches of days", len(stretches))
}

// Cursors are the facts up to which a job is done at sites. One that the job
// has not begun is not in the map.
func (r Reader) Cursors(ctx context.Context, sites []energy.SiteID, job string) (upto map[energy.SiteID]int64, err error) {
	upto = make(map[energy.SiteID]int64, len(sites))
	err = r.with(ctx, func(q session) error {
		rows, err := q.Query(ctx, `
			select s.id, c.seq from site s join site_cursor c on c.site_id = s.site_id and c.job = @job
			where s.id = any(@sites)`, pgx.NamedArgs{"sites": sites, "job": job})
		if err != nil {
			return err
		}
		var id energy.SiteID
		var seq int64
		_, err = pgx.ForEachRow(rows, []any{&id, &seq}, func() error {
			upto[id] = seq
			return nil
		})
		return err
	})
	return upto, wrap(err, "read cursors of job %s at %d sites", job, len(sites))
}

// SpansOf are all spans of sites that overlap a period, by site and point, by
// their beginning.
func (r Reader) SpansOf(ctx context.Context, sites []energy.SiteID, p energy.Period) (spans map[energy.PointID][]series.Span, err error) {
	spans = map[energy.PointID][]series.Span{}
	err = r.with(ctx, func(q session) error {
		rows, err := q.Query(ctx, `
			select p.id, s.from_at, s.to_at, s.amount, s.cause, s.quality
			from site i join span s on s.site_id = i.site_id and s.from_at < @to and s.to_at > @from
			join point p on p.site_id = s.site_id and p.point_no = s.point_no
			where i.id = any(@sites)
			order by p.site_id, p.point_no, s.from_at, s.to_at`,
			pgx.NamedArgs{"sites": sites, "from": p.From, "to": p.To})
		if err != nil {
			return err
		}
		var id energy.PointID
		var s series.Span
		_, err = pgx.ForEachRow(rows, []any{&id, &s.Period.From, &s.Period.To, &s.Amount, &s.Cause, &s.Quality}, func() error {
			spans[id] = append(spans[id], s)
			return nil
		})
		return err
	})
	return spans, wrap(err, "read spans of %d sites in %s", len(sites), p)
}

// TotalsOf are the sums of the days' totals of points in stretches, one map for
// each stretch; points[i] are those of stretches[i]. A point without days is
// not in the map.
func (r Reader) TotalsOf(ctx context.Context, stretches []Stretch, points [][]energy.PointID) (totals []map[energy.PointID]energy.Amount, err error) {
	totals = make([]map[energy.PointID]energy.Amount, len(stretches))
	var ids []string
	var sites []string
	var numbers []int32
	var from, to []time.Time
	for i, s := range stretches {
		totals[i] = map[energy.PointID]energy.Amount{}
		for _, p := range points[i] {
			sites, ids, numbers = append(sites, string(s.Site)), append(ids, string(p)), append(numbers, int32(i))
			from, to = append(from, s.From.UTC()), append(to, s.To.UTC())
		}
	}
	if len(ids) == 0 {
		return totals, nil
	}
	err = r.with(ctx, func(q session) error {
		rows, err := q.Query(ctx, `
			select w.n, w.point, d.total
			from unnest(@sites::text[], @points::text[], @numbers::int4[], @from::date[], @to::date[]) as w (site, point, n, first, last)
			join site s on s.id = w.site
			join point p on p.site_id = s.site_id and p.id = w.point
			cross join lateral (
				select sum(d.total)::int8 as total from day d
				where d.site_id = s.site_id and d.point_no = p.point_no and d.day >= w.first and d.day < w.last
			) d
			where d.total is not null`,
			pgx.NamedArgs{"sites": sites, "points": ids, "numbers": numbers, "from": from, "to": to})
		if err != nil {
			return err
		}
		var n int32
		var id energy.PointID
		var total int64
		_, err = pgx.ForEachRow(rows, []any{&n, &id, &total}, func() error {
			totals[n][id] = energy.Amount(total)
			return nil
		})
		return err
	})
	return totals, wrap(err, "add up points of %d stretches of days", len(stretches))
}
