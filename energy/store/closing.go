package store

import (
	"context"
	"fmt"

	"heatledger/energy"
	"heatledger/energy/series"
)

// Closing is one run of a job that derives something from the facts of a
// site. What it writes is seen by others, all at once, when the run ends well.
// Its Reader sees it before. It is used by one goroutine, within the function
// given to [Store.Closing].
type Closing struct {
	Reader
	// Upto is the fact up to which this run derives; what it writes bears the
	// number. It is the site's latest fact when the run began, and may be
	// lowered before anything is written.
	Upto int64

	store  *Store
	q      session
	site   energy.SiteID
	siteNo int32
	job    string
	cursor int64
}

// Closing runs one step of a job at a site: do reads facts, writes what it
// derives and moves the job's cursor, in one transaction. busy is true, and
// nothing is done, when another process is at the same job and site. When do
// errs nothing was written, and its error is returned. JobClosing is the job
// that sealing waits for.
func (s *Store) Closing(ctx context.Context, site energy.SiteID, job string,
	do func(ctx context.Context, c *Closing) error) (busy bool, err error) {
	busy, err = s.withCursor(ctx, site, job, func(q session, no int32, cursor int64) error {
		head, err := q.reader().Head(ctx, site)
		if err != nil {
			return err
		}
		return do(ctx, &Closing{Reader: q.reader(), Upto: head.Seq, store: s, q: q, site: site, siteNo: no, job: job, cursor: cursor})
	})
	return busy, wrap(err, "run job %s of site %q", job, site)
}

// Cursor is the fact up to which the job is done.
func (c *Closing) Cursor() int64 { return c.cursor }

// Advance moves the cursor to fact seq, never back.
func (c *Closing) Advance(ctx context.Context, seq int64) error {
	if seq < c.cursor {
		return fmt.Errorf("move the cursor of job %s from fact %d back to %d: it only goes forward", c.job, c.cursor, seq)
	}
	if err := c.q.setCursor(ctx, c.siteNo, c.job, seq); err != nil {
		return err
	}
	c.cursor = seq
	return nil
}

// Days are days of points of the run's site, with what it has itself written; see [Reader.Days].
func (c *Closing) Days(ctx context.Context, points []energy.PointID, from, to energy.Date) (map[energy.PointID][]series.Day, error) {
	days, err := c.q.days(ctx, c.siteNo, points, from, to)
	return days, wrap(err, "read days %s to %s of %d points of site %q", from, to, len(points), c.site)
}

// Spans are spans of points of the run's site, with what it has itself written; see [Reader.Spans].
func (c *Closing) Spans(ctx context.Context, points []energy.PointID, p energy.Period) (map[energy.PointID][]series.Span, error) {
	spans, err := c.q.spans(ctx, c.siteNo, points, p)
	return spans, wrap(err, "read spans of %d points of site %q in %s", len(points), c.site, p)
}
