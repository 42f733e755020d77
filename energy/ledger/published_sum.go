package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/kpi"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
)

// PublishedSum is a figure of all the sites together of which it was decided that
// they are seen only so (publication.AggregateOnly).
type PublishedSum struct {
	Figure string
	Period string // 2025, 2025-06
	// Held: it would give somebody away, or a site's values are not there yet; the
	// rest but Figure and Period says nothing then.
	Held           bool
	Value          float64 // of amounts the sum, of ratios the sums divided
	Unit           energy.Unit
	EnergyCoverage float64 // the least of the sites'
	Sites          []energy.SiteID
}

// PublishedSums are what anybody may see of sites together at an instant, by figure
// and period. A calendar year is shown when it is over and every site that is in it
// has its value: a site that came later would be told by the difference. Months are
// shown with their year, all of them or none, of the very same sites. Sites of which
// the public knows the figure anyhow hide nobody.
func (l *Ledger) PublishedSums(ctx context.Context, now time.Time) (list []PublishedSum, err error) {
	sums, err := l.summing(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("see what is published of sites together: %w", err)
	}
	for _, of := range sums.asked() {
		found, err := sums.of(ctx, of.figure, of.year)
		if err != nil {
			return nil, fmt.Errorf("sum up %s of %d: %w", of.figure, of.year, err)
		}
		list = append(list, found...)
	}
	return list, nil
}

// summing is what is decided of all sites, while sums are made of it.
type summing struct {
	*Ledger
	registry  *registry.Registry
	today     map[energy.SiteID]energy.Date
	decided   map[energy.SiteID][]Decided
	judged    map[energy.SiteID][]PublishedJudgement
	operators map[energy.SiteID]string
}

func (l *Ledger) summing(ctx context.Context, now time.Time) (*summing, error) {
	r, err := l.Registry(ctx)
	if err != nil {
		return nil, err
	}
	s := &summing{Ledger: l, registry: r, today: map[energy.SiteID]energy.Date{}, decided: map[energy.SiteID][]Decided{}, judged: map[energy.SiteID][]PublishedJudgement{}, operators: map[energy.SiteID]string{}}
	for _, site := range r.Sites {
		calendar, err := l.Calendar(r, site.ID)
		if err != nil {
			return nil, err
		}
		s.today[site.ID], s.operators[site.ID] = calendar.Date(now), site.Operator
		if s.decided[site.ID], err = l.Decisions(ctx, site.ID, time.Time{}); err != nil {
			return nil, err
		}
		if s.judged[site.ID], err = l.publishedJudgements(ctx, site.ID); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// figureYear is a figure in a calendar year.
type figureYear struct {
	figure string
	year   int
}

// asked are the figures and years of which sums were decided, in order.
func (s *summing) asked() (list []figureYear) {
	for _, all := range s.decided {
		for _, d := range all {
			for year := d.From.Year; d.Class == publication.AggregateOnly && d.InForce() && year <= d.To.Year; year++ {
				if _, ok := d.Membership("", firstOf(year), firstOf(year+1)); !ok {
					continue
				}
				for _, figure := range d.What {
					if one := (figureYear{figure, year}); !slices.Contains(list, one) {
						list = append(list, one)
					}
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b figureYear) int { return cmp.Or(cmp.Compare(a.figure, b.figure), cmp.Compare(a.year, b.year)) })
	return list
}

func firstOf(year int) energy.Date { return energy.Date{Year: year, Month: time.January, Day: 1} }

// of is the sum of a year, with its months where all may be seen; nothing while its
// delay has not passed.
func (s *summing) of(ctx context.Context, figure string, year int) ([]PublishedSum, error) {
	label := fmt.Sprintf("%04d", year)
	var members []publication.Member
	var today energy.Date
	monthly := map[energy.SiteID]bool{}
	for id, all := range s.decided {
		for _, d := range all {
			if m, ok := d.Membership(id, firstOf(year), firstOf(year+1)); ok && slices.Contains(d.What, figure) && !s.today[id].Before(m.From) {
				members = append(members, m)
				monthly[id] = monthly[id] || d.InForce() && d.Resolution == publication.Month
			}
		}
		if today.Before(s.today[id]) {
			today = s.today[id]
		}
	}
	if len(members) == 0 {
		return nil, nil
	}
	var sites []energy.SiteID
	for _, m := range members {
		sites = append(sites, m.Site)
	}
	whole, err := s.figures(ctx, sites, figure, label)
	if err != nil {
		return nil, err
	}
	known := func(id energy.SiteID) bool { return s.told(id, figure, year) }
	public := func(set []energy.SiteID) bool { return whole.complete(set) && whole.discreet(s, set, known) }
	apart := func(one, other []energy.SiteID) bool {
		return publication.Apart(publication.Without(whole.shares(s, one), known), publication.Without(whole.shares(s, other), known))
	}
	set, ok := publication.Standing(members, today, public, apart)
	if !ok || !public(set) {
		return []PublishedSum{{Figure: figure, Period: label, Held: true}}, nil
	}
	list := []PublishedSum{whole.sum(figure, label, set)}
	if slices.ContainsFunc(set, func(id energy.SiteID) bool { return !monthly[id] }) {
		return list, nil
	}
	for month := 1; month <= 12; month++ {
		label := fmt.Sprintf("%04d-%02d", year, month)
		part, err := s.figures(ctx, set, figure, label)
		if err != nil {
			return nil, err
		}
		if !part.complete(set) || !part.discreet(s, set, known) {
			return list[:1], nil // the year less its other months would tell the one held back
		}
		list = append(list, part.sum(figure, label, set))
	}
	return list, nil
}

// told tells whether the public knows a figure of a site in a year by itself: by an
// agreement, or from a judgement.
func (s *summing) told(id energy.SiteID, figure string, year int) bool {
	from, end := firstOf(year), firstOf(year+1)
	return slices.ContainsFunc(s.decided[id], func(d Decided) bool {
		return slices.Contains(d.What, figure) && d.Told(from, end, s.today[id])
	}) || slices.ContainsFunc(s.judged[id], func(j PublishedJudgement) bool { return tells(j.Assessment, figure, from, end) })
}

// tells tells whether a judgement holds the figure of a period.
func tells(a commitment.Assessment, figure string, from, end energy.Date) bool {
	return a.Metric == figure && a.Value.OK && a.Period.From == from && a.Period.To == end
}

// figuresOf are a figure of sites in a period.
type figuresOf map[energy.SiteID]kpi.Figure

func (l *Ledger) figures(ctx context.Context, sites []energy.SiteID, name, label string) (figuresOf, error) {
	found := figuresOf{}
	for _, id := range sites {
		figures, _, err := l.Figures(ctx, id, label, time.Time{})
		if err != nil && !errors.Is(err, ErrNoSite) {
			return nil, err
		}
		for _, f := range figures {
			if before, ok := found[id]; f.Name == name && f.OK && (!ok || f.Category < before.Category) {
				found[id] = f
			}
		}
	}
	return found, nil
}

// complete tells whether every site has its value, and they may be put together:
// of one unit and one category.
func (f figuresOf) complete(set []energy.SiteID) bool {
	return len(set) > 0 && !slices.ContainsFunc(set, func(id energy.SiteID) bool {
		one, ok := f[id]
		first := f[set[0]]
		return !ok || one.Unit != first.Unit || one.DenominatorUnit != first.DenominatorUnit || one.Category != first.Category
	})
}

func (f figuresOf) discreet(s *summing, set []energy.SiteID, known func(energy.SiteID) bool) bool {
	return publication.Discreet(publication.Without(f.shares(s, set), known))
}

// shares are what each site of a set adds: for a ratio to its denominator.
func (f figuresOf) shares(s *summing, set []energy.SiteID) (list []publication.Share) {
	for _, id := range set {
		one := f[id]
		weight := one.Value
		if one.DenominatorUnit != "" {
			weight = one.Denominator.Float64()
		}
		list = append(list, publication.Share{Site: id, Operator: s.operators[id], Weight: weight})
	}
	return list
}

// sum puts the figures of a set together.
func (f figuresOf) sum(figure, label string, set []energy.SiteID) PublishedSum {
	sum := PublishedSum{Figure: figure, Period: label, Unit: f[set[0]].Unit, EnergyCoverage: 1, Sites: set}
	var above, below float64
	for _, id := range set {
		one := f[id]
		sum.Value += one.Value
		above, below = above+one.Numerator.Float64(), below+one.Denominator.Float64()
		sum.EnergyCoverage = min(sum.EnergyCoverage, one.EnergyCoverage)
	}
	if f[set[0]].DenominatorUnit == "" {
		return sum
	}
	sum.Value = above / below
	if i := slices.IndexFunc(kpi.Definitions(), func(d kpi.Definition) bool { return d.Name == figure && d.Factor != 0 }); i >= 0 {
		sum.Value *= kpi.Definitions()[i].Factor
	}
	return sum
}
