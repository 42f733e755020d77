package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The second wall (DATA.md 11): what is read on behalf of somebody ([OnBehalf]) is read by connections
// that work under a role of their own, to which row security shows what he reaches
// (migration 0014). The first wall, which says so in words, is the program's.

// lockWall is the first key of the advisory lock under which the role gets its
// rights; the second is the schema.
const lockWall = 0x57414c4c

// readable are the tables that the role may read, each with a policy; a column
// list narrows it to these. A new table that is read on behalf of somebody gets its
// policy in its migration and a line here. Nothing else is open to the role.
func readable() map[string]string {
	return map[string]string{
		"site": "", "meter": "", "point": "", "site_head": "", "site_cursor": "", "fact": "site_id, recorded_at, seq", "fact_block": "",
		"entry": "", "segment": "", "correction": "", "chunk": "", "span": "", "day": "", "balance": "", "assessment": "",
		"submission": "", "file": "", "file_part": "", "questionnaire_draft": "", "log_leaf": "", "log_hash": "", "checkpoint": "",
	}
}

// Readable are the tables that can be read on behalf of somebody, sorted.
func Readable() []string {
	var tables []string
	for table := range readable() {
		tables = append(tables, table)
	}
	slices.Sort(tables)
	return tables
}

// WallError says why nothing can be read on behalf of anybody, and what whoever
// looks after the database has to do.
type WallError struct {
	Problem, Remedy string
}

// Error names what is wrong and the remedy.
func (e *WallError) Error() string { return "row security: " + e.Problem + ": " + e.Remedy }

// Walled tells whether what is asked on behalf of somebody can be read: it errs
// with [*WallError] where the database has not got the role for it. Whatever
// answers others must not begin without it.
func (s *Store) Walled(ctx context.Context) error {
	return s.walled.session(ctx, func(c *conn) error {
		var beyond, missing bool
		err := c.QueryRow(ctx, `
			select exists (select from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)),
				exists (select from unnest($1::text[]) as w (t) where to_regclass(quote_ident(t)) is null or not has_any_column_privilege(to_regclass(quote_ident(t)), 'select'))`, Readable()).Scan(&beyond, &missing)
		switch {
		case err != nil:
			return fmt.Errorf("look at the role of those who ask: %w", err)
		case beyond:
			return &WallError{"the role of those who ask is beyond it", "an administrator of the database takes superuser and bypassrls from the role whose name ends in _web"}
		case missing:
			return &WallError{"the role of those who ask has not got its rights", "run heatledger migrate as the owner of the tables"}
		}
		return nil
	})
}

// assume makes the connection work under the role of those who ask.
func (c *conn) assume(ctx context.Context) error {
	_, err := c.Exec(ctx, "select set_config('role', current_user || '_web', false)")
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return cmp.Or(wallMissing(ctx, c.Conn), err)
	}
	return err
}

// wallMissing is what is missing of the role; nil: nothing that could be named.
func wallMissing(ctx context.Context, c *pgx.Conn) error {
	var owner, role string
	var exists, beyond bool
	err := c.QueryRow(ctx, `
		select quote_ident(current_user), quote_ident(current_user || '_web'), exists (select from pg_roles where rolname = current_user || '_web'),
			exists (select from pg_roles where rolname = current_user || '_web' and (rolsuper or rolbypassrls))`).Scan(&owner, &role, &exists, &beyond)
	switch {
	case err != nil:
		return err
	case !exists:
		return &WallError{"the role " + role + " is missing, and " + owner + " may not make it",
			fmt.Sprintf("an administrator of the database runs once: create role %s nologin; grant %[1]s to %s;", role, owner)}
	case beyond:
		return &WallError{"the role " + role + " is beyond row security", fmt.Sprintf("an administrator of the database runs: alter role %s nosuperuser nobypassrls;", role)}
	}
	return &WallError{"the role " + role + " is not given to " + owner, fmt.Sprintf("an administrator of the database runs once: grant %s to %s;", role, owner)}
}

// raiseWall makes the role of those who ask, if it may, and gives it its rights. It
// errs with [*WallError] where it may not.
func raiseWall(ctx context.Context, c *pgx.Conn) error {
	return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
		// Two that give the same right at once would stand in each other's way.
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1, hashtext(current_schema()))", lockWall); err != nil {
			return fmt.Errorf("wait for the lock of row security: %w", err)
		}
		var role, schema string
		var exists, member, beyond, usage bool
		err := tx.QueryRow(ctx, `
			select quote_ident(n.role), quote_ident(current_schema()), r.oid is not null, coalesce(pg_has_role(current_user, r.oid, 'member'), false),
				coalesce(r.rolsuper or r.rolbypassrls, false), coalesce(has_schema_privilege(r.oid, current_schema(), 'usage'), false)
			from (values ((current_user || '_web')::name)) as n (role) left join pg_roles r on r.rolname = n.role`).
			Scan(&role, &schema, &exists, &member, &beyond, &usage)
		if err != nil {
			return fmt.Errorf("look for the role of those who ask: %w", err)
		}
		if !exists {
			if err := makeRole(ctx, tx, role); err != nil {
				return cmp.Or(wallMissing(ctx, tx.Conn()), err)
			}
		} else if !member || beyond {
			return wallMissing(ctx, tx.Conn())
		}
		if !usage {
			if _, err := tx.Exec(ctx, "grant usage on schema "+schema+" to "+role); err != nil {
				return fmt.Errorf("give %s the schema %s: %w", role, schema, err)
			}
		}
		return grantTables(ctx, tx, role)
	})
}

// makeRole makes the role and gives it to the owner. Another database of the same
// server may make it at the same moment.
func makeRole(ctx context.Context, tx pgx.Tx, role string) error {
	inner, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	_, err = inner.Exec(ctx, "create role "+role+" nologin; grant "+role+" to current_user", pgx.QueryExecModeSimpleProtocol)
	if err == nil {
		return inner.Commit(ctx)
	}
	if rollback := inner.Rollback(ctx); rollback != nil {
		return rollback
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) && (refused.Code == "42710" || refused.Code == "23505") { // duplicate_object, unique_violation
		return nil
	}
	return fmt.Errorf("make the role %s: %w", role, err)
}

// grantTables gives the role what it has not got yet of the readable tables.
func grantTables(ctx context.Context, tx pgx.Tx, role string) error {
	rows, err := tx.Query(ctx, `
		select t from unnest($1::text[]) as w (t)
		where not has_any_column_privilege((current_user || '_web')::name, (quote_ident(current_schema()) || '.' || quote_ident(t))::regclass, 'select') order by t`, Readable())
	if err != nil {
		return fmt.Errorf("look for the rights of %s: %w", role, err)
	}
	missing, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for the rights of %s: %w", role, err)
	}
	for _, table := range missing {
		columns := readable()[table]
		if columns != "" {
			columns = " (" + columns + ")"
		}
		if _, err := tx.Exec(ctx, "grant select"+columns+" on table "+table+" to "+role); err != nil {
			return fmt.Errorf("give %s the table %s: %w", role, table, err)
		}
	}
	return nil
}
