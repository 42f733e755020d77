package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/store"
	"heatledger/reporting/mail"
	"heatledger/reporting/notice"
)

// urgentEvery is how often errors in readings are looked for, for those who want
// to know at once.
const urgentEvery = 5 * time.Minute

// post sends mail, where a server for it is configured: what is in the outbox,
// and what those who subscribed are to be told.
type post struct {
	courier *mail.Courier
	writer  *notice.Writer // nil where mail is off
	digest  *schedule
}

// openPost reads how mail is sent; without a server what is in the outbox only
// grows old.
func (p *process) openPost(cfg *config.Config, s *store.Store, l *ledger.Ledger) (*post, error) {
	o := &post{courier: &mail.Courier{Store: s, Log: p.log}}
	if !cfg.Mail.On() {
		return o, nil
	}
	sender, err := sender(cfg)
	if err != nil {
		return nil, err
	}
	calendar, err := energy.LoadCalendar(cfg.Timezone)
	if err != nil {
		return nil, err
	}
	o.courier.Sender = sender
	o.writer = &notice.Writer{Store: s, Ledger: l, PublicURL: cfg.PublicURL, Log: p.log}
	o.digest = &schedule{when: cfg.Schedule.MailDigest, zone: calendar.Location, file: filepath.Join(cfg.DataDir, "mail", "last-due"), log: p.log, do: o.writer.Daily}
	return o, nil
}

// sender speaks to the configured server.
func sender(cfg *config.Config) (*mail.Sender, error) {
	m := cfg.Mail
	s, err := mail.New(mail.Settings{Server: m.Server, Port: strconv.Itoa(m.Port), Security: mail.Security(m.Security), User: m.User, PasswordFile: m.PasswordFile,
		CA: m.CA, From: m.From, ReplyTo: m.ReplyTo, Timeout: m.Timeout})
	if err != nil {
		return nil, fmt.Errorf("prepare to send mail: %w", err)
	}
	return s, nil
}

// run sends until ctx ends.
func (o *post) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return o.courier.Run(ctx) })
	if o.writer != nil {
		group.Go(func() error { return o.digest.run(ctx) })
		group.Go(func() error { return o.urgent(ctx) })
	}
	return group.Wait()
}

// urgent tells of errors at once. What goes wrong is tried again.
func (o *post) urgent(ctx context.Context) error {
	for {
		if err := o.writer.Urgent(ctx, time.Now()); err != nil && ctx.Err() == nil && !store.IsTransient(err) {
			o.courier.Log.Error("look for errors that somebody wants to know of", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(urgentEvery):
		}
	}
}

// writeMetrics tells what waits, was sent and was given up.
func (o *post) writeMetrics(ctx context.Context, w io.Writer) { o.courier.WriteMetrics(ctx, w) }
