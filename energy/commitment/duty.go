package commitment

import (
	"cmp"
	"slices"

	"heatledger/energy"
	"heatledger/energy/registry"
)

// Obligation is the part of a rule that asks for no figure: a certificate that
// is held from a day on, a report of each year by a day of the next.
type Obligation struct {
	// Duty names what is to be had or done; words for it are made elsewhere.
	Duty string `yaml:"duty"`
	// Proofs are the papers of which one is enough.
	Proofs []Proof `yaml:"proof"`
	// Due is the day from which it must be had.
	Due energy.Date `yaml:"due"`
	// DoneOn makes the duty an act, done once for each period: the fact that
	// says on which day. The fact "year" says for which calendar year.
	DoneOn string `yaml:"done_on"`
	// Deadlines are those of single years that differ from the rule's.
	Deadlines []YearDeadline `yaml:"deadlines"`
	// Unclear: the text does not say what would keep it. It is judged
	// undetermined, and the interpretation says what is open.
	Unclear bool `yaml:"unclear"`
}

// YearDeadline is the last day on which the duty of a calendar year is done in
// time.
type YearDeadline struct {
	Year      int          `yaml:"year,required"`
	By        energy.Date  `yaml:"by,required"`
	Confirmed Confirmation `yaml:"confirmed"` // default: the rule's
}

// factYear is the fact of evidence that says of which calendar year it is.
const factYear = "year"

// duty judges what evidence has to prove.
func (q Question) duty(rule Rule, w window, a *Assessment) {
	j := judgement{question: q, rule: rule, window: w, assessment: a}
	switch {
	case rule.Unclear:
		j.say(Undetermined, LawUnclear, Args{})
	case rule.DoneOn != "":
		j.deed()
	default:
		j.possession()
	}
}

// papers are the pieces of evidence that prove the duty, in the order of their
// beginning; what falls short is told in the steps.
func (j *judgement) papers(w Span) []registry.Evidence {
	q, on := j.question, earlier(j.question.On, w.To)
	var found []registry.Evidence
	for _, e := range q.papers {
		if year := string(e.Facts[factYear]); j.rule.DoneOn != "" && year != "" && year != j.window.Label {
			continue
		}
		var lacks []Step
		proven := false
		for _, p := range j.rule.Proofs {
			if e.Kind != p.Kind || !p.concerns(e) {
				continue
			}
			lack, ok := p.lack(e, on)
			if proven = ok; proven {
				break
			}
			lack.Args["evidence"] = Text(e.ID)
			lacks = append(lacks, ofDuty(lack))
		}
		if proven {
			found = append(found, e)
		} else if holds(e, w) || j.rule.DoneOn != "" {
			j.assessment.Steps = append(j.assessment.Steps, lacks...)
		}
	}
	slices.SortStableFunc(found, func(a, b registry.Evidence) int {
		return cmp.Or(a.From.UTC().Compare(b.From.UTC()), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// possession judges what must be held on every day from the due day on.
func (j *judgement) possession() {
	q, w := j.question, j.window
	papers := j.papers(w.Span)
	due := later(later(j.rule.From, j.rule.Due), q.Commitment.From)
	if start := q.Site.InOperationSince; start != (energy.Date{}) {
		due = later(due, addMonths(start, j.rule.DueMonthsAfterStart))
	}
	today := earlier(q.On, w.To.AddDays(-1))
	if !due.Before(w.To) || q.On.Before(due) {
		j.say(NotDue, DutyNotDue, Args{"due": Day(due)})
		if _, held, used := heldUntil(papers, today); held {
			j.assessment.Evidence = used
			j.say(NotDue, DutyNotDueHeld, Args{"due": Day(due), "evidence": Text(used[0])})
		}
		return
	}
	until, held, used := heldUntil(papers, later(w.From, due))
	j.assessment.Evidence = used
	none, last := energy.Date{}, Arg{}
	if held {
		last = Text(used[len(used)-1])
	}
	delayed := slices.IndexFunc(papers, func(e registry.Evidence) bool { return later(w.From, due).Before(e.From) && !today.Before(e.From) })
	switch {
	case !held && delayed >= 0:
		j.say(Undetermined, ProofBeginsLater, Args{"evidence": Text(papers[delayed].ID), "date": Day(papers[delayed].From)})
		j.burden()
	case !held:
		j.say(Undetermined, ProofMissing, Args{})
		j.burden()
	case until != none && !today.Before(until): // it ended before the period did, or before today
		j.say(Undetermined, ProofGap, Args{"evidence": last, "date": Day(until)})
		j.burden()
	case w.Closed:
		j.say(Met, ProofHeld, Args{"evidence": last})
	case until != none && until.Before(w.To):
		j.say(AtRisk, ProofRunsOut, Args{"evidence": last, "date": Day(until.AddDays(-1))})
	default:
		j.say(OnTrack, ProofHeld, Args{"evidence": last})
	}
}

// heldUntil follows papers that hold one after the other from a day on: the
// first day that none of them covers (the zero Date: there is none), and the ids
// of those used. held is false where none covers the day itself.
func heldUntil(papers []registry.Evidence, from energy.Date) (until energy.Date, held bool, used []string) {
	none := energy.Date{}
	until = from
	for _, e := range papers {
		begun := e.From == none || !until.Before(e.From)
		if begun && (e.To == none || until.Before(e.To)) {
			until, held, used = e.To, true, append(used, e.ID)
		}
		if until == none {
			break
		}
	}
	return until, held, used
}

// deed judges what must be done once for each calendar year.
func (j *judgement) deed() {
	w, a, on := j.window, j.assessment, j.question.On
	deadline, confirmed, bounded := j.rule.deadline(w.Span)
	if bounded {
		a.SettlesOn, a.Status, a.Confirmed = deadline.AddDays(1), Provisional, confirmed
		if !on.Before(a.SettlesOn) {
			a.Status = Final
		}
	}
	var first registry.Evidence
	var done energy.Date
	for _, e := range j.papers(w.Span) {
		day, err := energy.ParseDate(string(e.Facts[j.rule.DoneOn]))
		if string(e.Facts[factYear]) != w.Label || err != nil || on.Before(day) {
			continue
		}
		if done == (energy.Date{}) || day.Before(done) {
			first, done = e, day
		}
	}
	args := Args{"evidence": Text(first.ID), "date": Day(done)}
	switch {
	case done != energy.Date{} && (!bounded || !deadline.Before(done)):
		a.Evidence = []string{first.ID}
		j.say(Met, ActDone, args)
	case done != energy.Date{}:
		a.Evidence, args["deadline"] = []string{first.ID}, Day(deadline)
		j.say(Missed, ActLate, args)
	case bounded && on.Before(a.SettlesOn):
		j.say(NotDue, ActDue, Args{"date": Day(deadline)})
	case !w.Closed:
		j.say(NotDue, ActOfRunningYear, Args{"period": Text(w.Label)})
	case j.rule.Burden == OperatorProves && bounded:
		j.say(Missed, NotEvidenced, Args{"date": Day(deadline)})
	default:
		j.say(Undetermined, ProofMissing, Args{})
	}
}

// deadline is the last day on which the duty of a period is done in time, and
// how surely that is known; ok is false where the text names none.
func (r Rule) deadline(s Span) (by energy.Date, confirmed Confirmation, ok bool) {
	for _, d := range r.Deadlines {
		if d.Year == s.From.Year {
			return d.By, cmp.Or(d.Confirmed, r.Confirmed), true
		}
	}
	if r.Deadline == (energy.MonthDay{}) {
		return energy.Date{}, "", false
	}
	return r.Deadline.OnOrAfter(s.To), r.Confirmed, true
}
