package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// Assess judges the commitments that bind a site, as known now, for the last
// closed and the running period on a day, and gives the fact number the
// judgement rests on. rulebook "" means all of them; the id of a rulebook only
// those that name it or, where none does, the rulebook itself.
func (l *Ledger) Assess(ctx context.Context, site energy.SiteID, on energy.Date, rulebook string) ([]commitment.Assessment, int64, error) {
	return l.AssessAt(ctx, site, on, rulebook, time.Time{})
}

// AssessAt is Assess as known at a time, by the rulebooks as they were used then
// (see [Ledger.Adopt]); the zero Time is now.
func (l *Ledger) AssessAt(ctx context.Context, id energy.SiteID, on energy.Date, rulebook string, at time.Time) ([]commitment.Assessment, int64, error) {
	ctx, err := l.judging(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	if at.IsZero() {
		all, err := l.AssessAll(ctx, []energy.SiteID{id}, func(energy.Calendar) energy.Date { return on }, rulebook)
		if err != nil {
			return nil, 0, err
		}
		return all[0].Assessments, all[0].Fact, nil
	}
	r, upto, err := l.known(ctx, id, at)
	if err != nil {
		return nil, 0, err
	}
	books, err := l.rulebooksAt(ctx, at)
	if err != nil {
		return nil, 0, err
	}
	questions, err := l.questions(r, id, func(energy.Calendar) energy.Date { return on }, rulebook, books)
	if err != nil {
		return nil, 0, err
	}
	list, err := questions.judge(ctx, &sources{ledger: l, registry: r, at: at, upto: upto, on: on, judged: id})
	return list, upto, err
}

// judging is a context in which sites are judged that whoever asks may see: by all
// that is known, for a promise may bind several sites together of which he sees
// one, and a verdict on a part of them would be a wrong one. It errs with
// [ErrNoSite] for a site he does not see.
func (l *Ledger) judging(ctx context.Context, sites ...energy.SiteID) (context.Context, error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range sites {
		if _, ok := r.Site(id); !ok {
			return nil, fmt.Errorf("assess %s: %w", id, ErrNoSite)
		}
	}
	return store.AsOwner(ctx), nil
}

// Judged are the judgements of a site on a day, and the fact up to which its
// readings count in them.
type Judged struct {
	Site        energy.SiteID
	On          energy.Date
	Assessments []commitment.Assessment
	Fact        int64
}

// How sites are judged many at once: so many in one batch, whose balances are
// read together, and so many batches side by side.
const (
	sitesAtOnce   = 32
	batchesAtOnce = 2
)

// AssessAll judges the commitments of sites, as known now, each on the day that
// on gives for its calendar, and gives them in the order of the sites. What
// their figures need is read for many sites together; memory grows with the
// number of sites, not with that of the years.
func (l *Ledger) AssessAll(ctx context.Context, sites []energy.SiteID, on func(energy.Calendar) energy.Date, rulebook string) ([]Judged, error) {
	ctx, err := l.judging(ctx, sites...)
	if err != nil {
		return nil, err
	}
	r, err := l.Registry(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Judged, len(sites))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(batchesAtOnce)
	for first := 0; first < len(sites); first += sitesAtOnce {
		some := sites[first:min(first+sitesAtOnce, len(sites))]
		group.Go(func() error {
			judged, err := l.assessBatch(ctx, r, some, on, rulebook)
			copy(all[first:], judged)
			return err
		})
	}
	return all, group.Wait()
}

func (l *Ledger) assessBatch(ctx context.Context, r *registry.Registry, sites []energy.SiteID, on func(energy.Calendar) energy.Date, rulebook string) ([]Judged, error) {
	all := make([]questions, len(sites))
	b := newBatch(r)
	for i, site := range sites {
		var err error
		if all[i], err = l.questions(r, site, on, rulebook, l.rulebook); err != nil {
			return nil, err
		}
		b.ask(all[i])
	}
	if err := b.read(ctx, l.store, sites); err != nil {
		return nil, fmt.Errorf("read the balances of %d sites: %w", len(sites), err)
	}
	list := make([]Judged, len(sites))
	for i, site := range sites {
		judged, err := all[i].judge(ctx, &sources{ledger: l, registry: r, upto: b.upto[site], on: all[i].on, judged: site, batch: b})
		if err != nil {
			return nil, err
		}
		list[i] = Judged{Site: site, On: all[i].on, Assessments: judged, Fact: b.upto[site]}
	}
	return list, nil
}

// questions are the commitments that bind a site, as questions without figures.
type questions struct {
	site     registry.Site
	on       energy.Date
	calendar energy.Calendar
	list     []commitment.Question
}

func (l *Ledger) questions(r *registry.Registry, id energy.SiteID, on func(energy.Calendar) energy.Date, rulebook string, books library) (questions, error) {
	site, ok := r.Site(id)
	if !ok {
		return questions{}, fmt.Errorf("assess %s: %w", id, ErrNoSite)
	}
	calendar, err := l.Calendar(r, id)
	if err != nil {
		return questions{}, err
	}
	all := questions{site: site, on: on(calendar), calendar: calendar}
	for _, promise := range Binding(r, site, rulebook) {
		book, _, err := books(promise.Rulebook)
		if err != nil {
			return questions{}, err
		}
		all.list = append(all.list, commitment.Question{Site: site, Registry: r, Commitment: promise, Rulebook: book, On: all.on, Calendar: calendar})
	}
	return all, nil
}

// judge answers the questions from figures that s gives.
func (q questions) judge(ctx context.Context, s *sources) ([]commitment.Assessment, error) {
	list := []commitment.Assessment{}
	for _, question := range q.list {
		question.Figures = s.of(ctx, q.site.ID)
		question.Elsewhere = func(id energy.SiteID) commitment.FigureSource { return s.of(ctx, id) }
		found, err := commitment.Assess(question)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// Bring makes a rulebook known to this ledger that did not come with the
// program, such as a draft of a by-law, so that sites can be judged by it. None
// that came along can be replaced.
func (l *Ledger) Bring(book *commitment.Rulebook) error {
	if _, ok, err := l.rulebook(book.ID); ok || err != nil {
		return errors.Join(err, fmt.Errorf("bring rulebook %s: one of that id came with the program", book.ID))
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.rulebooks[book.ID] = book
	return nil
}

// rulebook is the rulebook of an id; they come with the program and are read once.
func (l *Ledger) rulebook(id string) (*commitment.Rulebook, bool, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if book, ok := l.rulebooks[id]; ok {
		return book, book != nil, nil
	}
	book, ok, err := commitment.Find(id)
	if err != nil {
		return nil, false, err
	}
	if l.rulebooks == nil {
		l.rulebooks = map[string]*commitment.Rulebook{}
	}
	l.rulebooks[id] = book // nil for one nobody knows
	return book, ok, nil
}

// Binding are the commitments that bind a site: its own, then those of the
// municipality for this site, its operator or all; with a rulebook only those
// that name it or, where none does, one that is nothing but the rulebook.
func Binding(r *registry.Registry, site registry.Site, rulebook string) []registry.Commitment {
	var list []registry.Commitment
	for _, c := range site.Commitments {
		if rulebook == "" || c.Rulebook == rulebook {
			list = append(list, c)
		}
	}
	for _, c := range r.Commitments {
		all := len(c.Sites) == 0 && c.Operator == ""
		binds := all || slices.Contains(c.Sites, site.ID) || c.Operator != "" && c.Operator == site.Operator
		if binds && (rulebook == "" || c.Rulebook == rulebook) {
			list = append(list, c)
		}
	}
	if len(list) == 0 && rulebook != "" {
		list = append(list, registry.Commitment{ID: rulebook, Rulebook: rulebook})
	}
	return list
}
