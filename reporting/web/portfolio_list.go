package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/portfolio"
	"heatledger/reporting/cell"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// portfolioView is a part of the portfolio as programs get it.
type portfolioView struct {
	On    energy.Date   `json:"on"`
	Rows  int           `json:"rows"` // that were chosen; Entries are some of them
	Entry []portfolioAt `json:"entries"`
}

// portfolioAt is a row of the portfolio.
type portfolioAt struct {
	Site     energy.SiteID   `json:"site"`
	Name     string          `json:"name"`
	Kind     energy.SiteKind `json:"kind"`
	Operator string          `json:"operator"`
	judgement
	WillMiss    bool                `json:"will_miss"`    // if all goes on as it does
	LastReading *energy.Date        `json:"last_reading"` // the last day that counts any
	Complete    commitment.Optional `json:"completeness"` // of the last twelve whole months
}

// portfolioAsked is which part of the portfolio is asked for, in which order.
type portfolioAsked struct {
	portfolio.Choice
	By   portfolio.Order
	Down bool
}

// portfolioParameters are the names of the parameters of a choice.
func portfolioParameters() []string {
	return []string{"metric", "verdict", "operator", "basis", "kind", "forecast", "sort", "down"}
}

// askedOf reads a choice from an address. Empty is all.
func askedOf(query url.Values) (a portfolioAsked, err error) {
	a.Choice = portfolio.Choice{Metric: query.Get("metric"), Verdict: commitment.Verdict(query.Get("verdict")), Operator: query.Get("operator"),
		Basis: commitment.Basis(query.Get("basis")), Kind: energy.SiteKind(query.Get("kind"))}
	a.By = portfolio.Order(query.Get("sort"))
	if a.By == "" {
		a.By = portfolio.ByCommitment
	}
	if !slices.Contains(portfolio.Orders(), a.By) {
		return a, refuse(http.StatusBadRequest, "bad_sort", "sort=%.40q is none: %v are there", string(a.By), portfolio.Orders())
	}
	if a.Verdict != "" && !slices.Contains(commitment.Verdicts(), a.Verdict) {
		return a, refuse(http.StatusBadRequest, "bad_verdict", "verdict=%.40q is none: %v are there", string(a.Verdict), commitment.Verdicts())
	}
	if a.Basis != "" && !slices.Contains([]commitment.Basis{commitment.Measured, commitment.Mixed, commitment.Declared}, a.Basis) {
		return a, refuse(http.StatusBadRequest, "bad_basis", "basis=%.40q is none: measured, mixed or declared is expected", string(a.Basis))
	}
	for name, value := range map[string]*bool{"down": &a.Down, "forecast": &a.Forecast} {
		switch text := query.Get(name); text {
		case "", "false":
		case "true":
			*value = true
		default:
			return a, refuse(http.StatusBadRequest, "bad_parameter", "%s=%.20q is neither true nor false", name, text)
		}
	}
	return a, nil
}

// portfolioRows are all rows of the sites that the caller may see, by their
// judgements of today.
func (s *Server) portfolioRows(ctx context.Context, who caller) ([]portfolio.Row, error) {
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return nil, err
	}
	on, err := s.townDay(ctx)
	if err != nil {
		return nil, err
	}
	var sites []energy.SiteID
	for _, site := range known.Sites {
		if who.maySee(site.ID) {
			sites = append(sites, site.ID)
		}
	}
	lists, err := s.judged(ctx, sites)
	if err != nil {
		return nil, fmt.Errorf("judge a portfolio of %d sites: %w", len(sites), err)
	}
	judged := make(map[energy.SiteID][]commitment.Assessment, len(sites))
	for i, site := range sites {
		judged[site] = lists[i]
	}
	present, err := s.options.Ledger.Presences(ctx, known, sites, on)
	if err != nil {
		return nil, err
	}
	return portfolio.Rows(known, judged, present), nil
}

// townDay is today in the town.
func (s *Server) townDay(ctx context.Context) (energy.Date, error) {
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return energy.Date{}, err
	}
	calendar, err := s.options.Ledger.Calendar(known, "")
	return calendar.Date(s.now()), err
}

// listPortfolio answers GET /api/v1/portfolio?metric=&verdict=&operator=&basis=&kind=&forecast=&sort=&down=&limit=&offset=&format=.
func (s *Server) listPortfolio(w http.ResponseWriter, r *http.Request, who caller) error {
	query := r.URL.Query()
	form, err := format(query, "json", "csv", "xlsx")
	if err != nil {
		return err
	}
	asked, err := askedOf(query)
	if err != nil {
		return err
	}
	all, err := s.portfolioRows(r.Context(), who)
	if err != nil {
		return err
	}
	rows := portfolio.Select(all, asked.Choice)
	portfolio.Sort(rows, asked.By, asked.Down)
	lang := words.Choose(r.Header.Get("Accept-Language"))
	if chosen := query.Get("lang"); chosen != "" {
		lang = words.Spoken(words.Lang(chosen))
	}
	w.Header().Set("Content-Language", string(words.Spoken(lang)))
	w.Header().Add("Vary", "Accept-Language")
	on, err := s.townDay(r.Context())
	if err != nil {
		return err
	}
	switch {
	case form == "xlsx":
		return writePortfolioXLSX(w, lang, on, rows)
	case wantsCSV(r):
		return writePortfolioCSV(w, lang, on, rows)
	}
	view := portfolioView{On: on, Rows: len(rows), Entry: []portfolioAt{}}
	if rows, err = pageOf(w, r, rows); err != nil {
		return err
	}
	for _, row := range rows {
		view.Entry = append(view.Entry, portfolioJSON(lang, row))
	}
	return writeJSON(w, view)
}

func portfolioJSON(lang words.Lang, r portfolio.Row) portfolioAt {
	return portfolioAt{Site: r.Site, Name: r.Name, Kind: r.Kind, Operator: r.Operator.ID, WillMiss: r.WillMiss(), LastReading: dayOrNull(r.Latest), Complete: r.Complete,
		judgement: judgement{Assessment: r.Assessment, Commitment: r.Commitment, Title: r.Title, Period: r.Period.Label, From: r.Period.From, To: r.Period.To, Closed: r.Period.Closed,
			Short: words.Verdict(lang, r.Assessment), Because: words.Because(lang, r.Assessment), Citation: r.Citation, Confirmed: string(r.Confirmed), Digest: r.Digest, Steps: []judgementStep{}}}
}

// portfolioColumns are the columns of the tables for other programs.
func portfolioColumns() []string {
	return []string{"site", "name", "kind", "operator", "commitment", "title", "rule", "metric", "period", "from", "to", "verdict", "short", "value", "unit", "threshold", "comparator", "margin", "uncertainty",
		"within_uncertainty", "basis", "status", "settles_on", "energy_coverage", "interval_coverage", "forecast", "forecast_method", "forecast_error", "forecast_years", "will_miss",
		"last_reading", "completeness", "reason_code", "because", "citation", "digest"}
}

// portfolioCells are the cells of a row in that order; nil is nothing.
func portfolioCells(lang words.Lang, r portfolio.Row) []any {
	number := func(o commitment.Optional) any {
		if !o.OK {
			return nil
		}
		return o.Number
	}
	day := func(d energy.Date) any {
		if d == (energy.Date{}) {
			return nil
		}
		return d.String()
	}
	return []any{string(r.Site), r.Name, string(r.Kind), r.Operator.ID, r.Commitment, r.Title, r.Rule, r.Metric, r.Period.Label, day(r.Period.From), day(r.Period.To), string(r.Verdict),
		words.Verdict(lang, r.Assessment), number(r.Value), string(r.Unit), number(r.Threshold), string(r.Comparator), number(r.Margin), number(r.Uncertainty), r.WithinUncertainty, string(r.Basis),
		string(r.Status), day(r.SettlesOn), number(r.EnergyCoverage), number(r.IntervalCoverage), number(r.Forecast), string(r.ForecastMethod), number(r.ForecastError), r.ForecastYears, r.WillMiss(),
		day(r.Latest), number(r.Complete), string(r.Reason), words.Because(lang, r.Assessment), r.Citation, r.Digest}
}

func writePortfolioCSV(w http.ResponseWriter, lang words.Lang, on energy.Date, rows []portfolio.Row) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=portfolio-%s.csv", on))
	out := cell.NewWriter(w)
	_ = out.Write(portfolioColumns())
	for _, r := range rows {
		cells := portfolioCells(lang, r)
		line := make([]string, len(cells))
		for i, cell := range cells {
			switch c := cell.(type) {
			case nil:
			case float64:
				line[i] = strconv.FormatFloat(c, 'g', -1, 64)
			default:
				line[i] = fmt.Sprint(c)
			}
		}
		_ = out.Write(line)
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}

func writePortfolioXLSX(w http.ResponseWriter, lang words.Lang, on energy.Date, rows []portfolio.Row) error {
	sheet := document.Sheet{Title: "Portfolio " + on.String(), Name: "Portfolio", At: on.UTC(), Columns: portfolioColumns()}
	for _, r := range rows {
		sheet.Rows = append(sheet.Rows, portfolioCells(lang, r))
	}
	var b bytes.Buffer
	if err := document.WriteSheet(&b, sheet); err != nil {
		return err
	}
	w.Header().Set("Content-Type", spreadsheet)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=portfolio-%s.xlsx", on))
	_, err := w.Write(b.Bytes())
	return err
}
