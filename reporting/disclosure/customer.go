package disclosure

import (
	"slices"

	"heatledger/energy"
	"heatledger/energy/kpi"
	"heatledger/energy/registry"
)

// customers fills in the statement of § 15 EnEfG: the energy directly
// attributable to each customer in the year. A point of his own, or a share of
// one (registry: customer, share), is directly attributable; a part of cooling
// and losses is not, unless the registry shares it out.
func customers(b *builder) {
	names := b.customers()
	for _, name := range names {
		if b.customer != "" && name != b.customer {
			continue
		}
		var terms []kpi.Term
		for _, p := range b.ofCustomer(name) {
			terms = append(terms, kpi.Term{Point: p.ID, Factor: kpi.Unity})
		}
		f := b.amount("customer-"+name, "§ 15", terms, energy.KilowattHour)
		f.Label, f.Argument = "customer", name
		for _, t := range terms {
			if point, _ := b.point(t.Point); point.Share != nil && point.Share.Basis != "" {
				f.Notes = append(f.Notes, "share_basis="+point.Share.Basis)
			}
		}
	}
	for _, p := range b.unnamed() {
		f := b.field("customer-unnamed-"+p.ID.Name(), "§ 15")
		f.Label, f.Argument = "customer-unnamed", string(p.ID)
		f.Missing = []Lack{{Kind: LackRegistry, Name: "points[" + string(p.ID) + "].customer"}}
	}
	if len(names) == 0 && len(b.fields) == 0 {
		f := b.field("customer", "§ 15")
		f.Label = "customer-none"
		f.Missing = []Lack{{Kind: LackRegistry, Name: "points[].customer"}}
		if b.Site.Type == registry.Enterprise {
			f.Value, f.Basis, f.Missing, f.Sources = Text("none"), Declared, nil, []Source{{Kind: FromRegistry, ID: "type"}}
		}
	}
	b.note("customer_sees_own_only")
}

// customers are the names of those with points in the year, in order.
func (b *builder) customers() (names []string) {
	for _, meter := range b.Site.Meters {
		for _, p := range meter.Points {
			if _, counts := b.within(p.From, p.To); counts && p.Customer != "" && isEnergy(p) && !slices.Contains(names, p.Customer) {
				names = append(names, p.Customer)
			}
		}
	}
	slices.Sort(names)
	return names
}

// ofCustomer are the points of a customer, each energy once: none below another.
func (b *builder) ofCustomer(name string) (points []registry.Point) {
	mine := map[energy.PointID]bool{}
	var all []registry.Point
	for _, meter := range b.Site.Meters {
		for _, p := range meter.Points {
			if _, counts := b.within(p.From, p.To); counts && p.Customer == name && isEnergy(p) {
				mine[p.ID] = true
				all = append(all, p)
			}
		}
	}
	for _, p := range all {
		below := false
		for parent := p.Parent; parent != "" && !below; {
			below = mine[parent]
			above, _ := b.point(parent)
			parent = above.Parent
		}
		if !below {
			points = append(points, p)
		}
	}
	return points
}

// isEnergy tells whether a point's amounts are energy a customer uses.
func isEnergy(p registry.Point) bool {
	return p.Quantity == energy.ActiveEnergyImport || p.Quantity == energy.CoolingEnergy || p.Quantity == energy.HeatEnergy
}

// unnamed are the shares of IT load of which nobody says whose they are.
func (b *builder) unnamed() (points []registry.Point) {
	if b.customer != "" {
		return nil
	}
	for _, meter := range b.Site.Meters {
		for _, p := range meter.Points {
			if p.Share != nil && p.Customer == "" && (p.Role == energy.ITLoad || p.Role == energy.ForeignLoad) {
				points = append(points, p)
			}
		}
	}
	return points
}
