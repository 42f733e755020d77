package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/reporting/cell"
	"heatledger/reporting/words"
)

// judgement is an assessment as the API shows it, with its sentence.
type judgement struct {
	commitment.Assessment
	Title      string          `json:"title,omitempty"` // of the commitment
	Period     string          `json:"period"`          // 2025; the days stand in from and to
	From       energy.Date     `json:"from"`
	To         energy.Date     `json:"to"`
	Closed     bool            `json:"closed"`
	Short      string          `json:"short"`   // the verdict in words
	Because    string          `json:"because"` // why, in the language of Content-Language
	Citation   string          `json:"citation"`
	Confirmed  string          `json:"confirmed,omitempty"` // how surely the rule's text is known
	Digest     string          `json:"digest"`
	Commitment string          `json:"commitment"`
	Steps      []judgementStep `json:"steps"`
}

// judgementStep is a step with its sentence.
type judgementStep struct {
	commitment.Step
	Text string `json:"text"`
}

// listAssessments answers GET /api/v1/sites/{site}/assessments?on=&rulebook=.
func (s *Server) listAssessments(w http.ResponseWriter, r *http.Request, who caller) error {
	id, err := s.site(r, who)
	if err != nil {
		return err
	}
	known, err := s.options.Ledger.Registry(r.Context())
	if err != nil {
		return err
	}
	calendar, err := s.options.Ledger.Calendar(known, id)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	if _, err := format(query, "json", "csv"); err != nil {
		return err
	}
	at, _, err := instant(query, "as_known_at", calendar)
	if err != nil {
		return err
	}
	on := calendar.Date(s.now())
	if !at.IsZero() { // what is asked for is the answer of that day
		on = calendar.Date(at)
	}
	if text := query.Get("on"); text != "" {
		if on, err = energy.ParseDate(text); err != nil {
			return refuse(http.StatusBadRequest, "bad_date", "on: %v", err)
		}
	}
	rulebook := query.Get("rulebook")
	if rulebook != "" && !energy.IsID(rulebook) {
		return refuse(http.StatusBadRequest, "bad_rulebook", "rulebook=%.60q is no id: one of %s is expected", rulebook, strings.Join(commitment.Rulebooks(), ", "))
	}
	list, fact, err := s.options.Ledger.AssessAt(r.Context(), id, on, rulebook, at)
	if errors.Is(err, ledger.ErrNoSite) {
		return refuse(http.StatusNotFound, "no_site", "there is no site %q; /api/v1/sites lists them", string(id))
	}
	if err != nil {
		return err
	}
	if !at.IsZero() { // what was issued by then is answered as it was issued, under the titles of then
		if known, err = s.options.Ledger.RegistryAt(r.Context(), at); err != nil {
			return err
		}
		if list, err = s.options.Ledger.AsIssued(r.Context(), id, list, at); err != nil {
			return err
		}
	}
	lang := words.Choose(r.Header.Get("Accept-Language"))
	w.Header().Set(factHeader, strconv.FormatInt(fact, 10))
	w.Header().Set("Content-Language", string(words.Spoken(lang)))
	w.Header().Add("Vary", "Accept-Language")
	if list, err = pageOf(w, r, list); err != nil {
		return err
	}
	shown := judgements(known, lang, list)
	if wantsCSV(r) {
		return writeJudgementsCSV(w, shown)
	}
	return writeJSON(w, shown)
}

// judgements are assessments with their sentences.
func judgements(known *registry.Registry, lang words.Lang, list []commitment.Assessment) []judgement {
	shown := make([]judgement, len(list))
	for i, a := range list {
		j := judgement{Assessment: a, Commitment: a.Commitment, Title: title(known, a), Period: a.Period.Label, From: a.Period.From, To: a.Period.To, Closed: a.Period.Closed,
			Short: words.Verdict(lang, a), Because: words.Because(lang, a), Citation: a.Citation, Confirmed: string(a.Confirmed), Digest: a.Digest, Steps: []judgementStep{}}
		for _, step := range a.Steps {
			j.Steps = append(j.Steps, judgementStep{step, words.Step(lang, a, step)})
		}
		shown[i] = j
	}
	return shown
}

// title is what the registry calls the commitment of an assessment.
func title(known *registry.Registry, a commitment.Assessment) string {
	site, _ := known.Site(a.Site)
	for _, c := range append(site.Commitments[:len(site.Commitments):len(site.Commitments)], known.Commitments...) {
		if c.ID == a.Commitment {
			return c.Title
		}
	}
	return ""
}

func writeJudgementsCSV(w http.ResponseWriter, list []judgement) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := cell.NewWriter(w)
	number := func(o commitment.Optional) string {
		if !o.OK {
			return ""
		}
		return strconv.FormatFloat(o.Number, 'g', -1, 64)
	}
	_ = out.Write([]string{"commitment", "rulebook", "rule", "metric", "period", "from", "to", "verdict", "value", "forecast", "forecast_method", "forecast_error", "forecast_years", "unit", "threshold", "margin",
		"uncertainty", "within_uncertainty", "energy_coverage", "interval_coverage", "basis", "status", "settles_on", "reason_code", "because",
		"evidence", "enforced_by", "citation", "digest"})
	for _, j := range list {
		_ = out.Write([]string{j.Commitment, j.Rulebook, j.Rule, j.Metric, j.Period, j.From.String(), j.To.String(), string(j.Verdict), number(j.Value), number(j.Forecast),
			string(j.ForecastMethod), number(j.ForecastError), strconv.Itoa(j.ForecastYears), string(j.Unit), number(j.Threshold), number(j.Margin), number(j.Uncertainty), strconv.FormatBool(j.WithinUncertainty), number(j.EnergyCoverage),
			number(j.IntervalCoverage), string(j.Basis), string(j.Status), j.SettlesOn.String(), string(j.Reason), j.Because,
			strings.Join(j.Evidence, " "), j.EnforcedBy, j.Citation, j.Digest})
	}
	out.Flush()
	return out.Error() // holds the first error of all writes
}
