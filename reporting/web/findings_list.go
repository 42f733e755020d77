package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/ledger"
	"heatledger/energy/validation"
	"heatledger/reporting/cell"
	"heatledger/reporting/words"
)

// longestFindings bounds the period of one question: every reading of it is read.
const longestFindings = 400 * 24 * time.Hour

// finding is a finding as the API shows it, with its sentence.
type finding struct {
	Rule     validation.Rule     `json:"rule"`
	Code     validation.Code     `json:"code"`
	Severity validation.Severity `json:"severity"`
	Site     energy.SiteID       `json:"site"`
	Meter    energy.MeterID      `json:"meter,omitempty"`
	Point    energy.PointID      `json:"point,omitempty"`
	From     time.Time           `json:"from"`
	To       time.Time           `json:"to"`
	Args     validation.Args     `json:"args"`
	Text     string              `json:"text"` // in the language of Content-Language
}

// finding is a finding in words, with the next step of whoever reads it: of whoever
// hands in for the site and records nothing of it, or of the office.
func (c caller) finding(lang words.Lang, f validation.Finding) string {
	if c.may(access.Submit, f.Site, "") && !c.may(access.Configure, f.Site, "") {
		return words.OwnFinding(lang, f)
	}
	return words.ValidationFinding(lang, f)
}

// listFindings answers GET /api/v1/sites/{site}/findings?from=&to=.
func (s *Server) listFindings(w http.ResponseWriter, r *http.Request, who caller) error {
	found, lang, err := s.findingsAsked(w, r, who)
	if err != nil {
		return err
	}
	found.List = ofMeter(found.List, energy.MeterID(r.URL.Query().Get("meter")))
	if found.List, err = pageOf(w, r, found.List); err != nil {
		return err
	}
	list := make([]finding, len(found.List))
	for i, f := range found.List {
		list[i] = finding{Rule: f.Rule, Code: f.Code, Severity: f.Severity, Site: f.Site, Meter: f.Meter, Point: f.Point,
			From: f.Period.From, To: f.Period.To, Args: f.Args, Text: who.finding(lang, f)}
	}
	if wantsCSV(r) {
		return writeFindingsCSV(w, list)
	}
	return writeJSON(w, list)
}

// findingsAsked reads the parameters of a question for findings and answers it.
func (s *Server) findingsAsked(w http.ResponseWriter, r *http.Request, who caller) (found ledger.Findings, lang words.Lang, err error) {
	id, err := s.site(r, who)
	if err != nil {
		return found, "", err
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return found, "", err
	}
	if _, ok := known.Site(id); !ok {
		return found, "", refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
	}
	calendar, err := s.options.Ledger.Calendar(known, id)
	if err != nil {
		return found, "", err
	}
	query := r.URL.Query()
	if _, err := format(query, "json", "csv"); err != nil {
		return found, "", err
	}
	asked, err := period(query, calendar)
	if err != nil {
		return found, "", err
	}
	if asked.Length() > longestFindings {
		return found, "", refuse(http.StatusBadRequest, "bad_period", "from and to are more than 400 days apart: ask for a year at a time")
	}
	at, _, err := instant(query, "as_known_at", calendar)
	if err != nil {
		return found, "", err
	}
	if at.IsZero() {
		found, err = s.findingsOf(r.Context(), id, asked)
	} else {
		found, err = s.options.Ledger.Findings(r.Context(), id, asked, at)
	}
	if errors.Is(err, ledger.ErrNoSite) {
		return found, "", refuse(http.StatusNotFound, "not_known_then", "%s was not known at %s", id, at.Format(time.RFC3339))
	}
	if err != nil {
		return found, "", err
	}
	lang = words.Choose(r.Header.Get("Accept-Language"))
	w.Header().Set(factHeader, strconv.FormatInt(found.Fact, 10))
	w.Header().Set("Content-Language", string(words.Spoken(lang)))
	w.Header().Add("Vary", "Accept-Language")
	return found, lang, nil
}

// findingsOf are the findings of a site now. They depend on what is known and,
// where a point is silent, on the hour.
func (s *Server) findingsOf(ctx context.Context, site energy.SiteID, p energy.Period) (ledger.Findings, error) {
	key, err := s.known(ctx, site, p.String()+s.now().UTC().Format(" 2006-01-02T15"))
	if err != nil {
		return ledger.Findings{}, err
	}
	if found, ok := s.pages.findings.lookUp(key); ok {
		return found, nil
	}
	found, err := s.options.Ledger.Findings(ctx, site, p, time.Time{})
	if err == nil && found.Fact == key.closed { // nothing came in between
		s.pages.findings.keep(key, found)
	}
	return found, err
}

func writeFindingsCSV(w http.ResponseWriter, list []finding) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	_ = out.Write([]string{"rule", "code", "severity", "site", "meter", "point", "from", "to", "text"})
	for _, f := range list {
		_ = out.Write([]string{string(f.Rule), string(f.Code), string(f.Severity), string(f.Site), string(f.Meter), string(f.Point),
			f.From.Format(time.RFC3339), f.To.Format(time.RFC3339), f.Text})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}

// nodeBalance is the balance of a node in a month as the API shows it.
type nodeBalance struct {
	Kind      validation.NodeKind `json:"kind"`
	Parent    *energy.PointID     `json:"parent"` // null: the supply of the site
	From      time.Time           `json:"from"`
	To        time.Time           `json:"to"`
	Unit      energy.Unit         `json:"unit"`
	Entered   energy.Value        `json:"entered"`
	Measured  energy.Value        `json:"measured"`
	Residual  energy.Value        `json:"residual"`
	Deviation *float64            `json:"deviation"` // residual as a share of entered
	Limit     float64             `json:"limit"`     // from which it is a finding
	Complete  bool                `json:"complete"`  // all of it is known
	Above     []nodeMember        `json:"above"`
	Below     []nodeMember        `json:"below"`
}

// nodeMember is a point of a node.
type nodeMember struct {
	Point    energy.PointID `json:"point"`
	Factor   int            `json:"factor"`
	Value    energy.Value   `json:"value"`
	Complete bool           `json:"complete"`
}

// listBalances answers GET /api/v1/sites/{site}/balance?from=&to=.
func (s *Server) listBalances(w http.ResponseWriter, r *http.Request, who caller) error {
	found, _, err := s.findingsAsked(w, r, who)
	if err != nil {
		return err
	}
	if found.Balances, err = pageOf(w, r, found.Balances); err != nil {
		return err
	}
	list := make([]nodeBalance, len(found.Balances))
	for i, b := range found.Balances {
		list[i] = nodeBalance{Kind: b.Kind, From: b.Period.From, To: b.Period.To, Unit: energy.KilowattHour, Complete: b.OK, Limit: b.Limit,
			Entered: kilowattHours(b.Entered()), Measured: kilowattHours(b.Measured()), Residual: kilowattHours(b.Residual()),
			Above: nodeMembers(b.Above), Below: nodeMembers(b.Below)}
		if b.Parent != "" {
			list[i].Parent = &found.Balances[i].Parent
		}
		if deviation, ok := b.Deviation(); ok {
			list[i].Deviation = &deviation
		}
	}
	if wantsCSV(r) {
		return writeBalancesCSV(w, list)
	}
	return writeJSON(w, list)
}

func kilowattHours(a energy.Amount) energy.Value { return energy.ActiveEnergyImport.Value(a) }

func nodeMembers(members []validation.Member) []nodeMember {
	list := make([]nodeMember, len(members))
	for i, m := range members {
		list[i] = nodeMember{m.Point, m.Factor, kilowattHours(m.Amount), m.OK}
	}
	return list
}

func writeBalancesCSV(w http.ResponseWriter, list []nodeBalance) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	_ = out.Write([]string{"kind", "parent", "from", "to", "unit", "entered", "measured", "residual", "deviation", "complete", "below", "limit"})
	for _, b := range list {
		parent, deviation := "", ""
		if b.Parent != nil {
			parent = string(*b.Parent)
		}
		if b.Deviation != nil {
			deviation = strconv.FormatFloat(*b.Deviation, 'g', 6, 64)
		}
		below := ""
		for i, m := range b.Below {
			if i > 0 {
				below += " "
			}
			below += string(m.Point)
		}
		_ = out.Write([]string{string(b.Kind), parent, b.From.Format(time.RFC3339), b.To.Format(time.RFC3339), string(b.Unit), number(b.Entered, true, ""),
			number(b.Measured, true, ""), number(b.Residual, true, ""), deviation, strconv.FormatBool(b.Complete), below, strconv.FormatFloat(b.Limit, 'g', 6, 64)})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}

// ofPoint are the findings about a point, or about its meter as a whole.
func ofPoint(list []validation.Finding, point energy.PointID, meter energy.MeterID) []validation.Finding {
	return slices.DeleteFunc(slices.Clone(list), func(f validation.Finding) bool {
		return f.Point != point && (f.Point != "" || f.Meter != meter)
	})
}
