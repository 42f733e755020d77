package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/kpi"
)

// Effect is what a fact moved: the judgements of a day and the figures of the
// years around it, as known just before the fact and with it. What stayed as it
// was is not named.
type Effect struct {
	Site       energy.SiteID
	On         energy.Date // the day of the judgements
	At         time.Time   // when the fact became known
	Judgements []JudgementMoved
	Figures    []FigureMoved
}

// JudgementMoved is a judgement before and after; one of them may be none.
type JudgementMoved struct{ Before, After *commitment.Assessment }

// FigureMoved is a figure of a period before and after; one of them may be none.
type FigureMoved struct {
	Period        string
	Before, After *kpi.Figure
}

// effectYears is for how many years figures are compared at most.
const effectYears = 3

// Effect computes what became different at a site with what became known at an
// instant: everything is derived twice from the facts of then. The years are
// those of the figures; without any, the last closed one and that of the day.
func (l *Ledger) Effect(ctx context.Context, site energy.SiteID, at time.Time, on energy.Date, years []int) (Effect, error) {
	e := Effect{Site: site, On: on, At: at}
	before := at.Add(-time.Millisecond) // facts are numbered by whole milliseconds
	was, _, err := l.AssessAt(ctx, site, on, "", before)
	if err != nil && !errors.Is(err, ErrNoSite) {
		return e, fmt.Errorf("see what moved at %s: %w", site, err)
	}
	is, _, err := l.AssessAt(ctx, site, on, "", at)
	if err != nil {
		return e, fmt.Errorf("see what moved at %s: %w", site, err)
	}
	e.Judgements = judgementsMoved(was, is)
	if len(years) == 0 {
		years = []int{on.Year - 1, on.Year}
	}
	slices.Sort(years)
	years = slices.Compact(years)
	for _, year := range years[max(0, len(years)-effectYears):] {
		period := strconv.Itoa(year)
		was, _, err := l.Figures(ctx, site, period, before)
		if err != nil && !errors.Is(err, ErrNoSite) {
			return e, fmt.Errorf("see what moved at %s in %s: %w", site, period, err)
		}
		is, _, err := l.Figures(ctx, site, period, at)
		if err != nil {
			return e, fmt.Errorf("see what moved at %s in %s: %w", site, period, err)
		}
		e.Figures = append(e.Figures, figuresMoved(period, was, is)...)
	}
	return e, nil
}

func judgementsMoved(was, is []commitment.Assessment) (moved []JudgementMoved) {
	find := func(list []commitment.Assessment, k judged) *commitment.Assessment {
		if i := slices.IndexFunc(list, func(a commitment.Assessment) bool { return key(a) == k }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	for i := range is {
		before := find(was, key(is[i]))
		if before == nil && is[i].Verdict == commitment.NotApplicable || before != nil && before.Digest == is[i].Digest {
			continue
		}
		moved = append(moved, JudgementMoved{before, &is[i]})
	}
	for i := range was {
		if find(is, key(was[i])) == nil && was[i].Verdict != commitment.NotApplicable {
			moved = append(moved, JudgementMoved{&was[i], nil})
		}
	}
	return moved
}

func figuresMoved(period string, was, is []kpi.Figure) (moved []FigureMoved) {
	same := func(a, b kpi.Figure) bool { return a.Name == b.Name && a.Category == b.Category }
	differs := func(a, b kpi.Figure) bool {
		return a.OK != b.OK || a.OK && a.Value != b.Value || cmp.Compare(a.EnergyCoverage, b.EnergyCoverage) != 0 || cmp.Compare(a.SubstituteShare, b.SubstituteShare) != 0
	}
	for i := range is {
		k := slices.IndexFunc(was, func(f kpi.Figure) bool { return same(f, is[i]) })
		switch {
		case k < 0:
			moved = append(moved, FigureMoved{period, nil, &is[i]})
		case differs(was[k], is[i]):
			moved = append(moved, FigureMoved{period, &was[k], &is[i]})
		}
	}
	for i := range was {
		if !slices.ContainsFunc(is, func(f kpi.Figure) bool { return same(f, was[i]) }) {
			moved = append(moved, FigureMoved{period, &was[i], nil})
		}
	}
	return moved
}
