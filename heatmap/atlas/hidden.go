package atlas

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/heatmap"
)

// declared puts in what the operator declares: the capacity, for planners; and what a
// law published of his declarations, for those who see by it.
func (d *drawing) declared(s *Sheet) {
	if c, ok := d.capacity(); ok && (d.view.Extent == Everything || s.Statistics != nil) {
		s.Capacity = &c
	}
	for _, a := range d.view.Allowances {
		if a.Class != publication.ByLaw {
			continue
		}
		for _, one := range d.known.Site.Declarations {
			year := Stretch{energy.Date{Year: one.Year, Month: 1, Day: 1}, energy.Date{Year: one.Year + 1, Month: 1, Day: 1}}
			if one.To != registry.ToMunicipality && slices.Contains(a.What, one.Field) && holds(a.units(year.From, year.To, d.view.On), year) {
				s.Declared = append(s.Declared, one)
			}
		}
	}
}

// hide says which parts are absent, and why.
func (d *drawing) hide(s *Sheet) {
	hidden := func(p Part, absent bool, of reason) {
		if absent {
			s.Hidden = append(s.Hidden, Hidden{p, of.why, of.due})
		}
	}
	fine := d.whyNot(publication.Hour, Supplies()...)
	inside := fine // why an outsider sees no more than numbers
	if !d.view.fine() {
		inside = reason{why: ForPlanners}
	}
	hidden(PartHeat, len(s.Heat) == 0, d.whyNot(publication.Year, Kinds()...))
	hidden(PartSecured, s.Secured == nil, fine)
	hidden(PartTemperatures, s.Temperatures == nil, fine)
	hidden(PartStatistics, s.Statistics == nil, inside)
	hidden(PartSeries, s.Statistics == nil, inside)
	hidden(PartOutlook, s.Outlook == nil || s.Outlook.Why != "" && len(s.Outlook.Months) == 0, inside)
	_, declared := d.capacity()
	why := inside
	if !declared && d.view.fine() {
		why = reason{why: NothingKnown}
	}
	hidden(PartCapacity, s.Capacity == nil, why)
	contracts := d.whyNot(publication.Month, heatmap.Delivered)
	if !d.view.fine() {
		contracts = reason{why: ForPlanners}
	}
	hidden(PartContracts, len(s.Contracts) == 0, contracts)
	switch {
	case !d.view.fine():
		why = reason{why: ForPlanners}
	case d.q.Upgrade == nil:
		why = reason{why: NotAsked}
	case s.Statistics != nil:
		why = reason{why: NoTemperature}
	default:
		why = fine
	}
	hidden(PartUpgrade, s.Upgrade == nil, why)
}
