package evidence

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Purchase is the electricity that a purchase agreement delivers to a site. It
// is green as far as the guarantees that came with it are cancelled for the
// site; the rest is subtracted (Delegated Regulation (EU) 2024/1364, Annex II,
// E_RES-PPA). Its guarantees count as guarantees: the agreement adds nothing to
// them in a balance of a year or month. It says in which hours they were
// produced, where it has a profile.
type Purchase struct {
	registry.Evidence
	Wh       int64 // delivered to the site in the year of supply, or by the profile
	ProvenWh int64 // of them, by its guarantees
	// Guarantees are those it names that were given to the site, whether they
	// count or not.
	Guarantees []Guarantee
	// Elsewhere is the agreement that named one of its guarantees before, and
	// keeps it; nil for none.
	Elsewhere *registry.Evidence
}

// whPerMWh is the number of Wh in one MWh.
const whPerMWh = 1_000_000

// Purchases are the agreements that deliver to a site, in the order of the
// evidence, judged like [Of]. A guarantee that two agreements name belongs to
// the first by id.
func Purchases(all []registry.Evidence, site registry.Site, on energy.Date) []Purchase {
	var list []Purchase
	given := Of(all, site, on)
	for _, e := range all {
		p := Purchase{Evidence: e, Wh: allocated(e, site.ID) * whPerMWh}
		if e.Profile != nil && slices.Contains(e.Sites, site.ID) {
			p.Wh = e.Profile.Within(e.Profile.From, e.Profile.To())
		}
		if e.Kind != registry.PowerPurchase || p.Wh == 0 {
			continue
		}
		for _, id := range e.Guarantees {
			if other, taken := namedBefore(all, e, id); taken {
				p.Elsewhere = &other
				continue
			}
			if i := slices.IndexFunc(given, func(g Guarantee) bool { return g.ID == id }); i >= 0 {
				p.Guarantees = append(p.Guarantees, given[i])
				if given[i].Refusal == "" {
					p.ProvenWh += given[i].MWh * whPerMWh
				}
			}
		}
		p.ProvenWh = min(p.ProvenWh, p.Wh)
		list = append(list, p)
	}
	return list
}

// namedBefore is the agreement of a lesser id that names a guarantee.
func namedBefore(all []registry.Evidence, of registry.Evidence, guarantee string) (other registry.Evidence, found bool) {
	for _, e := range all {
		if e.Kind == registry.PowerPurchase && e.ID < of.ID && slices.Contains(e.Guarantees, guarantee) && (!found || e.ID < other.ID) {
			other, found = e, true
		}
	}
	return other, found
}

// Matched is the electricity in mWh that certificates of an hour or less, and
// purchase agreements by profile, prove in [from, to): that of intervals which
// lie in it as a whole. Of an agreement it is the part that its guarantees
// prove, the same part of each interval.
func Matched(given []Guarantee, purchases []Purchase, from, to time.Time) (green energy.Amount) {
	for _, g := range given {
		if g.Profile != nil && g.Refusal == "" {
			green += energy.Amount(g.Profile.Within(from, to)) * milli
		}
	}
	for _, p := range purchases {
		if p.Profile != nil && p.ProvenWh > 0 {
			part := float64(p.ProvenWh) / float64(p.Wh)
			green += energy.Amount(float64(p.Profile.Within(from, to)*milli) * part)
		}
	}
	return green
}

const milli = 1000
