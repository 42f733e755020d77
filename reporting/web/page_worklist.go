package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/desk"
	"heatledger/reporting/correspondence"
	"heatledger/reporting/words"
)

// worklistPage shows what is due, state by state.
type worklistPage struct {
	On, Day  string // as the API is asked for it, and in words
	Sites    []siteChoice
	Groups   []worklistGroup
	CSV, ICS string
	Mail     bool // one can subscribe to reminders
	Office   bool // the reader writes letters and says what is done
	Today    string
	// Unaddressed are the operators to whom no letter can be sent.
	Unaddressed string
}

// siteChoice is a site that a form offers.
type siteChoice struct {
	ID, Name string
	Chosen   bool
}

// worklistGroup are the items of one state.
type worklistGroup struct {
	ID, Title, Sentence string
	Rows                []worklistRow
}

// worklistRow is an item in words.
type worklistRow struct {
	Key                                        string
	Due, Site, Address, Text, Who, Cites, Done string
	Where                                      string // the page on which it is done; "": none
	Unconfirmed                                bool
	Letter, Markable, Marked                   bool
	Note                                       string
	Letters                                    []string // in words
}

// showWorklistPage answers GET /worklist?on=&site=.
func (s *Server) showWorklistPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	on, err := s.dayAsked(r)
	if err != nil {
		return err
	}
	items, err := s.worklistAsked(r, p.who)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	asked := url.Values{"on": {on.String()}}
	if site := query.Get("site"); site != "" {
		asked.Set("site", site)
	}
	p.Title = p.T("worklist")
	body := &worklistPage{On: on.String(), Day: p.Date(on), Mail: s.options.Mail,
		CSV: "/api/v1/worklist?" + asked.Encode() + "&format=csv", ICS: "/api/v1/worklist?" + asked.Encode() + "&format=ics", Sites: p.siteChoices(query["site"])}
	body.Office, body.Today = p.who.seen != nil && p.who.reach(access.Review).Everywhere, p.Calendar.Date(s.now()).String()
	if body.Office {
		body.Unaddressed = p.unaddressed(on)
	}
	for _, state := range desk.States() {
		g := worklistGroup{ID: string(state), Title: words.DueState(words.Lang(p.Lang), state)}
		for _, i := range items {
			if i.State == state {
				g.Rows = append(g.Rows, p.worklistRow(i))
			}
		}
		g.Sentence = p.T("worklist.count", p.Number(float64(len(g.Rows)), 0))
		body.Groups = append(body.Groups, g)
	}
	p.Body = body
	return nil
}

// siteChoices are the sites that the reader may see.
func (p *page) siteChoices(chosen []string) []siteChoice {
	var list []siteChoice
	for _, site := range p.registry.Sites {
		if p.who.maySee(site.ID) {
			list = append(list, siteChoice{ID: string(site.ID), Name: site.Name, Chosen: len(chosen) == 1 && chosen[0] == string(site.ID)})
		}
	}
	return list
}

func (p *page) worklistRow(i desk.Item) worklistRow {
	row := worklistRow{Due: p.T("worklist.undated"), Text: words.Due(words.Lang(p.Lang), i), Who: p.T("worklist.operator"), Cites: i.Cites,
		Unconfirmed: i.Confirmed == commitment.Unconfirmed || i.Confirmed == commitment.SecondaryText, Key: i.Key(), Marked: i.Marked, Note: i.Note}
	_, row.Letter = i.Letter()
	row.Markable = i.Markable() && i.State != desk.Done
	row.Letters = p.letterRows(i.Letters)
	if i.Due != (energy.Date{}) {
		row.Due = p.Date(i.Due)
	}
	if i.Done != (energy.Date{}) {
		row.Done = p.Date(i.Done)
	}
	if i.Office {
		row.Who = p.T("worklist.office")
	}
	if site, ok := p.registry.Site(i.Site); ok {
		row.Site, row.Address = site.Name, p.To("/sites/"+string(site.ID))
		row.Where = p.whereDone(i)
	}
	return row
}

// whereDone is the page of a site on which an item is done; "" where there is none.
func (p *page) whereDone(i desk.Item) string {
	base := "/sites/" + string(i.Site)
	switch i.Code {
	case desk.ReportDue, desk.ReportUndated:
		if year, err := strconv.Atoi(i.Args["period"].Text); err == nil {
			return p.To(base + "/forms?year=" + strconv.Itoa(year))
		}
	case desk.ProofNeeded, desk.ProofEnds, desk.EvidenceOutstanding, desk.SupplierLabel, desk.PaperEnds:
		return p.To(base + "/evidence")
	case desk.HearingReply, desk.HearingDecision:
		return p.To(base + "/judgements")
	}
	return ""
}

// letterRows say which letters were written: each batch of a day once.
func (p *page) letterRows(letters []desk.Letter) (rows []string) {
	type batch struct {
		kind desk.LetterKind
		on   energy.Date
	}
	counts, order := map[batch]int{}, []batch{}
	for _, l := range letters {
		b := batch{l.Kind, l.On}
		if counts[b]++; counts[b] == 1 {
			order = append(order, b)
		}
	}
	for _, b := range order {
		rows = append(rows, p.T("letters.written", p.Number(float64(counts[b]), 0), p.Date(b.on)))
	}
	return rows
}

// unaddressed names the operators of whom the registry has no address.
func (p *page) unaddressed(on energy.Date) string {
	office := correspondence.Office{Registry: p.registry, Lang: words.Lang(p.Lang), On: on}
	var names []string
	for _, operator := range office.Operators() {
		if len(office.AddressOf(operator).Lines()) == 0 {
			names = append(names, operator.Name)
		}
	}
	return strings.Join(names, ", ")
}
