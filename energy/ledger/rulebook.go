package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heatledger/energy/commitment"
	"heatledger/energy/store"
)

// KindRulebook is the kind of entries that keep the rulebooks a program judged
// by. They belong to the [Municipality]; the id is the rulebook's.
const KindRulebook = "rulebook"

// adopted is the body of such an entry: a rulebook as it is written.
type adopted struct {
	ID      string `json:"id"`
	Version string `json:"version"` // of the rulebook; an amending one names both
	Digest  string `json:"digest"`  // sha256:HEX of Text
	Text    string `json:"text"`    // YAML
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// library gives the rulebook of an id; ok is false for one nobody knows.
type library func(id string) (book *commitment.Rulebook, ok bool, err error)

// Adopt records the rulebooks that came with the program as facts, each once for
// each text, so that later programs can still tell by which rules was judged
// when, and gives the ids of those that were new. A server does so before it
// answers, and so does whoever issues.
func (l *Ledger) Adopt(ctx context.Context, actor string) (ids []string, err error) {
	l.mutex.Lock()
	done := l.adopted
	l.mutex.Unlock()
	if done {
		return nil, nil
	}
	ctx = store.AsOwner(ctx)
	if err := l.store.EnsureSite(ctx, Municipality); err != nil {
		return nil, fmt.Errorf("record the rulebooks: %w", err)
	}
	_, err = l.store.Append(ctx, Municipality, func(ctx context.Context, f *store.Fact) error {
		entries, err := f.EntriesOf(ctx, Municipality, KindRulebook, newest)
		if err != nil {
			return err
		}
		ids, err = l.adopt(ctx, f, actor, entries)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNothing) {
		return nil, fmt.Errorf("record the rulebooks: %w", err)
	}
	l.mutex.Lock()
	l.adopted = true
	l.mutex.Unlock()
	return ids, nil
}

func (l *Ledger) adopt(ctx context.Context, f *store.Fact, actor string, entries []store.Entry) (ids []string, err error) {
	digests := map[string]string{} // of the latest texts
	for _, e := range entries {
		var was adopted
		if err := json.Unmarshal(e.Body, &was); err != nil {
			return nil, fmt.Errorf("read rulebook %s of fact %d: %w", e.ID, e.Seq, err)
		}
		digests[e.ID] = was.Digest
	}
	for _, id := range commitment.Rulebooks() {
		text, err := commitment.Written(id)
		if err != nil {
			return nil, err
		}
		digest := digestOf(text)
		if digests[id] == digest {
			continue
		}
		book, _, err := commitment.Find(id)
		if err != nil {
			return nil, err
		}
		body, err := json.Marshal(adopted{ID: id, Version: book.Version, Digest: digest, Text: string(text)})
		if err != nil {
			return nil, fmt.Errorf("write rulebook %s: %w", id, err)
		}
		if err := f.Entry(ctx, KindRulebook, id, f.RecordedAt, actor, body); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, store.ErrNothing
	}
	return ids, nil
}

// rulebooksAt are the rulebooks as they were used at an instant: of each the text
// recorded last by then or, where none was yet, the first that was recorded, and
// of those never recorded the one there is now.
func (l *Ledger) rulebooksAt(ctx context.Context, at time.Time) (library, error) {
	upto, err := l.store.Upto(ctx, Municipality, at)
	if err != nil {
		return nil, fmt.Errorf("read what was known of the rulebooks: %w", err)
	}
	entries, err := l.store.EntriesOf(ctx, Municipality, KindRulebook, newest)
	if err != nil {
		return nil, err
	}
	texts, changed := map[string][]byte{}, false
	for _, e := range entries {
		if _, earlier := texts[e.ID]; earlier && e.Seq > upto {
			continue
		}
		var body adopted
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return nil, fmt.Errorf("read rulebook %s of fact %d: %w", e.ID, e.Seq, err)
		}
		texts[e.ID] = []byte(body.Text)
	}
	for id, text := range texts {
		now, err := commitment.Written(id)
		changed = changed || err != nil || !bytes.Equal(now, text)
	}
	if !changed {
		return l.rulebook, nil
	}
	read := map[string]*commitment.Rulebook{}
	var of library
	of = func(id string) (*commitment.Rulebook, bool, error) {
		text, recorded := texts[id]
		if !recorded {
			return l.rulebook(id)
		}
		book, begun := read[id]
		if begun {
			return book, book != nil, nil
		}
		read[id] = nil // one that amends itself by way of others ends here
		book, faults := commitment.LoadOn(id+".yaml", text, func(id string) (*commitment.Rulebook, error) {
			base, _, err := of(id)
			return base, err
		})
		if err := faults.Err(); err != nil {
			return nil, false, fmt.Errorf("read rulebook %s as it was used at %s: %w", id, at.UTC().Format(time.RFC3339), err)
		}
		read[id] = book
		return book, true, nil
	}
	return of, nil
}
