package commitment

// Reasons and steps of duties that evidence proves.
const (
	LawUnclear       Code = "law_unclear"        //
	ProofHeld        Code = "proof_held"         // evidence
	ProofMissing     Code = "proof_missing"      //
	ProofBeginsLater Code = "proof_begins_later" // evidence, date: its first day
	ProofRunsOut     Code = "proof_runs_out"     // evidence, date: the last day
	ProofGap         Code = "proof_gap"          // evidence, date: the first day without
	DutyNotDue       Code = "duty_not_due"       // due
	DutyNotDueHeld   Code = "duty_not_due_held"  // due, evidence
	ActDone          Code = "act_done"           // evidence, date
	ActLate          Code = "act_late"           // evidence, date, deadline
	ActDue           Code = "act_due"            // date: the last day
	ActOfRunningYear Code = "act_of_period"      // period
	ProofFactAbsent  Code = "proof_fact_absent"  // evidence, fact
	ProofVoided      Code = "proof_voided"       // evidence, fact
	ProofTooEarly    Code = "proof_too_early"    // evidence, date
	ProofTooLong     Code = "proof_too_long"     // evidence, date
	ProofFactBeyond  Code = "proof_fact_beyond"  // evidence, fact, said, limit
	// ExceptionFactBeyond: what a fact says is not within the bound.
	ExceptionFactBeyond Code = "exception_fact_beyond" // exception, evidence, fact, said, limit
)

// Reasons and steps of the terms of a contract and of a scope.
const (
	LoadTooGreat      Code = "connected_load_great"  // load, limit
	OtherType         Code = "other_type"            // type
	TypeUnknown       Code = "type_absent"           //
	OtherOwnership    Code = "other_ownership"       // ownership: that of the site
	OwnerUnknown      Code = "owner_absent"          //
	SitesTogether     Code = "sites_together"        // sites
	SitesNotKnown     Code = "sites_not_known"       //
	KeptByGuard       Code = "kept_by_guard_band"    // value, threshold, band
	MissedByGuard     Code = "missed_by_guard_band"  // value, threshold, band
	GuardBandApplied  Code = "guard_band_applied"    // band, limit
	PartOwed          Code = "part_owed"             // from, to, threshold: what this part owes
	ForceMajeureTaken Code = "force_majeure_taken"   // evidence, days, threshold: what is owed still
	ForceMajeureAll   Code = "force_majeure_all"     // evidence
	ForceMajeureShort Code = "force_majeure_lacking" // evidence, fact
	DegreeDaysUnknown Code = "degree_days_unknown"   //
	DegreeDaysScaled  Code = "degree_days_scaled"    // days, normal, threshold: what is owed
	TooMild           Code = "too_mild"              // days, minimum
	AskedForNoMore    Code = "asked_for_no_more"     // value, threshold, requested
	HeldReady         Code = "held_ready"            // value, threshold, available
	RequestUnknown    Code = "request_unknown"       // value, threshold
)

// What a rulebook would change; see [Compare].
const (
	ChangeNone      Code = "change_none"      //
	ChangeVerdict   Code = "change_verdict"   // was, would: verdicts
	ChangeThreshold Code = "change_threshold" // was, would
	ChangeDue       Code = "change_due"       // was, would: days
	ChangeNew       Code = "change_new"       // would: verdict
	ChangeDropped   Code = "change_dropped"   // was: verdict
)

func termCodes() []Code {
	return []Code{
		LawUnclear, ProofHeld, ProofMissing, ProofBeginsLater, ProofRunsOut, ProofGap, DutyNotDue, DutyNotDueHeld, ActDone, ActLate, ActDue, ActOfRunningYear,
		ProofFactAbsent, ProofVoided, ProofTooEarly, ProofTooLong, ProofFactBeyond, ExceptionFactBeyond,
		LoadTooGreat, OtherType, TypeUnknown, OtherOwnership, OwnerUnknown, SitesTogether, SitesNotKnown, KeptByGuard, MissedByGuard, GuardBandApplied,
		PartOwed, ForceMajeureTaken, ForceMajeureAll, ForceMajeureShort, DegreeDaysUnknown, DegreeDaysScaled, TooMild, AskedForNoMore, HeldReady, RequestUnknown,
		ChangeNone, ChangeVerdict, ChangeThreshold, ChangeDue, ChangeNew, ChangeDropped,
	}
}
