// Package evidence decides which guarantees of origin, certificates and purchase
// agreements prove a site's electricity, and why others do not. Figures and verdicts rest on the same
// decision. It knows papers, neither meters nor promises, and no clock.
//
// Law: EEG §§ 79, 80; HkRNDV §§ 28 to 30, 34.
package evidence

import (
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// ValidMonths is how long a guarantee of origin can be cancelled, in calendar
// months after its month of production (HkRNDV § 34).
const ValidMonths = 18

// Refusal is the rule of evidence that a guarantee breaks; "" for none.
type Refusal string

// The rules, in the order they are applied.
const (
	NoIDs             Refusal = "guarantee_no_ids"    // nobody could see a double use
	NotCancelled      Refusal = "not_cancelled"       // or without reference
	SupplierUnknown   Refusal = "supplier_unknown"    // only the supplier cancels
	CancelledLater    Refusal = "cancelled_later"     // than what was known on the day asked for
	ProductionUnknown Refusal = "production_unknown"  // no month
	ProducedOtherYear Refusal = "produced_other_year" // than supplied (HkRNDV § 30 Abs. 4)
	CancelledTooEarly Refusal = "cancelled_too_early" // before it was produced
	CancelledTooLate  Refusal = "cancelled_too_late"  // after ValidMonths
	OtherBeneficiary  Refusal = "other_beneficiary"   // than the site's operator
	UsedTwice         Refusal = "used_twice"          // and cancelled first elsewhere
)

// Guarantee is a guarantee of origin of which a site was given a part.
type Guarantee struct {
	registry.Evidence
	// MWh are the site's, of the volume; they count where Refusal is "". A
	// certificate with a profile has none: its Wh are those of its intervals.
	MWh     int64
	Refusal Refusal
	// Double is the use elsewhere that came first, with UsedTwice.
	Double *DoubleUse
	// Elsewhere are uses of the same MWh that came later.
	Elsewhere []DoubleUse
}

// Of are the guarantees that were given to a site, in the order of the
// evidence, judged by what was known up to the beginning of the day on. all is
// the evidence of all sites: each MWh is used once across them. Those of a year
// of supply are its SupplyYear's.
func Of(all []registry.Evidence, site registry.Site, on energy.Date) []Guarantee {
	var list []Guarantee
	doubles := DoubleUses(all)
	for _, e := range all {
		g := Guarantee{Evidence: e, MWh: allocated(e, site.ID)}
		profiled := e.Kind == registry.GranularCertificate && e.Profile != nil && slices.Contains(e.Sites, site.ID)
		switch {
		case profiled:
			g.Refusal = profileRefusal(e, site, on)
		case e.Kind != registry.GuaranteeOfOrigin && e.Kind != registry.GranularCertificate || g.MWh == 0:
			continue
		default:
			g.Refusal = refusal(e, site, on)
		}
		for _, d := range doubles {
			switch {
			case d.First.ID == e.ID:
				g.Elsewhere = append(g.Elsewhere, d)
			case d.Second.ID == e.ID && g.Refusal == "":
				g.Refusal, g.Double = UsedTwice, &d
			}
		}
		list = append(list, g)
	}
	return list
}

// refusal is the rule that a guarantee breaks by itself.
func refusal(e registry.Evidence, site registry.Site, on energy.Date) Refusal {
	cancelled := e.Cancellation.On
	switch {
	case e.IDs.First == "":
		return NoIDs
	case cancelled == energy.Date{} || e.Cancellation.Reference == "":
		return NotCancelled
	case e.Supplier == "":
		return SupplierUnknown
	case !cancelled.Before(on):
		return CancelledLater
	case e.Produced == registry.Month{}:
		return ProductionUnknown
	case e.Produced.Year != e.SupplyYear:
		return ProducedOtherYear
	case cancelled.Before(energy.Date{Year: e.Produced.Year, Month: e.Produced.Month, Day: 1}):
		return CancelledTooEarly
	case Expiry(e.Produced).Before(cancelled):
		return CancelledTooLate
	case e.Beneficiary != "" && e.Beneficiary != site.Operator:
		return OtherBeneficiary
	}
	return ""
}

// profileRefusal is the rule that a certificate of an hour or less breaks by
// itself. It is cancelled by the holder of the account, supplier or not, and the
// end of its validity is its scheme's: neither is a rule of ours (EnergyTag;
// the text is unconfirmed).
func profileRefusal(e registry.Evidence, site registry.Site, on energy.Date) Refusal {
	cancelled := e.Cancellation.On
	switch {
	case e.IDs.First == "":
		return NoIDs
	case cancelled == energy.Date{} || e.Cancellation.Reference == "":
		return NotCancelled
	case !cancelled.Before(on):
		return CancelledLater
	case cancelled.UTC().AddDate(0, 0, 1).Before(e.Profile.To()):
		return CancelledTooEarly
	case e.Beneficiary != "" && e.Beneficiary != site.Operator:
		return OtherBeneficiary
	}
	return ""
}

// Expiry is the last day on which a guarantee of a month can be cancelled.
func Expiry(produced registry.Month) energy.Date {
	next := int(produced.Month) + ValidMonths // months after the January of that year
	return energy.Date{Year: produced.Year + next/12, Month: time.Month(1 + next%12), Day: 1}.AddDays(-1)
}

// allocated are the MWh of a piece of evidence given to a site: what was given
// before, and the volume, leave no more.
func allocated(e registry.Evidence, site energy.SiteID) (mwh int64) {
	left := e.VolumeMWh
	for _, a := range e.Allocations {
		part := max(0, min(a.MWh, left))
		left -= part
		if a.Site == site {
			mwh += part
		}
	}
	return mwh
}
