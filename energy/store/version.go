package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Version is that of the method by which the job wrote what is derived at the
// site; 0 where none was kept.
func (c *Closing) Version(ctx context.Context) (version int, err error) {
	err = c.q.QueryRow(ctx, "select version from site_cursor where site_id = @site and job = @job",
		pgx.NamedArgs{"site": c.siteNo, "job": c.job}).Scan(&version)
	return version, wrap(err, "read the version of job %s", c.job)
}

// SetVersion keeps the version by which the run writes what it derives.
func (c *Closing) SetVersion(ctx context.Context, version int) error {
	_, err := c.q.Exec(ctx, "update site_cursor set version = @version where site_id = @site and job = @job and version <> @version",
		pgx.NamedArgs{"site": c.siteNo, "job": c.job, "version": version})
	return wrap(err, "keep version %d of job %s", version, c.job)
}
