package web

import (
	"bytes"
	"mime"
	"net/http"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/document"
)

// showTemplate answers GET /api/v1/sites/{site}/template.xlsx and .csv: a table
// with the points that the caller may hand in for.
func (s *Server) showTemplate(name, kind string, write func(*bytes.Buffer, document.Template, document.Lang) error) func(http.ResponseWriter, *http.Request, caller) error {
	return func(w http.ResponseWriter, r *http.Request, who caller) error {
		id, err := s.site(r, who)
		if err != nil {
			return err
		}
		known, err := s.options.Ledger.Registry(r.Context())
		if err != nil {
			return err
		}
		site, ok := known.Site(id)
		if !ok {
			return refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
		}
		t := document.Template{Site: id, Name: site.Name, At: s.now()}
		if t.Calendar, err = s.options.Ledger.Calendar(known, id); err != nil {
			return err
		}
		for _, meter := range site.Meters {
			for _, point := range meter.Points {
				if point.Virtual() || !who.may(access.Submit, id, point.ID) {
					continue
				}
				p, err := s.templatePoint(r, meter, point)
				if err != nil {
					return err
				}
				t.Points = append(t.Points, p)
			}
		}
		lang, _ := language(r)
		var b bytes.Buffer
		if err := write(&b, t, document.Lang(lang)); err != nil {
			return err
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": string(id) + "-" + name}))
		_, err = w.Write(b.Bytes())
		return err
	}
}

// templatePoint is a point with its last reading.
func (s *Server) templatePoint(r *http.Request, meter registry.Meter, point registry.Point) (document.TemplatePoint, error) {
	p := document.TemplatePoint{ID: point.ID, Meter: meter.ID, Serial: meter.Serial, Quantity: point.Quantity, Series: point.Series, Unit: point.Quantity.Unit()}
	extent, ok, err := s.options.Store.Extent(r.Context(), point.ID.Site(), point.ID)
	if err != nil || !ok {
		return p, err
	}
	answer, err := s.options.Ledger.Values(r.Context(), ledger.Question{Point: point.ID, Step: ledger.Raw,
		Period: energy.Period{From: extent.To.Add(-26 * time.Hour), To: extent.To.Add(time.Microsecond)}})
	if err != nil || len(answer.Readings) == 0 {
		return p, err
	}
	last := answer.Readings[len(answer.Readings)-1]
	p.Last, p.LastAt = last.Value, last.End()
	return p, nil
}

// templateXLSX and templateCSV are the two forms of a template.
func (s *Server) templateXLSX() func(http.ResponseWriter, *http.Request, caller) error {
	return s.showTemplate("template.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(b *bytes.Buffer, t document.Template, l document.Lang) error {
			return document.WriteTemplate(b, t, l)
		})
}

func (s *Server) templateCSV() func(http.ResponseWriter, *http.Request, caller) error {
	return s.showTemplate("template.csv", "text/csv; charset=utf-8",
		func(b *bytes.Buffer, t document.Template, l document.Lang) error {
			return document.WriteTemplateCSV(b, t, l)
		})
}
