package correspondence

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/energy/hearing"
	"heatledger/energy/intake"
	"heatledger/energy/registry"
	"heatledger/energy/submission"
	"heatledger/energy/validation"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// Meter is what is known of a point in the year that is asked for.
type Meter struct {
	Point energy.PointID
	Meter energy.MeterID
	Until energy.Date // the last day with readings; zero: none has any
	Known float64     // the part of the time whose energy is known, 0 to 1
}

// complete is from which part on nothing is asked for: what lacks is less than a
// quarter-hour in a year.
const complete = 1 - 1.0/(365*96)

// Request is the letter of January to an operator: what is due of his sites, what
// lacks of his meters for a year, and how to hand it in.
func (o Office) Request(operator registry.Operator, year int, items []desk.Item, meters []Meter) Addressed {
	period := strconv.Itoa(year)
	l := o.blank(operator, o.say("request_subject", "period", period))
	var sites []registry.Site
	mine := map[energy.SiteID]bool{}
	for _, s := range o.Registry.Sites {
		if s.Operator == operator.ID && runsOn(s, o.On) {
			sites, mine[s.ID] = append(sites, s), true
		}
	}
	l.Blocks = append(l.Blocks, document.Block{Paragraph: o.say("request_lead", "period", period)})
	due := document.Block{Heading: o.say("request_due"), Columns: []document.Column{{Title: o.say("due"), Width: 26}, {Title: o.say("what"), Width: 70}, {Title: o.say("site"), Width: 34}, {Title: o.say("basis"), Width: 35}}}
	for _, i := range items {
		if mine[i.Site] && !i.Office && i.State != desk.Done && i.Code != desk.HearingReply && !o.later(i) {
			due.Rows = append(due.Rows, []string{o.dueOn(i), words.Due(o.Lang, i), o.name(i.Site), i.Cites})
		}
	}
	if len(due.Rows) == 0 {
		due = document.Block{Heading: due.Heading, Paragraph: o.say("request_nothing")}
	}
	l.Blocks = append(l.Blocks, due, o.lacking(period, meters))
	l.Blocks = append(l.Blocks, o.handIn(sites)...)
	l.Blocks = append(l.Blocks, document.Block{Paragraph: o.say("law")})
	return l
}

// later tells whether an item is no matter of the year in which the letter is
// written: it is due in a later one, or what it reports on has not ended yet.
func (o Office) later(i desk.Item) bool {
	if i.Due == (energy.Date{}) {
		return o.On.Before(i.Since)
	}
	return i.State == desk.Upcoming && i.Due.Year > o.On.Year
}

// lacking lists the points of which not everything is known.
func (o Office) lacking(period string, meters []Meter) document.Block {
	b := document.Block{Heading: o.say("request_meters"), Paragraph: o.say("request_complete", "period", period)}
	for _, m := range meters {
		if m.Known >= complete {
			continue
		}
		until := o.say("nothing")
		if m.Until != (energy.Date{}) {
			until = words.Date(o.Lang, m.Until)
		}
		b.Rows = append(b.Rows, []string{o.name(m.Point.Site()), string(m.Meter) + ", " + m.Point.Name(), until, words.Share(o.Lang, m.Known)})
	}
	if len(b.Rows) > 0 {
		b.Paragraph = o.say("request_meters_lead", "period", period)
		b.Columns = []document.Column{{Title: o.say("site"), Width: 45}, {Title: o.say("meter"), Width: 60}, {Title: o.say("known_until"), Width: 32}, {Title: o.say("known_share", "period", period), Width: 28, Right: true}}
	}
	return b
}

// dueOn is the day of an item, and how surely it is known.
func (o Office) dueOn(i desk.Item) string {
	if i.Due == (energy.Date{}) {
		return o.say("undated")
	}
	day := words.Date(o.Lang, i.Due)
	if i.Confirmed == commitment.Unconfirmed || i.Confirmed == commitment.SecondaryText {
		day += " " + o.say("unconfirmed")
	}
	return day
}

// Reminder is a letter about one thing that is due.
func (o Office) Reminder(i desk.Item) Addressed {
	site, _ := o.Registry.Site(i.Site)
	what := words.Due(o.Lang, i)
	l := o.blank(o.operatorOf(i.Site), o.say("reminder_subject", "what", what))
	left := int(i.Due.UTC().Sub(o.On.UTC()).Hours() / 24)
	lead := o.say("reminder_ahead", "date", words.Date(o.Lang, i.Due), "days", strconv.Itoa(left))
	switch {
	case i.Due == (energy.Date{}):
		lead = o.say("reminder_undated")
	case left < 0:
		lead = o.say("reminder_past", "date", words.Date(o.Lang, i.Due))
	case left == 0:
		lead = o.say("reminder_today", "date", words.Date(o.Lang, i.Due))
	}
	l.Blocks = append(l.Blocks, document.Block{Paragraph: lead, Columns: []document.Column{{Title: o.say("due"), Width: 30}, {Title: o.say("what"), Width: 66}, {Title: o.say("site"), Width: 34}, {Title: o.say("basis"), Width: 35}},
		Rows: [][]string{{o.dueOn(i), what, o.name(i.Site), i.Cites}}}, document.Block{Paragraph: o.say("reminder_done")})
	l.Blocks = append(l.Blocks, o.handIn([]registry.Site{site})...)
	l.Blocks = append(l.Blocks, document.Block{Paragraph: o.say("law")})
	return l
}

// Hearing is the letter that opens the hearing of a judgement that was issued
// under an id, in the words of the pages.
func (o Office) Hearing(id string, a commitment.Assessment, title string, c hearing.Case) Addressed {
	l := o.blank(o.operatorOf(a.Site), o.say("hearing_subject", "metric", words.Metric(o.Lang, a.Metric), "period", words.Period(o.Lang, a.Period), "site", o.name(a.Site)))
	l.About = append(l.About, []string{o.say("reference"), string(a.Site) + "/" + id})
	figure := func(x commitment.Optional) string {
		if !x.OK {
			return "–"
		}
		return words.Figure(o.Lang, a.Metric, x.Number, a.Unit)
	}
	share := func(x commitment.Optional) string {
		if !x.OK {
			return "–"
		}
		return words.Share(o.Lang, x.Number)
	}
	rows := [][]string{{o.say("site"), o.name(a.Site)}, {o.say("hearing_commitment"), cmp.Or(title, a.Commitment)}, {o.say("hearing_metric"), words.Metric(o.Lang, a.Metric)},
		{o.say("hearing_period"), words.Period(o.Lang, a.Period)}, {o.say("hearing_verdict"), words.Verdict(o.Lang, a)},
		{o.say("hearing_value"), figure(a.Value)}, {o.say("hearing_threshold"), figure(a.Threshold)}, {o.say("hearing_margin"), figure(a.Margin)},
		{o.say("hearing_uncertainty"), share(a.Uncertainty)}, {o.say("hearing_coverage"), share(a.EnergyCoverage)}, {o.say("hearing_basis"), words.Basis(o.Lang, a.Basis)},
		{o.say("hearing_status"), words.Standing(o.Lang, a)}, {o.say("basis"), cmp.Or(a.Citation, "–")}, {o.say("hearing_digest"), id + ", " + a.Digest}}
	l.Blocks = append(l.Blocks, document.Block{Paragraph: o.say("hearing_lead")},
		document.Block{Heading: o.say("hearing_result"), Columns: []document.Column{{Width: 50}, {Width: 115}}, Rows: rows},
		document.Block{Heading: o.say("hearing_because"), Paragraph: words.Because(o.Lang, a)},
		document.Block{Heading: o.say("hearing_reply"), Paragraph: o.say("hearing_deadline", "date", words.Date(o.Lang, c.Deadline))},
		document.Block{Paragraph: o.say("hearing_neutral")})
	if o.URL != "" {
		l.Blocks = append(l.Blocks, document.Block{Paragraph: o.say("hearing_url", "url", o.URL+"/sites/"+string(a.Site)+"/judgements/"+id)})
	}
	return l
}

// Question is a letter about something that was handed in and asked back, with
// the rows it is about. calendar is that of its first site.
func (o Office) Question(s submission.Submission, calendar energy.Calendar) Addressed {
	operator := registry.Operator{}
	if len(s.Sites) > 0 {
		operator = o.operatorOf(s.Sites[0])
	}
	number := strconv.FormatInt(s.Number, 10)
	l := o.blank(operator, o.say("question_subject", "number", number))
	l.Blocks = append(l.Blocks, document.Block{Paragraph: o.say("question_lead", "date", words.Date(o.Lang, calendar.Date(s.HandedAt)), "name", s.Name, "number", number)})
	rows := document.Block{Heading: o.say("question_rows"), Columns: []document.Column{{Title: o.say("question_row"), Width: 22}, {Title: o.say("question_point"), Width: 45}, {Title: o.say("question_period"), Width: 58}, {Title: o.say("question_code"), Width: 40}}}
	for _, step := range s.Steps {
		if step.Kind != submission.StepAsk {
			continue
		}
		l.Blocks = append(l.Blocks, document.Block{Paragraph: step.Text})
		if step.Row > 0 {
			period := ""
			if step.From != nil {
				period = o.span(*step.From, deref(step.To), calendar)
			}
			rows.Rows = append(rows.Rows, []string{rowsOf(step.Row, step.ToRow), "", period, ""})
		}
	}
	for _, q := range s.Report.Questions {
		rows.Rows = append(rows.Rows, []string{rowsOf(q.Row, q.ToRow), string(q.Point), o.span(q.From, q.To, calendar), o.asked(q)})
	}
	if len(rows.Rows) > 0 {
		l.Blocks = append(l.Blocks, rows)
	}
	l.Blocks = append(l.Blocks, document.Block{Paragraph: o.say("question_answer")})
	if o.URL != "" {
		l.Blocks = append(l.Blocks, document.Block{Paragraph: o.say("question_answer_url", "url", o.URL+"/submissions/"+s.ID)})
	}
	return l
}

// asked is a question of the rules in words.
func (o Office) asked(q intake.Question) string {
	if !words.KnownValidation(o.Lang, validation.Code(q.Code)) {
		return q.Code
	}
	return words.OwnFinding(o.Lang, validation.Finding{Code: validation.Code(q.Code), Rule: q.Rule, Severity: q.Severity, Point: q.Point, Period: energy.Period{From: q.From, To: q.To}, Args: q.Args})
}

func rowsOf(first, last int) string {
	switch {
	case first == 0:
		return ""
	case last <= first:
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d–%d", first, last)
}

func deref(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
