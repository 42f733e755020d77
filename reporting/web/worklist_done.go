package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/desk"
	"heatledger/energy/ledger"
	"heatledger/reporting/words"
)

// taskDone is that the office did one of its tasks, as programs send it.
type taskDone struct {
	Item string      `json:"item"`
	Done energy.Date `json:"done,omitzero"` // without it an earlier word is taken back
	Note string      `json:"note,omitempty"`
}

// postDone answers POST /api/v1/worklist/done: {item, done, note}.
func (s *Server) postDone(w http.ResponseWriter, r *http.Request, who caller) error {
	var done taskDone
	if err := readJSON(w, r, &done); err != nil {
		return err
	}
	item, err := s.markDone(r.Context(), who, done)
	if err != nil {
		return err
	}
	return writeJSON(w, taskJSON(words.Choose(r.Header.Get("Accept-Language")), item))
}

// takeDone answers POST /worklist/done, a form beside a task of the office.
func (s *Server) takeDone(w http.ResponseWriter, r *http.Request, p *page) error {
	done := taskDone{Item: r.PostFormValue("item"), Note: r.PostFormValue("note")}
	if text := r.PostFormValue("done"); text != "" {
		day, err := energy.ParseDate(text)
		if err != nil {
			return refuse(http.StatusBadRequest, "bad_day", "done=%.40q is no day: YYYY-MM-DD is expected", text)
		}
		done.Done = day
	}
	if _, err := s.markDone(r.Context(), p.who, done); err != nil {
		return err
	}
	http.Redirect(w, r, p.To("/worklist"), http.StatusSeeOther)
	return nil
}

// markDone keeps what the office says of a task, and gives the task after it.
func (s *Server) markDone(ctx context.Context, who caller, done taskDone) (after desk.Item, err error) {
	if who.actor == "" || !who.reach(access.Review).Everywhere {
		return after, refuse(http.StatusForbidden, "not_allowed", "only the office says what it has done")
	}
	if done.Note, err = asSaid(done.Note); err != nil {
		return after, err
	}
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return after, err
	}
	calendar, err := s.options.Ledger.Calendar(known, ledger.Municipality)
	if err != nil {
		return after, err
	}
	on := calendar.Date(s.now())
	if on.Before(done.Done) {
		return after, refuse(http.StatusBadRequest, "bad_day", "%s has not come: what is done was done today or before", done.Done)
	}
	find := func() error {
		items, err := s.options.Ledger.Worklist(ctx, nil, on, true)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(items, func(i desk.Item) bool { return i.Key() == done.Item })
		if at < 0 {
			return refuse(http.StatusNotFound, "no_item", "%.100q is no task of the office: see GET /api/v1/worklist", done.Item)
		}
		after = items[at]
		return nil
	}
	if err := find(); err != nil {
		return after, err
	}
	err = s.options.Ledger.MarkTask(ctx, after, desk.Mark{Done: done.Done, Note: done.Note, Who: who.actor})
	if errors.Is(err, ledger.ErrNotMarkable) {
		return after, refuse(http.StatusNotFound, "no_item", "%.100q is no task of the office", done.Item)
	}
	if err != nil {
		return after, err
	}
	return after, find()
}
