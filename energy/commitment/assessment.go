package commitment

import (
	"encoding/json"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Verdict is what came of a promise in a period.
type Verdict string

// The verdicts (FIGURES.md, "Rules and verdicts").
const (
	Met           Verdict = "met"            // closed period, the value keeps the promise
	Missed        Verdict = "missed"         // closed period, it does not
	OnTrack       Verdict = "on_track"       // running period, by forecast
	AtRisk        Verdict = "at_risk"        // running period, by forecast
	Undetermined  Verdict = "undetermined"   // no or thin data, evidence outstanding
	NotDue        Verdict = "not_due"        // binds later; the value is a preview
	Exempt        Verdict = "exempt"         // an exception is proven
	NotApplicable Verdict = "not_applicable" // the rule does not bind this site
)

// Verdicts lists all of them, in the order in which they are explained.
func Verdicts() []Verdict {
	return []Verdict{Met, Missed, OnTrack, AtRisk, Undetermined, NotDue, Exempt, NotApplicable}
}

// Basis says where a value comes from: meters, the operator's word, or both.
type Basis string

// The bases.
const (
	Measured Basis = "measured"
	Declared Basis = "declared"
	Mixed    Basis = "mixed"
)

// Status says whether a verdict can still change by what has not come in yet.
type Status string

// Provisional until Assessment.SettlesOn, then final.
const (
	Provisional Status = "provisional"
	Final       Status = "final"
)

// Optional is a number that may be missing; JSON null then.
type Optional struct {
	Number float64
	OK     bool
}

// Some is a number that is there.
func Some(x float64) Optional { return Optional{Number: x, OK: true} }

// MarshalJSON writes the number with all its digits, or null.
func (o Optional) MarshalJSON() ([]byte, error) {
	if !o.OK {
		return []byte("null"), nil
	}
	return json.Marshal(o.Number)
}

// Span is the period of a judgement, in local days [From, To).
type Span struct {
	From   energy.Date `json:"from"`
	To     energy.Date `json:"to"`
	Label  string      `json:"label"`  // 2025, 2025-06, P12M/2025-06, or FROM/TO for others
	Closed bool        `json:"closed"` // it ended before the day of the judgement
}

// Assessment is the judgement of one rule in one period.
type Assessment struct {
	Site            energy.SiteID       `json:"site"`
	Commitment      string              `json:"commitment"`
	Rulebook        string              `json:"rulebook"` // "" for a rule of its own
	RulebookVersion string              `json:"rulebook_version"`
	Rule            string              `json:"rule"`
	Metric          string              `json:"metric"`
	Comparator      registry.Comparator `json:"comparator"`
	Period          Span                `json:"period"`
	On              energy.Date         `json:"on"`
	Verdict         Verdict             `json:"verdict"`
	// Value is that of the period, of a running one up to On, and Forecast what
	// it will be; both unrounded, in Unit (energy.One for shares, 0 to 1).
	// Margin is how far value (or forecast) is on the good side of Threshold.
	Value    Optional `json:"value"`
	Forecast Optional `json:"forecast"`
	// ForecastError is how far the method was off, relative to what came, on
	// average over ForecastYears past periods; absent where there was none.
	ForecastMethod Code        `json:"forecast_method,omitempty"` // a code of a step; "" without a forecast
	ForecastError  Optional    `json:"forecast_error"`
	ForecastYears  int         `json:"forecast_years"`
	Unit           energy.Unit `json:"unit"`
	Threshold      Optional    `json:"threshold"`
	Margin         Optional    `json:"margin"`
	// Uncertainty is relative and expanded (k = 2). WithinUncertainty: the band
	// around the value holds the threshold.
	Uncertainty       Optional `json:"uncertainty"`
	WithinUncertainty bool     `json:"within_uncertainty"`
	EnergyCoverage    Optional `json:"energy_coverage"`
	IntervalCoverage  Optional `json:"interval_coverage"`

	Basis      Basis       `json:"basis,omitempty"` // "" where there is no value
	Status     Status      `json:"status"`
	SettlesOn  energy.Date `json:"settles_on"` // from this day on it is final
	Reason     Code        `json:"reason_code"`
	Args       Args        `json:"args"` // of the reason
	Steps      []Step      `json:"steps"`
	Evidence   []string    `json:"evidence"` // ids of what was counted, or proves an exception
	RuleStatus RuleStatus  `json:"rule_status"`
	EnforcedBy string      `json:"enforced_by"`

	// What follows is for people and no part of the digest.
	Citation       string       `json:"-"`
	Interpretation Prose        `json:"-"`
	Confirmed      Confirmation `json:"-"`
	// Digest is the SHA-256, in hex, of the canonical form.
	Digest string `json:"-"`
}
