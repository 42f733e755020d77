package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// numbered is a point's number, and that of its present meter (0: none known).
type numbered struct {
	ID    energy.PointID
	Point int32
	Meter int32
}

// filing is where readings of a point are filed.
type filing struct{ point, meter int32 }

// filings are the points a connection has learnt, by site. A number never
// changes; the meter may, and then readings are filed under the former one for
// as long as the connection lives, where every reader looks too.
type filings struct {
	bySite map[int32]map[energy.PointID]filing
	count  int
}

// filingsKept is how many points a connection remembers, of about a hundred
// bytes each; with one more it begins anew.
const filingsKept = 100_000

func (fs *filings) learn(site int32, learnt map[energy.PointID]filing) {
	if len(learnt) == 0 {
		return
	}
	if fs.count+len(learnt) > filingsKept {
		*fs = filings{}
	}
	known := fs.bySite[site]
	if known == nil {
		known = map[energy.PointID]filing{}
		if fs.bySite == nil {
			fs.bySite = map[int32]map[energy.PointID]filing{}
		}
		fs.bySite[site] = known
	}
	fs.count -= len(known)
	for id, where := range learnt {
		known[id] = where
	}
	fs.count += len(known)
}

// forget drops what is known of a site's points.
func (fs *filings) forget(site int32) {
	fs.count -= len(fs.bySite[site])
	delete(fs.bySite, site)
}

// points looks up the numbers of points; unknown ones are left out.
func (q session) points(ctx context.Context, site int32, ids []energy.PointID) (map[energy.PointID]numbered, error) {
	rows, err := list(ctx, q, pgx.RowToStructByPos[numbered], `
		select id, point_no, meters[cardinality(meters)] from point where site_id = @site and id = any(@ids)`,
		pgx.NamedArgs{"site": site, "ids": ids})
	if err != nil {
		return nil, fmt.Errorf("look up numbers of points: %w", err)
	}
	found := make(map[energy.PointID]numbered, len(rows))
	for _, n := range rows {
		found[n.ID] = n
	}
	return found, nil
}

// numbered are points, their meters as they were when the connection learnt of
// them; unknown ones are left out. What is learnt stays with the connection, but
// for what is found within a fact, which may make points and be undone: learn is
// false there.
func (q session) numbered(ctx context.Context, site int32, ids []energy.PointID, learn bool) (map[energy.PointID]numbered, error) {
	known := q.conn.numbers.bySite[site]
	found := make(map[energy.PointID]numbered, len(ids))
	var missing []energy.PointID
	for _, id := range ids {
		if where, ok := known[id]; ok {
			found[id] = numbered{id, where.point, where.meter}
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	more, err := q.points(ctx, site, missing)
	if err != nil {
		return nil, err
	}
	learnt := make(map[energy.PointID]filing, len(more))
	for id, n := range more {
		found[id], learnt[id] = n, filing{n.Point, n.Meter}
	}
	if learn {
		q.conn.numbers.learn(site, learnt)
	}
	return found, nil
}

// knownPoints is numbered for a run that makes no points; it errs with
// [ErrNoPoint] when one is unknown.
func (q session) knownPoints(ctx context.Context, site int32, ids []energy.PointID) (map[energy.PointID]numbered, error) {
	found, err := q.numbered(ctx, site, ids, true)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, ok := found[id]; !ok {
			return nil, fmt.Errorf("%s: %w", id, ErrNoPoint)
		}
	}
	return found, nil
}

// filed gives points their numbers, each once among ids, in their order; new
// ones are made.
func (f *Fact) filed(ctx context.Context, ids []energy.PointID) ([]filing, error) {
	where := make([]filing, len(ids))
	known := f.q.conn.filings.bySite[f.siteNo]
	var missing []energy.PointID
	for i, id := range ids {
		place, ok := known[id]
		if !ok || f.declares {
			if place, ok = f.filings[id]; !ok {
				missing = append(missing, id)
			}
		}
		where[i] = place
	}
	if len(missing) == 0 {
		return where, nil
	}
	if err := f.number(ctx, missing); err != nil {
		return nil, err
	}
	for i, id := range ids {
		if place, ok := f.filings[id]; ok {
			where[i] = place
		}
	}
	return where, nil
}

// number looks up the numbers of points, makes those that are new, and notes
// them all with the fact: until it is committed nobody else may use them.
func (f *Fact) number(ctx context.Context, ids []energy.PointID) error {
	// A reading filed under another site would be closed and published there.
	for _, id := range ids {
		if id.Site() != f.site {
			return fmt.Errorf("write readings of point %s: it is no point of site %q", id, f.site)
		}
	}
	found, err := f.q.points(ctx, f.siteNo, ids)
	if err != nil {
		return err
	}
	if len(found) < len(ids) {
		rows, err := list(ctx, f.q, pgx.RowToStructByPos[numbered], `
			insert into point (site_id, point_no, id)
			select @site, (select coalesce(max(point_no), 0) from point where site_id = @site) + row_number() over (order by id), id
			from (select distinct unnest(@ids::text[]) as id) w
			where not exists (select from point k where k.site_id = @site and k.id = w.id)
			returning id, point_no, 0`, pgx.NamedArgs{"site": f.siteNo, "ids": ids})
		if err != nil {
			return fmt.Errorf("number points of site %q: %w", f.site, err)
		}
		for _, n := range rows {
			found[n.ID] = n
		}
	}
	if f.filings == nil {
		f.filings = make(map[energy.PointID]filing, len(found))
	}
	for id, n := range found {
		f.filings[id] = filing{n.Point, n.Meter}
	}
	return nil
}

// settle hands what a committed fact has learnt to its connection.
func (f *Fact) settle(c *conn) {
	for name, no := range f.learnt {
		c.sources[name] = no
	}
	if f.declares {
		c.filings.forget(f.siteNo)
		return // the meters noted with the fact may be those before
	}
	c.filings.learn(f.siteNo, f.filings)
}
