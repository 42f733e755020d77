package web

import (
	"context"
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/reporting/words"
)

// judgedOf are the judgements of a site today, without the rules that do not
// bind it.
func (s *Server) judgedOf(ctx context.Context, site energy.SiteID, calendar energy.Calendar) ([]commitment.Assessment, error) {
	today := calendar.Date(time.Now())
	key, err := s.known(ctx, site, today.String())
	if err != nil {
		return nil, err
	}
	if list, ok := s.pages.judgements.lookUp(key); ok {
		return list, nil
	}
	all, fact, err := s.options.Ledger.Assess(ctx, site, today, "")
	if err != nil {
		return nil, err
	}
	list := []commitment.Assessment{}
	for _, a := range all {
		if a.Verdict != commitment.NotApplicable {
			list = append(list, a)
		}
	}
	if fact == key.closed { // nothing came in between
		s.pages.judgements.keep(key, list)
	}
	return list, nil
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
