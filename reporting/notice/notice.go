// Package notice writes to those who subscribed: what was found in readings,
// and what is due. It decides who is told what and when, puts it into words and
// queues the letters; the store remembers who was told of what, package mail
// hands the letters over.
package notice

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/reporting/words"
)

// Writer writes to subscribers.
type Writer struct {
	Store     *store.Store
	Ledger    *ledger.Ledger
	PublicURL string // where people find the pages, without a slash at the end
	Log       *slog.Logger

	seen map[energy.SiteID]string // state of each site at which errors were looked for last
}

// Kinds of the letters, for the log and the metrics.
const (
	KindConfirmation = "confirmation"
	KindFindings     = "findings"
	KindUrgent       = "urgent"
	KindReminder     = "reminder"
	KindTest         = "test"
)

// ConfirmURL is the page that confirms a subscription.
func ConfirmURL(public, token string) string { return public + "/subscriptions/confirm/" + token }

// EndURL is the page that ends one, and what mail programs post to (RFC 8058).
func EndURL(public, token string) string { return public + "/subscriptions/" + token }

// Confirmation asks whoever reads at an address whether he wants a subscription.
func Confirmation(public string, s store.Subscription, token string) store.Mail {
	l := words.Lang(s.Language)
	body := words.Letter(l, "confirm_body", map[string]string{
		"topic": words.Topic(l, string(s.Topic)), "sites": sitesOf(l, s.Sites), "url": ConfirmURL(public, token)})
	return store.Mail{Cause: KindConfirmation + "/" + s.Token, Kind: KindConfirmation, To: s.Address,
		Subject: words.Letter(l, "confirm_subject", nil), Body: whole(l, public, body, ""), Until: s.Created.Add(7 * 24 * time.Hour)}
}

// Test is a letter that shows that sending works.
func Test(l words.Lang, public, server, to string, now time.Time) store.Letter {
	return store.Letter{UID: fmt.Sprintf("test-%x", sha256.Sum256([]byte(to+now.String())))[:37], Kind: KindTest, To: to, QueuedAt: now,
		Subject: words.Letter(l, "test_subject", nil), Body: whole(l, public, words.Letter(l, "test_body", map[string]string{"server": server}), "")}
}

// whole puts greeting and end around a letter.
func whole(l words.Lang, public, body, token string) string {
	parts := []string{words.Letter(l, "greeting", nil), body, "-- \n" + words.Letter(l, "closing", map[string]string{"url": public})}
	text := strings.Join(parts, "\n\n")
	if token != "" {
		text += "\n" + words.Letter(l, "end", map[string]string{"url": EndURL(public, token)})
	}
	return text + "\n"
}

// sitesOf names the sites of a subscription.
func sitesOf(l words.Lang, sites []energy.SiteID) string {
	if len(sites) == 0 {
		return words.Letter(l, "all_sites", nil)
	}
	names := make([]string, len(sites))
	for i, s := range sites {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// concerned are the sites of the registry that a subscription is about.
func concerned(s store.Subscription, all []energy.SiteID) []energy.SiteID {
	if len(s.Sites) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(id energy.SiteID) bool { return !slices.Contains(s.Sites, id) })
}

// town is what letters say of sites: their names and clocks.
type town struct {
	ids       []energy.SiteID
	names     map[energy.SiteID]string
	calendars map[energy.SiteID]energy.Calendar
	today     energy.Date // in the town
}

func (w *Writer) town(ctx context.Context, now time.Time) (town, error) {
	t := town{names: map[energy.SiteID]string{}, calendars: map[energy.SiteID]energy.Calendar{}}
	r, err := w.Ledger.Registry(ctx)
	if err != nil {
		return t, err
	}
	calendar, err := w.Ledger.Calendar(r, "")
	if err != nil {
		return t, err
	}
	t.today = calendar.Date(now)
	for _, s := range r.Sites {
		if t.calendars[s.ID], err = w.Ledger.Calendar(r, s.ID); err != nil {
			return t, err
		}
		t.ids, t.names[s.ID] = append(t.ids, s.ID), s.Name
	}
	return t, nil
}

// stretch writes a period of a site in its local time, whole days as days.
func (t town) stretch(l words.Lang, site energy.SiteID, p energy.Period) string {
	c := t.calendars[site]
	first, last := c.Date(p.From), c.Date(p.To)
	if c.Day(first).From.Equal(p.From) && c.Day(last).From.Equal(p.To) && first.Before(last) {
		if last = last.AddDays(-1); first == last {
			return words.Date(l, first)
		}
		return words.Date(l, first) + " – " + words.Date(l, last)
	}
	clock := func(at time.Time) string { return time.Time(c.Wall(at)).Format("15:04") }
	if first == last {
		return words.Date(l, first) + ", " + clock(p.From) + " – " + clock(p.To)
	}
	return words.Date(l, first) + ", " + clock(p.From) + " – " + words.Date(l, last) + ", " + clock(p.To)
}

// Daily writes the digests and the reminders of a day.
func (w *Writer) Daily(ctx context.Context, now time.Time) error {
	return errors.Join(w.Findings(ctx, now), w.Reminders(ctx, now))
}
