package disclosure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/kpi"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// Sources are everything the forms of a site and year are filled in from.
type Sources struct {
	Registry *registry.Registry
	Site     registry.Site
	Year     int
	Calendar energy.Calendar
	Period   energy.Period
	AsKnown  time.Time
	Fact     int64
	Figures  []kpi.Figure
	// Months are the twelve months of a point, Hours its hours; of a point that
	// counts a part of the year, those of the part.
	Months map[energy.PointID][]ledger.Value
	Hours  map[energy.PointID][]ledger.Value
	// Guarantees are those given to the site, judged on the day of AsKnown.
	Guarantees []evidence.Guarantee
	Purchases  []evidence.Purchase
}

// How often to gather anew when facts come in between, and the pause between.
const (
	attempts = 5
	pause    = 500 * time.Millisecond
)

// errMoved says that new facts came between two questions.
var errMoved = errors.New("facts are still being closed")

// Gather asks everything about a site and a local calendar year as known at an
// instant (zero: now). Errors are [ledger.ErrNoSite] and those of the ledger. A
// site without any reading is no error: its forms say what is missing.
func Gather(ctx context.Context, l *ledger.Ledger, site energy.SiteID, year int, at time.Time) (*Sources, error) {
	for range attempts {
		s, err := gather(ctx, l, site, year, at)
		if !errors.Is(err, errMoved) {
			return s, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
	head, err := l.Store().Head(ctx, site)
	if err != nil {
		return nil, fmt.Errorf("read the head of %s: %w", site, err)
	}
	return gather(ctx, l, site, year, head.RecordedAt)
}

func gather(ctx context.Context, l *ledger.Ledger, id energy.SiteID, year int, at time.Time) (s *Sources, err error) {
	s = &Sources{Year: year, AsKnown: at, Fact: -1, Months: map[energy.PointID][]ledger.Value{}, Hours: map[energy.PointID][]ledger.Value{}}
	if s.Registry, err = l.Registry(ctx); !at.IsZero() {
		s.Registry, err = l.RegistryAt(ctx, at)
	}
	if err != nil {
		return nil, err
	}
	var ok bool
	if s.Site, ok = s.Registry.Site(id); !ok {
		return nil, fmt.Errorf("fill in forms of %s: %w", id, ledger.ErrNoSite)
	}
	if s.Calendar, err = l.Calendar(s.Registry, id); err != nil {
		return nil, err
	}
	s.Period = s.Calendar.Year(year)
	if s.AsKnown.IsZero() {
		head, err := l.Store().Head(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("read the head of %s: %w", id, err)
		}
		s.AsKnown = head.RecordedAt
	}
	on := s.Calendar.Date(s.AsKnown).AddDays(1)
	if at.IsZero() {
		on = s.Calendar.Date(l.Store().Now())
	}
	s.Guarantees, s.Purchases = evidence.Of(s.Registry.Evidence, s.Site, on), evidence.Purchases(s.Registry.Evidence, s.Site, on)
	if err := s.read(ctx, l, at); err != nil {
		return nil, fmt.Errorf("fill in forms of %s and %d: %w", id, year, err)
	}
	return s, nil
}

// read asks for values and figures. All answers must rest on the same fact.
func (s *Sources) read(ctx context.Context, l *ledger.Ledger, at time.Time) error {
	rests := func(fact int64) error {
		if s.Fact >= 0 && s.Fact != fact {
			return errMoved
		}
		s.Fact = fact
		return nil
	}
	ask := func(into map[energy.PointID][]ledger.Value, point registry.Point, step ledger.Step) error {
		period, ok := s.within(point.From, point.To)
		if !ok {
			return nil
		}
		answer, err := l.Values(ctx, ledger.Question{Point: point.ID, Period: period, Step: step, At: at})
		if err != nil {
			return err
		}
		into[point.ID] = answer.Values
		return rests(answer.Fact)
	}
	hourly := s.hourly()
	for _, meter := range s.Site.Meters {
		for _, point := range meter.Points {
			if !needed(point) {
				continue
			}
			if err := ask(s.Months, point, ledger.Month); err != nil {
				return err
			}
			if slices.Contains(hourly, point.ID) {
				if err := ask(s.Hours, point, ledger.Hour); err != nil {
					return err
				}
			}
		}
	}
	figures, fact, err := l.Figures(ctx, s.Site.ID, fmt.Sprintf("%04d", s.Year), at)
	if err != nil {
		return err
	}
	if s.Figures = figures; len(figures) == 0 && s.Fact >= 0 {
		return nil
	}
	return rests(fact)
}

// needed tells whether some form asks for a point: what adds up, and the
// temperatures of waste heat.
func needed(p registry.Point) bool {
	return p.Quantity.Cumulative() || p.Quantity == energy.FlowTemperature && (p.Role == energy.HeatRemoved || p.Role == energy.HeatRejected)
}

// hourly are the points whose hours are needed: of the waste heat, for its power
// and hours of operation, and of the grid, for its emissions.
func (s *Sources) hourly() (ids []energy.PointID) {
	heat, _ := s.wasteHeat()
	for _, t := range append(heat, kpi.GridTerms(s.Site, s.days())...) {
		ids = append(ids, t.Point)
	}
	return ids
}

// within is the part of the year in which a point counts.
func (s *Sources) within(from, to energy.Date) (energy.Period, bool) {
	p := s.Period
	if (from != energy.Date{}) {
		if at := s.Calendar.Day(from).From; at.After(p.From) {
			p.From = at
		}
	}
	if (to != energy.Date{}) {
		if at := s.Calendar.Day(to).From; at.Before(p.To) {
			p.To = at
		}
	}
	return p, p.From.Before(p.To)
}

// days are the local days of the year.
func (s *Sources) days() kpi.Days {
	return kpi.Days{From: energy.Date{Year: s.Year, Month: time.January, Day: 1}, To: energy.Date{Year: s.Year + 1, Month: time.January, Day: 1}}
}

// over tells whether the year was over as of AsKnown.
func (s *Sources) over() bool { return !s.AsKnown.Before(s.Period.To) }

// wasteHeat are the points of the waste heat that occurs, and which it is: what
// the rooms give off, else what was delivered and rejected, else delivered alone.
func (s *Sources) wasteHeat() (terms []kpi.Term, which string) {
	days := s.days()
	if removed := kpi.RoleTerms(s.Site, energy.HeatRemoved, energy.KilowattHour, days); len(removed) > 0 {
		return removed, "heat_removed"
	}
	delivered := kpi.RoleTerms(s.Site, energy.HeatDelivered, energy.KilowattHour, days)
	rejected := kpi.RoleTerms(s.Site, energy.HeatRejected, energy.KilowattHour, days)
	switch {
	case len(rejected) > 0:
		return append(rejected, delivered...), "heat_rejected_and_delivered"
	case len(delivered) > 0:
		return delivered, "heat_delivered_only"
	}
	return nil, ""
}
