package registry

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/strictyaml"
)

// commitment checks a promise of a site, or of the municipality where site is "".
func (c *checker) commitment(p *Commitment, site energy.SiteID, at path) {
	c.id("commitment", p.ID, at.to("id"))
	oneOf(c, "authority", p.EnforcedBy, []string{"BAFA", "municipality", "none"}, at.to("enforced_by"))
	oneOf(c, "period", p.Per, []Per{CalendarYear, ContractYear, HeatingYear, Rolling, EachMonth}, at.to("per"))
	c.span(p.From, p.To, at)
	for i, id := range p.Sites {
		c.siteExists(id, at.to("sites", i))
	}
	c.operator(p.Operator, at.to("operator"))
	c.reach(p, at)
	if site != "" {
		for _, field := range []string{"sites", "operator", "scope"} {
			if c.given(at.to(field)) {
				c.fault(at.to(field), fmt.Sprintf("%s in a commitment of site %q", field, site), "a commitment of several sites belongs at the top level")
			}
		}
	}
	rule := []string{"metric", "at_least", "at_most", "comparator", "threshold", "per", "pro_rata", "degree_days", "take_or_pay", "force_majeure", "guard_band", "minimum_coverage"}
	if c.doc.Present(at.to("rulebook")...) {
		if c.given(at.to("rulebook")) && !energy.IsID(p.Rulebook) {
			c.fault(at.to("rulebook"), fmt.Sprintf("%q is no rulebook", p.Rulebook), "an id such as enefg-2023 is expected")
		}
		for _, field := range rule {
			if c.doc.Present(at.to(field)...) {
				c.fault(at.to(strictyaml.Key(field)), field+" beside a rulebook", "a rulebook brings its rules with it: make it a commitment of its own")
			}
		}
		return
	}
	if !c.doc.Present(at.to("metric")...) {
		c.fault(at, "neither rulebook nor metric", "one of them is expected")
		return
	}
	c.rule(p, at)
	if !c.doc.Present(at.to("per")...) {
		c.fault(at, "a rule without per", "calendar_year, contract_year, heating_year, P12M or month is expected")
	}
	if p.Per == ContractYear && !c.doc.Present(at.to("from")...) {
		c.fault(at.to("per"), "a contract year without from", "from is expected: the year begins on its day")
	}
}

// reach checks that a scope names sites the commitment has.
func (c *checker) reach(p *Commitment, at path) {
	oneOf(c, "scope", p.Scope, []Reach{EachSite, Campus, OperatorWide, AllSites}, at.to("scope"))
	for _, need := range []struct {
		scope Reach
		field string
	}{{Campus, "sites"}, {OperatorWide, "operator"}} {
		if p.Scope == need.scope && !c.doc.Present(at.to(need.field)...) {
			c.fault(at.to("scope"), fmt.Sprintf("scope %s without %s", p.Scope, need.field), need.field+" is expected: the sites that are judged as one")
		}
	}
}

// rule checks metric and threshold.
func (c *checker) rule(p *Commitment, at path) {
	known := metrics()
	names := make([]string, len(known))
	for i, m := range known {
		names[i] = m.name
	}
	var units []energy.Unit
	if oneOf(c, "metric", p.Metric, names, at.to("metric")) && c.given(at.to("metric")) {
		units = known[slices.Index(names, p.Metric)].units
	}
	c.threshold(p.AtLeast, units, at.to("at_least"))
	c.threshold(p.AtMost, units, at.to("at_most"))
	for _, year := range slices.Sorted(maps.Keys(p.Thresholds)) {
		if !isYear(year) {
			c.fault(at.to("threshold", yearKey(year)), fmt.Sprintf("%d is no year", year), "the first year of each threshold is expected")
			continue
		}
		c.threshold(p.Thresholds[year], units, at.to("threshold", yearText(year)))
	}
	oneOf(c, "comparator", p.Comparator, []Comparator{AtLeast, AtMost}, at.to("comparator"))
	if side, _, _ := p.Rule(p.From.Year); units != nil {
		for _, f := range p.Faults(p.Metric, side, units) {
			c.fault(at.to(f.Field), f.Problem, f.Remedy)
		}
	}
	comparator, ramp := c.doc.Present(at.to("comparator")...), c.doc.Present(at.to("threshold")...)
	given := 0
	for _, is := range []bool{c.doc.Present(at.to("at_least")...), c.doc.Present(at.to("at_most")...), comparator || ramp} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		c.fault(at, fmt.Sprintf("metric %s with %d thresholds", p.Metric, given), "one of at_least, at_most, or comparator and threshold is expected")
	case comparator != ramp:
		c.fault(at, "one of comparator and threshold is missing", "comparator: at_least or at_most, and threshold: {YEAR: AMOUNT} are expected")
	}
}

// threshold checks that an amount is in a unit of its metric. Units are not
// converted into one another here: 4.5 GWh is kept as it was promised.
func (c *checker) threshold(m Measure, units []energy.Unit, at path) {
	if !c.given(at) || units == nil || slices.Contains(units, m.Unit) {
		return
	}
	names := make([]string, len(units))
	for i, u := range units {
		if names[i] = string(u); u == energy.One {
			names[i] = "no unit"
		}
	}
	problem := fmt.Sprintf("the threshold is in %s", m.Unit)
	if m.Unit == energy.One {
		problem = fmt.Sprintf("the threshold %s has no unit", m)
	}
	c.fault(at, problem, strings.Join(names, " or ")+" is expected")
}

// evidence checks what a paper says by itself. Whether it proves anything (the
// production month, the 18 months of a guarantee) is for the assessment, which
// names the rule: a registry must be able to hold a guarantee that is no good.
func (c *checker) evidence(i int, at path) {
	e := &c.r.Evidence[i]
	c.id("evidence", e.ID, at.to("id"))
	oneOf(c, "kind of evidence", e.Kind, []EvidenceKind{
		GuaranteeOfOrigin, GranularCertificate, SoldGuarantee, HeatGuarantee, SupplierMix, ResidualMix, PowerPurchase, Offer, Agreement, Certificate, CalibrationReport, Report, Contract, OtherEvidence,
	}, at.to("kind"))
	c.span(e.From, e.To, at)
	for j, id := range e.Sites {
		c.siteExists(id, at.to("sites", j))
	}
	c.operator(e.Beneficiary, at.to("beneficiary"))
	if p := at.to("digest"); c.given(p) && !isDigest(e.Digest) {
		c.say(p, "paper_digest", e.Digest, fmt.Sprintf("%q is no digest", e.Digest), "sha256: and 64 hexadecimal digits are expected")
	}
	if p := at.to("country"); c.given(p) && (len(e.Country) != 2 || strings.Trim(e.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		c.say(p, "paper_country", e.Country, fmt.Sprintf("%q is no country", e.Country), "two capital letters (ISO 3166-1) such as DE are expected")
	}
	if c.given(at.to("supply_year")) && !isYear(e.SupplyYear) {
		c.say(at.to("supply_year"), "paper_year", fmt.Sprint(e.SupplyYear), fmt.Sprintf("supply_year is %d", e.SupplyYear), "a calendar year such as 2025 is expected")
	}
	for _, name := range sortedKeys(e.Facts) {
		if !energy.IsID(name) {
			c.say(at.to("facts", strictyaml.Key(name)), "paper_fact", name, fmt.Sprintf("%q is no name of a fact", name), "lower-case letters, digits, hyphens and underscores are expected")
		}
	}
	c.volume(e, at)
	c.profile(e, at)
	c.mix(e, at)
	c.backing(i, at)
}

// volume checks a guarantee's amounts: each MWh is one id and is given once.
func (c *checker) volume(e *Evidence, at path) {
	volume := at.to("volume_mwh")
	if (e.Kind == GuaranteeOfOrigin || e.Kind == SoldGuarantee || e.Kind == HeatGuarantee) && !c.doc.Present(volume...) {
		c.say(at, "paper_no_volume", "", fmt.Sprintf("a %s without volume_mwh", strings.ReplaceAll(string(e.Kind), "_", " ")), "its whole MWh are expected")
	}
	known := c.given(volume)
	if known && (e.VolumeMWh <= 0 || e.VolumeMWh > maxMWh) {
		c.say(volume, "paper_volume", fmt.Sprint(e.VolumeMWh), fmt.Sprintf("volume_mwh is %d", e.VolumeMWh), "a number of whole MWh greater than 0 is expected")
		known = false
	}
	if n := e.IDs.Count(); known && c.given(at.to("ids")) && e.IDs.First != e.IDs.Last && n != e.VolumeMWh {
		c.fault(at.to("ids"), fmt.Sprintf("%d guarantees for %d MWh", n, e.VolumeMWh), "one guarantee for each MWh is expected")
	}
	left := e.VolumeMWh
	for i, a := range e.Allocations {
		p := at.to("allocations", i)
		c.siteExists(a.Site, p.to("site"))
		if !c.given(p.to("mwh")) {
			continue
		}
		if a.MWh <= 0 || a.MWh > maxMWh {
			c.fault(p.to("mwh"), fmt.Sprintf("mwh is %d", a.MWh), "a number of whole MWh greater than 0 is expected")
			continue
		}
		if known && a.MWh > left {
			c.fault(p.to("mwh"), fmt.Sprintf("%d MWh where %d of %d MWh are left", a.MWh, max(left, 0), e.VolumeMWh), "allocations of at most the volume are expected: each MWh is used once")
		}
		left -= a.MWh
	}
}

// doubleUse names guarantees that stand in two pieces of evidence.
func (c *checker) doubleUse() {
	type entry struct {
		index int
		ids   IDRange
		key   string
	}
	var entries []entry
	for i, e := range c.r.Evidence {
		if e.IDs.First != "" {
			prefix, number := splitID(e.IDs.First)
			entries = append(entries, entry{i, e.IDs, fmt.Sprintf("%s\x00%06d", prefix, len(number))})
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.ids.First, b.ids.First))
	})
	// Sorted by their first guarantee, ranges meet if one begins before the
	// furthest end so far.
	widest := -1 // among the entries before, the one that reaches furthest
	for i := range entries {
		if widest >= 0 && entries[widest].ids.Overlaps(entries[i].ids) {
			first, second := min(entries[widest].index, entries[i].index), max(entries[widest].index, entries[i].index)
			line := c.doc.Fault("", "", "evidence", first, "ids").Line
			c.fault(path{"evidence", second, "ids"}, "guarantees are used twice",
				fmt.Sprintf("evidence %q on line %d has some of them: each MWh is used once", c.r.Evidence[first].ID, line))
		}
		if widest < 0 || entries[widest].key != entries[i].key || entries[widest].ids.Last < entries[i].ids.Last {
			widest = i
		}
	}
}

// isDigest tells whether s is a SHA-256 as sha256sum writes it.
func isDigest(s string) bool {
	hex, ok := strings.CutPrefix(s, "sha256:")
	return ok && len(hex) == 64 && strings.Trim(hex, "0123456789abcdef") == ""
}

// sortedKeys are the keys of a map in a fixed order, so that faults of one place
// come in the same order each time.
func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func keyOf[T ~string](name T) strictyaml.Key { return strictyaml.Key(name) }
