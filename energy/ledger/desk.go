package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"heatledger/energy/desk"
	"heatledger/energy/store"
)

// ErrNotMarkable says that an item is not one of which the office says that it is
// done.
var ErrNotMarkable = errors.New("what is due is not the office's own task")

// Marks are what the office said of its own tasks, of each what it said last.
func (l *Ledger) Marks(ctx context.Context) ([]desk.Mark, error) {
	entries, err := l.store.EntriesOf(ctx, Municipality, store.KindTask, newest)
	if err != nil {
		return nil, err
	}
	var marks []desk.Mark
	for _, e := range entries {
		m := desk.Mark{Who: e.Actor, At: e.RecordedAt}
		if err := json.Unmarshal(e.Body, &m); err != nil {
			return nil, fmt.Errorf("read fact %d of a task: %w", e.Seq, err)
		}
		marks = slices.DeleteFunc(marks, func(before desk.Mark) bool { return before.Item == m.Item })
		marks = append(marks, m)
	}
	return marks, nil
}

// MarkTask keeps as a fact that the office did a task, or took that back.
func (l *Ledger) MarkTask(ctx context.Context, item desk.Item, m desk.Mark) error {
	if !item.Markable() {
		return fmt.Errorf("mark %s: %w", item.Key(), ErrNotMarkable)
	}
	m.Item = item.Key()
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("mark %s: %w", m.Item, err)
	}
	_, err = l.store.Append(ctx, Municipality, func(ctx context.Context, f *store.Fact) error {
		return f.Entry(ctx, store.KindTask, m.Item, f.RecordedAt, m.Who, body)
	})
	return err
}

// Letters are the letters that the office wrote, in their order.
func (l *Ledger) Letters(ctx context.Context) ([]desk.Letter, error) {
	entries, err := l.store.EntriesOf(ctx, Municipality, store.KindLetter, newest)
	if err != nil {
		return nil, err
	}
	letters := make([]desk.Letter, len(entries))
	for i, e := range entries {
		if err := json.Unmarshal(e.Body, &letters[i]); err != nil {
			return nil, fmt.Errorf("read fact %d of a letter: %w", e.Seq, err)
		}
		letters[i].Who, letters[i].At = e.Actor, e.RecordedAt
	}
	return letters, nil
}

// KeepLetters keeps as one fact that letters were written, by whom.
func (l *Ledger) KeepLetters(ctx context.Context, who string, letters []desk.Letter) error {
	if len(letters) == 0 {
		return nil
	}
	_, err := l.store.Append(ctx, Municipality, func(ctx context.Context, f *store.Fact) error {
		for _, letter := range letters {
			body, err := json.Marshal(letter)
			if err != nil {
				return fmt.Errorf("keep a letter about %s: %w", letter.Item, err)
			}
			if err := f.Entry(ctx, store.KindLetter, letter.Item, f.RecordedAt, who, body); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}
