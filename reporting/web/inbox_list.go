package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/commitment"
	"heatledger/energy/hearing"
	"heatledger/energy/kpi"
	"heatledger/energy/publication"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/energy/submission"
	"heatledger/energy/validation"
	"heatledger/reporting/words"
)

// inboxKind is why something lies in the inbox.
type inboxKind string

// The kinds.
const (
	inboxSubmission inboxKind = "submission" // handed in, and neither accepted nor withdrawn
	inboxReply      inboxKind = "reply"      // the operator has replied in a hearing
	inboxHeard      inboxKind = "heard"      // his term has passed, without a word
	inboxDecision   inboxKind = "decision"   // it waits for a second person
	inboxCase       inboxKind = "case"       // a counter fell and nobody said why
	inboxFinding    inboxKind = "finding"    // readings that cannot be true
)

func inboxKinds() []inboxKind {
	return []inboxKind{inboxSubmission, inboxReply, inboxHeard, inboxDecision, inboxCase, inboxFinding}
}

// inboxItem is something that waits for the office.
type inboxItem struct {
	Kind  inboxKind       `json:"kind"`
	Site  energy.SiteID   `json:"site,omitempty"`
	Sites []energy.SiteID `json:"sites,omitempty"` // of a submission
	ID    string          `json:"id"`
	State string          `json:"state,omitempty"`
	At    time.Time       `json:"at"` // since when
	Point energy.PointID  `json:"point,omitempty"`
	Text  string          `json:"text"`
	// Facts are those by which it became known, of a submission: the effect of each
	// says which figures and verdicts it moved.
	Facts map[energy.SiteID]int64 `json:"facts,omitempty"`
	// Judged are the commitments that are judged today in a period in which the
	// finding lies: what is decided of it may move their verdicts.
	Judged []inboxJudged `json:"judged,omitempty"`
}

// inboxJudged is a judgement of today.
type inboxJudged struct {
	Commitment string             `json:"commitment"`
	Rule       string             `json:"rule"`
	Period     string             `json:"period"`
	Verdict    commitment.Verdict `json:"verdict"`
	Short      string             `json:"short"`
	metric     string             // in words, for the page
}

// findingsInInbox is how many findings of a site lie in the inbox at most: its
// page has all of them.
const findingsInInbox = 20

// listInbox answers GET /api/v1/inbox?kind=.
func (s *Server) listInbox(w http.ResponseWriter, r *http.Request, who caller) error {
	kind := inboxKind(r.URL.Query().Get("kind"))
	if kind != "" && !slices.Contains(inboxKinds(), kind) {
		return refuse(http.StatusBadRequest, "bad_kind", "kind=%.20q is none of %v", string(kind), inboxKinds())
	}
	chosen, _ := language(r)
	items, err := s.inbox(r.Context(), who, words.Lang(chosen))
	if err != nil {
		return err
	}
	items = slices.DeleteFunc(items, func(i inboxItem) bool { return kind != "" && i.Kind != kind })
	if items, err = pageOf(w, r, items); err != nil {
		return err
	}
	return writeJSON(w, items)
}

// inbox is what waits for the office at the sites that the caller oversees: what
// waits longest comes first within its kind.
func (s *Server) inbox(ctx context.Context, who caller, lang words.Lang) ([]inboxItem, error) {
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return nil, err
	}
	items := []inboxItem{}
	for _, site := range known.Sites {
		if !who.may(access.Audit, site.ID, "") {
			continue
		}
		for _, gather := range []func(context.Context, energy.SiteID, speech) ([]inboxItem, error){s.inboxJudgements, s.inboxDecisions, s.inboxFindings} {
			found, err := gather(ctx, site.ID, speech{Lang: chartLanguage(lang), words: s.pages.words})
			if err != nil {
				return nil, fmt.Errorf("look into the inbox of %s: %w", site.ID, err)
			}
			items = append(items, found...)
		}
	}
	handed, err := s.inboxSubmissions(ctx, who)
	if err != nil {
		return nil, err
	}
	items = append(items, handed...)
	kinds := inboxKinds()
	slices.SortStableFunc(items, func(a, b inboxItem) int {
		if d := slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind); d != 0 {
			return d
		}
		return a.At.Compare(b.At)
	})
	return items, nil
}

// inboxSubmissions are what was handed in for sites that the caller oversees.
func (s *Server) inboxSubmissions(ctx context.Context, who caller) (items []inboxItem, err error) {
	var sites []energy.SiteID
	if reach := who.reach(access.Audit); !reach.Everywhere {
		if sites = reach.Sites; len(sites) == 0 {
			return nil, nil
		}
	}
	for _, state := range []submission.State{submission.Received, submission.Checked, submission.AskedBack} {
		found, err := s.options.Store.Submissions(ctx, sites, string(state), 0, 200)
		if err != nil {
			return nil, err
		}
		for _, sub := range found {
			if !slices.ContainsFunc(sub.Sites, func(id energy.SiteID) bool { return who.may(access.Audit, id, "") }) {
				continue
			}
			item := inboxItem{Kind: inboxSubmission, Sites: sub.Sites, ID: sub.ID, State: sub.State, At: sub.At, Text: sub.Name}
			if len(sub.Sites) > 0 {
				item.Site = sub.Sites[0]
			}
			if sub.HandedAt != nil {
				item.At = *sub.HandedAt
			}
			if item.Facts, err = s.factsOf(ctx, sub); err != nil {
				return nil, err
			}
			if sub.Number != nil {
				item.Text = numberText(*sub.Number) + ": " + sub.Name
			}
			items = append(items, item)
		}
	}
	return items, nil
}

// factsOf are the facts by which a submission became known, by site.
func (s *Server) factsOf(ctx context.Context, sub store.Submission) (map[energy.SiteID]int64, error) {
	facts := map[energy.SiteID]int64{}
	for _, site := range sub.Sites {
		entries, err := s.options.Store.EntriesOf(ctx, site, store.KindSubmission, 1<<62)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if _, ok := facts[site]; !ok && e.ID == sub.ID {
				facts[site] = e.Seq
			}
		}
	}
	return facts, nil
}

// inboxJudgements are the hearings in which the office is to do something.
func (s *Server) inboxJudgements(ctx context.Context, site energy.SiteID, say speech) (items []inboxItem, err error) {
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return nil, err
	}
	calendar, err := s.options.Ledger.Calendar(known, site)
	if err != nil {
		return nil, err
	}
	cases, err := s.options.Ledger.Hearings(ctx, site, time.Time{})
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	judged, err := s.judgedNames(ctx, words.Lang(say.Lang), site)
	if err != nil {
		return nil, err
	}
	for id, c := range cases {
		last := hearing.Step{}
		if len(c.Steps) > 0 {
			last = c.Steps[len(c.Steps)-1]
		}
		item := inboxItem{Site: site, ID: id, State: string(c.State), At: last.At, Text: say.T("inbox.judgement", named(judged, id))}
		switch {
		case c.State == hearing.Answered:
			item.Kind = inboxReply
		case c.State == hearing.Hearing && slices.Contains(c.Open(calendar.Date(s.now())), hearing.Publish):
			item.Kind = inboxHeard
		default:
			continue
		}
		items = append(items, item)
	}
	return items, nil
}

// inboxDecisions are what was proposed and waits for a second person.
func (s *Server) inboxDecisions(ctx context.Context, site energy.SiteID, say speech) (items []inboxItem, err error) {
	decided, err := s.options.Ledger.Decisions(ctx, site, time.Time{})
	if err != nil || len(decided) == 0 {
		return nil, err
	}
	judged, err := s.judgedNames(ctx, words.Lang(say.Lang), site)
	for _, d := range decided {
		if d.State != publication.Proposed {
			continue
		}
		text := ""
		if d.Judgement != "" {
			text = say.T("act:"+string(d.Act), named(judged, d.Judgement))
		} else {
			text = say.T("class:"+string(d.Class)) + ": " + figureNames(say, d.What)
		}
		items = append(items, inboxItem{Kind: inboxDecision, Site: site, ID: d.ID, State: string(d.State), At: d.Steps[0].At, Text: text})
	}
	return items, err
}

// inboxFindings are the open cases of counters, and what cannot be true, of the
// last closed year and the running one.
func (s *Server) inboxFindings(ctx context.Context, site energy.SiteID, say speech) (items []inboxItem, err error) {
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return nil, err
	}
	calendar, err := s.options.Ledger.Calendar(known, site)
	if err != nil {
		return nil, err
	}
	judged, err := s.judgedOf(ctx, site)
	if err != nil {
		return nil, err
	}
	of, _ := known.Site(site)
	year, wrong := calendar.Date(s.now()).Year, 0
	for _, y := range []int{year - 1, year} {
		found, err := s.findingsOf(ctx, site, calendar.Year(y))
		if err != nil {
			return nil, err
		}
		for _, f := range found.List {
			item := inboxItem{Kind: inboxFinding, Site: site, ID: string(f.Rule) + "/" + string(f.Code), State: string(f.Severity), At: f.Period.From, Point: f.Point, Text: words.ValidationFinding(words.Lang(say.Lang), f)}
			switch {
			case f.Code == validation.CounterFell:
				item.Kind = inboxCase
			case f.Severity != validation.Error:
				continue
			default:
				if wrong++; wrong > findingsInInbox {
					continue
				}
			}
			from, to := calendar.Date(f.Period.From), calendar.Date(f.Period.To)
			item.Judged = judgedIn(words.Lang(say.Lang), judgedBy(of, f.Point, kpi.Days{From: from, To: to.AddDays(1)}, judged), from, to)
			items = append(items, item)
		}
	}
	return items, nil
}

// judgedBy are the judgements of a list whose figure takes something of the point's
// meter; those that documents decide are not moved by what a meter says. All are
// where no point is named.
func judgedBy(site registry.Site, point energy.PointID, days kpi.Days, list []commitment.Assessment) []commitment.Assessment {
	meter := func(id energy.PointID) int {
		return slices.IndexFunc(site.Meters, func(m registry.Meter) bool {
			return slices.ContainsFunc(m.Points, func(p registry.Point) bool { return p.ID == id })
		})
	}
	own := meter(point)
	if own < 0 {
		return list
	}
	takes := func(t kpi.Term) bool { return meter(t.Point) == own || t.Level != "" && meter(t.Level) == own }
	moves := map[string]bool{}
	for _, d := range kpi.Definitions() {
		for _, category := range d.Categories(site, days) {
			pair, _ := d.Of(site, category, days)
			moves[d.Name] = moves[d.Name] || slices.ContainsFunc(slices.Concat(pair.Numerator, pair.Denominator, pair.Limit), takes)
		}
	}
	moves["ipue"] = moves[kpi.AnnualPUE] // the same terms, over another period
	return slices.DeleteFunc(slices.Clone(list), func(a commitment.Assessment) bool { return !moves[a.Metric] })
}

// judgedIn are the judgements whose period meets local days.
func judgedIn(lang words.Lang, list []commitment.Assessment, from, to energy.Date) (met []inboxJudged) {
	for _, a := range list {
		if a.Period.From.Before(to.AddDays(1)) && from.Before(a.Period.To) {
			met = append(met, inboxJudged{a.Commitment, a.Rule, a.Period.Label, a.Verdict, words.Verdict(lang, a), words.Metric(lang, a.Metric)})
		}
	}
	return met
}
