package ledger

import (
	"context"
	"maps"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
	"heatledger/energy/series"
	"heatledger/energy/store"
)

// batch is what the judgements of many sites need, read at once so that it
// belongs together: sums of the balances over each period that is asked for.
type batch struct {
	registry    *registry.Registry
	ready       map[store.Stretch]*ready
	order       []store.Stretch
	roles       map[int16]bool
	whole       energy.Period // holds all periods
	upto        map[energy.SiteID]int64
	definitions []kpi.Definition
	spans       map[energy.PointID][]series.Span
}

// ready is what is known of a site in a period.
type ready struct {
	batch *batch
	// metrics are the figures that are asked for in the period; true: with their
	// uncertainty.
	metrics map[string]bool
	sole    map[energy.PointID]kpi.Sole
	lines   []kpi.Line
	// several are the points whose totals the balance does not tell.
	several []energy.PointID
	totals  map[energy.PointID]energy.Amount
}

func newBatch(r *registry.Registry) *batch {
	return &batch{registry: r, ready: map[store.Stretch]*ready{}, roles: map[int16]bool{}, definitions: kpi.Definitions()}
}

// atOnce tells whether a figure follows from the sums of a whole period.
func atOnce(name string) bool {
	switch name {
	case kpi.AnnualPUE, "pue_enefg", "ref", "erf", "ere", "cer", "wue_1", "heat_delivered", "heat_rejected", kpi.GreenShareAnnual:
		return true
	}
	return false
}

// ask notes what the questions of a site ask for.
func (b *batch) ask(q questions) {
	for _, question := range q.list {
		for _, days := range question.Asks() {
			name := days.Metric
			if name == kpi.InterimPUE {
				name = kpi.AnnualPUE
			}
			if !atOnce(name) {
				continue
			}
			b.note(q, name, days.From, days.To, days.Shown)
		}
	}
}

func (b *batch) note(q questions, name string, from, to energy.Date, shown bool) {
	stretch := store.Stretch{Site: q.site.ID, From: from, To: to}
	r := b.ready[stretch]
	if r == nil {
		r = &ready{batch: b, metrics: map[string]bool{}}
		b.ready[stretch], b.order = r, append(b.order, stretch)
		p := energy.Period{From: q.calendar.Day(from).From, To: q.calendar.Day(to).From}
		if len(b.order) == 1 || p.From.Before(b.whole.From) {
			b.whole.From = p.From
		}
		if p.To.After(b.whole.To) {
			b.whole.To = p.To
		}
	}
	days := kpi.Days{From: from, To: to}
	if shown && r.sole == nil {
		r.sole = kpi.SolePoints(q.site, days)
	}
	r.metrics[name] = r.metrics[name] || shown
	for _, d := range b.definitions {
		if d.Name != name {
			continue
		}
		for _, number := range []int16{d.Numerator, d.Denominator, d.Limit} {
			b.roles[number] = true
		}
		if shown {
			b.weigh(q.site, d, days, r)
		}
	}
}

// weigh notes the points by whose amounts the accuracy of the meters weighs.
func (b *batch) weigh(site registry.Site, d kpi.Definition, days kpi.Days, r *ready) {
	for _, other := range b.definitions { // heat meters err by its temperatures
		if strings.HasPrefix(other.Name, "heat_") {
			b.roles[other.Numerator], b.roles[other.Denominator] = true, true
		}
	}
	of := &inquiry{registry: b.registry}
	for _, category := range d.Categories(site, days) {
		pair, _ := d.Of(site, category, days)
		for _, point := range of.withInputs(pair.Points()) {
			if of, alone := r.sole[point]; alone {
				b.roles[of.Role] = true
			} else if !slices.Contains(r.several, point) {
				r.several = append(r.several, point)
			}
		}
	}
}

// read reads everything that was noted.
func (b *batch) read(ctx context.Context, s *store.Store, sites []energy.SiteID) error {
	return s.Snapshot(ctx, func(ctx context.Context, s store.Reader) (err error) {
		if b.upto, err = s.Cursors(ctx, sites, store.JobClosing); err != nil || len(b.order) == 0 {
			return err
		}
		if b.spans, err = s.SpansOf(ctx, sites, b.whole); err != nil {
			return err
		}
		sums, err := s.BalanceSums(ctx, b.order, slices.Sorted(maps.Keys(b.roles)))
		if err != nil {
			return err
		}
		points := make([][]energy.PointID, len(b.order))
		for i, stretch := range b.order {
			points[i] = b.ready[stretch].several
		}
		totals, err := s.TotalsOf(ctx, b.order, points)
		if err != nil {
			return err
		}
		for i, stretch := range b.order {
			r := b.ready[stretch]
			r.totals = totals[i]
			for _, sum := range sums[i] {
				r.lines = append(r.lines, line(sum))
			}
			for point, of := range r.sole {
				for _, l := range r.lines {
					if l.Role == of.Role && l.Category == of.Category {
						r.totals[point] = l.Amount
					}
				}
			}
		}
		return nil
	})
}

// serves tells whether the figures follow from what was read.
func (r *ready) serves(list []wanted) bool {
	return r != nil && !slices.ContainsFunc(list, func(w wanted) bool {
		_, asked := r.metrics[w.Name]
		return !asked || !r.batch.roles[w.Numerator] || !r.batch.roles[w.Denominator] || !r.batch.roles[w.Limit]
	})
}

// fill gives an account what was read.
func (r *ready) fill(a *account, list []wanted, points []energy.PointID) {
	a.lines[month{}], a.totals = r.lines, r.totals
	a.unweighed = slices.ContainsFunc(list, func(w wanted) bool { return !r.metrics[w.Name] })
	a.upto = r.batch.upto[a.site.ID]
	a.spans = map[energy.PointID][]series.Span{}
	for _, point := range points {
		for _, span := range r.batch.spans[point] {
			if span.Period.Overlaps(a.period) {
				a.spans[point] = append(a.spans[point], span)
			}
		}
	}
}
