package document

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// How often to gather what is closed before deriving it anew from the facts up
// to the head, which takes longer and waits for nobody.
const (
	attempts = 5
	pause    = 500 * time.Millisecond
)

// errMoved says that facts were not closed yet, or new ones between questions.
var errMoved = errors.New("facts are still being closed")

// Gather asks everything about a site and a local calendar year as known at an
// instant; zero is now, and then AsKnown is the instant of the site's head: when
// its last fact was recorded or, later than that, as of which somebody asked.
// So a report asked for again is the same until there is more to say. Errors are [ledger.ErrNoSite],
// *[NothingError] and those of the ledger.
func Gather(ctx context.Context, l *ledger.Ledger, site energy.SiteID, year int, at time.Time) (Yearly, error) {
	for range attempts {
		y, err := gather(ctx, l, site, year, at)
		if !errors.Is(err, errMoved) {
			return y, err
		}
		select {
		case <-ctx.Done():
			return Yearly{}, ctx.Err()
		case <-time.After(pause):
		}
	}
	head, err := l.Store().Head(ctx, site)
	if err != nil {
		return Yearly{}, fmt.Errorf("read the head of %s: %w", site, err)
	}
	return gather(ctx, l, site, year, head.RecordedAt)
}

func gather(ctx context.Context, l *ledger.Ledger, id energy.SiteID, year int, at time.Time) (Yearly, error) {
	g := gathering{ledger: l, at: at, y: Yearly{Site: id, Year: year, AsKnown: at, Fact: -1}}
	steps := []func(context.Context) error{g.site, g.values, g.figures}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return Yearly{}, fmt.Errorf("gather %s of %d: %w", id, year, err)
		}
	}
	if !slices.ContainsFunc(g.y.Points, func(p Point) bool { return slices.ContainsFunc(p.Days, func(d Day) bool { return d.OK }) }) {
		years, err := Years(ctx, l, id)
		if err != nil {
			return Yearly{}, err
		}
		return Yearly{}, &NothingError{Site: id, Year: year, Years: years}
	}
	var err error
	if g.y.Checkpoint, _, err = l.Store().CheckpointOver(ctx, id, g.y.Fact); err != nil {
		return Yearly{}, fmt.Errorf("gather %s of %d: %w", id, year, err)
	}
	return g.y, nil
}

// gathering is a report on its way.
type gathering struct {
	ledger   *ledger.Ledger
	at       time.Time
	y        Yearly
	from     registry.Site
	calendar energy.Calendar
}

// rests notes on which fact an answer rests; all must rest on the same.
func (g *gathering) rests(fact int64) error {
	if g.y.Fact >= 0 && g.y.Fact != fact {
		return errMoved
	}
	g.y.Fact = fact
	return nil
}

// site fills in what the registry says.
func (g *gathering) site(ctx context.Context) error {
	known := g.ledger.Registry
	if !g.at.IsZero() {
		known = func(ctx context.Context) (*registry.Registry, error) { return g.ledger.RegistryAt(ctx, g.at) }
	}
	r, err := known(ctx)
	if err != nil {
		return err
	}
	site, ok := r.Site(g.y.Site)
	if !ok {
		return ledger.ErrNoSite
	}
	if g.calendar, err = g.ledger.Calendar(r, site.ID); err != nil {
		return err
	}
	if g.at.IsZero() {
		head, err := g.ledger.Store().Head(ctx, site.ID)
		if err != nil {
			return fmt.Errorf("read the head: %w", err)
		}
		g.y.AsKnown, g.y.Fact = head.RecordedAt, head.Seq
	}
	y := &g.y
	g.from, y.Name, y.Location = site, site.Name, g.calendar.Location
	if operator, ok := r.Operator(site.Operator); ok {
		y.Operator = operator.Name
	}
	y.Address = address(site.Address)
	y.Period = g.calendar.Year(y.Year)
	y.Dates = g.calendar.Days(y.Period)
	y.Final = !y.AsKnown.Before(y.Period.To)
	return nil
}

func address(a registry.Address) string {
	town := strings.TrimSpace(a.Postcode + " " + a.Town)
	if a.Street == "" || town == "" {
		return a.Street + town
	}
	return a.Street + ", " + town
}

// values fills in the points with their days, and what is missing of them.
func (g *gathering) values(ctx context.Context) error {
	for _, meter := range g.from.Meters {
		for _, point := range meter.Points {
			s, err := g.ledger.Values(ctx, ledger.Question{Point: point.ID, Period: g.y.Period, Step: ledger.Day, At: g.at})
			if err != nil {
				return err
			}
			if err := g.rests(s.Fact); err != nil {
				return err
			}
			p := describe(meter, point)
			if err := p.take(s.Values); err != nil {
				return err
			}
			p.Coverage = g.coverage(p)
			g.y.Points = append(g.y.Points, p)
			if p.Use == energy.Primary && p.Role != "" && p.Quantity.Cumulative() {
				g.y.Gaps = append(g.y.Gaps, g.gaps(p, point)...)
				if !p.HasPercent && !slices.Contains(g.y.Unstated, meter.ID) {
					g.y.Unstated = append(g.y.Unstated, meter.ID)
				}
			}
		}
	}
	return nil
}

func describe(m registry.Meter, p registry.Point) Point {
	d := Point{ID: p.ID, Meter: m.ID, Model: strings.TrimSpace(m.Manufacturer + " " + m.Model), Serial: m.Serial, Quantity: p.Quantity, Role: p.Role,
		Use: p.Use, Category: p.Category, Class: m.Accuracy.Class, Regime: string(m.Verification.Regime), Until: m.Verification.Until}
	d.Percent, d.HasPercent = kpi.MeterPercent(m)
	return d
}

// take takes the days and adds up those of a cumulative quantity.
func (p *Point) take(values []ledger.Value) error {
	sum := energy.Amount(0)
	for _, v := range values {
		p.Days = append(p.Days, Day{Value: v.Value, OK: v.OK, Quality: v.Quality, EnergyCoverage: v.EnergyCoverage, IntervalCoverage: v.IntervalCoverage})
		if !v.OK || !p.Quantity.Cumulative() {
			continue
		}
		a, err := p.Quantity.Fixed(v.Value)
		if err != nil {
			return fmt.Errorf("add up %s: %w", p.ID, err)
		}
		sum, p.HasTotal = sum+a, true
	}
	p.Total = p.Quantity.Value(sum)
	return nil
}

// figures fills in the figures of the months and, last, of the year: when they
// rest on the same fact as the values did, then so does what was asked between.
func (g *gathering) figures(ctx context.Context) error {
	for m := time.January; m <= time.December; m++ {
		month := Month{Month: m}
		month.Grid, month.GridOK = g.gridImport(m)
		var err error
		if month.Figure, month.HasPUE, err = g.ledger.Metric(ctx, g.y.Site, kpi.InterimPUE, g.calendar.Month(g.y.Year, m), g.at); err != nil {
			return err
		}
		g.y.Months = append(g.y.Months, month)
	}
	figures, fact, err := g.ledger.Figures(ctx, g.y.Site, fmt.Sprintf("%04d", g.y.Year), g.at)
	if err != nil {
		return err
	}
	g.y.Figures = figures
	if len(figures) == 0 {
		return nil // then the months have none either
	}
	return g.rests(fact)
}

// gridImport adds up the days of a month.
func (g *gathering) gridImport(m time.Month) (energy.Value, bool) {
	sum, any := energy.Amount(0), false
	for _, p := range g.y.Points {
		if !p.isGrid() {
			continue
		}
		for i, day := range p.Days {
			if day.OK && g.y.Dates[i].Month == m {
				if a, err := p.Quantity.Fixed(day.Value); err == nil { // take added all of them up
					sum, any = sum+a, true
				}
			}
		}
	}
	return energy.ActiveEnergyImport.Value(sum), any
}
