package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"heatledger/energy/store"
)

// The rhythm of the courier.
const (
	lookEvery  = 5 * time.Second      // for mail that is due
	lease      = 15 * time.Minute     // longer than any conversation with a server takes
	keepFor    = 800 * 24 * time.Hour // what is remembered of mail that was sent
	mostWaits  = 6 * time.Hour        // between two attempts
	firstWaits = time.Minute
	tellAfter  = 5                // attempts, a quarter of an hour, until it is a matter for a person
	pauseAfter = 30 * time.Second // when the server is not there, the others wait too
)

// Courier takes mail from the outbox and has it sent.
type Courier struct {
	Store *store.Store
	// Sender is nil where mail is off: then what is in the outbox grows old and is
	// given up, and nothing is sent.
	Sender *Sender
	Log    *slog.Logger
	// Look is how often it looks for mail; 0: every 5 seconds.
	Look time.Duration
}

// Run sends what is due until ctx ends. What goes wrong is tried again.
func (c *Courier) Run(ctx context.Context) error {
	look := c.Look
	if look == 0 {
		look = lookEvery
	}
	var swept time.Time
	for {
		wait := look
		if time.Since(swept) > time.Hour {
			c.sweep(ctx)
			swept = time.Now()
		}
		if c.Sender != nil {
			if reached := c.round(ctx); !reached && look == lookEvery {
				wait = pauseAfter
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// round sends everything that is due. reached is false when the server could not
// be spoken to: others need not be tried now.
func (c *Courier) round(ctx context.Context) (reached bool) {
	done := false
	for ctx.Err() == nil {
		l, ok, err := c.Store.TakeMail(ctx, lease)
		if err != nil {
			c.complain(ctx, "look for mail", err)
			return true
		}
		if !ok {
			break
		}
		if err := c.deliver(ctx, l); err != nil {
			return false
		}
		done = true
	}
	if done {
		if err := c.Store.ForgetAddresses(ctx); err != nil {
			c.complain(ctx, "forget addresses that nobody needs", err)
		}
	}
	return true
}

// deliver tries one letter and notes what came of it. It errs when the next one
// had better wait.
func (c *Courier) deliver(ctx context.Context, l store.Letter) error {
	sent := c.Sender.Send(ctx, l)
	// What the server answered is noted even when the process is told to end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	log := c.Log.With("mail", l.ID, "kind", l.Kind, "attempt", l.Attempts)
	var refused *Refusal
	switch {
	case sent == nil:
		log.Info("mail sent", "waited", time.Since(l.QueuedAt).Round(time.Second))
		return c.noted(ctx, func() error { return c.Store.MailSent(ctx, l.ID) })
	case errors.As(sent, &refused):
		log.Warn("mail given up: the server refuses it for good", "err", sent)
		return c.noted(ctx, func() error { return c.Store.MailGivenUp(ctx, l.ID, sent.Error()) })
	}
	next := time.Now().Add(Wait(l.Attempts))
	level := slog.LevelWarn
	if l.Attempts == tellAfter { // once for each letter: a person should look at the server
		level = slog.LevelError
	}
	log.Log(ctx, level, "mail waits for its next attempt", "next", next.UTC().Format(time.RFC3339), "err", sent)
	noted := c.noted(ctx, func() error { return c.Store.MailDelayed(ctx, l.ID, next, sent.Error()) })
	if errors.As(sent, &notNow{}) {
		return noted
	}
	return errors.Join(sent, noted)
}

// noted does what has to be noted, again and again for a little while: after a
// server took a letter, a database that is away for a moment must not have it
// sent twice.
func (c *Courier) noted(ctx context.Context, note func() error) error {
	for {
		err := note()
		if err == nil || !store.IsTransient(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Wait is how long a mail rests after so many attempts: a minute, and then twice
// as long each time, up to six hours.
func Wait(attempts int) time.Duration {
	wait := firstWaits
	for range min(attempts-1, 20) {
		if wait *= 2; wait > mostWaits {
			return mostWaits
		}
	}
	return wait
}

// sweep gives up what has become useless.
func (c *Courier) sweep(ctx context.Context) {
	given, err := c.Store.ExpireMail(ctx, time.Now().Add(-keepFor))
	if err != nil {
		c.complain(ctx, "give up old mail", err)
		return
	}
	for _, e := range given {
		c.Log.Error("mail given up: it could not be delivered in time", "mail", e.ID, "kind", e.Kind, "attempts", e.Attempts, "err", e.Trouble)
	}
	if err := c.Store.ForgetUnconfirmed(ctx, time.Now().Add(-keepFor)); err != nil {
		c.complain(ctx, "forget subscriptions that nobody confirmed", err)
	}
	if err := c.Store.ForgetAddresses(ctx); err != nil {
		c.complain(ctx, "forget addresses that nobody needs", err)
	}
}

func (c *Courier) complain(ctx context.Context, what string, err error) {
	switch {
	case ctx.Err() != nil:
	case store.IsTransient(err):
		c.Log.Debug(what, "err", err)
	default:
		c.Log.Error(what, "err", err)
	}
}

// WriteMetrics writes how many mails wait, were sent and were given up, and for
// how long the oldest waits; without the database, none.
func (c *Courier) WriteMetrics(ctx context.Context, w io.Writer) {
	counts, _ := c.Store.CountMail(ctx)
	for _, n := range counts {
		for state, count := range map[string]int64{"waiting": n.Waiting, "sent": n.Sent, "given_up": n.GivenUp} {
			metrics.WriteGaugeUint64(w, fmt.Sprintf("heatledger_mails{kind=%q,state=%q}", n.Kind, state), uint64(count))
		}
		if n.OldestWaiting != nil {
			metrics.WriteGaugeFloat64(w, fmt.Sprintf("heatledger_mail_waiting_seconds{kind=%q}", n.Kind), time.Since(*n.OldestWaiting).Seconds())
		}
	}
}
