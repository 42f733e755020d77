package web

import (
	"context"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/reporting/words"
)

// judgedOf are the judgements of a site today, without the rules that do not
// bind it.
func (s *Server) judgedOf(ctx context.Context, site energy.SiteID) ([]commitment.Assessment, error) {
	lists, err := s.judged(ctx, []energy.SiteID{site})
	if err != nil {
		return nil, err
	}
	return lists[0], nil
}

// judged are the judgements of sites today, as judgedOf gives them. Those that
// are not remembered are judged together.
func (s *Server) judged(ctx context.Context, sites []energy.SiteID) ([][]commitment.Assessment, error) {
	known, err := s.options.Ledger.Registry(ctx)
	if err != nil {
		return nil, err
	}
	today := func(c energy.Calendar) energy.Date { return c.Date(s.now()) }
	lists, keys := make([][]commitment.Assessment, len(sites)), make([]knowledge, len(sites))
	var missing []energy.SiteID
	var places []int
	for i, site := range sites {
		calendar, err := s.options.Ledger.Calendar(known, site)
		if err != nil {
			return nil, err
		}
		if keys[i], err = s.known(ctx, site, today(calendar).String()); err != nil {
			return nil, err
		}
		remembered := false
		if lists[i], remembered = s.pages.judgements.lookUp(keys[i]); !remembered {
			missing, places = append(missing, site), append(places, i)
		}
	}
	found, err := s.options.Ledger.AssessAll(ctx, missing, today, "")
	if err != nil {
		return nil, err
	}
	for n, one := range found {
		list, key := []commitment.Assessment{}, keys[places[n]]
		for _, a := range one.Assessments {
			if a.Verdict != commitment.NotApplicable {
				list = append(list, a)
			}
		}
		if one.Fact == key.closed && one.On.String() == key.asked { // nothing came in between
			s.pages.judgements.keep(key, list)
		}
		lists[places[n]] = list
	}
	return lists, nil
}

// judgementRow is a judgement in words.
type judgementRow struct {
	Metric, Title, Citation, Period, Verdict, Because, Status string
	Kind                                                      commitment.Verdict
}

func (p *page) judgementRows(list []commitment.Assessment) []judgementRow {
	lang := words.Lang(p.Lang)
	rows := make([]judgementRow, len(list))
	for i, a := range list {
		rows[i] = judgementRow{Metric: words.Metric(lang, a.Metric), Title: title(p.registry, a), Citation: a.Citation, Period: words.Period(lang, a.Period),
			Verdict: words.Verdict(lang, a), Because: words.Because(lang, a), Kind: a.Verdict, Status: p.T("final")}
		if a.Status == commitment.Provisional {
			rows[i].Status = p.T("provisional", p.Date(a.SettlesOn))
		}
	}
	return rows
}

// verdictCount says how often a verdict was given.
type verdictCount struct {
	Kind  commitment.Verdict
	Count int
}

// countVerdicts counts verdicts, in the order in which they are explained.
func countVerdicts(list []commitment.Assessment) []verdictCount {
	var counts []verdictCount
	for _, verdict := range commitment.Verdicts() {
		n := 0
		for _, a := range list {
			if a.Verdict == verdict {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, verdictCount{verdict, n})
		}
	}
	return counts
}
