package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/hearing"
	"heatledger/energy/kpi"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
)

// Published is what anybody may see: nothing that was not decided.
type Published struct {
	Judgements []PublishedJudgement
	Figures    []PublishedFigure
	Declared   []PublishedDeclaration
}

// PublishedJudgement is a judgement that was published, with what became of it
// since: one that was withdrawn or corrected stays, and says so.
type PublishedJudgement struct {
	Issued
	Site energy.SiteID
	Case hearing.Case
	// Successor is the judgement that took its place; nil: there is none, or it
	// is not published itself.
	Successor *Issued
}

// PublishedFigure is a metered figure of a period that a decision shows.
type PublishedFigure struct {
	Site     energy.SiteID
	Decision string
	Period   string // 2025, 2025-06
	kpi.Figure
}

// PublishedDeclaration is a value that the operator declared and a register
// published, which a decision shows.
type PublishedDeclaration struct {
	Site     energy.SiteID
	Decision string
	registry.Declaration
}

// Published is what of these sites anybody may see at an instant.
func (l *Ledger) Published(ctx context.Context, sites []energy.SiteID, now time.Time) (p Published, err error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return p, err
	}
	for _, id := range sites {
		site, ok := r.Site(id)
		if !ok {
			continue
		}
		calendar, err := l.Calendar(r, id)
		if err != nil {
			return p, err
		}
		judgements, err := l.publishedJudgements(ctx, id)
		if err != nil {
			return p, fmt.Errorf("see what is published of %s: %w", id, err)
		}
		p.Judgements = append(p.Judgements, judgements...)
		decided, err := l.Decisions(ctx, id, time.Time{})
		if err != nil {
			return p, fmt.Errorf("see what is published of %s: %w", id, err)
		}
		for _, d := range decided {
			switch {
			case !d.InForce():
			case d.Class == publication.ByAgreement:
				figures, err := l.publishedFigures(ctx, id, d, calendar.Date(now))
				if err != nil {
					return p, fmt.Errorf("see what is published of %s: %w", id, err)
				}
				p.Figures = append(p.Figures, figures...)
			case d.Class == publication.ByLaw:
				p.Declared = append(p.Declared, publishedDeclarations(site, d, calendar.Date(now))...)
			}
		}
	}
	return p, nil
}

func (l *Ledger) publishedJudgements(ctx context.Context, site energy.SiteID) (list []PublishedJudgement, err error) {
	cases, err := l.Hearings(ctx, site, time.Time{})
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	issued, err := l.Issued(ctx, site, time.Time{})
	if err != nil {
		return nil, err
	}
	public := map[string]*Issued{}
	for i := range issued {
		if c, ok := cases[issued[i].ID()]; ok && WasPublished(c) {
			public[issued[i].ID()] = &issued[i]
		}
	}
	for _, i := range issued {
		if c := cases[i.ID()]; public[i.ID()] != nil {
			one := PublishedJudgement{Issued: i, Site: site, Case: c}
			if last := c.Steps[len(c.Steps)-1]; last.Action == hearing.Correct {
				one.Successor = public[last.Successor]
			}
			list = append(list, one)
		}
	}
	return list, nil
}

// WasPublished tells whether a judgement was ever published.
func WasPublished(c hearing.Case) bool {
	return slices.ContainsFunc(c.Steps, func(s hearing.Step) bool { return s.Action == hearing.Publish })
}

// publishedFigures are the figures of the periods that a decision shows: years, or
// months, be it by the hour, for a figure is of a month at least.
func (l *Ledger) publishedFigures(ctx context.Context, site energy.SiteID, d Decided, on energy.Date) (list []PublishedFigure, err error) {
	for from := (energy.Date{Year: d.From.Year, Month: d.From.Month, Day: 1}); from.Before(d.To); {
		label, end := fmt.Sprintf("%04d-%02d", from.Year, from.Month), energy.Date{Year: from.Year, Month: from.Month + 1, Day: 1}
		if end.Month > time.December {
			end = energy.Date{Year: from.Year + 1, Month: time.January, Day: 1}
		}
		if d.Resolution == publication.Year {
			from = energy.Date{Year: from.Year, Month: time.January, Day: 1}
			label, end = fmt.Sprintf("%04d", from.Year), energy.Date{Year: from.Year + 1, Month: time.January, Day: 1}
		}
		if d.Shown(from, end, on) {
			figures, _, err := l.Figures(ctx, site, label, time.Time{})
			if err != nil && !errors.Is(err, ErrNoSite) {
				return nil, err
			}
			for _, name := range d.What {
				found := false
				for _, f := range figures {
					if f.Name == name {
						list, found = append(list, PublishedFigure{Site: site, Decision: d.ID, Period: label, Figure: f}), true
					}
				}
				if !found { // who has nothing to show is named
					list = append(list, PublishedFigure{Site: site, Decision: d.ID, Period: label, Figure: kpi.Figure{Name: name}})
				}
			}
		}
		from = end
	}
	return list, nil
}

// publishedDeclarations are the declared values that a register published.
func publishedDeclarations(site registry.Site, d Decided, on energy.Date) (list []PublishedDeclaration) {
	for _, one := range site.Declarations {
		from := energy.Date{Year: one.Year, Month: time.January, Day: 1}
		if one.To != registry.ToMunicipality && slices.Contains(d.What, one.Field) && d.Shown(from, energy.Date{Year: one.Year + 1, Month: time.January, Day: 1}, on) {
			list = append(list, PublishedDeclaration{Site: site.ID, Decision: d.ID, Declaration: one})
		}
	}
	return list
}
