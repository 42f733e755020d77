// Package council writes the yearly report to the council: what of the town's
// commitments was kept, missed or could not be determined, heat and green
// electricity, who reported nothing, what is expected. There are two editions. The
// internal one is for the office and shows every judgement and hearing; the public
// one shows what two people decided to publish, and sums only where no operator can
// be told from them (FIGURES.md, "What may be published"). [Gather] asks the
// ledger; [Year.Paper] is pure.
package council

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
)

// Edition is for whom a report is.
type Edition string

// The editions.
const (
	Public   Edition = "public"
	Internal Edition = "internal"
)

// Editions lists both.
func Editions() []Edition { return []Edition{Public, Internal} }

// Year is what a report says.
type Year struct {
	Edition  Edition
	Town     string
	Year     int
	On       energy.Date // the day of the judgements
	At       time.Time   // when it was asked
	Calendar energy.Calendar
	Promises []Promise
	Running  []Promise // of the year that is running, by forecast; internal only
	Hearings []Hearing // internal only
	Heat     Sum
	Months   [12]Sum // heat by month
	// MonthsHidden: a month would give an operator away, so none is shown.
	MonthsHidden bool
	Annual       Sum // green share by guarantees of the year
	Hourly       Sum // green share hour by hour
	Silent       []string
	Sites        int
	// Checkpoint is the latest signed state of the public log; "": none was signed.
	Checkpoint string
}

// Promise is a judgement with the names that people know, and what became of it in
// public.
type Promise struct {
	commitment.Assessment
	Name, Title string
	Evidence    []string // what was counted, or proves an exception
	Published   *hearing.Case
}

// Hearing is a judgement that is before its operator.
type Hearing struct {
	Promise
	Case hearing.Case
}

// Sum is a figure of the sites together. Hidden: too few operators stand behind it
// for the public.
type Sum struct {
	Value  float64
	OK     bool
	Hidden bool
	Sites  int // in it
}

// part is what one site adds to a sum.
type part struct {
	publication.Share
	numerator, denominator float64
}

// Gather asks everything about a local calendar year. on is today in the town.
func Gather(ctx context.Context, l *ledger.Ledger, year int, edition Edition, on energy.Date, now time.Time) (y Year, err error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return y, err
	}
	y = Year{Edition: edition, Town: r.Municipality.Name, Year: year, On: judgedOn(year, on), At: now}
	if y.Calendar, err = l.Calendar(r, ledger.Municipality); err != nil {
		return y, err
	}
	g := gathering{ledger: l, registry: r, now: now, y: &y}
	for _, site := range r.Sites {
		if from, to := firstOf(year), firstOf(year+1); site.From.Before(to) && (site.To == energy.Date{} || from.Before(site.To)) {
			g.sites = append(g.sites, site.ID)
		}
	}
	y.Sites = len(g.sites)
	for _, step := range []func(context.Context) error{g.promises, g.sums, g.silent, g.checkpoint} {
		if err := step(ctx); err != nil {
			return y, fmt.Errorf("gather the report of %d to the council: %w", year, err)
		}
	}
	return y, nil
}

// judgedOn is the day on which a year is judged: today, or the end of the year
// after it where that is over.
func judgedOn(year int, on energy.Date) energy.Date {
	if last := (energy.Date{Year: year + 1, Month: time.December, Day: 31}); last.Before(on) {
		return last
	}
	return on
}

func firstOf(year int) energy.Date { return energy.Date{Year: year, Month: time.January, Day: 1} }

// gathering is a report on its way.
type gathering struct {
	ledger   *ledger.Ledger
	registry *registry.Registry
	now      time.Time
	sites    []energy.SiteID
	y        *Year
	told     *ledger.Told // of the public edition: what its readers know already
}

// promises fills in the judgements: all of them for the house, else those that
// were published.
func (g *gathering) promises(ctx context.Context) error {
	if g.y.Edition == Public {
		return g.published(ctx)
	}
	judged, err := g.ledger.AssessAll(ctx, g.sites, func(energy.Calendar) energy.Date { return g.y.On }, "")
	if err != nil {
		return err
	}
	for _, j := range judged {
		for _, a := range j.Assessments {
			switch {
			case a.Verdict == commitment.NotApplicable:
			case a.Period.Closed && endsIn(a.Period, g.y.Year):
				g.y.Promises = append(g.y.Promises, g.named(a))
			case !a.Period.Closed:
				g.y.Running = append(g.y.Running, g.named(a))
			}
		}
		if err := g.heard(ctx, j.Site); err != nil {
			return err
		}
	}
	g.order(g.y.Promises)
	g.order(g.y.Running)
	return nil
}

// published fills in what the public may see of the year, the latest word on each.
func (g *gathering) published(ctx context.Context) error {
	p, err := g.ledger.Published(ctx, g.sites, g.now)
	if err != nil {
		return err
	}
	for _, j := range p.Judgements {
		if j.Case.State == hearing.Published && endsIn(j.Assessment.Period, g.y.Year) {
			promise := g.named(j.Assessment)
			promise.Published = &j.Case
			g.y.Promises = append(g.y.Promises, promise)
		}
	}
	g.order(g.y.Promises)
	return nil
}

// heard adds the judgements of a site that are before its operator.
func (g *gathering) heard(ctx context.Context, site energy.SiteID) error {
	cases, err := g.ledger.Hearings(ctx, site, time.Time{})
	if err != nil || len(cases) == 0 {
		return err
	}
	issued, err := g.ledger.Issued(ctx, site, time.Time{})
	if err != nil {
		return err
	}
	for _, i := range issued {
		if c, ok := cases[i.ID()]; ok && (c.State == hearing.Hearing || c.State == hearing.Answered) {
			g.y.Hearings = append(g.y.Hearings, Hearing{g.named(i.Assessment), c})
		}
	}
	return nil
}

// endsIn tells whether a period ends in a local year.
func endsIn(p commitment.Span, year int) bool { return p.To.AddDays(-1).Year == year }

// named is a judgement with the names of its site and commitment.
func (g *gathering) named(a commitment.Assessment) Promise {
	site, _ := g.registry.Site(a.Site)
	p := Promise{Assessment: a, Name: cmp.Or(site.Name, string(a.Site)), Evidence: a.Evidence}
	for _, c := range append(slices.Clip(site.Commitments), g.registry.Commitments...) {
		if c.ID == a.Commitment {
			p.Title = c.Title
		}
	}
	return p
}

// order puts judgements by verdict, then by figure, then by name: nothing is ranked
// by its value.
func (g *gathering) order(list []Promise) {
	rank := func(p Promise) int { return slices.Index(commitment.Verdicts(), p.Verdict) }
	slices.SortStableFunc(list, func(a, b Promise) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Metric, b.Metric), cmp.Compare(a.Name, b.Name), a.Period.From.Compare(b.Period.From))
	})
}

// sums fills in heat and green electricity of all sites together. In public the
// months stand all or not at all: the year less the others would tell the one that is
// left out.
func (g *gathering) sums(ctx context.Context) (err error) {
	if g.y.Edition == Public {
		if g.told, err = g.ledger.Told(ctx, g.now); err != nil {
			return err
		}
	}
	year := func(metric string) ledger.MetricIn {
		return ledger.MetricIn{Metric: metric, From: firstOf(g.y.Year), To: firstOf(g.y.Year + 1)}
	}
	asked := []ledger.MetricIn{year(heatDelivered), year(kpi.GreenShareAnnual), year("green_share_hourly")}
	first := firstOf(g.y.Year)
	for range g.y.Months {
		next := first.AddDays(31)
		next.Day = 1
		asked, first = append(asked, ledger.MetricIn{Metric: heatDelivered, From: first, To: next}), next
	}
	found, err := g.ledger.MetricsOf(ctx, g.sites, asked)
	if err != nil {
		return err
	}
	sums := make([]Sum, len(asked))
	for i, one := range asked {
		sums[i] = g.sum(one.Metric, g.parts(one, found), one.Metric != heatDelivered)
	}
	g.y.Heat, g.y.Annual, g.y.Hourly = sums[0], sums[1], sums[2]
	copy(g.y.Months[:], sums[3:])
	if slices.ContainsFunc(g.y.Months[:], func(s Sum) bool { return s.Hidden }) {
		g.y.Months, g.y.MonthsHidden = [12]Sum{}, true
	}
	return nil
}

// heatDelivered is the figure of which the report has the months too.
const heatDelivered = "heat_delivered"

// parts are what each site adds to a figure in a period.
func (g *gathering) parts(asked ledger.MetricIn, found map[energy.SiteID]map[ledger.MetricIn]kpi.Figure) (parts []part) {
	for _, id := range g.sites {
		f, ok := found[id][asked]
		if !ok || !f.OK {
			continue
		}
		site, _ := g.registry.Site(id)
		one := part{publication.Share{Site: id, Operator: site.Operator, Weight: f.Value}, f.Value, 1}
		if f.DenominatorUnit != "" {
			one.numerator, one.denominator = f.Numerator.Float64(), f.Denominator.Float64()
			one.Weight = one.denominator
		}
		parts = append(parts, one)
	}
	return parts
}

// sum adds up parts of a figure, or divides their sums. In public it is hidden where
// it would tell of a single site, by itself or beside what is published already.
func (g *gathering) sum(metric string, parts []part, ratio bool) Sum {
	var above, below float64
	shares := make([]publication.Share, len(parts))
	for i, p := range parts {
		above, below, shares[i] = above+p.numerator, below+p.denominator, p.Share
	}
	s := Sum{Value: above, OK: len(parts) > 0, Sites: len(parts)}
	if ratio {
		if s.OK = below > 0; s.OK {
			s.Value = above / below
		}
	}
	if s.OK && g.told != nil && !g.told.Discreet(metric, g.y.Year, shares) {
		return Sum{Hidden: true}
	}
	return s
}

// silent fills in the sites that reported nothing for the year.
func (g *gathering) silent(ctx context.Context) error {
	found, err := g.ledger.Store().Presences(ctx, g.sites, firstOf(g.y.Year), firstOf(g.y.Year+1))
	if err != nil {
		return err
	}
	for _, id := range g.sites {
		if found[id].EnergyS == 0 {
			site, _ := g.registry.Site(id)
			g.y.Silent = append(g.y.Silent, cmp.Or(site.Name, string(id)))
		}
	}
	slices.Sort(g.y.Silent)
	return nil
}

// checkpoint fills in the latest signed state of the log.
func (g *gathering) checkpoint(ctx context.Context) (err error) {
	g.y.Checkpoint, _, err = g.ledger.Store().LatestNote(ctx)
	return err
}
