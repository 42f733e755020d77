package kpi

import (
	"slices"

	"heatledger/energy"
)

// Pooled is a figure of several sites, in the two ways that are in use. They
// differ, and neither may pass for the other.
type Pooled struct {
	Name      string
	Unit      energy.Unit
	Sites, Of int // sites in it, of so many that were asked for
	// Weighted is Σ value·E_DC / ΣE_DC: the mean of the Union's database
	// (Delegated Regulation (EU) 2024/1364, Annex IV).
	Weighted float64
	// Ratio is Σ numerator / Σ denominator: the figure of all sites as one.
	Ratio                  float64
	Numerator, Denominator float64 // in the figure's units
	EDC                    float64 // sum of the weights, in kWh
	OK                     bool    // false where no site is in it
	// Category is that of the IT energy where all sites have the same, else 0.
	Category int
	// EnergyCoverage and IntervalCoverage are the least, SubstituteShare the
	// greatest of the sites'.
	EnergyCoverage, IntervalCoverage, SubstituteShare float64
}

// Weighed is a site's figure with its E_DC in kWh; 0 where that is not known.
type Weighed struct {
	Figure
	EDC float64
}

// Weigh finds a figure, the one of the lowest category, among the figures of a
// site in a period, and E_DC as its weight: the numerator of the site's PUE, or
// the denominator of an ERF where it has no IT energy. A PUE may be an interim
// one. A site without the figure, or without E_DC, counts in nothing.
func Weigh(figures []Figure, name string) Weighed {
	var w Weighed
	if f, ok := lowest(figures, name); ok {
		w.Figure = f
	}
	if pue, ok := lowest(figures, AnnualPUE); ok && pue.OK {
		w.EDC = pue.Numerator.Float64()
	} else if erf, ok := lowest(figures, "erf"); ok && erf.OK {
		w.EDC = erf.Denominator.Float64()
	}
	return w
}

// lowest is the figure of that name with the lowest category.
func lowest(figures []Figure, name string) (lowest Figure, ok bool) {
	for _, f := range figures {
		if whole(f.Name) != whole(name) {
			continue
		}
		if !ok || f.Category < lowest.Category {
			lowest, ok = f, true
		}
	}
	return lowest, ok
}

// whole is the name that a figure has in twelve months.
func whole(name string) string {
	if name == InterimPUE {
		return AnnualPUE
	}
	return name
}

// Poolable are the figures that are put together for several sites: those of
// which the Union publishes averages (Delegated Regulation (EU) 2024/1364, Annex
// IV). Of the water figures both are given.
func Poolable() []string { return []string{AnnualPUE, "wue_1", "wue_2", "erf", "ref"} }

// Pool puts the figures of sites together. A site without the figure, or
// without E_DC, is left out; Of counts it.
func Pool(sites []Weighed) Pooled {
	p := Pooled{Of: len(sites), EnergyCoverage: 1, IntervalCoverage: 1}
	for _, s := range sites {
		if !s.OK || s.EDC <= 0 || s.Denominator.Float64() <= 0 {
			continue
		}
		if p.Sites++; p.Sites == 1 {
			p.Name, p.Unit, p.Category = s.Name, s.Unit, s.Category
		}
		if s.Category != p.Category {
			p.Category = 0
		}
		if s.Name != p.Name { // an interim PUE among annual ones: together they are none of twelve months
			p.Name = InterimPUE
		}
		p.EDC += s.EDC
		p.Weighted += s.Value * s.EDC
		p.Numerator += s.Numerator.Float64()
		p.Denominator += s.Denominator.Float64()
		p.EnergyCoverage = min(p.EnergyCoverage, s.EnergyCoverage)
		p.IntervalCoverage = min(p.IntervalCoverage, s.IntervalCoverage)
		p.SubstituteShare = max(p.SubstituteShare, s.SubstituteShare)
	}
	if p.Sites == 0 {
		return Pooled{Of: p.Of}
	}
	p.OK, p.Weighted, p.Ratio = true, p.Weighted/p.EDC, p.Numerator/p.Denominator
	if i := slices.IndexFunc(Definitions(), func(d Definition) bool { return d.Name == p.Name && d.Factor != 0 }); i >= 0 {
		p.Ratio *= Definitions()[i].Factor
	}
	return p
}
