package web

import (
	"net/http"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/completeness"
	"heatledger/reporting/cell"
	"heatledger/reporting/openapi"
)

// completenessView is how complete a site's year is, as the API shows it.
type completenessView struct {
	Site   energy.SiteID        `json:"site"`
	Year   int                  `json:"year"`
	Fact   int64                `json:"fact" says:"The answer rests on every fact of the site up to this one."`
	Strips []completeness.Strip `json:"points"`
}

// completenessOperations are what is asked about what is there.
func (s *Server) completenessOperations() group {
	return group{openapi.Tag{Name: "completeness", Says: say("What is there, day by day.", "Was da ist, Tag für Tag.")}, []operation{
		{"GET /api/v1/sites/{site}/completeness", toRead, s.listCompleteness, openapi.Operation{ID: "listCompleteness",
			Summary: say("For each point of a site the intervals of a year, by whether their values are there", "Zu jedem Messpunkt die Abschnitte eines Jahres danach, ob ihre Werte da sind"),
			Says: say("complete, gap, overlap (the same values at a second primary point of the role), suspect, substitute, distributed (the sum is known, the course is not), declared, not_due.",
				"complete, gap, overlap (dieselben Werte an einem zweiten Hauptmesspunkt der Rolle), suspect, substitute, distributed (Summe bekannt, Verlauf nicht), declared, not_due."),
			Parameters: []openapi.Parameter{sitePart(), yearParameter(), formatParameter("json", "csv"), languageParameter()},
			Answers:    answers(say("Intervals, with their share of the year's known energy.", "Abschnitte, mit ihrem Anteil an der bekannten Energie des Jahres."), asJSON(completenessView{}), asCSV()),
			Refuses:    []string{"no_site", "bad_year", "bad_format"}}},
	}}
}

// listCompleteness answers GET /api/v1/sites/{site}/completeness?year=&format=.
func (s *Server) listCompleteness(w http.ResponseWriter, r *http.Request, who caller) error {
	if _, err := format(r.URL.Query(), "json", "csv"); err != nil {
		return err
	}
	id, year, err := s.questionsOf(r, who)
	if err != nil {
		return err
	}
	strips, fact, err := s.options.Ledger.Completeness(r.Context(), id, year, s.now())
	if err != nil {
		return err
	}
	w.Header().Set(factHeader, strconv.FormatInt(fact, 10))
	if !wantsCSV(r) {
		return writeJSON(w, completenessView{Site: id, Year: year, Fact: fact, Strips: append([]completeness.Strip{}, strips...)}) // a site without points has an empty list
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="completeness-`+string(id)+"-"+strconv.Itoa(year)+`.csv"`)
	out := cell.NewWriter(w)
	rows := [][]string{{"site", "year", "point", "meter", "quantity", "unit", "state", "from", "to", "days", "amount", "energy_share_ratio", "covered_ratio"}}
	for _, strip := range strips {
		for _, i := range strip.Intervals {
			amount, share := "", ""
			if i.Amount != nil {
				amount = i.Amount.String()
			}
			if i.Share != nil {
				share = strconv.FormatFloat(*i.Share, 'f', 6, 64)
			}
			rows = append(rows, []string{string(id), strconv.Itoa(year), string(strip.Point), string(strip.Meter), string(strip.Quantity), string(strip.Quantity.Unit()), string(i.State),
				i.From.String(), i.To.String(), strconv.Itoa(i.Days), amount, share, strconv.FormatFloat(i.Covered, 'f', 4, 64)})
		}
	}
	return out.WriteAll(rows)
}
