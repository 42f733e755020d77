package web

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/submission"
	"heatledger/reporting/chart"
	"heatledger/reporting/words"
)

// submissionPage is a submission through its life: the preview of what would come
// of it, what a second person is asked to release, and what became of it.
type submissionPage struct {
	submissionView
	State, Kind  string
	Label        string // E-000012, or the file's name
	HandedIn     string
	By           string
	SiteNames    string
	Looked       bool
	Counts       []countLine
	Empty        bool // no value was found in the file
	Codes        []countLine
	Page, Pages  int
	Earlier      string
	Later        string
	Faults       []rowLine
	Groups       []oddityGroup
	Point        string
	Points       []option
	Pictures     []*picture
	Changes      []changeLine
	MoreChanges  int
	Waits        *releaseView
	Returned     *releaseView
	Timeline     []stepLine
	OpenText     string // what the office asks
	CanSubmit    bool
	CanPartial   bool
	CanRemap     bool
	CanDiscard   bool
	Replaced     string // why it corrects what is known; "": it was not said to
	CanApprove   bool
	CanAnswer    bool
	CanComment   bool
	CanWithdraw  bool
	CanKeep      bool   // refuse that it is withdrawn, as somebody asked
	AskedWhy     string // why it is to be withdrawn
	CanReview    bool
	Trouble      []faultLine
	FileAddress  string
	Photo        string
	OpenExplains int
}

// countLine is a count with its name.
type countLine struct {
	Name  string
	Count string
}

// rowLine is a rejected or questionable row in words.
type rowLine struct{ Row, Cell, Status, Kind, Point, Reason, Remedy, Explanation string }

// oddityGroup are the questions of one kind, to be explained together or one by
// one.
type oddityGroup struct {
	Code      string
	Title     string
	Said      string
	Questions []oddityLine
	Further   int // of which no field of their own is shown
}

type oddityLine struct{ Name, Where, Text, Said string }

// changeLine is a known value that a row says differently.
type changeLine struct{ Row, Point, At, Old, New, Delta string }

// releaseView is who prepared what waits, or who gave it back and why.
type releaseView struct{ Who, At, Why string }

// stepLine is a step in words.
type stepLine struct{ At, Who, What, About, Text string }

// What of a submission one page shows.
const (
	rowsPerPage      = 50
	questionsShown   = 25
	changesShown     = 50
	pictureDays      = 800
	explanationField = "explain."
)

// showSubmissionPage answers GET /hand-in/{id}?page=&point=.
func (s *Server) showSubmissionPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	sub, err := s.handing().Show(r.Context(), p.who.submitter(), r.PathValue("id"))
	if err != nil {
		return deskProblem(err)
	}
	return s.submissionPage(r, p, sub, nil)
}

func (s *Server) submissionPage(r *http.Request, p *page, sub submission.Submission, trouble []faultLine) error {
	body := &submissionPage{submissionView: s.viewOf(p.request, sub), State: p.T("submission.state:" + string(sub.State)), Kind: string(sub.State), Label: sub.Name,
		SiteNames: p.siteNames(sub.Sites), Looked: sub.Looked(), Trouble: trouble, FileAddress: "/api/v1/submissions/" + sub.ID + "/file"}
	p.Title = p.T("preview.title", sub.Name)
	if sub.Number > 0 {
		body.Label = numberText(sub.Number)
		p.Title = p.T("submission.title", body.Label)
	}
	if sub.Receipt != nil {
		body.HandedIn = p.Instant(sub.Receipt.At, p.Calendar)
	}
	var err error
	names, err := s.parties(r.Context(), p.who, p.speech, slices.Concat(sub.Sites, []energy.SiteID{""})[0])
	if err != nil {
		return err
	}
	body.By = p.partyOf(names, sub.Source)
	p.countsOf(body, sub.Report)
	p.rowsOf(body, r.URL.Query().Get("page"))
	p.questionsOf(body, sub.Report.Questions)
	p.changesOf(body, sub.Report.Changes)
	p.rightsOf(body, sub)
	p.stepsOf(body, sub, names)
	body.Pictures = p.comparison(body, sub, r.URL.Query().Get("point"))
	p.Body = body
	return s.draw(r.Context(), body.Pictures...)
}

// partyOf is who did something: oneself, by name where one may know it, or which
// side he was on.
func (p *page) partyOf(names map[string]string, actor string) string {
	if actor != "" && actor == p.who.actor {
		return p.T("submission.you")
	}
	if name, ok := names[actor]; ok {
		return name
	}
	return strings.Replace(actor, "account:", p.T("submission.account")+" ", 1)
}

func (p *page) countsOf(body *submissionPage, report submission.Report) {
	count := func(key string, n int) countLine { return countLine{p.T(key), p.Number(float64(n), 0)} }
	if !body.Looked {
		return
	}
	rejected := len(report.Rejected) + report.Further
	taken := "preview.accepted"
	if body.Request.Correction != "" {
		taken = "preview.correcting"
	}
	body.Empty = report.Rows == 0
	body.Counts = []countLine{count("preview.rows", report.Rows), count(taken, report.Accepted), count("preview.questionable", report.Questionable), count("preview.rejected", rejected), count("receipt.duplicate", report.Duplicate)}
	if report.Withdrawn > 0 {
		body.Counts = append(body.Counts, count("receipt.withdrawn", report.Withdrawn))
	}
	for code, n := range report.ByCode {
		body.Codes = append(body.Codes, countLine{p.rejectedName(code), p.Number(float64(n), 0)})
	}
	slices.SortFunc(body.Codes, func(a, b countLine) int { return strings.Compare(a.Name, b.Name) })
}

// rowsOf are the rows of a page that are rejected or questionable.
func (p *page) rowsOf(body *submissionPage, asked string) {
	body.Rows = runsOf(body.Rows)
	body.Pages = max(1, (len(body.Rows)+rowsPerPage-1)/rowsPerPage)
	body.Page, _ = strconv.Atoi(asked) // what is no number is the first page
	body.Page = min(max(body.Page, 1), body.Pages)
	address := func(page int) string {
		return p.To("/hand-in/" + body.ID + "?page=" + strconv.Itoa(page) + "#rows")
	}
	if body.Page > 1 {
		body.Earlier = address(body.Page - 1)
	}
	if body.Page < body.Pages {
		body.Later = address(body.Page + 1)
	}
	first := (body.Page - 1) * rowsPerPage
	for _, row := range body.Rows[first:min(len(body.Rows), first+rowsPerPage)] {
		body.Faults = append(body.Faults, p.rowLine(row))
	}
}

// runsOf puts rows that follow each other and are refused for the same reason in one
// line: a column taken for another refuses every row of a file.
func runsOf(rows []rowView) (runs []rowView) {
	for _, row := range rows {
		if len(runs) > 0 && row.Status == "rejected" {
			last := &runs[len(runs)-1]
			if max(last.Row, last.ToRow)+1 == row.Row && last.Status == row.Status && last.Code == row.Code && last.Column == row.Column && last.Reason == row.Reason && last.Remedy == row.Remedy {
				last.ToRow = row.Row
				continue
			}
		}
		runs = append(runs, row)
	}
	return runs
}

func (p *page) rowLine(v rowView) rowLine {
	line := rowLine{Cell: v.Cell, Status: p.T("preview.status:" + v.Status), Kind: map[string]string{"rejected": "error", "questionable": "warning"}[v.Status],
		Point: string(v.Point), Reason: v.Reason, Remedy: v.Remedy, Explanation: v.Explanation}
	switch {
	case v.Row > 0 && v.ToRow > v.Row:
		line.Row = p.Number(float64(v.Row), 0) + " – " + p.Number(float64(v.ToRow), 0)
	case v.Row > 0:
		line.Row = p.Number(float64(v.Row), 0)
	}
	if v.Status == "rejected" {
		line.Reason, line.Remedy = p.rejectedReason(intake.Code(v.Code), v.Reason), p.rejectedRemedy(intake.Code(v.Code), v.Remedy)
	}
	if v.Explanation != "" { // it was done
		line.Remedy = ""
	}
	return line
}

// questionsOf gathers the questions by their kind.
func (p *page) questionsOf(body *submissionPage, questions []intake.Question) {
	for _, q := range questions {
		i := slices.IndexFunc(body.Groups, func(g oddityGroup) bool { return g.Code == q.Code })
		if i < 0 {
			i = len(body.Groups)
			body.Groups = append(body.Groups, oddityGroup{Code: q.Code, Title: p.questionTitle(q)})
		}
		g := &body.Groups[i]
		if q.Explanation == "" {
			body.OpenExplains++
		}
		g.Said = q.Explanation
		if len(g.Questions) >= questionsShown {
			g.Further++
			continue
		}
		line := p.rowLine(questionView(words.Lang(p.Lang), q))
		where := strings.TrimSpace(string(q.Point) + " " + line.Cell)
		if line.Row != "" {
			where += ", " + p.T("handin.row", line.Row)
		}
		name := q.Code + "." + strconv.Itoa(q.Row) + "." + strconv.Itoa(q.ToRow)
		g.Questions = append(g.Questions, oddityLine{Name: name, Where: where, Text: line.Reason, Said: q.Explanation})
	}
}

// questionTitle names what is asked about.
func (p *page) questionTitle(q intake.Question) string {
	switch {
	case q.Code == intake.QuestionProfile:
		return p.T("question.profile")
	case q.Rule == "":
		return p.T("question.negative")
	}
	return words.Rule(words.Lang(p.Lang), q.Rule)
}

func (p *page) changesOf(body *submissionPage, changes []intake.ValueChange) {
	for _, c := range changes[:min(len(changes), changesShown)] {
		unit := ""
		if _, _, point, ok := p.registry.Point(c.Point); ok {
			unit = " " + string(point.Quantity.Unit())
		}
		body.Changes = append(body.Changes, changeLine{Row: p.Number(float64(c.Row), 0), Point: string(c.Point), At: p.Instant(c.At, p.Calendar),
			Old: p.Number(c.Old.Float64(), 3) + unit, New: p.Number(c.New.Float64(), 3) + unit, Delta: p.Number(c.Delta, 3) + unit})
	}
	body.MoreChanges = len(changes) - len(body.Changes)
}

// rightsOf says what whoever reads may do with it now.
func (p *page) rightsOf(body *submissionPage, sub submission.Submission) {
	who := p.who.submitter()
	own := sub.Source == p.who.actor
	all := func(permission access.Permission) bool {
		return len(sub.Sites) > 0 && !slices.ContainsFunc(sub.Sites, func(site energy.SiteID) bool { return !p.who.may(permission, site, "") })
	}
	rejected := sub.Report.Refused()
	some := sub.Report.Accepted+sub.Report.Withdrawn > 0
	over := sub.State == submission.Accepted || sub.State == submission.Withdrawn
	body.CanSubmit = own && sub.State == submission.Draft && sub.Looked() && some && !rejected
	body.CanPartial = own && sub.State == submission.Draft && sub.Looked() && some && rejected
	body.CanRemap = own && sub.State == submission.Draft && (!sub.Looked() || len(sub.Request.Mapping.Columns)+len(sub.Request.Mapping.Names) > 0)
	body.Replaced = sub.Request.Correction
	body.CanDiscard = own && sub.State == submission.Draft && !p.who.reach(toSubmit).Empty()
	handed := sub.Number > 0
	body.CanApprove = sub.State == submission.WaitingApproval && all(access.Approve) && sub.Request.Release != nil && access.Apart(sub.Request.Release.Person, who.Person)
	body.CanComment = handed && all(access.Comment)
	body.CanAnswer = sub.State == submission.AskedBack && all(access.Answer)
	body.CanWithdraw = handed && sub.State != submission.Withdrawn && (own || all(access.Submit))
	if asked, ok := sub.AskedWithdrawal(); ok {
		body.CanKeep, body.AskedWhy = sub.MayKeep(who), asked.Text
	}
	body.CanReview = handed && !over && all(access.Review)
}

// stepsOf tells what happened to it.
func (p *page) stepsOf(body *submissionPage, sub submission.Submission, names map[string]string) {
	if release := sub.Request.Release; release != nil {
		view := &releaseView{Who: p.partyOf(names, release.By), At: p.Instant(release.At, p.Calendar)}
		switch {
		case sub.State == submission.WaitingApproval:
			body.Waits = view
		case sub.State == submission.Draft && release.Returned != "":
			view.Who, view.Why = p.partyOf(names, release.ReturnedBy), release.Returned
			body.Returned = view
		}
	}
	for _, step := range sub.Steps {
		line := stepLine{At: p.Instant(step.At, p.Calendar), Who: p.partyOf(names, step.Actor), What: p.T("submission.step:" + string(step.Kind)), Text: step.Text}
		switch {
		case step.Row > 0 && step.ToRow > step.Row:
			line.About = p.T("handin.row", strconv.Itoa(step.Row)+" – "+strconv.Itoa(step.ToRow))
		case step.Row > 0:
			line.About = p.T("handin.row", strconv.Itoa(step.Row))
		case step.From != nil && step.To != nil:
			line.About = p.Date(p.Calendar.Date(*step.From)) + " – " + p.Date(p.Calendar.Date(step.To.Add(-time.Second)))
		}
		if step.Correction != "" {
			line.Text = strings.TrimSpace(line.Text + " " + p.T("receipt.correction") + ": " + step.Correction)
		}
		for _, e := range step.Explain {
			line.Text = strings.TrimSpace(line.Text + "\n" + p.T("preview.explanation") + ": " + e.Text)
		}
		if step.Kind == submission.StepAsk {
			body.OpenText = step.Text
		}
		body.Timeline = append(body.Timeline, line)
	}
}

// comparison are the charts of a point: what its months and days came to before,
// and what they would come to, or came to.
func (p *page) comparison(body *submissionPage, sub submission.Submission, asked string) (pictures []*picture) {
	for _, m := range sub.Report.Months {
		if !slices.ContainsFunc(body.Points, func(o option) bool { return o.Value == string(m.Point) }) {
			body.Points = append(body.Points, option{Value: string(m.Point), Name: string(m.Point)})
		}
	}
	if len(body.Points) == 0 {
		return nil
	}
	body.Point = body.Points[0].Value
	for i := range body.Points {
		if body.Points[i].Value == asked {
			body.Point = asked
		}
	}
	for i := range body.Points {
		body.Points[i].Chosen = body.Points[i].Value == body.Point
	}
	for _, c := range p.comparedCharts(sub, energy.PointID(body.Point)) {
		if _, _, _, _, some := extremes(slices.Concat(c.Series[0].Values, c.Series[1].Values)); !some {
			continue // a first reading alone is no amount yet
		}
		name := "months"
		if c.Axis != chart.Months {
			name = "days"
		}
		if len(c.Labels) == 1 {
			c = alone(c)
		}
		label := func(l string) string { return l }
		pictures = append(pictures, &picture{page: p, ID: "by-" + name, Chart: c, Table: p.tableOf(c, p.T("interval"), label, 3),
			CSV: "/hand-in/" + sub.ID + "/charts/" + name + "?point=" + body.Point + "&lang=" + string(p.Lang)})
	}
	return pictures
}

// comparedCharts are the months and the days of a point side by side.
func (p *page) comparedCharts(sub submission.Submission, point energy.PointID) []chart.Chart {
	unit := ""
	number := func(v *energy.Value) float64 {
		if v == nil {
			return math.NaN()
		}
		return v.Float64()
	}
	before, after := chart.Series{Name: p.T("preview.before")}, chart.Series{Name: p.T("preview.after")}
	months := chart.Chart{Kind: chart.Line, Axis: chart.Months, Title: p.T("preview.months", string(point)), Absent: p.T("absent")}
	for _, m := range sub.Report.Months {
		if m.Point == point {
			unit = string(m.Unit)
			months.Labels = append(months.Labels, m.Month)
			before.Values, after.Values = append(before.Values, number(m.Before)), append(after.Values, number(m.After))
		}
	}
	months.Unit, months.Series = unit, []chart.Series{before, after}
	months.Summary = p.changeSummary(before.Values, after.Values, "preview.months.said")
	days := chart.Chart{Kind: chart.Line, Axis: chart.DaysOfYear, Unit: unit, Title: p.T("preview.days", string(point)), Absent: p.T("absent")}
	before.Values, after.Values = nil, nil
	for _, d := range sub.Report.Days {
		if d.Point == point && len(days.Labels) < pictureDays {
			days.Labels = append(days.Labels, d.Day.String())
			before.Values, after.Values = append(before.Values, number(d.Before)), append(after.Values, number(d.After))
		}
	}
	if len(days.Labels) == 0 {
		return []chart.Chart{months}
	}
	if len(days.Labels) <= 31 {
		days.Axis = chart.DaysOfMonth
	}
	days.Series = []chart.Series{before, after}
	days.Summary = p.changeSummary(before.Values, after.Values, "preview.days.said")
	return []chart.Chart{months, days}
}

// alone makes bars of a chart of a single period, before and after: a line through
// one value is a dot.
func alone(c chart.Chart) chart.Chart {
	bars := chart.Series{Name: c.Labels[0]}
	c.Kind, c.Axis, c.Labels = chart.Bars, chart.Names, nil
	for _, s := range c.Series {
		c.Labels, bars.Values = append(c.Labels, s.Name), append(bars.Values, s.Values[0])
	}
	c.Series = []chart.Series{bars}
	return c
}

// changeSummary says how many periods get a value, and how many another one.
func (p *page) changeSummary(before, after []float64, key string) string {
	fresh, other, gone := 0, 0, 0
	for i := range after {
		switch {
		case math.IsNaN(before[i]) && !math.IsNaN(after[i]):
			fresh++
		case !math.IsNaN(before[i]) && math.IsNaN(after[i]):
			gone++
		case before[i] != after[i] && !math.IsNaN(after[i]):
			other++
		}
	}
	return p.T(key, p.Number(float64(len(after)), 0), p.Number(float64(fresh), 0), p.Number(float64(other), 0), p.Number(float64(gone), 0))
}

// giveComparedCSV answers GET /hand-in/{id}/charts/{chart}?point=.
func (s *Server) giveComparedCSV(w http.ResponseWriter, r *http.Request, p *page) error {
	sub, err := s.handing().Show(r.Context(), p.who.submitter(), r.PathValue("id"))
	if err != nil {
		return deskProblem(err)
	}
	for _, c := range p.comparedCharts(sub, energy.PointID(r.URL.Query().Get("point"))) {
		if (c.Axis == chart.Months) == (r.PathValue("chart") == "months") && len(c.Labels) > 0 {
			return writeChartCSV(w, c)
		}
	}
	return s.notFound(w, r)
}
