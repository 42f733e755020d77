package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/intake"
	"heatledger/energy/intake/sheet"
	"heatledger/energy/submission"
)

// mappingPage asks what the columns of a table are.
type mappingPage struct {
	ID, Name   string
	Sheet      string
	Sheets     []string
	Header     int
	First      int
	Confidence string
	Columns    []mappingColumn
	Sample     [][]string
	Letters    []string // of the sample's columns
	Places     []placeChoice
	Asks       []string
	Meanings   []option
	Decimals   []option
	Thousands  []option
	Labels     []option
	Zone, Step string
	SaveSites  []option
	SaveName   string
	Trouble    []faultLine
}

// mappingColumn is a column with what is proposed for it.
type mappingColumn struct {
	Column, Header, Example, Proposed, Unit string // Proposed: by what, and how surely
	Doubtful                                bool
	Is                                      []option
	Points                                  []option
}

// placeChoice is what an interchange calls a point, with the points it may be.
type placeChoice struct {
	Number int
	Name   string
	Points []option
}

// option is one of a select.
type option struct {
	Value, Name string
	Chosen      bool
}

// showMapping answers GET /hand-in/{id}/mapping?sheet=.
func (s *Server) showMapping(_ http.ResponseWriter, r *http.Request, p *page) error {
	sheetName := r.URL.Query().Get("sheet")
	sub, needed, err := s.handing().Propose(r.Context(), p.who.submitter(), r.PathValue("id"), sheetName)
	if err != nil {
		return deskProblem(err)
	}
	m := needed.Proposal.Mapping
	if sheetName == "" && len(sub.Request.Mapping.Columns)+len(sub.Request.Mapping.Names) > 0 {
		m = sub.Request.Mapping // it was said before
	}
	p.Body = s.mappingPage(p, sub, needed, m)
	return nil
}

func (s *Server) mappingPage(p *page, sub submission.Submission, needed submission.MappingNeededError, m intake.Mapping) *mappingPage {
	p.Title = p.T("mapping.title", sub.Name)
	proposal := needed.Proposal
	body := &mappingPage{ID: sub.ID, Name: sub.Name, Sheet: m.Sheet, Sheets: proposal.Sheets, Header: m.Header, First: m.First, Confidence: p.Percent(proposal.Confidence),
		Sample: proposal.Sample, Zone: m.Zone, Step: m.Step, SaveName: sub.Request.Saved}
	for _, ask := range proposal.Asks {
		body.Asks = append(body.Asks, p.T("mapping.ask:"+ask.Code)+exampleAt(proposal.Sample, ask.Cell))
	}
	for i, c := range proposal.Columns {
		said := c.MappedColumn
		if j := slices.IndexFunc(m.Columns, func(o intake.MappedColumn) bool { return o.Column == c.Column }); j >= 0 {
			said = m.Columns[j]
		}
		column := mappingColumn{Column: c.Column, Header: c.Header, Example: exampleOf(proposal.Sample, i, m.Header), Proposed: p.T("mapping.proposed", p.T("mapping.because:"+c.Because), p.Percent(c.Confidence)),
			Unit: string(said.Unit), Doubtful: c.Confidence < 0.7, Points: p.pointChoices(said.Point)}
		if c.Confidence == 0 {
			column.Proposed = "" // nothing speaks for it
		}
		for _, is := range intake.Meanings() {
			column.Is = append(column.Is, option{string(is), p.T("mapping.is:" + string(is)), is == said.Is})
		}
		body.Columns = append(body.Columns, column)
		body.Letters = append(body.Letters, sheet.Column(i+1))
	}
	for i, place := range append(slices.Clone(needed.Places), namesIn(proposal, m)...) {
		body.Places = append(body.Places, placeChoice{i, place, p.pointChoices(m.Names[place])})
	}
	list := func(values []string, chosen, prefix string) (all []option) {
		for _, v := range values {
			all = append(all, option{v, p.T(prefix + v), v == chosen})
		}
		return all
	}
	body.Decimals = list([]string{"", ",", "."}, m.Decimal, "mapping.decimal:")
	body.Thousands = list([]string{"", ".", ",", "'", " "}, m.Thousands, "mapping.thousands:")
	body.Labels = list([]string{"", string(intake.LabelStart), string(intake.LabelEnd)}, string(m.Label), "mapping.label:")
	for _, site := range p.registry.Sites {
		if p.handInSite(site).Points > 0 && p.who.may(access.Submit, site.ID, "") {
			body.SaveSites = append(body.SaveSites, option{Value: string(site.ID), Name: site.Name})
		}
	}
	return body
}

// namesIn are the names in a column of points, as far as the sample shows them.
func namesIn(proposal intake.Proposal, m intake.Mapping) (names []string) {
	for _, c := range m.Columns {
		if c.Is != intake.MeansPoint {
			continue
		}
		at := sheet.ColumnNumber(c.Column) - 1
		for row, cells := range proposal.Sample {
			if row >= m.Header && at >= 0 && at < len(cells) && cells[at] != "" && !slices.Contains(names, cells[at]) {
				names = append(names, cells[at])
			}
		}
	}
	for name := range m.Names {
		if len(m.Columns) > 0 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// exampleOf is the first value of a column that the table shows.
func exampleOf(sample [][]string, column, header int) string {
	for row, cells := range sample {
		if row >= header && column < len(cells) && cells[column] != "" {
			return cells[column]
		}
	}
	return ""
}

// exampleAt is what a cell of the sample says, for a question about it.
func exampleAt(sample [][]string, cell string) string {
	digits := strings.IndexAny(cell, "0123456789")
	if digits < 1 {
		return ""
	}
	row, err := strconv.Atoi(cell[digits:])
	column := sheet.ColumnNumber(cell[:digits])
	if err != nil || row < 1 || row > len(sample) || column < 1 || column > len(sample[row-1]) {
		return " (" + cell + ")"
	}
	return " (" + cell + ": " + sample[row-1][column-1] + ")"
}

// pointChoices are the points that the reader may hand in for.
func (p *page) pointChoices(chosen energy.PointID) (list []option) {
	for _, site := range p.registry.Sites {
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				if !point.Virtual() && p.who.may(access.Submit, site.ID, point.ID) {
					list = append(list, option{string(point.ID), string(point.ID) + " (" + string(point.Quantity.Unit()) + ")", point.ID == chosen})
				}
			}
		}
	}
	return list
}

// takeMapping answers POST /hand-in/{id}/mapping: the file is looked at once more,
// and how it was read is kept under a name where one was given.
func (s *Server) takeMapping(w http.ResponseWriter, r *http.Request, p *page) error {
	m, err := mappingOf(r)
	id, who := r.PathValue("id"), p.who.submitter()
	if err == nil {
		err = s.rememberMapping(r, p, m)
	}
	if err == nil {
		_, err = s.handing().Resume(r.Context(), who, id, submission.Request{Mapping: m, Saved: r.PostFormValue("save"), Correction: r.PostFormValue("correction")})
	}
	if err == nil {
		http.Redirect(w, r, p.To("/hand-in/"+id), http.StatusSeeOther)
		return nil
	}
	var faults energy.Faults
	if !errors.As(err, &faults) {
		return deskProblem(err)
	}
	sub, needed, err := s.handing().Propose(r.Context(), who, id, m.Sheet)
	if err != nil {
		return deskProblem(err)
	}
	body := s.mappingPage(p, sub, needed, m)
	body.Trouble, p.Status = p.faultLines(faults)
	p.Body = body
	return nil
}

// rememberMapping keeps a mapping for the site that was chosen, if one was named.
func (s *Server) rememberMapping(r *http.Request, p *page, m intake.Mapping) error {
	name, site := strings.TrimSpace(r.PostFormValue("save")), energy.SiteID(r.PostFormValue("save_site"))
	if name == "" {
		return nil
	}
	if !p.who.may(access.Submit, site, "") {
		return refuse(http.StatusNotFound, "no_site", "there is no such site that you may hand in for")
	}
	return s.handing().SaveMapping(r.Context(), p.who.submitter(), site, name, m)
}

// mappingOf reads a mapping from the form.
func mappingOf(r *http.Request) (m intake.Mapping, err error) {
	f := r.PostForm
	m = intake.Mapping{Sheet: f.Get("sheet"), Decimal: f.Get("decimal"), Thousands: f.Get("thousands"), Zone: strings.TrimSpace(f.Get("zone")), Label: intake.Label(f.Get("label")), Step: strings.TrimSpace(f.Get("step"))}
	if m.Header, err = rowNumber(f.Get("header")); err != nil {
		return m, err
	}
	if m.First, err = rowNumber(f.Get("first")); err != nil {
		return m, err
	}
	for _, column := range f["column"] {
		c := intake.MappedColumn{Column: column, Header: f.Get("header." + column), Is: intake.Meaning(f.Get("is." + column))}
		if c.Is == intake.MeansValue {
			c.Point, c.Unit = energy.PointID(f.Get("point."+column)), energy.Unit(strings.TrimSpace(f.Get("unit."+column)))
		}
		m.Columns = append(m.Columns, c)
	}
	for i, place := range f["place"] {
		if point := f.Get("place." + strconv.Itoa(i)); point != "" {
			if m.Names == nil {
				m.Names = map[string]energy.PointID{}
			}
			m.Names[place] = energy.PointID(point)
		}
	}
	if faults := m.Check(); len(faults) > 0 {
		return m, faults
	}
	return m, nil
}

func rowNumber(text string) (int, error) {
	if text = strings.TrimSpace(text); text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0, energy.Faults{{File: "mapping", Problem: "a row is no number", Remedy: "count the rows from 1"}}
	}
	return n, nil
}
