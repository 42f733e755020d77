package plantsim

import (
	"fmt"
	"math"
	"time"

	"heatledger/energy"
)

// guaranteePage is a guarantee of origin as the registry writes it.
type guaranteePage struct {
	Guarantee
	ID, IDs, Reference, Operator string
	Site                         energy.SiteID
	Year                         int
	Produced                     string
	Cancelled                    energy.Date
	MWh                          int64
}

// guarantees are those of the calendar year before now: whole MWh over the
// promised share of what the site's main meter counted in it. Of the running
// year nothing is cancelled yet.
func (s *Site) guarantees(calendar energy.Calendar, now time.Time) []guaranteePage {
	var pages []guaranteePage
	for i, g := range s.Spec.Guarantees {
		year := now.In(calendar.Location).Year() - 1
		period := calendar.Year(year)
		imported := float64(s.At(period.To).Energy(GridImport)-s.At(period.From).Energy(GridImport)) / 1e9
		mwh := int64(math.Ceil(g.Share * imported))
		cancelled := energy.Date{Year: year + 1, Month: time.February, Day: 11 + i}
		if mwh == 0 || cancelled.UTC().After(now) {
			continue
		}
		prefix := fmt.Sprintf("%s-VIRT-%s-%d-%d-", g.Area, s.Spec.ID, year, i+1)
		pages = append(pages, guaranteePage{
			Guarantee: g, ID: fmt.Sprintf("goo-%s-%d-%d", s.Spec.ID, year, i+1),
			IDs:       fmt.Sprintf("%s%07d..%s%07d", prefix, 1, prefix, mwh),
			Reference: fmt.Sprintf("VIRT-C-%s-%d-%d", s.Spec.ID, year, i+1), Operator: s.Spec.Operator.ID, Site: s.Spec.ID,
			Year: year, Produced: fmt.Sprintf("%d-03", year), Cancelled: cancelled, MWh: mwh,
		})
	}
	return pages
}

// outagePage is an outage that has come to its end.
type outagePage struct {
	From, To time.Time
	Reason   string
}

// outages of the calendar year before now and of the running one, up to now.
func (s *Site) outages(now time.Time) []outagePage {
	var pages []outagePage
	for _, year := range []int{now.UTC().Year() - 1, now.UTC().Year()} {
		for _, o := range s.Spec.Outages {
			if p := o.in(year); !p.To.After(now) && p.From.After(s.Spec.Since.UTC()) {
				pages = append(pages, outagePage{p.From, p.To, o.Reason})
			}
		}
	}
	return pages
}

// heatPumpPage is the heat pump of a site with its points, "" where none is metered.
type heatPumpPage struct {
	HeatPump
	Electricity, Source, Sink energy.PointID
}

// heatPumps are at most one.
func (s *Site) heatPumps() []heatPumpPage {
	if s.Spec.HeatPump.Efficiency == 0 {
		return nil
	}
	p := heatPumpPage{HeatPump: s.Spec.HeatPump}
	for _, m := range s.meters {
		switch m.Stream {
		case HeatPumpPower:
			p.Electricity = m.point(energy.ActiveEnergyImport)
		case HeatSource:
			p.Source = m.point(energy.HeatEnergy)
		case HeatDelivered:
			p.Sink = m.point(energy.HeatEnergy)
		}
	}
	return []heatPumpPage{p}
}
