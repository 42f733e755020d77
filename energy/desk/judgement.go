package desk

import (
	"time"

	"heatledger/energy"
	"heatledger/energy/commitment"
	"heatledger/energy/registry"
)

// leadDays is how long before a certificate, a contract or the like ends it is
// time to see to what follows; ours, no law names it.
const leadDays = 180

// ofJudgement is what follows from one judgement: a report that is due, a
// certificate that is lacking or ends, evidence that a figure waits for.
func (q Question) ofJudgement(site registry.Site, a commitment.Assessment) []Item {
	if a.Verdict == commitment.NotApplicable || a.Verdict == commitment.Exempt {
		return nil
	}
	rule, ok := q.Rule(a)
	duty := ok && rule.Duty != ""
	i := Item{Site: site.ID, Cites: a.Citation, Confirmed: a.Confirmed, subject: a.Commitment + "." + a.Rule + "." + a.Period.Label}
	switch {
	case duty && rule.DoneOn != "":
		return q.deed(i, rule, a)
	case duty:
		return q.possession(i, rule, a)
	}
	return q.figure(i, a)
}

// deed is a report of a year.
func (q Question) deed(i Item, rule commitment.Rule, a commitment.Assessment) []Item {
	i.Code, i.Args = ReportDue, commitment.Args{"duty": commitment.Text(rule.Duty), "period": commitment.Text(a.Period.Label)}
	i.Since = a.Period.To
	if a.SettlesOn != a.Period.To { // else no day is set, see Rule.Settles
		i.Due = a.SettlesOn.AddDays(-1)
	}
	if i.Due == (energy.Date{}) {
		i.Code = ReportUndated
	}
	switch a.Reason {
	case commitment.ActDone, commitment.ActLate:
		i.Done, i.State = a.Args["date"].Date, Done
	case commitment.ActDue, commitment.ActOfRunningYear, commitment.NotEvidenced, commitment.ProofMissing:
		i = q.stands(i)
	default: // the law is unclear, or the registry lacks what would tell
		return nil
	}
	return []Item{i}
}

// possession is a certificate or the like that must be held. What was lacking in
// a period that is over cannot be made good.
func (q Question) possession(i Item, rule commitment.Rule, a commitment.Assessment) []Item {
	if a.Period.Closed {
		return nil
	}
	i.Code, i.Args = ProofNeeded, commitment.Args{"duty": commitment.Text(rule.Duty)}
	i.subject = a.Commitment + "." + a.Rule
	switch a.Reason {
	case commitment.DutyNotDue:
		i.Due = a.Args["due"].Date
	case commitment.ProofMissing, commitment.ProofBeginsLater:
		i.Due = later(rule.Due, q.begun(i.Site))
	case commitment.ProofGap:
		i.Due = a.Args["date"].Date
	case commitment.ProofRunsOut:
		i.Code, i.Due = ProofEnds, a.Args["date"].Date
		i.Args["evidence"] = a.Args["evidence"]
	default:
		return nil
	}
	i.Since = i.Due.AddDays(-leadDays)
	return []Item{q.stands(i)}
}

// begun is the first day of operation of a site.
func (q Question) begun(id energy.SiteID) energy.Date {
	site, _ := q.Registry.Site(id)
	return site.InOperationSince
}

// figure is the evidence that a closed period's figure waits for.
func (q Question) figure(i Item, a commitment.Assessment) []Item {
	var all []Item
	if a.Metric == "green_share_annual" {
		all = append(all, q.supplierLabel(i, a))
	}
	switch a.Reason {
	case commitment.EvidenceMissing, commitment.EvidenceAwaited, commitment.NotEvidenced:
	default:
		return all
	}
	if !a.Period.Closed {
		return all
	}
	i.Code, i.Args = EvidenceOutstanding, commitment.Args{"metric": commitment.Text(a.Metric), "period": commitment.Text(a.Period.Label)}
	i.Since, i.Due = a.Period.To, a.SettlesOn
	if a.Reason == commitment.NotEvidenced {
		i.Due = a.Args["date"].Date
	}
	return append(all, q.stands(i))
}

// supplierLabel is the supplier's statement and cancellations for a year, by 1 July
// of the next.
func (q Question) supplierLabel(i Item, a commitment.Assessment) Item {
	i.Code, i.Args = SupplierLabel, commitment.Args{"period": commitment.Text(a.Period.Label)}
	i.Cites, i.Confirmed, i.subject = "EnWG § 42 Abs. 1", commitment.SecondaryText, a.Period.Label
	i.Since, i.Due = a.Period.To, energy.MonthDay{Month: time.July, Day: 1}.OnOrAfter(a.Period.To)
	if day, ok := q.stated(i.Site, a.Period.From.Year); ok {
		i.Done, i.State = day, Done
		return i
	}
	return q.stands(i)
}

// stated tells whether there is a guarantee or a supplier's mix of a year for a
// site, and when the guarantee was cancelled where that is known.
func (q Question) stated(site energy.SiteID, year int) (day energy.Date, ok bool) {
	for _, e := range q.Registry.Evidence {
		if e.SupplyYear != year {
			continue
		}
		switch e.Kind {
		case registry.GuaranteeOfOrigin:
			for _, share := range e.Allocations {
				if share.Site == site && e.Cancellation.On != (energy.Date{}) && !q.On.Before(e.Cancellation.On) {
					day, ok = later(day, e.Cancellation.On), true
				}
			}
		case registry.SupplierMix:
			for _, named := range e.Sites {
				ok = ok || named == site
			}
		}
	}
	return day, ok
}
