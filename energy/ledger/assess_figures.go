package ledger

import (
	"context"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
)

// sources give the figures of one site for its assessments, with the papers
// that were cancelled before a day. Each is read once: several rules ask for
// the same.
type sources struct {
	ledger *Ledger
	site   energy.SiteID
	at     time.Time
	on     energy.Date
	known  map[asked]answer
}

// asked is a figure in a period; the metric "" stands for the electricity.
type asked struct {
	metric string
	period energy.Period
}

type answer struct {
	figure kpi.Figure
	sum    kpi.Sum // of the electricity
	ok     bool
}

// figureFunc is a commitment.FigureSource.
type figureFunc func(asked) (answer, error)

// Metric asks for a figure.
func (f figureFunc) Metric(metric string, p energy.Period) (kpi.Figure, bool, error) {
	a, err := f(asked{metric, p})
	return a.figure, a.ok, err
}

// Electricity asks for the green share before any guarantee.
func (f figureFunc) Electricity(p energy.Period) (kpi.Figure, kpi.Sum, bool, error) {
	a, err := f(asked{period: p})
	return a.figure, a.sum, a.ok, err
}

// within are the sources for the length of a question.
func (s *sources) within(ctx context.Context) figureFunc {
	return func(key asked) (answer, error) {
		if known, ok := s.known[key]; ok {
			return known, nil
		}
		found, err := s.find(ctx, key)
		if err != nil {
			return answer{}, err
		}
		if s.known == nil {
			s.known = map[asked]answer{}
		}
		s.known[key] = found
		return found, nil
	}
}

func (s *sources) find(ctx context.Context, key asked) (a answer, err error) {
	q, err := s.ledger.inquire(ctx, s.site, s.at)
	if err != nil {
		return answer{}, err
	}
	q.period, q.on = key.period, s.on
	if key.metric == "" {
		a.figure, a.sum, a.ok, err = q.electricity(ctx)
	} else {
		a.figure, a.ok, err = q.metric(ctx, key.metric)
	}
	return a, err
}
