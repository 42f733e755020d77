package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/proof"
)

// Entry is a version of something that is no reading: a registry entry, an
// event, a decision. A later version does not change an earlier one.
type Entry struct {
	Seq        int64
	RecordedAt time.Time
	Kind       string // what it is: "site", "commitment", "meter_exchange"
	ID         string // which one, within its kind
	ValidFrom  time.Time
	Actor      string // who said so
	Body       json.RawMessage
}

// Entry writes a version of the thing kind/id that holds from validFrom on.
// The body is JSON; it is kept by its meaning, not byte for byte.
func (f *Fact) Entry(ctx context.Context, kind, id string, validFrom time.Time, actor string, body json.RawMessage) error {
	salt := proof.NewSalt()
	said := proof.Entry{Site: f.site, Fact: f.Seq, Part: f.entries, RecordedAt: f.RecordedAt, Kind: kind, ID: id, ValidFrom: micro(validFrom), Actor: actor}
	err := f.q.QueryRow(ctx, `
		insert into entry (site_id, seq, part, recorded_at, kind, id, valid_from, actor, nonce, body)
		values (@site, @seq, @part, @recorded, @kind, @id, @from, @actor, @nonce, @body)
		returning body::text`,
		pgx.NamedArgs{"site": f.siteNo, "seq": f.Seq, "part": f.entries, "recorded": f.RecordedAt, "kind": kind, "id": id,
			"from": said.ValidFrom, "actor": actor, "nonce": salt[:], "body": body}).Scan(&said.Body)
	if err != nil {
		return fmt.Errorf("write entry %s %s: %w", kind, id, err)
	}
	f.line(fmt.Sprintf("%s %d", proof.LineEntry, f.entries), said.Digest(salt))
	f.entries++
	f.own = true
	return nil
}

// Entries are all versions of all entries of the site that were known with
// fact upto, by kind, id, ValidFrom and Seq. See [Current] for those that hold.
func (r Reader) Entries(ctx context.Context, site energy.SiteID, upto int64) (entries []Entry, err error) {
	err = r.with(ctx, func(q session) error {
		no, err := q.site(ctx, site)
		if err != nil {
			return err
		}
		entries, err = list(ctx, q, pgx.RowToStructByPos[Entry], `
			select seq, recorded_at, kind, id, valid_from, actor, body from entry
			where site_id = @site and seq <= @upto order by kind, id, valid_from, seq, part`,
			pgx.NamedArgs{"site": no, "upto": upto})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list entries of site %q: %w", site, err)
	}
	return entries, nil
}

// Current are the entries that hold at an instant, one for each kind and id,
// in that order: of the versions valid by then the one valid last, and of
// those the one recorded last.
func Current(entries []Entry, at time.Time) []Entry {
	var current []Entry
	for _, e := range entries {
		if !e.ValidFrom.After(at) {
			current = append(current, e)
		}
	}
	slices.SortStableFunc(current, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), a.ValidFrom.Compare(b.ValidFrom), cmp.Compare(a.Seq, b.Seq))
	})
	last := current[:0]
	for i, e := range current {
		if i+1 == len(current) || current[i+1].Kind != e.Kind || current[i+1].ID != e.ID {
			last = append(last, e)
		}
	}
	return last
}
