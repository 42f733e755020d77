package registry

import (
	"fmt"
	"slices"
)

// profile checks the energies of a certificate or purchase agreement: it is
// known whose they are, and in which interval of an hour or less.
func (c *checker) profile(e *Evidence, at path) {
	p := at.to("profile")
	if e.Profile == nil || !c.given(p) {
		return
	}
	if e.Kind != GranularCertificate && e.Kind != PowerPurchase {
		c.fault(p, fmt.Sprintf("a profile of kind %s", e.Kind), "a granular_certificate or power_purchase_agreement is expected")
	}
	if len(e.Sites) != 1 {
		c.fault(p, fmt.Sprintf("a profile for %d sites", len(e.Sites)), "sites with one site is expected: each Wh is used once")
	}
	if len(e.Allocations) > 0 || e.VolumeMWh != 0 {
		c.fault(p, "a profile beside volume_mwh or allocations", "one of them is expected")
	}
	if c.given(p.to("minutes")) && !slices.Contains([]int{15, 30, 60}, e.Profile.Minutes) {
		c.fault(p.to("minutes"), fmt.Sprintf("minutes is %d", e.Profile.Minutes), "15, 30 or 60 is expected")
		return
	}
	if c.given(p.to("from")) && e.Profile.From.Unix()%int64(e.Profile.Minutes*60) != 0 {
		c.fault(p.to("from"), fmt.Sprintf("the intervals begin at %s", e.Profile.From.Format("15:04:05")), "a beginning of such an interval is expected")
	}
	for i, wh := range e.Profile.Wh {
		if wh < 0 || wh > mostWattHours {
			c.fault(p.to("wh", i), fmt.Sprintf("%d Wh", wh), "whole Wh of 0 or more are expected")
		}
	}
}

// mostWattHours bounds an interval to what no plant produces.
const mostWattHours = 1_000_000_000_000

// mix checks that a mix says what it is, of when, and who says so.
func (c *checker) mix(e *Evidence, at path) {
	isMix := e.Kind == SupplierMix || e.Kind == ResidualMix
	intensity := at.to("carbon_g_per_kwh")
	if !isMix {
		if c.given(intensity) {
			c.fault(intensity, fmt.Sprintf("an intensity of kind %s", e.Kind), "only supplier_mix and residual_mix have one: remove it")
		}
		return
	}
	for _, field := range []string{"carbon_g_per_kwh", "supply_year"} {
		if !c.doc.Present(at.to(field)...) {
			c.fault(at, fmt.Sprintf("a %s without %s", e.Kind, field), field+" is expected")
		}
	}
	if c.given(intensity) && (e.CarbonGPerKWh.Sign() < 0 || e.CarbonGPerKWh.Float64() > mostGrams) {
		c.fault(intensity, fmt.Sprintf("carbon_g_per_kwh is %s", e.CarbonGPerKWh), fmt.Sprintf("g CO2eq/kWh from 0 to %d are expected", mostGrams))
	}
	if e.Document == "" && e.Title == "" {
		c.fault(at, fmt.Sprintf("a %s without a source", e.Kind), "document or title is expected: who published it")
	}
	if e.Kind == SupplierMix && len(e.Sites) == 0 {
		c.fault(at, "a supplier_mix for no site", "sites is expected: whom the supplier supplied")
	}
}

// mostGrams bounds an intensity to twice that of lignite.
const mostGrams = 2500

// backing checks that the guarantees a purchase agreement names are there, and
// that no other agreement names them: each MWh is used once.
func (c *checker) backing(i int, at path) {
	e := c.r.Evidence[i]
	for j, id := range e.Guarantees {
		p := at.to("guarantees", j)
		isGuarantee := func(other Evidence) bool { return other.ID == id && other.Kind == GuaranteeOfOrigin }
		if e.Kind != PowerPurchase {
			c.fault(p, fmt.Sprintf("guarantees of kind %s", e.Kind), "only a power_purchase_agreement has them: remove it")
		} else if !slices.ContainsFunc(c.r.Evidence, isGuarantee) {
			c.fault(p, fmt.Sprintf("no guarantee of origin %q", id), "the id of a guarantee_of_origin in evidence is expected")
		}
		for first, other := range c.r.Evidence[:i] {
			if slices.Contains(other.Guarantees, id) {
				line := c.doc.Fault("", "", "evidence", first, "guarantees").Line
				c.fault(p, fmt.Sprintf("guarantee %q belongs to two agreements", id), fmt.Sprintf("%q on line %d has it: each MWh is used once", other.ID, line))
				break
			}
		}
	}
}
