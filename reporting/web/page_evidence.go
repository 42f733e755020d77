package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/exhibit"
	"heatledger/energy/registry"
)

// evidencePage lists the documents of a site.
type evidencePage struct {
	registry.Site
	Simulated  bool
	Rows       []evidenceRow
	Sentence   string
	CanSubmit  bool
	Done       bool
	Trouble    string
	About      string
	Note       string
	Most, Kept string
}

// evidenceRow is a document in words.
type evidenceRow struct {
	Name, Address, Form, Size, Marks, About, Note, At, Actor, KeptUntil, Digest string

	Fact       int64
	Removed    string // when its bytes were deleted, by whom and why
	Remove     string // where its reader deletes them; "": he may not
	Overstayed bool   // its time to be kept is over
}

// instant is an instant as people write it here.
func (p *page) instant(t time.Time) string { return p.Instant(t, p.Calendar) }

func (p *page) evidenceRows(list []exhibit.Exhibit, names map[string]string) (rows []evidenceRow) {
	for _, e := range list {
		row := evidenceRow{Fact: e.Fact, Name: e.Name, Address: "/api/v1/sites/" + string(e.Site) + "/evidence/" + e.Digest, Form: strings.ToUpper(string(e.Form)), About: p.aboutDocument(e.Site, e.About), Note: e.Note,
			At: p.instant(e.At), Actor: p.partyOf(names, e.Actor), KeptUntil: p.Date(e.KeptUntil), Digest: e.Digest, Size: p.Number(float64(max(e.Size, 1<<10))/(1<<10), 0) + " KiB"}
		if gone := e.Removed; gone != nil {
			row.Address, row.Removed = "", p.T("evidence.removed", p.instant(gone.At), p.partyOf(names, gone.Actor), gone.Why)
			if gone.Elsewhere {
				row.Removed += " " + p.T("evidence.elsewhere")
			}
		} else {
			row.Overstayed = e.KeptUntil.Before(p.Calendar.Date(p.who.at))
			if p.who.seen != nil && p.who.may(access.Configure, e.Site, "") {
				row.Remove = p.To("/sites/" + string(e.Site) + "/evidence/" + e.Digest + "/removal")
			}
		}
		var marks []string
		for _, m := range e.Marks {
			marks = append(marks, p.T("mark:"+string(m)))
		}
		row.Marks = strings.Join(marks, "; ")
		rows = append(rows, row)
	}
	return rows
}

// aboutDocument puts in words what a document is for: an answer of the questionnaire,
// a reading by hand, a commitment or a piece of evidence that was recorded; whatever
// else somebody wrote stays as it is.
func (p *page) aboutDocument(site energy.SiteID, about string) string {
	kind, of, _ := strings.Cut(about, ":")
	switch kind {
	case "fact":
		return wordsOf(p.request).Fact(of)
	case "reading":
		point, text, _ := strings.Cut(of, "@")
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return p.T("evidence.reading", point, p.instant(at))
		}
	case "commitment":
		one, _ := p.registry.Site(site)
		for _, c := range slices.Concat(one.Commitments, p.registry.Commitments) {
			if c.ID == of {
				return p.T("commitment") + ": " + cmp.Or(c.Title, of)
			}
		}
	case "evidence":
		for _, e := range p.registry.Evidence {
			if e.ID == of {
				return p.T("paper:"+string(e.Kind)) + ": " + cmp.Or(e.Title, of)
			}
		}
	}
	return about
}

// showEvidencePage answers GET /sites/{site}/evidence.
func (s *Server) showEvidencePage(_ http.ResponseWriter, r *http.Request, p *page) error {
	return s.evidencePage(r, p, "")
}

func (s *Server) evidencePage(r *http.Request, p *page, trouble string) error {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	list, err := exhibit.New(s.options.Store).List(r.Context(), site.ID)
	if err != nil {
		return err
	}
	names, err := s.parties(r.Context(), p.who, p.speech, site.ID)
	if err != nil {
		return err
	}
	body := &evidencePage{Site: site.Site, Simulated: site.Simulated, Rows: p.evidenceRows(list, names), Trouble: trouble, CanSubmit: p.who.may(access.Submit, site.ID, ""),
		Sentence: p.T("evidence.sum", strconv.Itoa(len(list))), Most: strconv.Itoa(exhibit.Most >> 20), Kept: strconv.Itoa(exhibit.KeptYears),
		Done: r.URL.Query().Get("done") != "", About: r.FormValue("about"), Note: r.PostFormValue("note")}
	if trouble != "" {
		p.Status = http.StatusUnprocessableEntity
	}
	p.Title, p.Body = p.T("evidence")+" · "+site.Name, body
	return nil
}

// removeEvidencePage answers POST /sites/{site}/evidence/{digest}/removal.
func (s *Server) removeEvidencePage(w http.ResponseWriter, r *http.Request, p *page) error {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	if _, err := s.dropEvidence(r, p.who, site.ID, r.PathValue("digest"), r.PostFormValue("why")); err != nil {
		trouble, err := p.deskTrouble(err)
		if err != nil {
			return err
		}
		return s.evidencePage(r, p, trouble)
	}
	http.Redirect(w, r, p.To("/sites/"+string(site.ID)+"/evidence"), http.StatusSeeOther)
	return nil
}

// takeEvidencePage answers POST /sites/{site}/evidence.
func (s *Server) takeEvidencePage(w http.ResponseWriter, r *http.Request, p *page) error {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return err
	}
	if err := maySubmit(p.who, site.ID); err != nil {
		return err
	}
	drop, err := readForm(w, r, exhibit.Most)
	if err != nil {
		return err
	}
	defer drop()
	taken, err := s.keepEvidence(r, site.ID, "file", cmp.Or(strings.TrimSpace(r.PostFormValue("about")), "-"), r.PostFormValue("note"), p.who)
	var faults energy.Faults
	switch {
	case errors.As(err, &faults):
		problem, remedy := p.faultText(faults[0])
		return s.evidencePage(r, p, problem+": "+remedy)
	case err != nil:
		return err
	case taken == nil:
		return s.evidencePage(r, p, p.T("evidence.nofile"))
	}
	http.Redirect(w, r, p.To("/sites/"+string(site.ID)+"/evidence?done=1"), http.StatusSeeOther)
	return nil
}
