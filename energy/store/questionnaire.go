package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
)

// KindQuestionnaire is the kind of the entries that say when a site's yearly
// questions were answered, by whom, and what was confirmed.
const KindQuestionnaire = "questionnaire"

// QuestionnaireDraft is what was filled in and not handed in. It is no fact.
type QuestionnaireDraft struct {
	Version int    // rises with each time it is saved; 0: there is none
	State   string // draft, or waiting for a second person
	Actor   string // who saved it last
	At      time.Time
	Body    json.RawMessage
}

// ErrSavedOver says that somebody else saved in between.
var ErrSavedOver = errors.New("somebody else saved in between")

// QuestionnaireDraft is the draft of a site and year; its Version is 0 where there
// is none.
func (r Reader) QuestionnaireDraft(ctx context.Context, site energy.SiteID, year int) (d QuestionnaireDraft, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		found, err := list(ctx, q, pgx.RowToStructByPos[QuestionnaireDraft],
			"select version, state, actor, at, body from questionnaire_draft where site_id = @site and year = @year", pgx.NamedArgs{"site": no, "year": year})
		if len(found) > 0 {
			d = found[0]
		}
		return err
	})
	return d, wrap(err, "read the questionnaire of site %q for %d", site, year)
}

// SaveQuestionnaireDraft keeps a draft over the one of its Version, 0 for none. It
// errs with [ErrSavedOver] where that is not the latest.
func (s *Store) SaveQuestionnaireDraft(ctx context.Context, site energy.SiteID, year int, d QuestionnaireDraft) error {
	err := s.pool.transaction(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		tag, err := q.Exec(ctx, `
			insert into questionnaire_draft as d (site_id, year, version, state, actor, at, body)
			select @site, @year, @version + 1, @state, @actor, @at, @body
			where @version = 0 or exists (select from questionnaire_draft where site_id = @site and year = @year)
			on conflict (site_id, year) do update
			set version = excluded.version, state = excluded.state, actor = excluded.actor, at = excluded.at, body = excluded.body
			where d.version = @version`,
			pgx.NamedArgs{"site": no, "year": year, "version": d.Version, "state": d.State, "actor": d.Actor, "at": d.At, "body": d.Body})
		if err == nil && tag.RowsAffected() == 0 {
			return ErrSavedOver
		}
		return err
	})
	return wrap(err, "save the questionnaire of site %q for %d", site, year)
}

// DropQuestionnaireDraft removes the draft of a version, with the fact that it
// became. It errs with [ErrSavedOver] where that is not the latest; version 0
// drops none.
func (f *Fact) DropQuestionnaireDraft(ctx context.Context, year, version int) error {
	if version == 0 {
		return nil
	}
	tag, err := f.q.Exec(ctx, "delete from questionnaire_draft where site_id = @site and year = @year and version = @version",
		pgx.NamedArgs{"site": f.siteNo, "year": year, "version": version})
	if err == nil && tag.RowsAffected() == 0 {
		return ErrSavedOver
	}
	if err != nil {
		return fmt.Errorf("drop the questionnaire of site %q for %d: %w", f.site, year, err)
	}
	return nil
}
