package evidence

import (
	"cmp"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Sold are the MWh of guarantees of a site's own generation that were sold: of
// a year of supply, or, with a month, of what was produced in it. A guarantee
// that is sold for several sites counts at each as a whole: who sold it cannot
// keep it anywhere.
func Sold(all []registry.Evidence, site energy.SiteID, wanted func(registry.Evidence) bool) (mwh int64) {
	for _, e := range all {
		if e.Kind == registry.SoldGuarantee && slices.Contains(e.Sites, site) && wanted(e) {
			mwh += e.VolumeMWh
		}
	}
	return mwh
}

// OfYear tells whether a guarantee is one of a year: of its production, or where
// that is not said, of its supply.
func OfYear(year int) func(registry.Evidence) bool {
	return func(e registry.Evidence) bool {
		return e.Produced.Year == year || e.Produced == registry.Month{} && e.SupplyYear == year
	}
}

// Mix is what is stated of the intensity of a site's electricity without
// guarantees in a year: by its supplier, else the residual mix. Of several of a
// kind it is the first by id. ok is false where nothing is stated.
func Mix(all []registry.Evidence, site energy.SiteID, year int) (mix registry.Evidence, ok bool) {
	for _, kind := range []registry.EvidenceKind{registry.SupplierMix, registry.ResidualMix} {
		var found []registry.Evidence
		for _, e := range all {
			if e.Kind == kind && e.SupplyYear == year && (len(e.Sites) == 0 || slices.Contains(e.Sites, site)) {
				found = append(found, e)
			}
		}
		if len(found) > 0 {
			return slices.MinFunc(found, func(a, b registry.Evidence) int { return cmp.Compare(a.ID, b.ID) }), true
		}
	}
	return registry.Evidence{}, false
}

// Settles is the first day on which the green account of a year is final: the
// suppliers' label of 1 July says what was cancelled for it (EnWG § 42 Abs. 1;
// HkRNDV § 30 Abs. 4). Until then it is provisional.
func Settles(year int) energy.Date { return energy.Date{Year: year + 1, Month: time.July, Day: 1} }

// Heat are the guarantees of origin of a site's heat in a year of supply, in MWh
// (HkNRG § 4; GWKHV): those that count, and those that do not by a rule of
// evidence. Of heat by electricity only what exceeds the electricity is waste
// heat (GWKHV § 29 Nr. 3), which the issuer has seen to.
func Heat(all []registry.Evidence, site registry.Site, year int, on energy.Date) (mwh, void int64) {
	doubles := DoubleUses(all)
	for _, e := range all {
		part := allocated(e, site.ID)
		if e.Kind != registry.HeatGuarantee || part == 0 || e.Produced.Year != year {
			continue
		}
		twice := slices.ContainsFunc(doubles, func(d DoubleUse) bool { return d.Second.ID == e.ID })
		if r := heatRefusal(e, on); r != "" || twice {
			void += part
			continue
		}
		mwh += part
	}
	return mwh, void
}

// heatRefusal is the rule that a guarantee of heat breaks: it is issued for a
// month, and cancelled within 18 (GWKHV §§ 20, 21), or still held.
func heatRefusal(e registry.Evidence, on energy.Date) Refusal {
	cancelled := e.Cancellation.On
	switch {
	case e.IDs.First == "":
		return NoIDs
	case e.Produced == registry.Month{}:
		return ProductionUnknown
	case cancelled == energy.Date{}:
		return ""
	case !cancelled.Before(on):
		return CancelledLater
	case cancelled.Before(energy.Date{Year: e.Produced.Year, Month: e.Produced.Month, Day: 1}):
		return CancelledTooEarly
	case Expiry(e.Produced).Before(cancelled):
		return CancelledTooLate
	}
	return ""
}
