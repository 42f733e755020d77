package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/exhibit"
	"heatledger/energy/questionnaire"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/chart"
	"heatledger/reporting/disclosure"
)

// questionnairePage is the yearly questionnaire of a site.
type questionnairePage struct {
	registry.Site
	Simulated                bool
	Year                     int
	Years                    []int
	Version                  int
	Groups                   []askedGroup
	Sentence, Saved, Waiting string
	Trouble                  []questionTrouble // everything that is wrong, each leading to its field
	Done                     string            // what was just done
	Handed                   *questionnaire.Handed
	HandedAt, HandedBy       string
	CanSubmit, CanRelease    bool
	FourEyes                 bool
	Action                   string
	Documents                []evidenceRow
}

// askedGroup are the questions of a topic.
type askedGroup struct {
	Topic   registry.Topic
	Title   string
	Lines   []askedLine
	Carried bool // one is filled in from before
}

// askedLine is a question in words.
type askedLine struct {
	Name, Label, Hint, Knows, Before, Fault, State string
	Value, Document, Reason                        string
	Why                                            []string
	Choices                                        []questionChoice
	Numeric, SameYear, Carried, Confirmed, Open    bool
}

// questionChoice is one of the texts that are allowed.
type questionChoice struct {
	Value, Name string
	Chosen      bool
}

// questionTrouble is a fault in words; Name is of the question, "" of the whole.
type questionTrouble struct{ Name, Label, Sentence string }

// showQuestionnairePage answers GET /sites/{site}/questionnaire?year=.
func (s *Server) showQuestionnairePage(_ http.ResponseWriter, r *http.Request, p *page) error {
	return s.questionnairePage(r, p, nil, nil)
}

// questionnairePage shows the form; with said and faults it shows what was sent
// and what is wrong with it.
func (s *Server) questionnairePage(r *http.Request, p *page, said questionnaire.Answers, faults questionnaire.Faults) error {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	body := &questionnairePage{Site: site.Site, Simulated: site.Simulated}
	if body.Year, err = s.yearOf(r, p.Calendar); err != nil {
		return err
	}
	for year := body.Year - 1; year <= body.Year+1; year++ {
		body.Years = append(body.Years, year)
	}
	form, err := s.asking().Show(r.Context(), site.ID, body.Year)
	if err != nil {
		return err
	}
	body.Version, body.FourEyes, body.Handed = form.Version, form.FourEyes, form.Last
	body.Action = p.To("/sites/" + string(site.ID) + "/questionnaire?year=" + strconv.Itoa(body.Year))
	body.CanSubmit = p.who.may(access.Submit, site.ID, "") && !form.Waiting
	body.CanRelease = form.Waiting && p.who.may(access.Approve, site.ID, "") && access.Apart(form.Actor, p.who.actor)
	if form.Waiting {
		body.Waiting = p.T("questionnaire.waiting")
	} else if form.Version > 0 {
		body.Saved = p.T("questionnaire.saved", p.instant(form.SavedAt))
	}
	if form.Last != nil {
		body.HandedAt = p.instant(form.Last.At)
	}
	switch r.URL.Query().Get("done") {
	case "saved", "handed", "waiting", "back":
		body.Done = p.T("questionnaire.done." + r.URL.Query().Get("done"))
	}
	body.Sentence = p.T("questionnaire.sum", strconv.Itoa(len(form.Questions)), strconv.Itoa(form.Count(questionnaire.Answered)), strconv.Itoa(form.Count(questionnaire.Carried)),
		strconv.Itoa(form.Count(questionnaire.Drafted)), strconv.Itoa(form.Count(questionnaire.Open)))
	names, err := s.parties(r.Context(), p.who, p.speech, site.ID)
	if err != nil {
		return err
	}
	body.Documents = p.evidenceRows(form.Documents, names)
	if form.Last != nil {
		body.HandedBy = p.partyOf(names, form.Last.Actor)
	}
	p.questions(body, form, wordsOf(r), said, faults)
	if len(faults) > 0 {
		p.Status = http.StatusUnprocessableEntity
	}
	p.Title, p.Body = p.T("questionnaire.title", body.Name, strconv.Itoa(body.Year)), body
	return nil
}

// questions puts the questions into words, by topic.
func (p *page) questions(body *questionnairePage, form questionnaire.Form, words disclosure.Words, said questionnaire.Answers, faults questionnaire.Faults) {
	wrong := map[string]string{}
	for _, f := range faults {
		sentence := p.answerFault(f)
		wrong[f.Question] = strings.TrimSpace(wrong[f.Question] + " " + sentence)
		trouble := questionTrouble{Name: f.Question, Sentence: sentence}
		if f.Question != "" {
			trouble.Label = words.Fact(f.Question)
		}
		body.Trouble = append(body.Trouble, trouble)
	}
	for _, topic := range registry.Topics() {
		group := askedGroup{Topic: topic, Title: p.T("topic:" + string(topic))}
		for _, q := range form.Questions {
			if q.Topic != topic {
				continue
			}
			if given, ok := said[q.Name]; ok {
				q.Given = given
			}
			line := p.lineOf(q, words)
			line.Fault = wrong[q.Name]
			line.Open = line.Fault != "" || line.Reason != "" || line.Document != "" || q.SameYear
			group.Carried = group.Carried || line.Carried
			group.Lines = append(group.Lines, line)
		}
		if len(group.Lines) > 0 {
			body.Groups = append(body.Groups, group)
		}
	}
}

func (p *page) lineOf(q questionnaire.Question, words disclosure.Words) askedLine {
	line := askedLine{Name: q.Name, Label: words.Fact(q.Name), Knows: words.T("knows:" + string(q.Knows)), State: p.T("question:" + string(q.State)), Numeric: q.Numeric(),
		Value: q.Given.Value, Document: q.Given.Document, Reason: q.Given.Reason, Confirmed: q.Given.Confirmed && !q.SameYear, SameYear: q.SameYear, Carried: q.Before != nil && !q.SameYear}
	for _, code := range q.Feeds {
		line.Why = append(line.Why, words.T(code)+" ("+code+")")
	}
	if q.Numeric() {
		unit := ""
		if q.Unit != energy.One {
			unit = " " + string(q.Unit)
		}
		line.Hint = p.T("questionnaire.range", p.Number(q.Least, decimals(q.Least)), p.Number(q.Most, 0)+unit)
		if q.Before != nil && line.Value == q.Before.Value.String() {
			line.Value = p.shownNumber(line.Value) // what somebody typed stays as it is
		}
	}
	if !q.Yearly {
		line.Hint = strings.TrimSpace(line.Hint + " " + p.T("questionnaire.lasting"))
	}
	if q.Before != nil {
		line.Before = q.Before.Value.String()
		if q.Numeric() {
			line.Before = p.shownNumber(line.Before)
		}
		line.Before = p.T("questionnaire.before", line.Before, p.sinceWhen(*q.Before))
	}
	for _, choice := range q.Choices {
		if slices.Contains(q.Choices, "yes") && choice != "yes" && choice != "no" && choice != q.Given.Value { // other spellings of the same
			continue
		}
		line.Choices = append(line.Choices, questionChoice{choice, p.choiceName(choice), choice == q.Given.Value})
	}
	return line
}

// decimals is how many a bound of a range has.
func decimals(x float64) int {
	if x == float64(int64(x)) {
		return 0
	}
	return 1
}

// sinceWhen says for when a fact was stated.
func (p *page) sinceWhen(f registry.Fact) string {
	switch {
	case f.Year != 0:
		return strconv.Itoa(f.Year)
	case f.From != energy.Date{}:
		return p.T("questionnaire.since", f.From.String())
	}
	return p.T("questionnaire.always")
}

// shownNumber writes a number as the language does, without groups.
func (p *page) shownNumber(text string) string {
	if _, err := energy.ParseValue(text); err == nil && p.Lang == chart.German {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

// typed is how a number is typed without doubt: with the decimal sign of the language,
// and one digit more where it could be read in two ways.
func (p *page) typed(v energy.Value) string {
	text := v.String()
	var open *energy.AmbiguousNumberError
	if _, err := energy.ParseTypedNumber(text); errors.As(err, &open) {
		text += "0"
	}
	return p.shownNumber(text)
}

func (p *page) choiceName(choice string) string {
	if _, ok := p.words["choice:"+choice]; ok {
		return p.T("choice:" + choice)
	}
	return choice
}

// answerFault says what is wrong with an answer, and what to do.
func (p *page) answerFault(f questionnaire.Fault) string {
	text := ""
	switch f.Code {
	case questionnaire.FaultRange:
		text = p.T("answer:range", p.shownNumber(f.Args[0]), p.shownNumber(f.Args[1])+" "+f.Args[2])
	case questionnaire.FaultAmbiguous:
		text = p.T("answer:ambiguous", p.shownNumber(f.Args[0]), p.shownNumber(f.Args[1]+"0"))
	case questionnaire.FaultValue:
		text = p.T("answer:value", f.Fault.Error())
	case questionnaire.FaultUnknown:
		text = p.T("answer:unknown", f.Args[0])
	default:
		text = p.T("answer:" + f.Code)
	}
	if f.Cell != "" {
		text = p.T("answer.cell", f.Cell) + " " + text
	}
	return text
}

// mostDocuments bounds the documents of one visit, in bytes.
const mostDocuments = 4 * exhibit.Most

// takeQuestionnairePage answers POST /sites/{site}/questionnaire?year=: saves,
// hands in, reads a table, releases or gives back.
func (s *Server) takeQuestionnairePage(w http.ResponseWriter, r *http.Request, p *page) error {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	year, err := s.yearOf(r, p.Calendar)
	if err != nil {
		return err
	}
	drop, err := readForm(w, r, mostDocuments)
	if err != nil {
		return err
	}
	defer drop()
	version, err := strconv.Atoi(cmp.Or(r.PostFormValue("version"), "0"))
	if err != nil {
		return refuse(http.StatusBadRequest, "bad_number", "version is no number")
	}
	needs := access.Submit
	if r.PostFormValue("do") == "release" || r.PostFormValue("do") == "back" {
		needs = access.Approve
	}
	if !p.who.may(needs, site.ID, "") {
		return refuse(http.StatusForbidden, "not_allowed", "you may not do this for this site")
	}
	said, done, err := s.doQuestionnaire(r, p, site.ID, year, version)
	var faults questionnaire.Faults
	switch {
	case errors.As(err, &faults):
		return s.questionnairePage(r, p, said, faults)
	case errors.Is(err, store.ErrSavedOver):
		return s.questionnairePage(r, p, said, questionnaire.Faults{{Code: "saved_over"}})
	case errors.Is(err, questionnaire.ErrSamePair):
		return s.questionnairePage(r, p, said, questionnaire.Faults{{Code: questionnaire.FaultNotYours}})
	case err != nil:
		return answersProblem(err)
	}
	query := url.Values{"year": {strconv.Itoa(year)}, "done": {done}}
	http.Redirect(w, r, p.To("/sites/"+string(site.ID)+"/questionnaire?"+query.Encode()), http.StatusSeeOther)
	return nil
}

// doQuestionnaire does what the button says.
func (s *Server) doQuestionnaire(r *http.Request, p *page, site energy.SiteID, year, version int) (said questionnaire.Answers, done string, err error) {
	desk := s.asking()
	switch r.PostFormValue("do") {
	case "release":
		_, err = desk.Release(r.Context(), site, year, version, p.who.actor)
		return nil, "handed", err
	case "back":
		return nil, "back", desk.GiveBack(r.Context(), site, year, version, p.who.actor)
	case "table":
		err = s.saveTable(r, site, year, "table", p.who)
		var plain energy.Faults
		if errors.As(err, &plain) {
			err = questionnaire.Faults{{Code: questionnaire.FaultValue, Fault: plain[0]}}
		}
		return nil, "saved", err
	}
	said, faults, err := s.postedAnswers(r, p, site, year)
	if err != nil {
		return said, "", err
	}
	if r.PostFormValue("do") != "submit" {
		if len(faults) > 0 {
			return said, "", faults
		}
		return said, "saved", desk.Save(r.Context(), site, year, version, said, p.who.actor)
	}
	if len(faults) > 0 {
		var more questionnaire.Faults
		if errors.As(desk.Check(r.Context(), site, year, said), &more) {
			faults = append(faults, more...)
		}
		return said, "", faults
	}
	handed, err := desk.HandIn(r.Context(), site, year, version, said, p.who.actor, "")
	if handed == nil {
		return said, "waiting", err
	}
	return said, "handed", err
}

// postedAnswers are the answers of the form, with the documents that came with
// them. What was answered for the year and is unchanged is none.
func (s *Server) postedAnswers(r *http.Request, p *page, site energy.SiteID, year int) (questionnaire.Answers, questionnaire.Faults, error) {
	form, err := s.asking().Show(r.Context(), site, year)
	if err != nil {
		return nil, nil, err
	}
	said, faults := questionnaire.Answers{}, questionnaire.Faults{}
	submit := r.PostFormValue("do") == "submit"
	for _, q := range form.Questions {
		a := questionnaire.Answer{Value: strings.TrimSpace(r.PostFormValue("v." + q.Name)), Document: strings.TrimSpace(r.PostFormValue("d." + q.Name)),
			Reason: strings.TrimSpace(r.PostFormValue("r." + q.Name)), Confirmed: r.PostFormValue("c."+q.Name) == "on"}
		unchanged := q.Before != nil && a.Value == p.shownNumber(q.Before.Value.String())
		if q.Before != nil && !q.Numeric() {
			unchanged = a.Value == q.Before.Value.String()
		}
		if unchanged {
			a.Value = q.Before.Value.String()
			a.Confirmed = a.Confirmed || r.PostFormValue("all."+string(q.Topic)) == "on" || q.SameYear
		}
		taken, err := s.keepEvidence(r, site, "f."+q.Name, "fact:"+q.Name+"@"+strconv.Itoa(year), "", p.who)
		var bad energy.Faults
		switch {
		case errors.As(err, &bad):
			faults = append(faults, questionnaire.Fault{Question: q.Name, Code: questionnaire.FaultValue, Fault: bad[0]})
		case err != nil:
			return said, nil, err
		case taken != nil:
			a.Document = taken.Document()
		}
		nothingNew := q.Before != nil && unchanged && a.Document == q.Before.Document
		switch {
		case q.SameYear && nothingNew, a.Value == "" && !q.SameYear && a.Document == "" && q.State != questionnaire.Drafted:
		case !submit && nothingNew && !a.Confirmed: // nobody looked yet
		default:
			said[q.Name] = a
		}
	}
	return said, faults, nil
}
