package notice

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/desk"
	"heatledger/energy/store"
	"heatledger/reporting/words"
)

// Reminders writes of what is due soon, or is past, to those who subscribed to
// that: to the office, whose subscription names no site, also of what is its own.
// One letter a day and subscription, and each step of each item once.
func (w *Writer) Reminders(ctx context.Context, now time.Time) error {
	subs, err := w.Store.Subscriptions(ctx, store.TopicReminders, false)
	if err != nil || len(subs) == 0 {
		return err
	}
	t, err := w.town(ctx, now)
	if err != nil {
		return err
	}
	r, err := w.Ledger.Registry(ctx)
	if err != nil {
		return err
	}
	days := r.Municipality.RemindDays
	if len(days) == 0 {
		days = desk.RemindDays()
	}
	items, err := w.Ledger.Worklist(ctx, t.ids, t.today, true)
	if err != nil {
		return err
	}
	all := desk.Reminders(items, t.today, days)
	var errs []error
	for _, s := range subs {
		errs = append(errs, w.remind(ctx, s, all, t))
	}
	return errors.Join(errs...)
}

// remind writes one letter to one subscriber.
func (w *Writer) remind(ctx context.Context, s store.Subscription, all []desk.Reminder, t town) error {
	var list []desk.Reminder
	var items []store.Told
	for _, r := range all {
		office := len(s.Sites) == 0
		if !office && (r.Item.Office || len(concerned(s, []energy.SiteID{r.Item.Site})) == 0) {
			continue
		}
		list, items = append(list, r), append(items, sha256.Sum256([]byte("reminder\n"+r.Key())))
	}
	_, err := w.Store.Tell(ctx, s.ID, items, func(fresh []int) store.Mail {
		l := words.Lang(s.Language)
		paragraphs := []string{words.Letter(l, "reminder_lead", nil)}
		for n, i := range fresh {
			paragraphs = append(paragraphs, reminderText(l, n+1, list[i], t))
		}
		paragraphs = append(paragraphs, words.Letter(l, "where", map[string]string{"url": w.PublicURL + "/worklist"}))
		return store.Mail{Cause: fmt.Sprintf("%s/%d/%s", KindReminder, s.ID, t.today), Kind: KindReminder, To: s.Address, Unsubscribe: EndURL(w.PublicURL, s.Token),
			Subject: words.Letter(l, "reminder_subject", map[string]string{"count": strconv.Itoa(len(fresh))}),
			Body:    whole(l, w.PublicURL, strings.Join(paragraphs, "\n\n"), s.Token)}
	})
	return err
}

// reminderText says what is due, when, and what asks for it.
func reminderText(l words.Lang, n int, r desk.Reminder, t town) string {
	head := words.Due(l, r.Item)
	if r.Item.Site != "" {
		head = t.names[r.Item.Site] + ": " + head
	}
	lines := []string{fmt.Sprintf("%d. %s", n, head), words.DueWhen(l, r.Item.Due, r.Left)}
	if r.Item.Cites != "" {
		lines = append(lines, words.Letter(l, "cites", map[string]string{"cites": r.Item.Cites}))
	}
	return strings.Join(lines, "\n")
}
