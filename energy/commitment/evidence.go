package commitment

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/evidence"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// proof are the guarantees of origin that prove a site's electricity of a year,
// and what there is to say of them.
type proof struct {
	guarantees kpi.Guarantees
	evidence   []string // the ids of those that count
	steps      []Step
	refused    int // pieces that would have counted but for a rule of evidence
}

// proof tells what the guarantees given to the site for a year of supply come
// to by the day of the judgement, see package evidence.
func (q Question) proof(year int) proof {
	var p proof
	for _, g := range q.guarantees() {
		if g.SupplyYear != year {
			continue
		}
		for _, d := range g.Elsewhere {
			p.steps = append(p.steps, Step{UsedTwiceElsewhere, usedTwice(d.First, d.Second, d.IDs)})
		}
		if g.Refusal != "" {
			p.steps = append(p.steps, refusal(g))
			p.refused++
			continue
		}
		mwh := float64(g.MWh)
		if g.Profile != nil { // a certificate of an hour or less is counted by its intervals
			wh := g.Profile.Within(q.Calendar.Year(year).From, q.Calendar.Year(year).To)
			p.guarantees.Wh += wh
			mwh = float64(wh) / 1e6
		}
		p.guarantees.MWh += g.MWh
		if !slices.Contains(p.evidence, g.ID) { // one paper for several sites judged as one
			p.evidence = append(p.evidence, g.ID)
		}
		p.steps = append(p.steps, Step{GuaranteeCounted, Args{"evidence": Text(g.ID), "amount": Amount(mwh, "MWh")}})
	}
	if p.guarantees.SoldMWh = q.sold(year); p.guarantees.SoldMWh > 0 {
		p.steps = append(p.steps, Step{GuaranteesSold, Args{"amount": Amount(float64(p.guarantees.SoldMWh), "MWh")}})
	}
	return p
}

// sold are the guarantees of own generation in a year that were sold.
func (q Question) sold(year int) (mwh int64) {
	sites := q.parties
	if len(sites) == 0 {
		sites = []registry.Site{q.Site}
	}
	for _, site := range sites {
		mwh += evidence.Sold(q.Registry.Evidence, site.ID, evidence.OfYear(year))
	}
	return mwh
}

// guarantees are those given to the site, or to those judged as one. They are
// looked up once: double use is found across all sites and years.
func (q Question) guarantees() (list []evidence.Guarantee) {
	switch {
	case q.given != nil && *q.given != nil:
		return *q.given
	case len(q.parties) == 0:
		list = append([]evidence.Guarantee{}, evidence.Of(q.Registry.Evidence, q.Site, q.On)...)
		if q.given != nil {
			*q.given = list
		}
		return list
	}
	for _, site := range q.parties {
		list = append(list, evidence.Of(q.Registry.Evidence, site, q.On)...)
	}
	return list
}

// refusal says which rule of evidence a guarantee breaks.
func refusal(g evidence.Guarantee) Step {
	args := Args{"evidence": Text(g.ID)}
	cancelled, month := Day(g.Cancellation.On), Text(g.Produced.String())
	switch g.Refusal {
	case evidence.CancelledLater:
		args["date"] = cancelled
	case evidence.ProducedOtherYear:
		args["month"], args["year"] = month, Text(energy.Date{Year: g.SupplyYear}.String()[:4])
	case evidence.CancelledTooEarly:
		args["date"], args["month"] = cancelled, month
	case evidence.CancelledTooLate:
		args["date"], args["until"] = cancelled, Day(evidence.Expiry(g.Produced))
	case evidence.OtherBeneficiary:
		args["operator"] = Text(g.Beneficiary)
	case evidence.UsedTwice:
		args = usedTwice(g.Double.Second, g.Double.First, g.Double.IDs)
	}
	return Step{Code(g.Refusal), args}
}

// usedTwice names both places of a double use, seen from one of them.
func usedTwice(here, there registry.Evidence, ids registry.IDRange) Args {
	return Args{
		"evidence": Text(here.ID), "sites": Text(evidence.Places(here)), "other": Text(there.ID), "other_sites": Text(evidence.Places(there)), "ids": Text(ids.String()),
	}
}
