// Package desk says what is due when: for an operator and for the office,
// through the year. It reads what others judged (the duties of rulebooks with
// what was handed in for them, the evidence that figures wait for), what the
// registry says of meters, contracts and the office's own tasks, and the
// hearings under way. It is pure: the day comes in, items come out, as codes and
// arguments; sentences are made elsewhere (reporting/words).
package desk

import (
	"cmp"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/registry"
)

// Code names what is to be done.
type Code string

// The codes, with the names of their arguments.
const (
	ReportDue           Code = "report_due"           // duty, period
	ReportUndated       Code = "report_undated"       // duty, period: the law names no day
	ProofNeeded         Code = "proof_needed"         // duty
	ProofEnds           Code = "proof_ends"           // duty, evidence
	EvidenceOutstanding Code = "evidence_outstanding" // metric, period
	SupplierLabel       Code = "supplier_label"       // period
	VerificationEnds    Code = "verification_ends"    // meter
	CommitmentEnds      Code = "commitment_ends"      // commitment
	PaperEnds           Code = "paper_ends"           // evidence, paper: its kind
	HearingReply        Code = "hearing_reply"        // metric, period, judgement
	HearingDecision     Code = "hearing_decision"     // metric, period, judgement
	OfficeTask          Code = "office_task"          // task
	CouncilPaper        Code = "council_paper"        //
	OperatorRequest     Code = "operator_request"     // period
)

// Codes lists all of them, in the order above.
func Codes() []Code {
	return []Code{ReportDue, ReportUndated, ProofNeeded, ProofEnds, EvidenceOutstanding, SupplierLabel, VerificationEnds, CommitmentEnds,
		PaperEnds, HearingReply, HearingDecision, OfficeTask, CouncilPaper, OperatorRequest}
}

// State is how a thing stands on the day.
type State string

// The states. Done is what is known to have been done, in time or late; overdue
// is what is not known to have been done, which is not the same as undone.
const (
	Overdue  State = "overdue"
	Open     State = "open"     // it can be done, and the day has not passed
	Upcoming State = "upcoming" // its time has not come
	Done     State = "done"
)

// States lists all of them, in the order of a worklist.
func States() []State { return []State{Overdue, Open, Upcoming, Done} }

// Item is one thing that is due.
type Item struct {
	Code Code
	Args commitment.Args
	Site energy.SiteID // "": of the office as a whole
	// Office marks what the office does; everything else is the operator's.
	Office bool
	Due    energy.Date // the last day; the zero Date where none is set
	Since  energy.Date // from this day on it can be done; zero: always could
	Done   energy.Date // when it was done; zero: it was not, or the day is not known
	State  State
	Cites  string // the law or paper that asks for it; "": the office's own custom
	// Confirmed says how surely the text that sets the day is known; "" for days
	// that the registry sets.
	Confirmed commitment.Confirmation
	Note      string   // what the office noted when it said that it was done
	Marked    bool     // that it is done, the office said here
	Letters   []Letter // written about it, in their order

	subject string // tells it from others of the same code, site and day
}

// Key names the item: the same thing has the same key on every day.
func (i Item) Key() string {
	return strings.Join([]string{string(i.Code), string(i.Site), i.subject, i.Due.String()}, "/")
}

// Hearing is a judgement that is being heard.
type Hearing struct {
	Site       energy.SiteID
	Judgement  string // its id
	Assessment commitment.Assessment
	Case       hearing.Case
}

// Question is what is known on a day.
type Question struct {
	Registry *registry.Registry
	On       energy.Date
	// Sites are those asked about, with their judgements on the day.
	Sites []Judged
	// Rule gives the rule that a judgement rests on; ok is false for a promise of
	// the registry's own.
	Rule     func(commitment.Assessment) (commitment.Rule, bool)
	Hearings []Hearing
	// Office asks for what is due of the office as a whole, too.
	Office bool
	// Marks are what the office said of its tasks, at most one of each; Letters
	// those that it wrote, in their order.
	Marks   []Mark
	Letters []Letter
}

// Judged are the judgements of a site.
type Judged struct {
	Site        registry.Site
	Assessments []commitment.Assessment
}

// Horizon is how many days ahead, and for how many after it was done, an item is
// shown: a little more than a year, so that each yearly duty is there once.
const Horizon = 400

// List is what is due, done and to come: what is overdue first, then by day.
func List(q Question) []Item {
	var all []Item
	for _, s := range q.Sites {
		if to := s.Site.To; to != (energy.Date{}) && !q.On.Before(to) {
			continue
		}
		for _, a := range s.Assessments {
			all = append(all, q.ofJudgement(s.Site, a)...)
		}
		all = append(all, q.ofSite(s.Site)...)
	}
	for _, h := range q.Hearings {
		all = append(all, q.ofHearing(h)...)
	}
	if q.Office {
		all = append(all, q.ofOffice()...)
	}
	for n := range all {
		all[n] = q.noted(all[n])
	}
	all = slices.DeleteFunc(all, q.far)
	slices.SortFunc(all, compare)
	return slices.CompactFunc(all, func(a, b Item) bool { return a.Key() == b.Key() })
}

// far tells whether an item is too long ago or too far ahead to be shown.
func (q Question) far(i Item) bool {
	switch i.State {
	case Done:
		last := later(i.Due, i.Done)
		return last != (energy.Date{}) && last.AddDays(Horizon).Before(q.On)
	case Upcoming:
		return q.On.AddDays(Horizon).Before(i.Due)
	}
	return false
}

func compare(a, b Item) int {
	rank := func(i Item) int { return slices.Index(States(), i.State) }
	day := func(i Item) energy.Date {
		if i.Due == (energy.Date{}) {
			return energy.Date{Year: 9999, Month: 12, Day: 31} // what has no day comes last
		}
		return i.Due
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), day(a).Compare(day(b)), cmp.Compare(a.Site, b.Site),
		cmp.Compare(slices.Index(Codes(), a.Code), slices.Index(Codes(), b.Code)), cmp.Compare(a.subject, b.subject))
}

// standing is the state of what is not done, by its days.
func (q Question) standing(i Item) State {
	switch {
	case i.Since != (energy.Date{}) && q.On.Before(i.Since):
		return Upcoming
	case i.Due != (energy.Date{}) && i.Due.Before(q.On):
		return Overdue
	}
	return Open
}

// stands is the item with its state by its days.
func (q Question) stands(i Item) Item {
	i.State = q.standing(i)
	return i
}

func later(a, b energy.Date) energy.Date {
	if a.Before(b) {
		return b
	}
	return a
}
