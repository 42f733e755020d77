package registry

import (
	"fmt"
	"slices"

	"heatledger/energy"
)

// Terms are what a contract says of its amounts beside the bare threshold. The
// zero Terms say nothing.
type Terms struct {
	// ProRata: the first and the last period, of which the promise binds a part
	// only, owe that part by days. Without it they owe nothing.
	ProRata bool `yaml:"pro_rata" json:"pro_rata,omitzero"`
	// DegreeDays make what is owed depend on how cold the period was.
	DegreeDays DegreeDays `yaml:"degree_days" json:"degree_days,omitzero"`
	// TakeOrPay: heat held ready and not asked for counts as kept by the one who
	// gives it; the one who takes it pays nevertheless.
	TakeOrPay bool `yaml:"take_or_pay" json:"take_or_pay,omitzero"`
	// ForceMajeure: days of an event that evidence states, and the other side
	// accepted, are taken off what is owed.
	ForceMajeure bool `yaml:"force_majeure" json:"force_majeure,omitzero"`
	// GuardBand moves the limit of acceptance away from the threshold.
	GuardBand GuardBand `yaml:"guard_band" json:"guard_band,omitzero"`
	// MinimumCoverage is the least share of a period that must be known; 0 means 0.9.
	MinimumCoverage Number `yaml:"minimum_coverage" json:"minimum_coverage,omitzero"`
}

// DegreeDays are how a promise depends on the cold. The degree-days of a period
// are a fact of the site that covers it, or those of the outdoor temperature
// measured there.
type DegreeDays struct {
	Fact string `yaml:"fact" json:"fact,omitzero"` // name of the fact; "": as measured
	// Normal: the threshold is that of a period with so many, and others owe in
	// proportion; 0: it does not change.
	Normal Number `yaml:"normal" json:"normal,omitzero"`
	// AtLeast: a period with fewer owes nothing.
	AtLeast Number `yaml:"at_least" json:"at_least,omitzero"`
}

// GuardBand is how far beyond, or on the good side of, the threshold a value
// must be (decision rule of ILAC-G8:09/2019; edition unconfirmed).
type GuardBand struct {
	Amount  Measure `yaml:"amount,required" json:"amount,omitzero"`
	Favours Party   `yaml:"favours,required" json:"favours,omitzero"`
}

// Party is a side of a promise.
type Party string

// The sides: a guard band that favours the operator keeps values a little
// beyond the threshold; one that favours the municipality asks for more.
const (
	OperatorSide     Party = "operator"
	MunicipalitySide Party = "municipality"
)

// TermFault is what is wrong with a field of the terms.
type TermFault struct{ Field, Problem, Remedy string }

// Faults says what is wrong with the terms of a promise on a metric, whose
// threshold may be in units.
func (t Terms) Faults(metric string, comparator Comparator, units []energy.Unit) (faults []TermFault) {
	add := func(field, problem, remedy string) { faults = append(faults, TermFault{field, problem, remedy}) }
	for field, given := range map[string]bool{"pro_rata": t.ProRata, "force_majeure": t.ForceMajeure, "degree_days": t.DegreeDays != DegreeDays{}} {
		if given && !Additive(metric) {
			add(field, fmt.Sprintf("%s of %s", field, metric), "an amount that grows with time, such as heat_delivered, is expected")
		}
	}
	if t.TakeOrPay && (metric != "heat_delivered" || comparator != AtLeast) {
		add("take_or_pay", "take_or_pay of "+metric, "at least so much heat_delivered is expected")
	}
	d := t.DegreeDays
	if d != (DegreeDays{}) && (d.Normal.Sign() < 0 || d.AtLeast.Sign() < 0 || d.Normal.Sign() == 0 && d.AtLeast.Sign() == 0) {
		add("degree_days", "degree_days without an effect", "normal or at_least, greater than 0, is expected")
	}
	if x := t.MinimumCoverage.Float64(); x < 0 || x > 1 {
		add("minimum_coverage", fmt.Sprintf("minimum_coverage is %s", t.MinimumCoverage), "a share from 0 to 1 is expected")
	}
	if g := t.GuardBand; g != (GuardBand{}) {
		if !slices.Contains([]Party{OperatorSide, MunicipalitySide}, g.Favours) {
			add("guard_band", fmt.Sprintf("the guard band favours %q", g.Favours), "operator or municipality is expected")
		}
		if g.Amount.Number.Sign() <= 0 || units != nil && !slices.Contains(units, g.Amount.Unit) {
			add("guard_band", fmt.Sprintf("the guard band is %s", g.Amount), "an amount greater than 0 in a unit of the threshold is expected")
		}
	}
	slices.SortFunc(faults, func(a, b TermFault) int {
		return slices.Compare([]string{a.Field, a.Problem}, []string{b.Field, b.Problem})
	})
	return faults
}

// Additive tells whether the values of parts of a period add up to that of the
// whole, so that more time is more (heat); others are ratios.
func Additive(metric string) bool {
	return slices.Contains([]string{"heat_delivered", "heat_rejected", "full_load_hours"}, metric)
}

// Reach is which sites a commitment of the municipality judges as one: their
// energies are summed first, then divided.
type Reach string

// Each site for itself ("" or site), the sites it names together, those of its
// operator, all of the registry.
const (
	EachSite     Reach = "site"
	Campus       Reach = "campus"
	OperatorWide Reach = "operator"
	AllSites     Reach = "all_sites"
)
