package commitment

import (
	"heatledger/energy"
	"heatledger/energy/registry"
)

// Rulebook is a law, a decision or a standard contract as data: its rules with
// their validity, citations and the state in which they were confirmed.
type Rulebook struct {
	ID      string     `yaml:"id,required"`
	Version string     `yaml:"version,required"` // of this reading of the text
	Title   Prose      `yaml:"title,required"`
	Source  string     `yaml:"source,required"` // where the text was read, and in which state
	Status  RuleStatus `yaml:"status,required"`
	// From and To bound the days [From, To) on which it is law.
	From energy.Date `yaml:"from,required"`
	To   energy.Date `yaml:"to"`
	// Amends is the rulebook that this one would change: its rules hold on,
	// except those that Rules has under the same id and those in Repeals.
	Amends  string   `yaml:"amends"`
	Repeals []string `yaml:"repeals"`
	Rules   []Rule   `yaml:"rules,required"`
}

// RuleStatus tells law from demands and drafts.
type RuleStatus string

// In force, or proposed: a proposed rule is judged too, and marked.
const (
	InForce  RuleStatus = "in_force"
	Proposed RuleStatus = "proposed"
)

// Confirmation says how surely we know the text of a rule.
type Confirmation string

// Read in the text itself; reported by others; from memory; or our own reading
// of what the text leaves open.
const (
	PrimaryText   Confirmation = "primary_text"
	SecondaryText Confirmation = "secondary_text"
	Unconfirmed   Confirmation = "unconfirmed"
)

// Prose is a text in two languages, shown as it is.
type Prose struct {
	DE string `yaml:"de,required" json:"de"`
	EN string `yaml:"en,required" json:"en"`
}

// Rule is one duty: a metric is on one side of a threshold in each period; or,
// where Duty names it, something is to be had or done, and evidence proves it.
type Rule struct {
	ID         string              `yaml:"id,required"`
	Citation   string              `yaml:"citation,required"`
	Metric     string              `yaml:"metric"`
	Comparator registry.Comparator `yaml:"comparator"`
	Thresholds []Threshold         `yaml:"threshold"`
	Per        registry.Per        `yaml:"per,required"`
	// FirstWindow says which period is the first that a threshold binds, seen
	// from the day on which it falls due.
	FirstWindow FirstWindow `yaml:"first_window"`
	// DueMonthsAfterStart: every threshold, or the duty, falls due so many months
	// after the start of operation, if that is later than its own day.
	DueMonthsAfterStart int         `yaml:"due_months_after_start"`
	AppliesTo           Scope       `yaml:"applies_to"`
	Exceptions          []Exception `yaml:"exceptions"`

	Obligation
	registry.Terms

	// Reach: the sites of an operator, or all of them, are judged as one.
	Reach registry.Reach `yaml:"scope"`
	// Burden operator: no proof by the deadline is a missed promise.
	Burden   Burden          `yaml:"burden"`
	Deadline energy.MonthDay `yaml:"deadline"` // in the year after the period
	Settles  energy.MonthDay `yaml:"settles"`  // in the year after the period; none: with its end

	EnforcedBy     string       `yaml:"enforced_by"`
	Interpretation Prose        `yaml:"interpretation,required"`
	Confirmed      Confirmation `yaml:"confirmed,required"`
	Status         RuleStatus   `yaml:"status"` // default: the rulebook's
	From           energy.Date  `yaml:"from"`   // default: the rulebook's
	To             energy.Date  `yaml:"to"`
}

// Threshold is the limit that holds from a day on, for sites that started in a
// range of days; the last of a rule's that fits counts.
type Threshold struct {
	Value   registry.Measure `yaml:"value,required"`
	From    energy.Date      `yaml:"from"`
	Started DayRange         `yaml:"started"`
	Measure MeasureKind      `yaml:"measure"` // default achieved
}

// MeasureKind says what is held against the threshold: what was achieved, or
// what was planned and declared as a fact of the site named planned_METRIC.
type MeasureKind string

// The kinds of measure.
const (
	Achieved MeasureKind = "achieved"
	Planned  MeasureKind = "planned"
)

// FirstWindow is which period a threshold binds first.
type FirstWindow string

// The first period that begins, or that ends, on the due day or later.
const (
	StartsOnOrAfter FirstWindow = "starts_on_or_after"
	EndsOnOrAfter   FirstWindow = "ends_on_or_after"
)

// Burden says who has to prove.
type Burden string

// OperatorProves: without proof by the deadline the promise is missed.
const OperatorProves Burden = "operator"
