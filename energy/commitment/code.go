package commitment

import (
	"encoding/json"

	"heatledger/energy"
	"heatledger/energy/evidence"
)

// Code names a reason or a step of a judgement. For every code there is a
// sentence in every language (reporting/words).
type Code string

// Reasons of a verdict.
const (
	Kept                Code = "kept"                   // value, threshold
	AboveThreshold      Code = "above_threshold"        // value, threshold
	BelowThreshold      Code = "below_threshold"        // value, threshold
	KnownPartEnough     Code = "known_part_enough"      // value, threshold, coverage
	ForecastKeeps       Code = "forecast_keeps"         // value, forecast, threshold, until
	ForecastMisses      Code = "forecast_misses"        // value, forecast, threshold, until
	ReachedAlready      Code = "reached_already"        // value, threshold, until
	NotYetDue           Code = "not_yet_due"            // due, first, threshold
	NotYetDueToday      Code = "not_yet_due_today"      // due, first, threshold, value
	NotYetDueThen       Code = "not_yet_due_then"       // due, first, threshold, value, period: one that is over
	NoData              Code = "no_data"                // metric
	ThinCoverage        Code = "thin_coverage"          // coverage, minimum
	JustBegun           Code = "just_begun"             // until
	TooLittleToForecast Code = "too_little_to_forecast" // until, least: part of the period
	EvidenceMissing     Code = "evidence_missing"       //
	EvidenceAwaited     Code = "evidence_awaited"       // value, threshold, date
	EvidenceRefused     Code = "evidence_refused"       // value, threshold
	NotEvidenced        Code = "not_evidenced"          // date
	ExceptionProven     Code = "exception_proven"       // exception, evidence
	LoadTooSmall        Code = "connected_load_small"   // load, minimum
	LoadUnknown         Code = "connected_load_absent"  // minimum
	ITLoadTooSmall      Code = "it_load_small"          // load, minimum
	ITLoadUnknown       Code = "it_load_absent"         // minimum
	OtherKind           Code = "other_kind"             // kind
	StartedEarlier      Code = "started_earlier"        // start, from
	StartedLater        Code = "started_later"          // start, to
	StartUnknown        Code = "start_absent"           //
	NotPublic           Code = "no_public_body"         //
	Ended               Code = "commitment_ended"       // date: the last day
	RulebookUnknown     Code = "rulebook_unknown"       // rulebook
	PeriodNotJudged     Code = "period_not_judged"      // metric
	UnitDoesNotMatch    Code = "unit_does_not_match"    // unit, other
)

// Steps on the way to a verdict. Those of a guarantee that does not count are the
// refusals of package evidence.
const (
	ValueTaken           Code = "value_taken"                    // metric, value, from, to
	ForecastByDegreeDays Code = "forecast_by_degree_days"        // forecast
	ForecastByLastYear   Code = "forecast_by_last_year"          // forecast
	ForecastLinear       Code = "forecast_linear"                // forecast
	ForecastTested       Code = "forecast_tested"                // error: mean relative, years: how many, from, to
	ForecastUntested     Code = "forecast_untested"              //
	BandHoldsThreshold   Code = "band_holds_threshold"           // uncertainty
	PlannedValue         Code = "planned_value"                  // value
	GuaranteesSummed     Code = "guarantees_summed"              // counted, grid, own, load
	GuaranteeCounted     Code = "guarantee_counted"              // evidence, amount
	GuaranteesSold       Code = "guarantees_sold"                // amount
	GuaranteeUncounted   Code = Code(evidence.NoIDs)             // evidence
	NotCancelled         Code = Code(evidence.NotCancelled)      // evidence
	SupplierUnknown      Code = Code(evidence.SupplierUnknown)   // evidence
	CancelledLater       Code = Code(evidence.CancelledLater)    // evidence, date
	CancelledTooLate     Code = Code(evidence.CancelledTooLate)  // evidence, date, until
	CancelledTooEarly    Code = Code(evidence.CancelledTooEarly) // evidence, date, month
	ProductionUnknown    Code = Code(evidence.ProductionUnknown) // evidence
	ProducedOtherYear    Code = Code(evidence.ProducedOtherYear) // evidence, month, year
	OtherBeneficiary     Code = Code(evidence.OtherBeneficiary)  // evidence, operator
	UsedTwice            Code = Code(evidence.UsedTwice)         // evidence, sites, other, other_sites, ids
	UsedTwiceElsewhere   Code = "used_twice_elsewhere"           // evidence, sites, other, other_sites, ids
	ExceptionFactAbsent  Code = "exception_fact_absent"          // exception, evidence, fact
	ExceptionTooEarly    Code = "exception_too_early"            // exception, evidence, date
	ExceptionTooLong     Code = "exception_too_long"             // exception, evidence, date
	ExceptionVoided      Code = "exception_voided"               // exception, evidence, fact
)

// What changed since a judgement was issued.
const (
	ChangedReadings Code = "changed_readings" // point, from, to
	ChangedEntry    Code = "changed_entry"    // entry, who, at
	ChangedRulebook Code = "changed_rulebook" // was, is
	ChangedMethod   Code = "changed_method"   // was, is
	ChangedForm     Code = "changed_form"     // was, is
)

// Codes lists every code, so that a test can ask for a sentence for each.
func Codes() []Code {
	return append(termCodes(), []Code{
		Kept, AboveThreshold, BelowThreshold, KnownPartEnough, ForecastKeeps, ForecastMisses, ReachedAlready, NotYetDue, NotYetDueToday, NotYetDueThen,
		NoData, ThinCoverage, JustBegun, TooLittleToForecast, EvidenceMissing, EvidenceAwaited, EvidenceRefused, NotEvidenced, ExceptionProven,
		LoadTooSmall, LoadUnknown, ITLoadTooSmall, ITLoadUnknown, OtherKind, StartedEarlier, StartedLater, StartUnknown, NotPublic, Ended,
		RulebookUnknown, PeriodNotJudged, UnitDoesNotMatch,
		ValueTaken, ForecastByDegreeDays, ForecastByLastYear, ForecastLinear, ForecastTested, ForecastUntested, BandHoldsThreshold, PlannedValue, GuaranteesSummed, GuaranteeCounted, GuaranteesSold, GuaranteeUncounted,
		NotCancelled, SupplierUnknown, CancelledLater, CancelledTooLate, CancelledTooEarly, ProductionUnknown, ProducedOtherYear, OtherBeneficiary, UsedTwice, UsedTwiceElsewhere,
		ExceptionFactAbsent, ExceptionTooEarly, ExceptionTooLong, ExceptionVoided,
		ChangedReadings, ChangedEntry, ChangedRulebook, ChangedMethod, ChangedForm,
	}...)
}

// Step is one thing that was found on the way, in the order of the finding.
type Step struct {
	Code Code `json:"code"`
	Args Args `json:"args"`
}

// Args are the arguments of a code by name; the names stand beside each code.
type Args map[string]Arg

// Arg is an amount with its unit, a day, or a name. It is one of them.
type Arg struct {
	Number Optional
	Unit   energy.Unit
	Date   energy.Date
	Text   string
}

// Amount is a number with its unit.
func Amount(x float64, unit energy.Unit) Arg { return Arg{Number: Some(x), Unit: unit} }

// Day is a day.
func Day(d energy.Date) Arg { return Arg{Date: d} }

// Text is a name: an id, a figure, a list of sites.
func Text(s string) Arg { return Arg{Text: s} }

// MarshalJSON writes {"number":1.62,"unit":"1"}, "2027-07-01" or "hkn-1".
func (a Arg) MarshalJSON() ([]byte, error) {
	switch {
	case a.Number.OK:
		return json.Marshal(struct {
			Number float64     `json:"number"`
			Unit   energy.Unit `json:"unit"`
		}{a.Number.Number, a.Unit})
	case a.Date != energy.Date{}:
		return json.Marshal(a.Date)
	}
	return json.Marshal(a.Text)
}
