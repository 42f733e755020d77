package validation

// Rule names a rule.
type Rule string

// The rules, each with what it looks for.
const (
	// Gap: an expected point gave nothing for longer than readings are joined.
	Gap Rule = "gap"
	// FlatLine: what never rests in operation stood still, or a level did not
	// move in its last digit.
	FlatLine Rule = "flat_line"
	// Spike: a quarter-hour took more than the connection can carry.
	Spike Rule = "spike"
	// UnitShift: from one day to the next values were a thousand times as great
	// or small, as when Wh are taken for kWh.
	UnitShift Rule = "unit_shift"
	// Copy: whole days repeat earlier days to the last digit.
	Copy Rule = "copy"
	// Duplicate: a point has two readings of one instant.
	Duplicate Rule = "duplicate"
	// FutureTime: a reading was here before its instant.
	FutureTime Rule = "future_time"
	// OutOfOrder: a source delivered readings after younger ones.
	OutOfOrder Rule = "out_of_order"
	// ITAboveTotal: in an hour the IT took more than came in.
	ITAboveTotal Rule = "it_above_total"
	// PUEBelowOne: on a day the data centre took less than its IT alone.
	PUEBelowOne Rule = "pue_below_one"
	// HeatAboveInput: on a day more heat left than energy came in (FIGURES.md,
	// plausibility by day).
	HeatAboveInput Rule = "heat_above_input"
	// HeatAgainstFlow: the register of a heat meter and its own volume times
	// temperature difference disagree.
	HeatAgainstFlow Rule = "heat_against_flow"
	// NodeBalance: a point and the sum of those below it disagree in a month.
	NodeBalance Rule = "node_balance"
	// CheckMeter: a check meter and what it checks disagree in a month.
	CheckMeter Rule = "check_meter"
	// VerificationExpired: a meter counts on after its verification ended.
	VerificationExpired Rule = "verification_expired"
	// ClockSkew: readings bear other times than those at which they can have
	// been taken.
	ClockSkew Rule = "clock_skew"
	// Coverage: too little of a month is known.
	Coverage Rule = "coverage"
	// CounterCase: a counter fell or jumped, and nobody has said why.
	CounterCase Rule = "counter_case"
	// Unusable: readings were left out because they mean nothing.
	Unusable Rule = "unusable_reading"
)

// Rules lists all of them.
func Rules() []Rule {
	var rules []Rule
	for _, d := range Definitions() {
		if n := len(rules); n == 0 || rules[n-1] != d.Rule {
			rules = append(rules, d.Rule)
		}
	}
	return rules
}

// Code names one thing that a rule can find. For each there is a sentence in
// every language (reporting/words).
type Code string

// The codes, with their arguments.
const (
	GapBridged      Code = "gap_bridged"       // duration, energy: its amount is known, its course is not
	GapSubstituted  Code = "gap_substituted"   // duration, energy: substitute values stand there
	GapUnknown      Code = "gap_unknown"       // duration
	GapInOutage     Code = "gap_in_outage"     // duration: the registry knows of the standstill
	Silent          Code = "silent"            // duration: up to now
	CounterStands   Code = "counter_stands"    // duration
	LevelFrozen     Code = "level_frozen"      // duration, value
	AboveConnection Code = "above_connection"  // peak, limit, count: of quarter-hours
	FactorThousand  Code = "factor_thousand"   // before, after: mean of a day, factor
	CopiedDays      Code = "copied_days"       // count, first: the first of the earlier days
	ReadTwice       Code = "read_twice"        // count
	Contradicted    Code = "contradicted"      // count
	AheadOfTime     Code = "ahead_of_time"     // count, duration: the longest
	CameLate        Code = "came_late"         // count, duration: the longest after a younger one
	ITAbove         Code = "it_above_total"    // excess, hours, category
	PUEBelow        Code = "pue_below_one"     // pue, it, total, category: of the worst day
	HeatAbove       Code = "heat_above_input"  // heat, input: of the worst day
	HeatOffFlow     Code = "heat_off_flow"     // heat, expected, volume, difference, deviation
	HeatFarOffFlow  Code = "heat_far_off_flow" // the same: by half or more
	ChildrenExceed  Code = "children_exceed"   // parent, children, residual, deviation, limit
	Remainder       Code = "remainder"         // parent, children, residual, deviation, limit
	CheckApart      Code = "check_apart"       // parent, children: the check meter, residual, deviation, limit
	Expired         Code = "verification_expired"
	Expires         Code = "verification_ends" // until, regime; both
	ClockAhead      Code = "clock_ahead"       // duration
	ClockBehind     Code = "clock_behind"      // duration
	CoverageLow     Code = "coverage_low"      // coverage, minimum
	CounterFell     Code = "counter_fell"      // before, after, count
	CounterJumped   Code = "counter_jumped"    // before, after, count
	CounterReturned Code = "counter_returned"  // before, after, count
	CounterGlitch   Code = "counter_glitch"    // before, after, count
	LostAtExchange  Code = "lost_at_exchange"  // before, after, count
	ReadingUnusable Code = "reading_unusable"  // count, why: a code of package series
)

// Definition is a code with the rule that it belongs to and how grave it is.
type Definition struct {
	Rule     Rule
	Code     Code
	Severity Severity
}

// Definitions lists every code, by rule.
func Definitions() []Definition {
	return []Definition{
		{Gap, GapBridged, Info}, {Gap, GapSubstituted, Info}, {Gap, GapUnknown, Warning}, {Gap, GapInOutage, Info}, {Gap, Silent, Warning},
		{FlatLine, CounterStands, Warning}, {FlatLine, LevelFrozen, Warning},
		{Spike, AboveConnection, Warning},
		{UnitShift, FactorThousand, Error},
		{Copy, CopiedDays, Error},
		{Duplicate, ReadTwice, Info}, {Duplicate, Contradicted, Warning},
		{FutureTime, AheadOfTime, Error},
		{OutOfOrder, CameLate, Info},
		{ITAboveTotal, ITAbove, Warning},
		{PUEBelowOne, PUEBelow, Error},
		{HeatAboveInput, HeatAbove, Error},
		{HeatAgainstFlow, HeatOffFlow, Warning}, {HeatAgainstFlow, HeatFarOffFlow, Error},
		{NodeBalance, ChildrenExceed, Error}, {NodeBalance, Remainder, Warning},
		{CheckMeter, CheckApart, Warning},
		{VerificationExpired, Expired, Warning}, {VerificationExpired, Expires, Info},
		{ClockSkew, ClockAhead, Warning}, {ClockSkew, ClockBehind, Warning},
		{Coverage, CoverageLow, Warning},
		{CounterCase, CounterFell, Warning}, {CounterCase, CounterJumped, Warning}, {CounterCase, CounterReturned, Warning},
		{CounterCase, CounterGlitch, Info}, {CounterCase, LostAtExchange, Info},
		{Unusable, ReadingUnusable, Warning},
	}
}

// define is the definition of a code.
func define(code Code) Definition {
	for _, d := range Definitions() {
		if d.Code == code {
			return d
		}
	}
	return Definition{Code: code}
}
