package commitment

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// together is the question on all sites that a rule judges as one, in the place
// of the site that was asked for: loads and energies are sums, the start of
// operation is the earliest. ok is false where the figures of the others are not
// at hand; the steps name the sites.
func (q Question) together(rule Rule) (_ Question, steps []Step, ok bool) {
	reach := cmp.Or(q.Commitment.Scope, rule.Reach, registry.EachSite)
	if reach == registry.EachSite {
		return q, nil, true
	}
	operator := cmp.Or(q.Commitment.Operator, q.Site.Operator)
	var names []string
	all, source := q.Site, union{}
	all.ConnectedLoadKW, all.ITLoadKW, all.InOperationSince = registry.Number{}, registry.Number{}, energy.Date{}
	for i, site := range q.Registry.Sites {
		if reach == registry.Campus && !slices.Contains(q.Commitment.Sites, site.ID) || reach == registry.OperatorWide && site.Operator != operator {
			continue
		}
		names = append(names, string(site.ID))
		q.parties = append(q.parties, q.Registry.Sites[i])
		all.PublicBody = all.PublicBody || site.PublicBody
		all.InOperationSince = earlier(all.InOperationSince, site.InOperationSince)
		switch {
		case site.ID == q.Site.ID:
			source.members = append(source.members, q.Figures)
		case q.Elsewhere == nil:
			return q, nil, false
		default:
			source.members = append(source.members, q.Elsewhere(site.ID))
		}
	}
	all.ConnectedLoadKW = sumOf(q.parties, func(s registry.Site) registry.Number { return s.ConnectedLoadKW })
	all.ITLoadKW = sumOf(q.parties, func(s registry.Site) registry.Number { return s.ITLoadKW })
	q.Site, q.Figures, q.given = all, source, nil
	return q, []Step{{SitesTogether, Args{"sites": Text(strings.Join(names, ", "))}}}, true
}

// sumOf is the sum of a load over sites; none where one of them has none, and
// where the digits do not hold it.
func sumOf(sites []registry.Site, of func(registry.Site) registry.Number) registry.Number {
	var sum int64 // in W, which is 1e-3 kW
	for _, site := range sites {
		watts, err := of(site).Fixed(3)
		if err != nil || watts <= 0 || sum > math.MaxInt64-watts {
			return registry.Number{}
		}
		sum += watts
	}
	return registry.Number{Value: energy.Decimal(sum, -3)}
}

// union gives the figures of several sites as if they were one: energies are
// summed first, then divided. A site without the figure counts as not covered.
type union struct{ members []FigureSource }

// Metric sums a figure.
func (u union) Metric(metric string, p energy.Period) (sum kpi.Figure, ok bool, err error) {
	m, _ := metricOf(metric)
	var value, numerator, denominator, substitute, variance float64
	times := 1.0
	sum.HasUncertainty = m.additive
	for _, member := range u.members {
		f, has, err := member.Metric(metric, p)
		if err != nil {
			return kpi.Figure{}, false, err
		}
		if !has || !f.OK || ok && f.Unit != sum.Unit {
			continue
		}
		n, d := f.Numerator.Float64(), f.Denominator.Float64()
		if !m.additive && d <= 0 {
			continue
		}
		if !m.additive && n > 0 { // the value may be in another unit than n over d
			times = f.Value / (n / d)
		}
		weight := d
		if m.additive {
			weight = f.Value
		}
		ok, sum.OK, sum.Name, sum.Unit, sum.Standard, sum.Edition = true, true, f.Name, f.Unit, f.Standard, f.Edition
		value, numerator, denominator, substitute = value+f.Value, numerator+n, denominator+d, substitute+f.SubstituteShare*weight
		variance += f.Uncertainty * f.Value * f.Uncertainty * f.Value
		sum.HasUncertainty = sum.HasUncertainty && f.HasUncertainty
		sum.EnergyCoverage += f.EnergyCoverage / float64(len(u.members))
		sum.IntervalCoverage += f.IntervalCoverage / float64(len(u.members))
	}
	sum.Numerator, sum.Denominator = energy.Float(numerator), energy.Float(denominator)
	weight := denominator
	if sum.Value = value; m.additive {
		weight = value
	} else if denominator > 0 {
		sum.Value = numerator / denominator * times
	}
	if weight > 0 {
		sum.SubstituteShare = substitute / weight
	}
	if sum.HasUncertainty = sum.HasUncertainty && value > 0; sum.HasUncertainty {
		sum.Uncertainty = math.Sqrt(variance) / value
	}
	return sum, ok, nil
}

// Electricity sums the electricity of the sites.
func (u union) Electricity(p energy.Period) (f kpi.Figure, sum kpi.Sum, ok bool, err error) {
	var energyCovered, intervalCovered, substitute float64
	for _, member := range u.members {
		one, part, has, err := member.Electricity(p)
		if err != nil {
			return f, sum, false, err
		}
		if !has || !one.OK {
			continue
		}
		if !ok {
			f, ok = one, true
		}
		sum.Add(part)
		energyCovered, intervalCovered = energyCovered+one.EnergyCoverage, intervalCovered+one.IntervalCoverage
		substitute = max(substitute, one.SubstituteShare)
	}
	n := float64(len(u.members))
	f.EnergyCoverage, f.IntervalCoverage, f.SubstituteShare, f.HasUncertainty = energyCovered/n, intervalCovered/n, substitute, false
	return f, sum, ok, nil
}
