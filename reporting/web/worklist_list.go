package web

import (
	"net/http"
	"slices"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/energy/ledger"
	"heatledger/reporting/cell"
	"heatledger/reporting/words"
)

// task is an item of the worklist as the API shows it, with its sentence.
type task struct {
	Key       string                  `json:"key"`
	Code      desk.Code               `json:"code"`
	Args      commitment.Args         `json:"args"`
	Site      *energy.SiteID          `json:"site"`   // null: of the office as a whole
	Office    bool                    `json:"office"` // the office's to do, else the operator's
	Due       *energy.Date            `json:"due"`
	Since     *energy.Date            `json:"since"`
	Done      *energy.Date            `json:"done"`
	State     desk.State              `json:"state"`
	Cites     string                  `json:"cites"`
	Confirmed commitment.Confirmation `json:"confirmed"`
	Text      string                  `json:"text"` // in the language of Content-Language
	Note      string                  `json:"note"` // what the office noted when it said that it was done
	Letters   []taskLetter            `json:"letters"`
}

// taskLetter is a letter that was written about an item.
type taskLetter struct {
	Kind     desk.LetterKind `json:"kind"`
	Operator string          `json:"operator"`
	On       energy.Date     `json:"on"`
	Digest   string          `json:"digest"` // SHA-256 of its pages
}

// listWorklist answers GET /api/v1/worklist?on=&site=&state=.
func (s *Server) listWorklist(w http.ResponseWriter, r *http.Request, who caller) error {
	query := r.URL.Query()
	form, err := format(query, "json", "csv", "ics")
	if err != nil {
		return err
	}
	items, err := s.worklistAsked(r, who)
	if err != nil {
		return err
	}
	lang := words.Choose(r.Header.Get("Accept-Language"))
	w.Header().Set("Content-Language", string(words.Spoken(lang)))
	w.Header().Add("Vary", "Accept-Language")
	if form == "ics" { // a calendar has no pages
		return s.writeCalendarFile(w, lang, items)
	}
	if items, err = pageOf(w, r, items); err != nil {
		return err
	}
	if wantsCSV(r) {
		return writeWorklistCSV(w, lang, items)
	}
	list := make([]task, len(items))
	for i, item := range items {
		list[i] = taskJSON(lang, item)
	}
	return writeJSON(w, list)
}

// worklistAsked is what is due of the sites asked for, or of all that the caller
// may see; for one who may see all also what is the office's.
func (s *Server) worklistAsked(r *http.Request, who caller) ([]desk.Item, error) {
	query := r.URL.Query()
	if query.Get("site") == "" { // a form whose reader chose none
		query.Del("site")
		r = r.Clone(r.Context())
		r.URL.RawQuery = query.Encode()
	}
	sites, err := s.sitesAsked(r, who)
	if err != nil {
		return nil, err
	}
	on, err := s.dayAsked(r)
	if err != nil {
		return nil, err
	}
	state := desk.State(query.Get("state"))
	if state != "" && !slices.Contains(desk.States(), state) {
		return nil, refuse(http.StatusBadRequest, "bad_state", "state=%.40q is none: overdue, open, upcoming or done is expected", string(state))
	}
	items, err := s.options.Ledger.Worklist(r.Context(), sites, on, who.everywhere() && !query.Has("site"))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(items, func(i desk.Item) bool { return state != "" && i.State != state }), nil
}

// dayAsked is the day of parameter on; without it today, in the town.
func (s *Server) dayAsked(r *http.Request) (energy.Date, error) {
	if text := r.URL.Query().Get("on"); text != "" {
		on, err := energy.ParseDate(text)
		if err != nil || on.Year < 2000 || on.Year > 2200 {
			return on, refuse(http.StatusBadRequest, "bad_day", "on=%.40q is no day: YYYY-MM-DD, from 2000 to 2200, is expected", text)
		}
		return on, nil
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return energy.Date{}, err
	}
	calendar, err := s.options.Ledger.Calendar(known, ledger.Municipality)
	if err != nil {
		return energy.Date{}, err
	}
	return calendar.Date(s.now()), nil
}

func taskJSON(lang words.Lang, i desk.Item) task {
	t := task{Key: i.Key(), Code: i.Code, Args: i.Args, Office: i.Office, Due: dayOrNull(i.Due), Since: dayOrNull(i.Since), Done: dayOrNull(i.Done),
		State: i.State, Cites: i.Cites, Confirmed: i.Confirmed, Text: words.Due(lang, i), Note: i.Note, Letters: []taskLetter{}}
	for _, l := range i.Letters {
		t.Letters = append(t.Letters, taskLetter{Kind: l.Kind, Operator: l.Operator, On: l.On, Digest: l.Digest})
	}
	if i.Site != "" {
		t.Site = &i.Site
	}
	return t
}

func dayOrNull(d energy.Date) *energy.Date {
	if d == (energy.Date{}) {
		return nil
	}
	return &d
}

func writeWorklistCSV(w http.ResponseWriter, lang words.Lang, items []desk.Item) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	_ = out.Write([]string{"state", "due", "site", "code", "office", "since", "done", "cites", "text"})
	day := func(d energy.Date) string {
		if d == (energy.Date{}) {
			return ""
		}
		return d.String()
	}
	for _, i := range items {
		_ = out.Write([]string{string(i.State), day(i.Due), string(i.Site), string(i.Code), strconv.FormatBool(i.Office), day(i.Since), day(i.Done), i.Cites, words.Due(lang, i)})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}
