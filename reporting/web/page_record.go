package web

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/exhibit"
	"heatledger/energy/registry"
)

// recordPage is where the office closes a case or records evidence.
type recordPage struct {
	ID, Name string
	Meters   []selection
	Points   []string
	Kinds    []registry.EvidenceKind
	Kind     registry.EvidenceKind // whose facts have fields
	Facts    []factField
	Papers   []paperRow // what is recorded of the site
	Asked    map[string]string
	MayDo    bool
	Trouble  string
}

// paperRow is a piece of evidence in words.
type paperRow struct{ ID, Kind, Title, From, To, Document string }

func (p *page) paperRows(site energy.SiteID) (rows []paperRow) {
	for _, e := range p.registry.Evidence {
		if !slices.Contains(e.Sites, site) {
			continue
		}
		row := paperRow{ID: e.ID, Kind: p.T("paper:" + string(e.Kind)), Title: e.Title}
		if e.From != (energy.Date{}) {
			row.From = p.Date(e.From)
		}
		if e.To != (energy.Date{}) {
			row.To = p.Date(e.To.AddDays(-1))
		}
		if digest, ok := strings.CutPrefix(e.Digest, "sha256:"); ok {
			row.Document = "/api/v1/sites/" + string(site) + "/evidence/" + digest
		}
		rows = append(rows, row)
	}
	return rows
}

// evidenceKinds are what is recorded on the page: guarantees and certificates have
// fields of their own and come by registry.yaml or the API.
func evidenceKinds() []registry.EvidenceKind {
	return []registry.EvidenceKind{registry.Agreement, registry.Offer, registry.Contract, registry.Certificate, registry.CalibrationReport, registry.Report, registry.OtherEvidence}
}

func (s *Server) recordPage(r *http.Request, p *page, titled string) (*recordPage, error) {
	site, err := p.seen(r)
	if err != nil {
		return nil, err
	}
	body := &recordPage{ID: string(site.ID), Name: site.Name, Kinds: evidenceKinds(), Asked: map[string]string{}, MayDo: p.who.seen != nil && p.who.may(access.Configure, site.ID, "")}
	body.Papers = p.paperRows(site.ID)
	asked := energy.PointID(r.FormValue("point"))
	for _, m := range site.Meters {
		body.Meters = append(body.Meters, selection{string(m.ID), strings.TrimSpace(string(m.ID) + " " + m.Serial)})
		for _, point := range m.Points {
			if point.Series == energy.Counter {
				body.Points = append(body.Points, string(point.ID))
			}
			if point.ID == asked {
				body.Asked["meter"], body.Asked["old_serial"] = string(m.ID), m.Serial
			}
		}
	}
	for name, values := range r.Form {
		if len(values) > 0 {
			body.Asked[name] = values[0]
		}
	}
	body.Kind = body.Kinds[0]
	if asked := registry.EvidenceKind(body.Asked["kind"]); slices.Contains(body.Kinds, asked) {
		body.Kind = asked
	}
	body.Facts, err = p.factFields(body.Kind, body.Asked)
	p.Title = p.T(titled, site.Name)
	return body, err
}

// afterRecord leads to what the fact moved, or says why nothing was recorded.
func (s *Server) afterRecord(w http.ResponseWriter, r *http.Request, p *page, titled string, done recorded, err error) error {
	if err == nil {
		at := "/sites/" + r.PathValue("site") + "/papers"
		if done.Site != "" {
			at = fmt.Sprintf("/sites/%s/facts/%d", done.Site, done.Fact)
		}
		http.Redirect(w, r, p.To(at), http.StatusSeeOther)
		return nil
	}
	trouble, err := p.deskTrouble(err)
	if err != nil {
		return err
	}
	body, err := s.recordPage(r, p, titled)
	if err != nil {
		return err
	}
	body.Trouble, p.Body = trouble, body
	return nil
}

// showPaperPage answers GET /sites/{site}/papers.
func (s *Server) showPaperPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.recordPage(r, p, "papers.of")
	if err == nil && !body.MayDo {
		p.Title = p.T("papers.read", body.Name)
	}
	p.Body = body
	return err
}

// takePaper answers POST /sites/{site}/papers: a form with the document that
// proves it.
func (s *Server) takePaper(w http.ResponseWriter, r *http.Request, p *page) error {
	r.Body = http.MaxBytesReader(w, r.Body, exhibit.Most+fieldLimit)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		return formProblem(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // what stays lies among the temporary files
	site, err := p.seen(r)
	if err != nil {
		return err
	}
	paper, err := p.paperOf(r, site.ID)
	if err == nil && !p.who.may(access.Configure, site.ID, "") {
		return refuse(http.StatusForbidden, "not_allowed", "you may not record anything about %q", string(site.ID))
	}
	if err == nil { // before the document is kept, which is a fact by itself
		_, faults := p.registry.Amend(registry.Amendment{Evidence: &paper})
		err = faults.Err()
	}
	if err == nil {
		err = s.keepPaper(r, p, site.ID, &paper)
	}
	var done recorded
	if err == nil {
		done, err = s.record(r, p.who, site.ID, registry.Amendment{Evidence: &paper}, r.PostFormValue("why"))
	}
	return s.afterRecord(w, r, p, "papers.of", done, err)
}

// paperOf is the evidence that a form says. Its last day is included there.
func (p *page) paperOf(r *http.Request, site energy.SiteID) (e registry.Evidence, err error) {
	e = registry.Evidence{ID: strings.TrimSpace(r.PostFormValue("id")), Kind: registry.EvidenceKind(r.PostFormValue("kind")), Title: strings.TrimSpace(r.PostFormValue("title")), Sites: []energy.SiteID{site}}
	var faults energy.Faults
	if !slices.Contains(evidenceKinds(), e.Kind) {
		faults = append(faults, energy.Fault{Problem: fmt.Sprintf("%.40q is no kind of evidence that the page records", string(e.Kind)), Remedy: "one of its choices is expected", Code: "registry_name", Arg: short(string(e.Kind))})
	}
	if e.ID == "" {
		faults = append(faults, energy.Fault{Problem: "the id is missing", Remedy: "lower-case letters, digits and hyphens are expected", Code: "registry_id"})
	}
	for _, border := range []struct {
		name string
		into *energy.Date
	}{{"from", &e.From}, {"to", &e.To}} {
		text := r.PostFormValue(border.name)
		if text == "" {
			continue
		}
		day, err := energy.ParseDate(text)
		if err != nil || day.Year < 1900 || day.Year > 2199 {
			faults = append(faults, energy.Fault{Problem: fmt.Sprintf("%.40q is no day that is kept here", text), Remedy: "such as 2026-03-31", Code: "paper_day", Arg: short(text)})
			continue
		}
		*border.into = day
	}
	if e.To != (energy.Date{}) {
		e.To = e.To.AddDays(1)
	}
	var more energy.Faults
	if e.Facts, err = p.factsOf(r, e.Kind); err != nil && !errors.As(err, &more) {
		return e, err
	}
	return e, append(faults, more...).Err()
}

// keepPaper keeps the document of a form, and names it in the evidence.
func (s *Server) keepPaper(r *http.Request, p *page, site energy.SiteID, e *registry.Evidence) error {
	file, header, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return nil
	}
	if err != nil {
		return formProblem(err)
	}
	defer func() { _ = file.Close() }() // it was read in full
	digest, err := digestOf(file)
	if err != nil {
		return err
	}
	kept, err := exhibit.New(s.options.Store).Take(r.Context(), exhibit.Upload{Site: site, Name: header.Filename, About: "evidence:" + e.ID, File: file, Size: header.Size, Digest: digest}, p.who.actor)
	if err != nil {
		return err
	}
	e.Document, e.Digest = kept.Name, kept.Document()
	return nil
}

func digestOf(file multipart.File) (digest [sha256.Size]byte, err error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return digest, err
	}
	_, err = file.Seek(0, io.SeekStart)
	return [sha256.Size]byte(sum.Sum(nil)), err
}
