package atlas

import (
	"cmp"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/publication"
	"heatledger/heatmap"
)

// Extent is how much of a source somebody may see, the least first.
type Extent uint8

// Nothing: the source does not exist for him. Published: what everybody may see.
// Agreed: what decisions allow planners. Everything: all there is.
const (
	Nothing Extent = iota
	Published
	Agreed
	Everything
)

// String is the extent's name in answers.
func (e Extent) String() string {
	return [...]string{"nothing", "published", "agreed", "everything"}[e]
}

// Allowance is what one decision allows.
type Allowance struct {
	Decision   string // its id
	Agreement  string // the evidence that the operator agreed; "" of what law publishes
	Class      publication.Class
	What       []string // heat figures; of a law's, fields of forms
	From, To   energy.Date
	Resolution publication.Resolution
	DelayDays  int
}

// View is what somebody may see of the heat of one site, on a day.
type View struct {
	Extent     Extent
	On         energy.Date
	Allowances []Allowance // of Agreed and Published, by decision
}

// heatFigures are the figures of packages kpi and heatmap that a decision has to name
// for heat to be seen.
func heatFigures() []string {
	return []string{"heat_delivered", "heat_available", "heat_requested", "heat_rejected"}
}

// declaredHeat are the fields of EnEfG Anlage 3 (Nr. 2 c and d) that speak of heat: what
// a law publishes is what the operator declared there, never what was metered.
func declaredHeat() []string {
	return []string{"enefg-2c-heat", "enefg-2c-temperature", "enefg-2d-heat", "enefg-2d-temperature"}
}

// ViewOf is what somebody who asks may see of a site on a local day of it, by the
// decisions about the site.
func ViewOf(who Asker, site energy.SiteID, decided []ledger.Decided, on energy.Date) View {
	v := View{Extent: Nothing, On: on}
	if who.reads(site) {
		v.Extent = Everything
		return v
	}
	for _, d := range decided {
		a, planned, public := allowance(d, on)
		switch {
		case planned && who.plans(site):
			v.Extent, v.Allowances = Agreed, append(v.Allowances, a)
		case public:
			v.Extent, v.Allowances = max(v.Extent, Published), append(v.Allowances, a)
		}
	}
	slices.SortFunc(v.Allowances, func(a, b Allowance) int {
		return cmp.Or(cmp.Compare(len(a.Decision), len(b.Decision)), cmp.Compare(a.Decision, b.Decision))
	})
	return v
}

// allowance is what a decision allows of heat on a day: to planners, to everybody, or
// (neither) nothing.
func allowance(d ledger.Decided, on energy.Date) (a Allowance, planned, public bool) {
	names := heatFigures()
	if d.Class == publication.ByLaw {
		names = declaredHeat()
	}
	a = Allowance{Decision: d.ID, Agreement: d.Agreement, Class: d.Class, From: d.From, To: d.To, Resolution: d.Resolution, DelayDays: d.DelayDays}
	for _, name := range names {
		if slices.Contains(d.What, name) {
			a.What = append(a.What, name)
		}
	}
	if !d.InForce() || len(a.What) == 0 || len(a.units(a.From, a.To, on)) == 0 {
		return Allowance{}, false, false
	}
	agreed := d.Agreement != "" && (d.Class == publication.Restricted || d.Class == publication.ByAgreement)
	return a, agreed, d.Class == publication.ByLaw || d.Class == publication.ByAgreement && agreed
}

// key tells views apart that show different things of a period up to a day.
func (v View) key(to energy.Date) string {
	var b strings.Builder
	b.WriteString(v.Extent.String())
	if v.On.Before(to) { // it says how far the period has come
		b.WriteString(" " + v.On.String())
	}
	for _, a := range v.Allowances {
		for _, part := range []string{a.Decision, v.On.String()} {
			b.WriteString(" " + part)
		}
	}
	return b.String()
}

// figuresOf are the figures that all have to be allowed for a kind of heat to be seen.
// What is derived of the IT load stands for the heat that is available.
func figuresOf(kind heatmap.Kind) []string {
	switch kind {
	case heatmap.Recoverable:
		return []string{"heat_delivered", "heat_rejected"}
	case heatmap.Derived:
		return []string{"heat_available"}
	case heatmap.Delivered, heatmap.Available, heatmap.Requested, heatmap.Rejected:
		return []string{"heat_" + string(kind)}
	}
	return nil
}

// Days are the local days of [from, to) of which the view shows a kind of heat by a
// resolution, or finer: by hours single days (to the public whole months), by months
// and years whole ones.
func (v View) Days(kind heatmap.Kind, by publication.Resolution, from, to energy.Date) []Stretch {
	whole := []Stretch{{from, to}}
	switch figures := figuresOf(kind); {
	case !from.Before(to) || v.Extent == Nothing || len(figures) == 0:
		return nil
	case v.Extent == Everything:
		return whole
	default:
		for _, figure := range figures {
			whole = both(whole, v.shown(figure, by, from, to))
		}
		return whole
	}
}

// shown are the days of a figure.
func (v View) shown(figure string, by publication.Resolution, from, to energy.Date) []Stretch {
	var list []Stretch
	for _, a := range v.Allowances {
		if a.Class != publication.ByLaw && slices.Contains(a.What, figure) && !coarser(a.Resolution, by) {
			if v.Extent == Published && a.Resolution == publication.Hour { // numbers of single days would be a series
				a.Resolution = publication.Month
			}
			list = append(list, a.units(from, to, v.On)...)
		}
	}
	return joined(list)
}

// coarser tells whether a resolution shows less than another one.
func coarser(a, than publication.Resolution) bool {
	all := publication.Resolutions()
	return slices.Index(all, a) < slices.Index(all, than)
}

// fine tells whether hours, where they may be seen, may be seen as a series.
func (v View) fine() bool { return v.Extent == Everything || v.Extent == Agreed }
