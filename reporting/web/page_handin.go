package web

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/desk"
	"heatledger/energy/registry"
	"heatledger/energy/submission"
)

// handInPage is where an operator begins: what is due, what he handed in, and the
// form for the next file.
type handInPage struct {
	Sites      []handInSite
	Saved      []string // names of saved mappings
	Unfinished []submissionLine
	Recent     []submissionLine
	Due        []worklistRow
	Limit      int // MiB
	Trouble    []faultLine
	Correction string
}

// handInSite is a site that the reader may hand in for.
type handInSite struct {
	ID, Name, XLSX, CSV, Read string
	Address                   string // of its page; "": the reader sees single points of it only
	Points                    int
	Room                      bool // it has counters that can be read by hand
	Deeds                     []deed
}

// submissionLine is a submission in a list.
type submissionLine struct {
	Number, Name, At, Sites, Status, Kind, Address string
}

// faultLine is something wrong, with where and what to do.
type faultLine struct{ Where, Problem, Remedy string }

// The most lines of the lists of that page.
const (
	recentShown = 12
	dueShown    = 8
)

// working is a page for whoever has a permission somewhere. A form it is sent it
// reads itself.
func (s *Server) working(name string, needs access.Permission, h pageHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := s.newPageFor(r, needs)
		if err == nil {
			err = h(w, r, p)
		}
		if err == nil && p.Body != nil {
			err = s.show(w, p.answerCode(), name, p)
		}
		if err != nil {
			s.showErrorOrSignIn(w, r, err)
		}
	})
}

// posted is the same for a small form.
func (s *Server) posted(name string, needs access.Permission, h pageHandler) http.Handler {
	return s.working(name, needs, func(w http.ResponseWriter, r *http.Request, p *page) error {
		r.Body = http.MaxBytesReader(w, r.Body, fieldLimit)
		if err := r.ParseForm(); err != nil {
			return refuse(http.StatusBadRequest, "bad_form", "the form is not readable: %v", err)
		}
		return h(w, r, p)
	})
}

// showHandIn answers GET /hand-in.
func (s *Server) showHandIn(_ http.ResponseWriter, r *http.Request, p *page) error {
	return s.handInPage(r, p, nil)
}

func (s *Server) handInPage(r *http.Request, p *page, trouble []faultLine) error {
	p.Title = p.T("handin")
	body := &handInPage{Limit: uploadLimit >> 20, Trouble: trouble}
	var sites []energy.SiteID
	saved := map[string]bool{}
	for _, site := range p.registry.Sites {
		one := p.handInSite(site)
		if one.Points == 0 {
			continue
		}
		one.Deeds = p.deeds(site, 0)[1:] // the first leads here
		if p.who.may(access.Read, site.ID, "") {
			one.Address = p.To("/sites/" + one.ID)
		}
		body.Sites, sites = append(body.Sites, one), append(sites, site.ID)
		mappings, err := s.handing().Mappings(r.Context(), site.ID)
		if err != nil {
			return err
		}
		for name := range mappings {
			saved[name] = true
		}
	}
	body.Saved = slices.Sorted(maps.Keys(saved))
	unfinished, err := s.handing().Unfinished(r.Context(), p.who.submitter(), sites, recentShown)
	if err != nil {
		return err
	}
	recent, err := s.handing().List(r.Context(), sites, "", 0, recentShown)
	if err != nil {
		return err
	}
	recent = slices.DeleteFunc(recent, func(sub submission.Submission) bool { return !p.seesAll(sub) })
	body.Unfinished, body.Recent = p.submissionLines(unfinished), p.submissionLines(recent)
	if body.Due, err = s.dueOf(r, p, sites); err != nil {
		return err
	}
	p.Body = body
	return nil
}

// seesAll tells whether the reader may see every site of a submission, or handed
// it in himself.
func (p *page) seesAll(sub submission.Submission) bool {
	return sub.Source == p.who.actor || !slices.ContainsFunc(sub.Sites, func(site energy.SiteID) bool { return !p.who.may(access.Read, site, "") })
}

func (p *page) handInSite(site registry.Site) handInSite {
	one := handInSite{ID: string(site.ID), Name: site.Name}
	base := "/api/v1/sites/" + one.ID + "/template"
	one.XLSX, one.CSV, one.Read = base+".xlsx?lang="+string(p.Lang), base+".csv?lang="+string(p.Lang), p.To("/sites/"+one.ID+"/read")
	for _, meter := range site.Meters {
		for _, point := range meter.Points {
			if !point.Virtual() && p.who.may(access.Submit, site.ID, point.ID) {
				one.Points++
				one.Room = one.Room || point.Series == energy.Counter
			}
		}
	}
	return one
}

// dueOf are the next things that operators of the sites have to do.
func (s *Server) dueOf(r *http.Request, p *page, sites []energy.SiteID) (rows []worklistRow, err error) {
	sites = slices.DeleteFunc(slices.Clone(sites), func(id energy.SiteID) bool { return !p.who.may(access.Read, id, "") })
	if len(sites) == 0 {
		return nil, nil
	}
	on, err := s.dayAsked(r)
	if err != nil {
		return nil, err
	}
	items, err := s.options.Ledger.Worklist(r.Context(), sites, on, false)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if !i.Office && i.State != desk.Done && len(rows) < dueShown {
			rows = append(rows, p.worklistRow(i))
		}
	}
	return rows, nil
}

func (p *page) submissionLines(list []submission.Submission) (lines []submissionLine) {
	for _, sub := range list {
		line := submissionLine{Name: sub.Name, Sites: p.siteNames(sub.Sites), Status: p.T("submission.state:" + string(sub.State)), Kind: string(sub.State), Address: p.To("/hand-in/" + sub.ID)}
		at := sub.At
		if sub.Number > 0 {
			line.Number = numberText(sub.Number)
			if sub.Receipt != nil {
				at = sub.Receipt.At
			}
		}
		line.At = p.Instant(at, p.Calendar)
		lines = append(lines, line)
	}
	return lines
}

// siteNames are the names of sites, with commas between.
func (p *page) siteNames(sites []energy.SiteID) (names string) {
	for _, id := range sites {
		if names != "" {
			names += ", "
		}
		site, _ := p.registry.Site(id)
		names += cmp.Or(site.Name, string(id))
	}
	return names
}

// takeHandIn answers POST /hand-in: a file is kept and looked at; nothing of it is
// known before it is handed in.
func (s *Server) takeHandIn(w http.ResponseWriter, r *http.Request, p *page) error {
	u, err := readUpload(w, r)
	if err != nil {
		return s.handInTrouble(r, p, err)
	}
	defer u.discard()
	sub, err := s.handing().Begin(r.Context(), p.who.submitter(), u.Upload)
	if sub.ID != "" {
		if gone := s.replaceDraft(r, p, sub.ID); gone != nil {
			return gone
		}
	}
	var needed *submission.MappingNeededError
	switch {
	case errors.As(err, &needed) && len(needed.Proposal.Columns)+len(needed.Places) == 0:
		return s.handInTrouble(r, p, energy.Faults{{Problem: p.T("handin.notable"), Remedy: p.T("handin.notable.mend")}})
	case errors.As(err, &needed):
		http.Redirect(w, r, p.To("/hand-in/"+sub.ID+"/mapping"), http.StatusSeeOther)
		return nil
	case err != nil:
		return s.handInTrouble(r, p, err)
	}
	http.Redirect(w, r, p.To("/hand-in/"+sub.ID), http.StatusSeeOther)
	return nil
}

// replaceDraft throws away the draft whose mended file came as another one. What is no
// draft of the caller any more stays as it is.
func (s *Server) replaceDraft(r *http.Request, p *page, by string) error {
	old := r.URL.Query().Get("replaces")
	if old == "" || old == by {
		return nil
	}
	_, err := s.handing().Discard(r.Context(), p.who.submitter(), old)
	if refused := deskProblem(err); err != nil && errors.As(refused, new(*problem)) {
		return nil
	}
	return err
}

// handInTrouble shows the form again with what is wrong with the file.
func (s *Server) handInTrouble(r *http.Request, p *page, err error) error {
	lines, status := p.faultLines(err)
	if lines == nil {
		return err
	}
	p.Status = status
	return s.handInPage(r, p, lines)
}

// faultText says what is wrong, and what to do: in the page's language where the fault
// has a name, else as it was found.
func (p *page) faultText(f energy.Fault) (problem, remedy string) {
	key := "fault:" + f.Code
	text, known := p.words[key]
	if !known {
		return f.Problem, f.Remedy
	}
	if strings.Contains(text.de, "%s") {
		return p.T(key, f.Arg), p.T(key + ".mend")
	}
	return p.T(key), p.T(key + ".mend")
}

// faultLines puts in lines what whoever sent something can mend; nil: nothing.
func (p *page) faultLines(err error) ([]faultLine, int) {
	var faults energy.Faults
	var refused *problem
	switch {
	case errors.As(err, &faults):
		lines := make([]faultLine, len(faults))
		for i, f := range faults {
			lines[i].Problem, lines[i].Remedy = p.faultText(f)
			if f.Line > 0 {
				lines[i].Where = p.T("handin.row", p.Number(float64(f.Line), 0))
			}
		}
		return lines, http.StatusUnprocessableEntity
	case errors.As(err, &refused) && refused.Status < http.StatusInternalServerError:
		key := "handin.refused:" + refused.Code
		if _, known := p.words[key]; known {
			return []faultLine{{Problem: p.T(key)}}, refused.Status
		}
		return []faultLine{{Problem: refused.Detail}}, refused.Status
	}
	return nil, 0
}
