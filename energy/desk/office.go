package desk

import (
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/registry"
)

// ofHearing is what is to be done about a judgement that is being heard: first
// the operator's reply, then the office's decision.
func (q Question) ofHearing(h Hearing) []Item {
	args := commitment.Args{"metric": commitment.Text(h.Assessment.Metric), "period": commitment.Text(h.Assessment.Period.Label), "judgement": commitment.Text(h.Judgement)}
	reply := Item{Code: HearingReply, Args: args, Site: h.Site, Due: h.Case.Deadline, subject: h.Judgement}
	decision := Item{Code: HearingDecision, Args: args, Site: h.Site, Office: true, Since: h.Case.Deadline.AddDays(1), subject: h.Judgement}
	var last hearing.Step
	for _, s := range h.Case.Steps {
		if s.Action == hearing.Hear {
			reply.Since = s.On
		}
		last = s
	}
	switch h.Case.State {
	case hearing.Hearing:
		if h.Case.Deadline.Before(q.On) { // the term is over: it is the office's turn
			return []Item{q.stands(decision)}
		}
		return []Item{q.stands(reply), q.stands(decision)}
	case hearing.Answered:
		reply.Done, reply.State = h.Case.Replies[0].On, Done
		if h.Case.Replies[len(h.Case.Replies)-1].Last {
			decision.Since = h.Case.Replies[len(h.Case.Replies)-1].On
		}
		return []Item{reply, q.stands(decision)}
	case hearing.Published, hearing.Withdrawn, hearing.Corrected:
		decision.Done, decision.State = last.On, Done
		return []Item{decision}
	}
	return nil
}

// taskLead is how many days before its day a task is seen as open that does not
// say since when.
const taskLead = 30

// ofOffice are the tasks that the office has set itself. Without a word of the
// registry operators are asked in January; the law names no day for that.
func (q Question) ofOffice() []Item {
	tasks := q.Registry.Municipality.Tasks
	var all []Item
	asks := false
	for _, t := range tasks {
		asks = asks || t.ID == registry.OperatorRequest
		next := t.Due.OnOrAfter(q.On)
		for _, due := range []energy.Date{{Year: next.Year - 1, Month: next.Month, Day: next.Day}, next} {
			all = append(all, q.task(t, due))
		}
	}
	if !asks {
		t := registry.Task{ID: registry.OperatorRequest, Due: energy.MonthDay{Month: time.January, Day: 31}, Begin: energy.MonthDay{Month: time.January, Day: 2}}
		all = append(all, q.task(t, t.Due.OnOrAfter(q.On)))
	}
	return all
}

// task is a task of the year in which it falls due on a day.
func (q Question) task(t registry.Task, due energy.Date) Item {
	i := Item{Code: OfficeTask, Args: commitment.Args{"task": commitment.Text(t.Name)}, Office: true, Due: due, Since: beginOf(t, due), subject: t.ID}
	switch t.ID {
	case registry.CouncilPaper:
		i.Code, i.Args = CouncilPaper, commitment.Args{}
	case registry.OperatorRequest:
		i.Code, i.Args = OperatorRequest, commitment.Args{"period": commitment.Text(strconv.Itoa(due.Year - 1))}
	}
	nextBegin := beginOf(t, energy.Date{Year: due.Year + 1, Month: due.Month, Day: due.Day})
	for _, day := range t.Done {
		if !day.Before(i.Since) && day.Before(nextBegin) && !q.On.Before(day) && i.Done == (energy.Date{}) {
			i.Done, i.State = day, Done
		}
	}
	if i.State == "" {
		i = q.stands(i)
	}
	return i
}

// beginOf is the first day on which a task that falls due on a day can be done.
func beginOf(t registry.Task, due energy.Date) energy.Date {
	if t.Begin == (energy.MonthDay{}) {
		return due.AddDays(-taskLead)
	}
	begin := energy.Date{Year: due.Year, Month: t.Begin.Month, Day: t.Begin.Day}
	if due.Before(begin) {
		begin.Year--
	}
	return begin
}
