package ledger

import (
	"context"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/store"
)

// sources give the figures of sites for the assessments of one, with the papers
// that were cancelled before a day. Each figure is computed once: several rules
// ask for the same.
type sources struct {
	ledger   *Ledger
	registry *registry.Registry
	at       time.Time // as known at; zero = now
	upto     int64
	on       energy.Date
	judged   energy.SiteID // the site that is judged
	batch    *batch        // what was read for many sites at once; nil: nothing was
	sites    map[energy.SiteID]*source
}

// source gives the figures of one site. It is a commitment.FigureSource and
// knows degree-days.
type source struct {
	*sources
	ctx     context.Context //nolint:containedctx // of the one question it is made for
	inquiry *inquiry
	err     error
	known   map[asked]answer
	years   map[int]*knownYear // what was known of years at the time, derived once
	grades  map[energy.Period]degrees
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

// of is the source of a site.
func (s *sources) of(ctx context.Context, id energy.SiteID) commitment.FigureSource {
	if known, ok := s.sites[id]; ok {
		return known
	}
	one := &source{sources: s, ctx: ctx, known: map[asked]answer{}, years: map[int]*knownYear{}, grades: map[energy.Period]degrees{}}
	one.inquiry, one.err = s.inquire(ctx, id)
	if s.sites == nil {
		s.sites = map[energy.SiteID]*source{}
	}
	s.sites[id] = one
	return one
}

// inquire begins a question for figures of a site.
func (s *sources) inquire(ctx context.Context, id energy.SiteID) (*inquiry, error) {
	site, ok := s.registry.Site(id)
	if !ok {
		return nil, ErrNoSite
	}
	calendar, err := s.ledger.Calendar(s.registry, id)
	if err != nil {
		return nil, err
	}
	q := &inquiry{ledger: s.ledger, registry: s.registry, site: site, calendar: calendar, at: s.at, upto: s.upto, on: s.on}
	if s.at.IsZero() { // the account reads up to where it is closed
		return q, nil
	}
	q.upto, err = s.ledger.store.Upto(ctx, id, s.at)
	return q, err
}

// Metric asks for a figure.
func (s *source) Metric(metric string, p energy.Period) (kpi.Figure, bool, error) {
	a, err := s.answer(asked{metric, p})
	return a.figure, a.ok, err
}

// Electricity asks for the green share before any guarantee.
func (s *source) Electricity(p energy.Period) (kpi.Figure, kpi.Sum, bool, error) {
	a, err := s.answer(asked{period: p})
	return a.figure, a.sum, a.ok, err
}

func (s *source) answer(key asked) (a answer, err error) {
	if s.err != nil {
		return answer{}, s.err
	}
	if known, ok := s.known[key]; ok {
		return known, nil
	}
	q := *s.inquiry
	q.period, q.ready, q.past = key.period, s.ready(key.period), s.past()
	if key.metric == "" {
		a.figure, a.sum, a.ok, err = q.electricity(s.ctx)
	} else {
		a.figure, a.ok, err = q.metric(s.ctx, key.metric)
	}
	if err == nil {
		s.known[key] = a
	}
	return a, err
}

// ready is what was read of the period for many sites at once. Of another site
// than the one that is judged everything may be shown.
func (s *source) ready(p energy.Period) *ready {
	if s.batch == nil || s.inquiry.site.ID != s.judged {
		return nil
	}
	c := s.inquiry.calendar
	return s.batch.ready[store.Stretch{Site: s.judged, From: c.Date(p.From), To: c.Date(p.To)}]
}

// past gives the years as known at the time; nil where that is now.
func (s *source) past() *source {
	if s.at.IsZero() {
		return nil
	}
	return s
}
