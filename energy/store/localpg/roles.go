package localpg

import (
	"context"
	"net/url"

	"github.com/jackc/pgx/v5"
)

// ensureRoles makes the role under which the program reads on behalf of others, in
// clusters that were made before there was one too. The role the program works as
// may make none: its superuser does, whom the server knows by the identity of the
// process like everybody else.
func ensureRoles(ctx context.Context, socketDir string) error {
	q := url.Values{"host": {socketDir}, "user": {"postgres"}}
	conn, err := pgx.Connect(ctx, (&url.URL{Scheme: "postgres", Path: "/postgres", RawQuery: q.Encode()}).String())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing more is asked
	var known bool
	err = conn.QueryRow(ctx, `
		select coalesce((select pg_has_role('`+role+`', oid, 'member') from pg_roles where rolname = '`+role+`_web'), false)`).Scan(&known)
	if err != nil || known {
		return err
	}
	_, err = conn.Exec(ctx, `do $$ begin
		create role `+role+`_web nologin;
		exception when duplicate_object then null;
	end $$; grant `+role+`_web to `+role, pgx.QueryExecModeSimpleProtocol)
	return err
}
