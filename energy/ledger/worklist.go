package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/energy/hearing"
	"heatledger/energy/registry"
)

// Worklist is what is due, as known now, on a day: of these sites, and with
// office what concerns the office as a whole.
func (l *Ledger) Worklist(ctx context.Context, sites []energy.SiteID, on energy.Date, office bool) ([]desk.Item, error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return nil, err
	}
	judged, err := l.AssessAll(ctx, sites, func(energy.Calendar) energy.Date { return on }, "")
	if err != nil {
		return nil, fmt.Errorf("see what is due on %s: %w", on, err)
	}
	q := desk.Question{Registry: r, On: on, Office: office, Rule: l.ruleOf}
	if q.Marks, err = l.Marks(ctx); err != nil {
		return nil, err
	}
	if q.Letters, err = l.Letters(ctx); err != nil {
		return nil, err
	}
	for _, j := range judged {
		site, ok := r.Site(j.Site)
		if !ok {
			continue
		}
		q.Sites = append(q.Sites, desk.Judged{Site: site, Assessments: j.Assessments})
		heard, err := l.beingHeard(ctx, site)
		if err != nil {
			return nil, fmt.Errorf("see what is due on %s: %w", on, err)
		}
		q.Hearings = append(q.Hearings, heard...)
	}
	return desk.List(q), nil
}

// ruleOf is the rule of a rulebook that a judgement rests on.
func (l *Ledger) ruleOf(a commitment.Assessment) (commitment.Rule, bool) {
	book, ok, err := l.rulebook(a.Rulebook)
	if err != nil || !ok {
		return commitment.Rule{}, false
	}
	i := slices.IndexFunc(book.Rules, func(r commitment.Rule) bool { return r.ID == a.Rule })
	if i < 0 {
		return commitment.Rule{}, false
	}
	return book.Rules[i], true
}

// beingHeard are the judgements of a site whose hearing has begun.
func (l *Ledger) beingHeard(ctx context.Context, site registry.Site) ([]desk.Hearing, error) {
	cases, err := l.Hearings(ctx, site.ID, time.Time{})
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	issued, err := l.Issued(ctx, site.ID, time.Time{})
	if err != nil {
		return nil, err
	}
	var heard []desk.Hearing
	for _, i := range issued {
		if c, ok := cases[i.ID()]; ok && c.State != hearing.Draft {
			heard = append(heard, desk.Hearing{Site: site.ID, Judgement: i.ID(), Assessment: i.Assessment, Case: c})
		}
	}
	slices.SortFunc(heard, func(a, b desk.Hearing) int { return strings.Compare(a.Judgement, b.Judgement) })
	return heard, nil
}
