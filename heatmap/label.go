package heatmap

// Grade says what the number of a step rests on. The greater is the worse.
type Grade uint8

// NoGrade is that of a step without a number. Measured: at its own time, by a
// meter or calculated from meters. Estimated: a substitute value or one in doubt.
// Declared: what the operator stated.
const (
	NoGrade Grade = iota
	Measured
	Estimated
	Declared
)

// String is the grade's name in files and answers.
func (g Grade) String() string {
	switch g {
	case Measured:
		return "measured"
	case Estimated:
		return "estimated"
	case Declared:
		return "declared"
	}
	return "none"
}

// Limit says what kept the power of a step from being greater (FIGURES.md, For
// planners).
type Limit uint8

// NoLimit is that of a step without a number. SupplyLimited: the source gave, or
// would have given, no more. DemandLimited: the network took no more; the power
// shows its appetite and is a lower bound of what the source can give.
// LimitDerived: the power was derived from the IT load, whatever was taken.
const (
	NoLimit Limit = iota
	SupplyLimited
	DemandLimited
	LimitDerived
)

// String is the limit's name in files and answers.
func (l Limit) String() string {
	switch l {
	case SupplyLimited:
		return "supply_limited"
	case DemandLimited:
		return "demand_limited"
	case LimitDerived:
		return "derived"
	}
	return "none"
}

// Kind says which heat a series is about.
type Kind string

// The kinds: heat that others got; the power that was held ready; the power that
// was asked for; heat that went to the air, water or soil; delivered and rejected
// heat together, which was there to be taken; heat that the IT load must have
// become; heat that the operator stated; heat that a heat pump makes of another
// series (package heatpump).
const (
	Delivered   Kind = "delivered"
	Available   Kind = "available"
	Requested   Kind = "requested"
	Rejected    Kind = "rejected"
	Recoverable Kind = "recoverable"
	Derived     Kind = "derived"
	Stated      Kind = "stated"
	Upgraded    Kind = "upgraded"
)

// MethodCode names the way in which a series came about.
type MethodCode string

// Metered: what meters of the role said. DeliveredAndRejected: the sum of both,
// where both were known. FactorOfITLoad: the IT energy times [Method.Factor].
// DeclaredMonths: the mean power of each month as it was stated. ByHeatPump: what a
// heat pump makes of a series that came about as [Method.Of] says.
const (
	Metered              MethodCode = "metered"
	DeliveredAndRejected MethodCode = "delivered_and_rejected"
	FactorOfITLoad       MethodCode = "factor_of_it_load"
	DeclaredMonths       MethodCode = "declared_months"
	ByHeatPump           MethodCode = "heat_pump"
)

// Method is how a series came about, with everything that was assumed. An answer
// that rests on the series names it.
type Method struct {
	Code MethodCode
	// Category is where the IT load was measured, Factor the heat in kWh that each
	// kWh of it was taken for; both only of FactorOfITLoad.
	Category int
	Factor   float64
	// Source is where a factor, a declaration or a machine's figures come from.
	Source string
	// Of is how the series came about that a heat pump works on; nil of others.
	Of *Method
}
