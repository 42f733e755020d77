package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// Presence is what of a site is there: the last local day with readings that
// count, and of months how many have any, and how many seconds of all roles
// should be known and are.
type Presence struct {
	Latest             energy.Date // zero: no day counts any
	Months             int
	EnergyS, ExpectedS int64
}

// firstSide is the first number of the sides of paired figures; below it balances
// are of roles (energy/kpi).
const firstSide = 1001

// Presences are those of sites, by two questions whatever their number; the
// months are those that begin on or after from and before to. A site of which
// nothing is known is not among them.
func (r Reader) Presences(ctx context.Context, sites []energy.SiteID, from, to energy.Date) (all map[energy.SiteID]Presence, err error) {
	all = make(map[energy.SiteID]Presence, len(sites))
	err = r.with(ctx, func(q session) error {
		args := pgx.NamedArgs{"sites": sites, "from": from.UTC(), "to": to.UTC(), "side": firstSide}
		rows, err := q.Query(ctx, `
			select s.id, d.period from site s
			cross join lateral (
				select b.period from balance b
				where b.site_id = s.site_id and b.grain = 'd' and b.role < @side and b.energy_s > 0
				order by b.period desc limit 1) d
			where s.id = any(@sites)`, args)
		if err != nil {
			return err
		}
		var id energy.SiteID
		var day time.Time
		if _, err = pgx.ForEachRow(rows, []any{&id, &day}, func() error {
			all[id] = Presence{Latest: energy.Date{Year: day.Year(), Month: day.Month(), Day: day.Day()}}
			return nil
		}); err != nil {
			return err
		}
		rows, err = q.Query(ctx, `
			select s.id, count(distinct b.period), sum(b.energy_s)::int8, sum(b.expected_s)::int8
			from site s join balance b on b.site_id = s.site_id and b.grain = 'm' and b.period >= @from and b.period < @to and b.role < @side
			where s.id = any(@sites) group by s.id`, args)
		if err != nil {
			return err
		}
		var months int
		var known, expected int64
		_, err = pgx.ForEachRow(rows, []any{&id, &months, &known, &expected}, func() error {
			p := all[id]
			p.Months, p.EnergyS, p.ExpectedS = months, known, expected
			all[id] = p
			return nil
		})
		return err
	})
	return all, wrap(err, "see what is there of %d sites from %s to %s", len(sites), from, to)
}
