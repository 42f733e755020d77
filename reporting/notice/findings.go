package notice

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/access"
	"heatledger/energy/store"
	"heatledger/energy/validation"
	"heatledger/reporting/words"
)

// mostTold is how many findings stand in one letter; more are on the page.
const mostTold = 40

// Findings writes the digest of a day: what is new of the last and the running
// month. One letter a day and subscription, however often it runs.
func (w *Writer) Findings(ctx context.Context, now time.Time) error {
	return w.findings(ctx, now, false)
}

// Urgent writes of errors at once to those who want that, where anything came in
// since it looked last, or the hour has changed (a silent meter brings nothing).
func (w *Writer) Urgent(ctx context.Context, now time.Time) error {
	return w.findings(ctx, now, true)
}

func (w *Writer) findings(ctx context.Context, now time.Time, urgent bool) error {
	subs, err := w.Store.Subscriptions(ctx, store.TopicFindings, false)
	if err != nil {
		return err
	}
	if urgent {
		subs = slices.DeleteFunc(subs, func(s store.Subscription) bool { return !s.Urgent })
	}
	if len(subs) == 0 {
		return nil
	}
	t, err := w.town(ctx, now)
	if err != nil {
		return err
	}
	found := map[energy.SiteID][]validation.Finding{}
	var errs []error
	for _, id := range t.ids {
		if !slices.ContainsFunc(subs, func(s store.Subscription) bool { return slices.Contains(concerned(s, t.ids), id) }) || urgent && !w.changed(ctx, id, now) {
			continue
		}
		list, err := w.found(ctx, id, t.calendars[id], now)
		if err != nil { // one site's mistake does not keep the others from theirs
			errs = append(errs, err)
			continue
		}
		found[id] = list
	}
	for _, s := range subs {
		own, err := w.responsible(ctx, s, now)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		errs = append(errs, w.tell(ctx, s, t, found, own, urgent))
	}
	return errors.Join(errs...)
}

// responsible tells for which sites whoever reads a subscription's letters is the one
// who hands in, and so is told what he can do himself. The account of his address
// says so, where there is one; else whoever named sites is their operator, as
// reminders have it, and the office named none.
func (w *Writer) responsible(ctx context.Context, s store.Subscription, now time.Time) (func(energy.SiteID) bool, error) {
	account, err := w.Store.AccountByMail(ctx, s.Address)
	if errors.Is(err, store.ErrNoAccount) {
		return func(energy.SiteID) bool { return len(s.Sites) > 0 }, nil
	}
	if err != nil {
		return nil, err
	}
	held, err := w.Store.Grants(ctx, account.ID)
	if err != nil {
		return nil, err
	}
	grants := make([]access.Grant, len(held))
	for i, g := range held {
		grants[i] = g.Grant
	}
	return func(site energy.SiteID) bool {
		return access.May(grants, access.Submit, site, "", now) && !access.May(grants, access.Configure, site, "", now)
	}, nil
}

// changed tells whether there may be something new at a site.
func (w *Writer) changed(ctx context.Context, id energy.SiteID, now time.Time) bool {
	head, err := w.Store.Head(ctx, id)
	if err != nil {
		return true // the question itself will say why
	}
	state := fmt.Sprint(head.Seq, now.UTC().Format(" 2006-01-02T15"))
	before := w.seen[id]
	if w.seen == nil {
		w.seen = map[energy.SiteID]string{}
	}
	w.seen[id] = state
	return before != state
}

// found are the findings of a site in the last and the running month. Whole
// months, so that a finding that lasts has the same beginning on every day.
func (w *Writer) found(ctx context.Context, id energy.SiteID, calendar energy.Calendar, now time.Time) ([]validation.Finding, error) {
	today := calendar.Date(now)
	first := energy.Date{Year: today.Year, Month: today.Month, Day: 1}.AddDays(-1)
	answer, err := w.Ledger.Findings(ctx, id, energy.Period{From: calendar.Month(first.Year, first.Month).From, To: now}, time.Time{})
	if err != nil {
		return nil, err
	}
	return answer.List, nil
}

// tell writes one letter to one subscriber, who is responsible for his own sites.
func (w *Writer) tell(ctx context.Context, s store.Subscription, t town, found map[energy.SiteID][]validation.Finding, own func(energy.SiteID) bool, urgent bool) error {
	grave := slices.Index(validation.Severities(), validation.Severity(s.Severity))
	if urgent {
		grave = slices.Index(validation.Severities(), validation.Error)
	}
	var list []validation.Finding
	for _, id := range concerned(s, t.ids) {
		for _, f := range found[id] {
			if slices.Index(validation.Severities(), f.Severity) <= grave {
				list = append(list, f)
			}
		}
	}
	validation.Sort(list)
	items := make([]store.Told, len(list))
	for i, f := range list {
		items[i] = identity(f)
	}
	kind, cause := KindFindings, fmt.Sprintf("%s/%d/%s", KindFindings, s.ID, t.today)
	if urgent {
		kind = KindUrgent
		cause = fmt.Sprintf("%s/%d/%x", KindUrgent, s.ID, sha256.Sum256(fmt.Append(nil, items)))
	}
	_, err := w.Store.Tell(ctx, s.ID, items, func(fresh []int) store.Mail {
		fresh = unique(items, fresh)
		l := words.Lang(s.Language)
		return store.Mail{Cause: cause, Kind: kind, To: s.Address, Unsubscribe: EndURL(w.PublicURL, s.Token),
			Subject: words.Letter(l, map[string]string{KindFindings: "findings_subject", KindUrgent: "urgent_subject"}[kind], map[string]string{"count": strconv.Itoa(len(fresh))}),
			Body:    whole(l, w.PublicURL, w.findingsText(l, list, fresh, t, own), s.Token)}
	})
	return err
}

// unique drops indices of items that stand in the list before.
func unique(items []store.Told, fresh []int) []int {
	seen := map[store.Told]bool{}
	return slices.DeleteFunc(fresh, func(i int) bool {
		before := seen[items[i]]
		seen[items[i]] = true
		return before
	})
}

// identity is what makes a finding the same on another day: not its end, which
// moves while it lasts, nor its amounts.
func identity(f validation.Finding) store.Told {
	return sha256.Sum256(fmt.Appendf(nil, "finding\n%s\n%s\n%s\n%s\n%s", f.Code, f.Site, f.Meter, f.Point, f.Period.From.UTC().Format(time.RFC3339)))
}

// findingsText says of each finding what happened and what to do, why it matters,
// and where more is.
func (w *Writer) findingsText(l words.Lang, list []validation.Finding, fresh []int, t town, own func(energy.SiteID) bool) string {
	paragraphs := []string{words.Letter(l, "findings_lead", nil)}
	for n, i := range fresh {
		if n == mostTold {
			paragraphs = append(paragraphs, words.Letter(l, "more", map[string]string{"count": strconv.Itoa(len(fresh) - n)}))
			break
		}
		f := list[i]
		say := words.ValidationFinding
		if own(f.Site) {
			say = words.OwnFinding
		}
		where := []string{t.names[f.Site]}
		if f.Point != "" {
			where = append(where, string(f.Point))
		} else if f.Meter != "" {
			where = append(where, string(f.Meter))
		}
		paragraphs = append(paragraphs, strings.Join([]string{
			fmt.Sprintf("%d. %s: %s (%s)", n+1, strings.Join(where, ", "), words.Rule(l, f.Rule), words.Severity(l, f.Severity)),
			t.stretch(l, f.Site, f.Period),
			say(l, f),
			words.Letter(l, "why", map[string]string{"text": words.RuleDoc(l, f.Rule)}),
			words.Letter(l, "where", map[string]string{"url": w.PublicURL + "/sites/" + string(f.Site)}),
		}, "\n"))
	}
	return strings.Join(paragraphs, "\n\n")
}
