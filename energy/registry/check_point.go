package registry

import (
	"fmt"

	"heatledger/energy"
)

// meter checks an instrument and its points. A meter without points is allowed:
// it may wait for its installation.
func (c *checker) meter(s *Site, m *Meter, at path) {
	c.id("meter", string(m.ID), at.to("id"))
	c.class(m.Accuracy.Class, at.to("accuracy", "class"))
	c.class(m.Transformers.Class, at.to("transformers", "class"))
	if c.given(at.to("accuracy", "class")) && c.given(at.to("accuracy", "percent")) {
		c.fault(at.to("accuracy", "percent"), "a percentage beside a class", "one of class and percent is expected")
	}
	c.positive(m.Accuracy.Percent, at.to("accuracy", "percent"))
	c.positive(m.Accuracy.QP, at.to("accuracy", "qp"))
	c.positive(m.Accuracy.DeltaThetaMin, at.to("accuracy", "delta_theta_min"))
	c.positive(m.Transformers.CT, at.to("transformers", "ct"))
	c.positive(m.Transformers.VT, at.to("transformers", "vt"))
	oneOf(c, "regime", m.Verification.Regime, []Regime{MID, Calibration, Unverified}, at.to("verification", "regime"))
	for i := range m.Points {
		c.point(s, &m.Points[i], at.to("points", i))
	}
}

// class checks an accuracy class: electricity EN 62053-21/-22 and EN 50470,
// transformers EN 61869, heat EN 1434-1.
func (c *checker) class(class string, at path) {
	oneOf(c, "accuracy class", class, []string{"0.1", "0.2", "0.2S", "0.5", "0.5S", "1", "1.5", "2", "3", "A", "B", "C"}, at)
}

// point checks a point by itself. What it says of other points is seen by
// virtual and parents.
func (c *checker) point(s *Site, p *Point, at path) {
	if c.given(at.to("id")) {
		switch err := p.ID.Check(); {
		case err != nil:
			c.wrong(at.to("id"), err)
		case p.ID.Site() != s.ID && c.doc.Decoded(at[:len(at)-4].to("id")...):
			c.fault(at.to("id"), fmt.Sprintf("point %q stands under site %q", p.ID, s.ID), fmt.Sprintf("the site before the slash is expected: %s/%s", s.ID, p.ID.Name()))
		default:
			c.once("point", string(p.ID), at.to("id"))
		}
	}
	known := oneOf(c, "quantity", p.Quantity, energy.Quantities(), at.to("quantity")) && c.given(at.to("quantity"))
	oneOf(c, "use", p.Use, []energy.Use{energy.Primary, energy.Check, energy.Info}, at.to("use"))
	c.role(p, known, at)
	if oneOf(c, "series", p.Series, []energy.SeriesKind{energy.Counter, energy.Interval, energy.Mean, energy.Instant}, at.to("series")) && known {
		c.series(p, at)
	}
	if known {
		c.register(p, p.Resolution, at.to("resolution"))
		if c.given(at.to("customer")) && !energy.IsID(p.Customer) {
			c.fault(at.to("customer"), fmt.Sprintf("%q is no name of a customer", p.Customer), "lower-case letters, digits, hyphens and underscores are expected")
		}
		c.register(p, p.Modulus, at.to("modulus"))
	}
	if c.given(at.to("modulus")) && p.Series != energy.Counter {
		c.fault(at.to("modulus"), fmt.Sprintf("a modulus of series %s", p.Series), "only a counter wraps: remove it")
	}
	c.span(p.From, p.To, at)
	c.virtual(s, p, at)
	c.limits(p.Limits, true, at.to("limits"))
	if order := at.to("substitute"); c.given(order) {
		c.substitute(s, p.Substitute, []*Point{p}, order)
		if p.Virtual() {
			c.fault(order, fmt.Sprintf("%q is calculated", p.ID), "substitute the values of the points it is made of")
		}
	}
}

// role checks role and category. A point that counts needs a role, else it
// would be read and silently appear in no figure.
func (c *checker) role(p *Point, quantityKnown bool, at path) {
	if !c.doc.Present(at.to("role")...) {
		if p.Use == energy.Primary && c.given(at) {
			c.fault(at, fmt.Sprintf("point %q has no role", p.ID), "add a role, or use: info")
		}
	} else if oneOf(c, "role", p.Role, energy.Roles(), at.to("role")) && quantityKnown && !suits(p.Role, p.Quantity) {
		c.fault(at.to("role"), fmt.Sprintf("role %s of quantity %s", p.Role, p.Quantity), "a role of what the point measures is expected")
	}
	if !c.given(at.to("category")) {
		return
	}
	if p.Category < 1 || p.Category > 3 {
		c.fault(at.to("category"), fmt.Sprintf("category is %d", p.Category), "1 (UPS output), 2 (PDU output) or 3 (IT input) is expected")
	} else if p.Role != energy.ITLoad && p.Role.Known() {
		c.fault(at.to("category"), fmt.Sprintf("a category of role %s", p.Role), "only it_load has a category: remove it")
	}
}

// suits tells whether a role can be played by a quantity: electricity, heat,
// water and temperature must not meet in one sum.
func suits(r energy.Role, q energy.Quantity) bool {
	electric := q == energy.ActiveEnergyImport || q == energy.ActiveEnergyExport || q == energy.ActivePower || q == energy.Frequency
	switch r {
	case energy.GridImport, energy.GridExport, energy.OnsiteRenewable, energy.ITLoad, energy.ForeignLoad,
		energy.StorageCharge, energy.StorageDischarge, energy.HeatPumpElectricity:
		return electric
	case energy.HeatRemoved, energy.HeatDelivered, energy.HeatReuseOwn, energy.HeatInternal, energy.HeatRejected,
		energy.HeatAvailable, energy.HeatRequested, energy.HeatStorageIn, energy.HeatStorageOut:
		return !electric && q != energy.FuelVolume && q != energy.GasVolume
	case energy.WaterIn, energy.WaterPotable:
		return q == energy.WaterVolume || q == energy.Volume || q == energy.VolumeFlow || q == energy.Temperature
	case energy.ITInletTemperature:
		return q == energy.Temperature
	}
	return true
}

// series checks that the series fits the quantity: amounts are counted or given
// per interval, levels are read at an instant or as means.
func (c *checker) series(p *Point, at path) {
	amount := p.Series == energy.Counter || p.Series == energy.Interval
	if amount == p.Quantity.Cumulative() {
		return
	}
	want := "instant or mean is expected for a level"
	if p.Quantity.Cumulative() {
		want = "counter or interval is expected for an amount"
	}
	c.fault(at.to("series"), fmt.Sprintf("series %s of quantity %s", p.Series, p.Quantity), want)
}

// register checks an amount that describes the register of a point.
func (c *checker) register(p *Point, m Measure, at path) {
	if !c.given(at) {
		return
	}
	if c.unit(m, p.Quantity, at) && m.Number.Sign() <= 0 {
		c.fault(at, fmt.Sprintf("%s is %s", at[len(at)-1], m), "an amount greater than 0 is expected")
	}
}

// unit checks that an amount can be one of quantity q, and not too large.
func (c *checker) unit(m Measure, q energy.Quantity, at path) bool {
	_, err := m.Amount(q)
	switch {
	case m.Unit == energy.One:
		c.say(at, "registry_unit", m.String(), fmt.Sprintf("%s has no unit", m), fmt.Sprintf("a unit is expected, such as %s %s", m, q.Unit()))
	case !m.Unit.Known():
		c.say(at, "registry_unit", m.String(), fmt.Sprintf("unknown unit %q", m.Unit), fmt.Sprintf("a unit such as %s is expected", q.Unit()))
	case !m.Unit.Convertible(q.Unit()):
		c.say(at, "registry_unit", m.String(), fmt.Sprintf("%s is no amount of %s", m, q), fmt.Sprintf("a unit such as %s is expected", q.Unit()))
	case err != nil:
		c.say(at, "registry_range", m.String(), fmt.Sprintf("%s is out of range", m), "a smaller amount is expected")
	default:
		return true
	}
	return false
}

// virtual checks what a calculated point is made of.
func (c *checker) virtual(s *Site, p *Point, at path) {
	if c.given(at.to("formula")) {
		for _, t := range p.Formula.Terms {
			if used, ok := c.reference(s, t.Point, at.to("formula")); ok && used.Quantity.Unit() != p.Quantity.Unit() {
				c.fault(at.to("formula"), fmt.Sprintf("%q is of quantity %s", t.Point, used.Quantity), fmt.Sprintf("points in %s are expected", p.Quantity.Unit()))
			}
			if n := t.Factor; !sensible(n) {
				c.fault(at.to("formula"), fmt.Sprintf("%s is no factor", n), fmt.Sprintf("a number up to %d with at most %d decimals is expected, and not zero", mostFactor, factorDecimals))
			}
		}
		if c.given(at.to("share")) {
			c.fault(at.to("share"), "a share beside a formula", "one of formula and share is expected")
		}
	}
	if p.Share == nil {
		return
	}
	share := at.to("share")
	if of, ok := c.reference(s, p.Share.Of, share.to("of")); ok && of.Quantity.Unit() != p.Quantity.Unit() {
		c.fault(share.to("of"), fmt.Sprintf("%q is of quantity %s", p.Share.Of, of.Quantity), fmt.Sprintf("a point in %s is expected", p.Quantity.Unit()))
	}
	if by, ok := c.reference(s, p.Share.By, share.to("by")); ok && by.Parent == "" {
		c.fault(share.to("by"), fmt.Sprintf("%q has no parent", p.Share.By), "a point with a parent is expected: their ratio is the share")
	}
	if n := p.Share.Fallback; c.given(share.to("fallback")) && (!sensible(n) || n.Sign() < 0 || n.Float64() > 1) {
		c.fault(share.to("fallback"), fmt.Sprintf("fallback is %s", n), fmt.Sprintf("a share above 0 up to 1 with at most %d decimals is expected", factorDecimals))
	}
	if !c.given(share.to("by")) && !c.given(share.to("fallback")) {
		c.fault(share, "a share of nothing", "by or fallback is expected")
	}
}

// Factors of formulas are exact ratios of numbers that a sum of amounts can be
// multiplied by.
const (
	mostFactor     = 1_000_000
	factorDecimals = 9
)

// sensible tells whether n may be a factor.
func sensible(n Number) bool {
	_, exp := n.Mantissa()
	return n.IsDecimal() && exp >= -factorDecimals && n.Sign() != 0 && n.Float64() <= mostFactor && n.Float64() >= -mostFactor
}

// parents checks what points say of each other: parents, deductions and inputs
// of formulas exist and form no circle.
func (c *checker) parents(s *Site, at path) {
	inputs := map[energy.PointID][]energy.PointID{}
	parents := map[energy.PointID][]energy.PointID{}
	for i, m := range s.Meters {
		for j, p := range m.Points {
			here := at.to("meters", i, "points", j)
			if parent, ok := c.reference(s, p.Parent, here.to("parent")); ok {
				parents[p.ID] = []energy.PointID{parent.ID}
			}
			if from, ok := c.reference(s, p.DeductFrom, here.to("deduct_from")); ok && (from.Role != energy.ITLoad || from.Quantity.Unit() != p.Quantity.Unit()) {
				c.fault(here.to("deduct_from"), fmt.Sprintf("%q is no it_load in %s", from.ID, p.Quantity.Unit()), "the it_load point whose meter also carries this load is expected")
			}
			for _, t := range p.Formula.Terms {
				inputs[p.ID] = append(inputs[p.ID], t.Point)
			}
			if p.Share != nil {
				inputs[p.ID] = append(inputs[p.ID], p.Share.Of, p.Share.By)
				if by, ok := c.points[p.Share.By]; ok && by.Parent != "" { // the share is By's of its parent
					inputs[p.ID] = append(inputs[p.ID], by.Parent)
				}
			}
		}
	}
	above, calculated := circles(s, parents), circles(s, inputs)
	for i, m := range s.Meters {
		for j, p := range m.Points {
			here := at.to("meters", i, "points", j)
			if above[p.ID] {
				c.fault(here.to("parent"), fmt.Sprintf("%q is above itself", p.ID), "parents must lead up to a point without one")
			}
			if calculated[p.ID] {
				field := "share"
				if len(p.Formula.Terms) > 0 {
					field = "formula"
				}
				c.fault(here.to(field), fmt.Sprintf("%q is calculated from itself", p.ID), "points that do not depend on it are expected")
			}
		}
	}
}

// circles are the points whose edge closes a circle, one for each circle.
func circles(s *Site, edges map[energy.PointID][]energy.PointID) map[energy.PointID]bool {
	closing, state := map[energy.PointID]bool{}, map[energy.PointID]int{}
	const entered, left = 1, 2
	var walk func(id energy.PointID)
	walk = func(id energy.PointID) {
		state[id] = entered
		for _, next := range edges[id] {
			switch state[next] {
			case entered:
				closing[id] = true
			case left:
			default:
				walk(next)
			}
		}
		state[id] = left
	}
	for _, m := range s.Meters {
		for _, p := range m.Points {
			if state[p.ID] == 0 {
				walk(p.ID)
			}
		}
	}
	return closing
}
