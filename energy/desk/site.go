package desk

import (
	"cmp"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

// verificationLead is how many days before a verification ends it is time to
// order the next; ours.
const verificationLead = 90

// ofSite is what the registry says of a site's meters, promises and papers.
func (q Question) ofSite(site registry.Site) []Item {
	var all []Item
	for _, m := range site.Meters {
		if until := m.Verification.Until; until != (energy.Date{}) {
			all = append(all, q.stands(Item{Code: VerificationEnds, Args: commitment.Args{"meter": commitment.Text(string(m.ID))}, Site: site.ID,
				Due: until, Since: until.AddDays(-verificationLead), subject: string(m.ID)}))
		}
	}
	for _, c := range append(promises(q.Registry, site), site.Commitments...) {
		all = q.ending(all, Item{Code: CommitmentEnds, Args: commitment.Args{"commitment": commitment.Text(cmp.Or(c.Title, c.ID))}, Site: site.ID, Cites: c.Source, subject: c.ID}, c.To)
	}
	for _, e := range q.Registry.Evidence {
		if !names(e.Sites, site.ID) {
			continue
		}
		switch e.Kind {
		case registry.Contract, registry.Agreement, registry.PowerPurchase:
			all = q.ending(all, Item{Code: PaperEnds, Args: commitment.Args{"evidence": commitment.Text(e.ID), "paper": commitment.Text(string(e.Kind))}, Site: site.ID, subject: e.ID}, e.To)
		}
	}
	return all
}

// ending adds what ends before a day, unless it has ended: then nothing is to be
// done any more.
func (q Question) ending(all []Item, i Item, to energy.Date) []Item {
	if to == (energy.Date{}) || !q.On.Before(to) {
		return all
	}
	i.Due = to.AddDays(-1)
	i.Since = i.Due.AddDays(-leadDays)
	return append(all, q.stands(i))
}

// promises are the commitments of the municipality that name a site or its operator.
func promises(r *registry.Registry, site registry.Site) (list []registry.Commitment) {
	for _, c := range r.Commitments {
		if names(c.Sites, site.ID) || c.Operator != "" && c.Operator == site.Operator {
			list = append(list, c)
		}
	}
	return list
}

func names(sites []energy.SiteID, id energy.SiteID) bool {
	for _, s := range sites {
		if s == id {
			return true
		}
	}
	return false
}
