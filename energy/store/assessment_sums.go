package store

import (
	"cmp"
	"context"
	"slices"
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

// pieces are parts of stretches in one grain, column by column; numbers tell
// which stretch each is of.
type pieces struct {
	sites    []string
	numbers  []int32
	from, to []time.Time
}

// BalanceSums are, for each of several stretches, its balances of some roles
// added up, one for each role and category, in their order; Grain, Period and
// Seq say nothing. They are two questions, one for whole months and one for the
// days around them, whatever the number of sites. Each stretch is added up by
// itself, so that the database walks its rows and no others.
func (r Reader) BalanceSums(ctx context.Context, stretches []Stretch, roles []int16) (sums [][]Balance, err error) {
	sums = make([][]Balance, len(stretches))
	var months, days pieces
	for i, s := range stretches {
		s.grains(func(grain Grain, first, last energy.Date) {
			if !first.Before(last) {
				return
			}
			p := &months
			if grain == GrainDay {
				p = &days
			}
			p.sites, p.numbers = append(p.sites, string(s.Site)), append(p.numbers, int32(i))
			p.from, p.to = append(p.from, first.UTC()), append(p.to, last.UTC())
		})
	}
	// The roles of a month are found one by one in an index of their own; of a
	// few days all roles are read, which lie together, and most are wanted.
	err = r.addUp(ctx, months, roles, sums, `
		cross join unnest(@roles::int2[]) r (role)
		cross join lateral (
			select r.role, b.category, sum(b.amount)::int8 as amount, sum(b.substitute)::int8 as substitute, sum(b.covered_s)::int8 as covered_s,
				sum(b.energy_s)::int8 as energy_s, sum(b.expected_s)::int8 as expected_s
			from balance b
			where b.site_id = s.site_id and b.grain = 'm' and b.period >= w.first and b.period < w.last and b.role = r.role
			group by b.category
		) b`)
	if err == nil {
		err = r.addUp(ctx, days, roles, sums, `
		cross join lateral (
			select b.role, b.category, sum(b.amount)::int8 as amount, sum(b.substitute)::int8 as substitute, sum(b.covered_s)::int8 as covered_s,
				sum(b.energy_s)::int8 as energy_s, sum(b.expected_s)::int8 as expected_s
			from balance b
			where b.site_id = s.site_id and b.grain = 'd' and b.period >= w.first and b.period < w.last and @roles::int2[] @> array[b.role]
			group by b.role, b.category
		) b`)
	}
	if err != nil {
		return nil, wrap(err, "add up balances of %d stretches of days", len(stretches))
	}
	for i, list := range sums {
		for n := range list {
			list[n].Site = stretches[i].Site
		}
		slices.SortFunc(list, func(a, b Balance) int {
			return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Category, b.Category))
		})
	}
	return sums, nil
}

// addUp adds the balances of pieces, which the second half of the question finds
// for each of them, to the sums of their stretches.
func (r Reader) addUp(ctx context.Context, p pieces, roles []int16, sums [][]Balance, each string) error {
	if len(p.sites) == 0 {
		return nil
	}
	return r.with(ctx, func(q session) error {
		rows, err := q.Query(ctx, `
			select w.n, b.role, b.category, b.amount, b.substitute, b.covered_s, b.energy_s, b.expected_s
			from unnest(@sites::text[], @numbers::int4[], @from::date[], @to::date[]) as w (site, n, first, last)
			join site s on s.id = w.site`+each,
			pgx.NamedArgs{"sites": p.sites, "numbers": p.numbers, "from": p.from, "to": p.to, "roles": roles})
		if err != nil {
			return err
		}
		var n int32
		var b Balance
		_, err = pgx.ForEachRow(rows, []any{&n, &b.Role, &b.Category, &b.Amount, &b.Substitute, &b.CoveredS, &b.EnergyS, &b.ExpectedS}, func() error {
			i := slices.IndexFunc(sums[n], func(o Balance) bool { return o.Role == b.Role && o.Category == b.Category })
			if i < 0 {
				sums[n] = append(sums[n], Balance{Role: b.Role, Category: b.Category})
				i = len(sums[n]) - 1
			}
			sums[n][i].add(b)
			return nil
		})
		return err
	})
}

// add adds what another balance amounts to.
func (b *Balance) add(o Balance) {
	b.Amount, b.Substitute = b.Amount+o.Amount, b.Substitute+o.Substitute
	b.CoveredS, b.EnergyS, b.ExpectedS = b.CoveredS+o.CoveredS, b.EnergyS+o.EnergyS, b.ExpectedS+o.ExpectedS
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
