package kpi

import (
	"math"

	"heatledger/energy"
	"heatledger/energy/grid"
	"heatledger/energy/registry"
)

// Shares of green electricity.
//
// Law: EnEfG § 11 Abs. 5 demands a share of renewable electricity by balance
// and names no method; guarantees of origin by EEG §§ 79, 80 and HkRNDV. The
// formulas are ours (FIGURES.md); the hourly one is that of 24/7 matching, Σ
// min(G, L) / ΣL, whose standard's text is unconfirmed (EnergyTag).
//
// The denominator is the electricity the data centre consumed: from the grid
// and its own, without what was exported or passed on. Green are own renewable
// generation that was used, and guarantees up to the electricity from the grid,
// summed over the year, or month by month without carrying surplus over. Hour
// by hour own generation counts, and certificates of an hour or less up to the
// electricity from the grid in their hour: a guarantee of origin has a month of
// production and no hour. By quarter-hour a certificate of a whole hour does
// not count, since nobody knows its quarter-hours. The renewable share of the grid in the same hours
// stands beside it as a figure of its own. The share that the EEG levy funds
// is in none of them.
func greenShareAnnual() Definition {
	d := greenShare(GreenShareAnnual)
	d.Proof = ProofOfYear
	return d
}

func greenShareMonthly() Definition {
	d := greenShare("green_share_monthly")
	d.Proof, d.Shared = ProofOfMonth, true
	return d
}

// GreenShareAnnual is the name of the green share by annual balance.
const GreenShareAnnual = "green_share_annual"

func greenShare(name string) Definition {
	return Definition{
		Name: name, Standard: "EnEfG § 11 Abs. 5", Edition: "2023",
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Numerator: GreenShareNumerator, Denominator: GreenShareDenominator, Limit: GreenShareLimit, Partial: true,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			return Pair{Numerator: ownUse(site, days), Denominator: consumption(site, days), Limit: fromGrid(site, days)}
		},
	}
}

func greenShareHourly() Definition {
	return Definition{
		Name: "green_share_hourly", Standard: "hourly matching", Edition: "",
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour, Partial: true, Matched: true,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			return Pair{Numerator: ownUse(site, days), Denominator: consumption(site, days), Limit: fromGrid(site, days), OwnTime: true}
		},
		Hour: func(_ Pair, h Hour) (green, load energy.Amount) {
			load = max(0, h.Sum.Denominator)
			own := min(max(0, h.Sum.Numerator), load)
			return own + max(0, min(h.Certified, h.Sum.Limit, load-own)), load
		},
	}
}

func greenShareQuarterHourly() Definition {
	d := greenShareHourly()
	d.Name, d.Standard, d.Quarterly = "green_share_quarter_hourly", "quarter-hourly matching", true
	return d
}

// gridRenewableShare is the renewable share of what the site drew from the
// grid, hour by hour: a fact of the grid, no achievement of the site.
func gridRenewableShare() Definition {
	return Definition{
		Name: "grid_renewable_share", Standard: "hourly matching", Edition: "",
		Unit: energy.One, NumeratorUnit: energy.KilowattHour, DenominatorUnit: energy.KilowattHour,
		Pair: func(site registry.Site, _ int, days Days) Pair {
			terms := fromGrid(site, days)
			return Pair{Numerator: terms, Denominator: terms, OwnTime: true}
		},
		Hour: func(_ Pair, h Hour) (renewable, drawn energy.Amount) {
			drawn = max(0, h.Sum.Denominator)
			return energy.Amount(math.Round(float64(drawn) * grid.At(h.From).Renewable)), drawn
		},
		GridData: true,
	}
}

// consumption are the terms of the electricity the data centre used. Losses of
// a battery are used too.
func consumption(site registry.Site, days Days) (terms []Term) {
	for _, role := range []energy.Role{energy.GridImport, energy.OnsiteRenewable, energy.OnsiteFossil, energy.BackupGenerator} {
		terms = append(terms, electricityOf(site, role, days)...)
	}
	if len(terms) == 0 {
		return nil
	}
	for _, t := range electricityOf(site, energy.GridExport, days) {
		terms = append(terms, Term{Point: t.Point, Factor: -Unity})
	}
	return append(terms, forOthers(site, days)...)
}
