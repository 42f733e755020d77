package registry

import "heatledger/energy"

// Commitment is a promise: a whole rulebook that binds a site, or one rule of a
// contract or decision.
type Commitment struct {
	ID       string `yaml:"id,required" json:"id"`
	Title    string `yaml:"title" json:"title,omitzero"`
	Source   string `yaml:"source" json:"source,omitzero"` // where it is written
	Rulebook string `yaml:"rulebook" json:"rulebook,omitzero"`

	// A rule: the metric is at least, or at most, so much in each period. A
	// threshold that changes is a comparator with the value from each year on.
	Metric     string          `yaml:"metric" json:"metric,omitzero"`
	AtLeast    Measure         `yaml:"at_least" json:"at_least,omitzero"`
	AtMost     Measure         `yaml:"at_most" json:"at_most,omitzero"`
	Comparator Comparator      `yaml:"comparator" json:"comparator,omitzero"`
	Thresholds map[int]Measure `yaml:"threshold" json:"threshold,omitempty"`
	Per        Per             `yaml:"per" json:"per,omitzero"`

	Terms

	From       energy.Date `yaml:"from" json:"from,omitzero"` // binds on the days [From, To)
	To         energy.Date `yaml:"to" json:"to,omitzero"`
	EnforcedBy string      `yaml:"enforced_by" json:"enforced_by,omitzero"` // BAFA, municipality, none

	// Whom a commitment of the municipality binds: these sites, or the sites of
	// this operator; neither means all. Empty in the commitment of a site.
	Sites    []energy.SiteID `yaml:"sites" json:"sites,omitempty"`
	Operator string          `yaml:"operator" json:"operator,omitzero"`
	// Scope: whether these sites are judged as one; default each for itself.
	Scope Reach `yaml:"scope" json:"scope,omitzero"`
}

// Comparator says on which side of the threshold the promise is kept.
type Comparator string

// The comparators; the threshold itself keeps the promise.
const (
	AtLeast Comparator = "at_least"
	AtMost  Comparator = "at_most"
)

// Per is the period a rule is judged by.
type Per string

// The periods. A contract year begins on the day and month of From, a heating
// year in October; P12M is every twelve months that end with a month.
const (
	CalendarYear Per = "calendar_year"
	ContractYear Per = "contract_year"
	HeatingYear  Per = "heating_year"
	Rolling      Per = "P12M"
	EachMonth    Per = "month"
)

// Rule is the comparator and the threshold for periods that begin in year; ok
// is false for a rulebook and before the first year of a ramp.
func (c Commitment) Rule(year int) (comparator Comparator, threshold Measure, ok bool) {
	switch {
	case c.AtLeast != Measure{}:
		return AtLeast, c.AtLeast, true
	case c.AtMost != Measure{}:
		return AtMost, c.AtMost, true
	}
	latest := 0
	for from, m := range c.Thresholds {
		if from <= year && from > latest {
			latest, threshold = from, m
		}
	}
	return c.Comparator, threshold, latest != 0
}

// metric is a figure a commitment can name, with the units of its threshold.
type metric struct {
	name  string
	units []energy.Unit
}

// metrics are the figures of FIGURES.md. A share may be written in percent or
// as 0…1; amounts of heat in units that convert exactly into kWh or by 3.6.
func metrics() []metric {
	plain := []energy.Unit{energy.One}
	share := []energy.Unit{energy.Percent, energy.One}
	heat := []energy.Unit{"kWh", "MWh", "GWh", "GJ"}
	water := []energy.Unit{"m³/MWh", "m3/MWh", "l/kWh"}
	carbon := []energy.Unit{"kg/kWh", "g/kWh"}
	return []metric{
		{"pue", plain}, {"ipue", plain}, {"ppue", plain}, {"pue_enefg", plain},
		{"ref", share}, {"erf", share}, {"ere", plain}, {"cer", plain},
		{"cue_location", carbon}, {"cue_market", carbon}, {"wue_1", water}, {"wue_2", water},
		{"heat_delivered", heat}, {"heat_rejected", heat}, {"full_load_hours", []energy.Unit{"h"}},
		{"green_share_annual", share}, {"green_share_monthly", share},
		{"green_share_hourly", share}, {"green_share_quarter_hourly", share},
	}
}
