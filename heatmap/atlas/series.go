package atlas

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/energy"
	"heatledger/energy/publication"
	"heatledger/heatmap"
	"heatledger/heatmap/source"
)

// sheets are those of sites, a few at a time.
func (a *Atlas) sheets(ctx context.Context, sites []seen, q Question) ([]Sheet, error) {
	list := make([]Sheet, len(sites))
	err := a.each(ctx, sites, q, func(i int, e entry) error {
		list[i] = e.sheet
		return nil
	})
	return list, err
}

// atOnce is how many sources are drawn beside each other: each holds a year of days.
const atOnce = 2

func (a *Atlas) each(ctx context.Context, sites []seen, q Question, take func(i int, e entry) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, one := range sites {
		group.Go(func() error {
			e, err := a.entry(ctx, one, q)
			if err != nil {
				return err
			}
			return take(i, e)
		})
	}
	return group.Wait()
}

// Flow is a series of a source, with what it is shown by.
type Flow struct {
	heatmap.Series
	View View
}

// Series is the heat of a source over the days of a question, cut to what may be seen
// by the hour: of a kind of [Kinds], or ("") its supply; in quarter-hours, or in hours.
// It has no steps where nothing is known. It errs with [ErrNotSeen], and with
// [ErrCoarse] where the source may be seen, but not its hours.
func (a *Atlas) Series(ctx context.Context, who Asker, site energy.SiteID, kind heatmap.Kind, step time.Duration, q Question) (Flow, error) {
	one, err := a.one(ctx, who, site, Question{Now: q.Now})
	if err != nil {
		return Flow{}, err
	}
	known, err := a.load(one.context(ctx), one, q)
	if err != nil {
		return Flow{}, err
	}
	d := draw(known, one.view, q)
	s, err := d.flow(kind)
	if err != nil {
		return Flow{}, fmt.Errorf("read the series of %s: %w", site, err)
	}
	if step == time.Hour {
		s = s.Hourly()
	}
	return Flow{s, one.view}, d.fault
}

// flow is the series of a kind, or ("") of the supply, for whoever may see hours.
func (d *drawing) flow(kind heatmap.Kind) (heatmap.Series, error) {
	if !d.view.fine() {
		return heatmap.Series{}, ErrCoarse
	}
	kinds := []heatmap.Kind{kind}
	if kind == "" {
		kinds = Supplies()
	}
	err := ErrCoarse
	for _, kind := range kinds {
		if len(d.view.Days(kind, publication.Hour, d.q.From, d.q.To)) == 0 {
			continue
		}
		err = nil
		if s := d.seen(kind, publication.Hour); s.Account().EnergyKnown > 0 || len(kinds) == 1 {
			return s, nil
		}
	}
	return heatmap.Series{}, err
}

// Hours is the supply of a source by the hour, from memory where its sheet is there.
// It errs as [Atlas.Series], and with [ErrUnknown] where no hour is known.
func (a *Atlas) Hours(ctx context.Context, who Asker, site energy.SiteID, q Question) (Flow, error) {
	one, err := a.one(ctx, who, site, q)
	if err != nil {
		return Flow{}, err
	}
	e, err := a.hourly(ctx, one, q)
	if err != nil {
		return Flow{}, err
	}
	if err := e.noHours(); err != nil {
		return Flow{}, fmt.Errorf("read the hours of %s: %w", site, err)
	}
	return Flow{e.hours, one.view}, nil
}

// noHours errs with [ErrCoarse] where hours may not be seen, and with [ErrUnknown] where
// there are none.
func (e entry) noHours() error {
	for _, h := range e.sheet.Hidden {
		if h.Part == PartSeries && h.Why == NothingKnown {
			return ErrUnknown
		} else if h.Part == PartSeries {
			return ErrCoarse
		}
	}
	return nil
}

// Several is what chosen sources give together.
type Several struct {
	Sheets  []Sheet       // of the sources, in the order they were named
	Refused energy.SiteID // with an error, the source that it is about
	source.Together
}

// Several is the secured power of sources that feed one network, in the order they are
// named, each once. It errs with [ErrNotSeen], [ErrCoarse] or [ErrUnknown] as soon as
// the hours of one of them may not be seen, or are not known: a sum that left it out
// would be taken for that of all.
func (a *Atlas) Several(ctx context.Context, who Asker, sites []energy.SiteID, q Question) (Several, error) {
	var answer Several
	var series []heatmap.Series
	named := map[energy.SiteID]bool{}
	for _, site := range sites {
		if named[site] {
			continue
		}
		named[site] = true
		one, err := a.one(ctx, who, site, q)
		if err != nil {
			return Several{Refused: site}, err
		}
		e, err := a.hourly(ctx, one, q)
		if err != nil {
			return Several{Refused: site}, err
		}
		if err := e.noHours(); err != nil {
			return Several{Refused: site}, fmt.Errorf("add up %s: %w", site, err)
		}
		answer.Sheets, series = append(answer.Sheets, e.sheet), append(series, e.hours)
	}
	availability := q.Availability
	if availability == 0 {
		availability = UsualAvailability
	}
	var err error
	answer.Together, err = source.SecuredTogether(series, availability)
	return answer, err
}
