package exhibit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/store"
)

// KindRemoval is the kind of the entries by which the bytes of documents went.
const KindRemoval = store.KindRemoval

// Removal is that a document's bytes were deleted: its digest and the fact by which
// it was handed in stay, and so do what was decided on it.
type Removal struct {
	Fact  int64     `json:"fact"`
	At    time.Time `json:"at"`
	Actor string    `json:"actor"`
	Why   string    `json:"why"`
	// Elsewhere: the very same bytes are kept for something else still (another
	// site's document, or a file that was handed in), and were not deleted.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// The reasons for which a document is not removed.
var (
	ErrRemoved = errors.New("the document was deleted already")
	ErrWhy     = errors.New("no reason is given")
)

// Remove deletes the bytes of a document, for a reason such as personal data in it or
// a policy on how long documents are kept. Every document of the site with the same
// bytes goes with it. Who, when and why become a fact of the site; nothing brings the
// bytes back. It errs with [ErrUnknown], [ErrRemoved] and [ErrWhy].
func (s *Shelf) Remove(ctx context.Context, site energy.SiteID, digest, actor, why string) (Exhibit, error) {
	ctx = store.AsOwner(ctx) // whether other sites keep the same bytes is asked of all
	found, err := s.Find(ctx, site, digest)
	why = strings.TrimSpace(why)
	switch {
	case err != nil:
		return found, err
	case found.Removed != nil:
		return found, ErrRemoved
	case why == "" || len(why) > noteMost:
		return found, ErrWhy
	}
	sum, err := found.sum()
	if err != nil {
		return found, err
	}
	_, err = s.store.Append(ctx, site, func(ctx context.Context, f *store.Fact) error {
		gone, err := f.DropFile(ctx, sum, KindExhibit)
		if err != nil {
			return err
		}
		found.Removed = &Removal{Fact: f.Seq, At: f.RecordedAt, Actor: actor, Why: why, Elsewhere: !gone}
		body, err := json.Marshal(found.Removed)
		if err != nil {
			return err
		}
		return f.Entry(ctx, KindRemoval, found.Digest, f.RecordedAt, actor, body)
	})
	if err != nil {
		return found, fmt.Errorf("delete document %s of %s: %w", found.Digest, site, err)
	}
	return found, nil
}

// Overdue are the documents of a site whose time to be kept ended before a day, and
// which are there still; see [KeptYears].
func (s *Shelf) Overdue(ctx context.Context, site energy.SiteID, before energy.Date) ([]Exhibit, error) {
	list, err := s.List(ctx, site)
	if err != nil {
		return nil, err
	}
	kept := map[string]bool{} // the same bytes, handed in again later
	for _, e := range list {
		kept[e.Digest] = kept[e.Digest] || !e.KeptUntil.Before(before)
	}
	var overdue []Exhibit
	for _, e := range list {
		if !kept[e.Digest] && e.Removed == nil {
			overdue, kept[e.Digest] = append(overdue, e), true // each once
		}
	}
	return overdue, nil
}

// removals are the latest removals of a site, by digest.
func (s *Shelf) removals(ctx context.Context, site energy.SiteID) (map[string]Removal, error) {
	entries, err := s.store.EntriesOf(ctx, site, KindRemoval, newest)
	if err != nil {
		return nil, err
	}
	latest := map[string]Removal{}
	for _, e := range entries {
		var r Removal
		if err := json.Unmarshal(e.Body, &r); err != nil {
			return nil, fmt.Errorf("read fact %d of site %s: %w", e.Seq, site, err)
		}
		r.Fact, r.At, r.Actor = e.Seq, e.RecordedAt, e.Actor
		latest[e.ID] = r
	}
	return latest, nil
}
