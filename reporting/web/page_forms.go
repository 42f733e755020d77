package web

import (
	"net/http"
	"strconv"

	"heatledger/energy/registry"
	"heatledger/reporting/disclosure"
)

// formsPage lists the forms of a site and year.
type formsPage struct {
	registry.Site
	Simulated bool
	Year      int
	Years     []int
	Forms     []formRow
}

// formRow is a form in words.
type formRow struct {
	ID                                                 disclosure.FormID
	Title, Addressee, Due, Publication, Status, Filled string
	Missing, Incomplete                                int
	Address                                            string
	Files                                              []formFile
}

// formFile is a file a form can be had as.
type formFile struct{ Name, Address string }

// showFormsPage answers GET /sites/{site}/forms?year=.
func (s *Server) showFormsPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, sources, err := s.formsOf(r, p)
	if err != nil {
		return err
	}
	words := wordsOf(r)
	for _, d := range disclosure.Definitions() {
		form, err := disclosure.Fill(sources, disclosure.Question{Form: d.ID})
		if err != nil {
			return err
		}
		body.Forms = append(body.Forms, p.formRow(words, form))
	}
	p.rest(body.ID, sources.Fact)
	p.Title, p.Body = p.T("forms.title", body.Name, strconv.Itoa(body.Year)), body
	return nil
}

// formsOf is the site of the path with the sources of its forms in a year.
func (s *Server) formsOf(r *http.Request, p *page) (*formsPage, *disclosure.Sources, error) {
	site, err := s.siteNamed(r, p)
	if err != nil {
		return nil, nil, err
	}
	body := &formsPage{Site: site.Site, Simulated: site.Simulated}
	if body.Year, err = s.yearOf(r, p.Calendar); err != nil {
		return nil, nil, err
	}
	for year := body.Year - 1; year <= body.Year+1; year++ {
		body.Years = append(body.Years, year)
	}
	sources, err := s.sourcesOf(r, p.who)
	return body, sources, err
}

// formRow puts a form into words.
func (p *page) formRow(words disclosure.Words, form disclosure.Form) formRow {
	filled, fields := form.Complete()
	path := "/sites/" + string(form.Site) + "/forms/" + string(form.ID)
	year := "?year=" + strconv.Itoa(form.Year)
	row := formRow{ID: form.ID, Title: words.Title(form.ID), Addressee: words.T("to:" + string(form.ID)), Due: words.T("due.none"), Publication: words.T("class:" + string(form.Class)),
		Status: words.T("status:" + string(form.Status)), Filled: words.T("complete", strconv.Itoa(filled), strconv.Itoa(fields)), Missing: len(form.Missing), Incomplete: len(form.Incomplete), Address: path + year}
	if form.Due != nil {
		row.Due = p.Date(*form.Due)
	}
	for _, kind := range []string{"xlsx", "pdf", "csv", "json"} {
		row.Files = append(row.Files, formFile{kind, "/api/v1" + path + year + "&format=" + kind + "&lang=" + string(p.Lang)})
	}
	return row
}

// formPage shows one form: what is missing first.
type formPage struct {
	*formsPage
	Form     formRow
	Missing  []formLine
	Lines    []formLine
	Columns  []formLine // those in which somebody declared or published something
	Notes    []string
	Digest   string
	Citation string
}

// formLine is a field in words.
type formLine struct {
	Code, Number, Label, Remedy         string
	Value, Basis, Coverage, Uncertainty string
	Metered, Declared, Published        string
	Sources                             []string
	Notes                               []string
}

// showFormPage answers GET /sites/{site}/forms/{form}?year=.
func (s *Server) showFormPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	if _, ok := disclosure.Of(disclosure.FormID(r.PathValue("form"))); !ok {
		return noForm(r)
	}
	site, sources, err := s.formsOf(r, p)
	if err != nil {
		return err
	}
	paper, err := s.paper(r, sources)
	if err != nil {
		return err
	}
	body := &formPage{formsPage: site, Form: p.formRow(paper.Words, paper.Form), Notes: paper.Words.Notes(paper.Notes), Digest: paper.Digest(), Citation: paper.Citation + " (" + paper.State + ")"}
	for _, f := range paper.Fields {
		line := p.formLine(paper.Words, f)
		if f.Value.OK() {
			body.Lines = append(body.Lines, line)
		} else {
			body.Missing = append(body.Missing, line)
		}
		if f.Declared != nil && f.Declared.By != "facts" || f.Published != nil || f.Metered != nil && f.Declared != nil {
			body.Columns = append(body.Columns, line)
		}
	}
	p.rest(body.ID, paper.Fact)
	p.Title, p.Body = p.T("form.title", body.Form.Title, body.Name, strconv.Itoa(body.Year)), body
	return nil
}

// formLine puts a field into words.
func (p *page) formLine(words disclosure.Words, f disclosure.Field) formLine {
	line := formLine{Code: f.Code, Number: f.Number, Label: words.FullLabel(f), Remedy: words.Remedies(f), Coverage: "–", Uncertainty: "–", Notes: words.Notes(f.Notes),
		Metered: words.Stated(f.Metered), Declared: words.Stated(f.Declared), Published: words.Stated(f.Published)}
	if f.Value.OK() {
		line.Value, line.Basis = words.Value(f.Value, string(f.Unit)), words.Basis(f.Basis)+", "+words.T("status:"+string(f.Status))
	}
	if f.EnergyCoverage != nil {
		line.Coverage = p.Percent(*f.EnergyCoverage)
	}
	if f.Uncertainty != nil {
		line.Uncertainty = "± " + p.Number(*f.Uncertainty*100, 1) + " %"
	}
	for _, source := range f.Sources {
		line.Sources = append(line.Sources, words.Source(source))
	}
	return line
}
