package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/store"
	"heatledger/energy/validation"
	"heatledger/reporting/cell"
	"heatledger/reporting/notice"
	"heatledger/reporting/words"
)

type mailCommand struct {
	Test        mailTestCommand        `cmd:"" help:"Send a letter now, to see that sending works."`
	Subscribe   mailSubscribeCommand   `cmd:"" help:"Ask whoever reads at an address whether he wants to be written to."`
	List        mailListCommand        `cmd:"" help:"Who subscribed to what; with --letters, what became of the letters."`
	Unsubscribe mailUnsubscribeCommand `cmd:"" help:"End all subscriptions of an address and forget it."`
}

type mailTestCommand struct {
	Address  string `arg:"" help:"Where to."`
	Language string `help:"de or en." default:"de" enum:"de,en"`
}

// errMailOff says what to do before mail can be sent.
var errMailOff = errors.New("mail is off: name the server as mail.server in the configuration (--config; heatledger config example shows how)")

// Run sends one letter past the outbox and tells what the server said.
func (c *mailTestCommand) Run(p *process) error {
	cfg, err := p.mailConfiguration()
	if err != nil {
		return err
	}
	if !store.IsAddress(c.Address) {
		return misuse("%q is no address of mail: NAME@HOST is expected", c.Address)
	}
	s, err := sender(cfg)
	if err != nil {
		return usageError{err}
	}
	if err := s.Send(p.ctx, notice.Test(words.Lang(c.Language), foundAt(cfg), cfg.Mail.Server, c.Address, time.Now())); err != nil {
		return fmt.Errorf("send a letter by %s: %w", cfg.Mail.Server, err)
	}
	_, err = fmt.Fprintf(p.stdout, "%s has taken the letter\n", cfg.Mail.Server)
	return err
}

// mailConfiguration is the configuration of a process that sends mail.
func (p *process) mailConfiguration() (*config.Config, error) {
	cfg, err := p.configuration()
	if err == nil && !cfg.Mail.On() {
		err = usageError{errMailOff}
	}
	return cfg, err
}

type mailSubscribeCommand struct {
	Address   string   `arg:"" help:"Whom to write to."`
	Topic     string   `help:"findings in readings, or reminders of what is due." default:"findings" enum:"findings,reminders"`
	Site      []string `help:"Site it is about; may be given several times; without it, all sites."`
	Severity  string   `help:"Least severity of findings: info, warning, error." default:"warning" enum:"info,warning,error"`
	Urgent    bool     `help:"Errors at once, not with the next digest."`
	Language  string   `help:"de or en." default:"de" enum:"de,en"`
	Confirmed bool     `help:"The reader has agreed already, on paper or as a mailbox of the office: do not ask him by mail."`
}

// Run notes a wish and asks the reader, unless he was asked already.
func (c *mailSubscribeCommand) Run(p *process) (err error) {
	cfg, err := p.mailConfiguration()
	if err != nil {
		return err
	}
	wish := store.Subscription{Address: c.Address, Topic: store.Topic(c.Topic), Severity: c.Severity, Urgent: c.Urgent, Language: c.Language}
	for _, site := range c.Site {
		if !energy.IsID(site) {
			return misuse("--site %q is no site id", site)
		}
		wish.Sites = append(wish.Sites, energy.SiteID(site))
	}
	if !store.IsAddress(c.Address) {
		return misuse("%q is no address of mail: NAME@HOST is expected", c.Address)
	}
	if !slices.Contains(validation.Severities(), validation.Severity(c.Severity)) {
		return misuse("--severity %q is none of info, warning, error", c.Severity)
	}
	db, err := p.openDatabase(p.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	if c.Confirmed {
		if _, err := db.SubscribeConfirmed(p.ctx, wish); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s is subscribed to %s\n", c.Address, c.Topic)
		return err
	}
	asked, err := db.Subscribe(p.ctx, wish, func(noted store.Subscription, token string) store.Mail {
		return notice.Confirmation(foundAt(cfg), noted, token)
	})
	if err != nil {
		return err
	}
	if !asked {
		_, err = fmt.Fprintf(p.stdout, "%s was asked about %s in the last 24 hours; the answer is awaited\n", c.Address, c.Topic)
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s is asked by mail to confirm it; a running heatledger serve sends the letter\n", c.Address)
	return err
}

type mailListCommand struct {
	Letters bool `help:"The letters that wait, were sent or were given up, without addresses."`
	Limit   int  `help:"With --letters, so many, the latest first." default:"50"`
}

// Run lists subscriptions, or letters.
func (c *mailListCommand) Run(p *process) (err error) {
	_, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	if c.Letters {
		letters, err := db.ListMail(p.ctx, c.Limit)
		if err != nil {
			return err
		}
		return p.rows([]string{"letter", "kind", "queued", "attempts", "state", "trouble"}, len(letters), func(i int) []string { return letterRow(letters[i]) })
	}
	subs, err := db.Subscriptions(p.ctx, "", true)
	if err != nil {
		return err
	}
	return p.rows([]string{"address", "topic", "sites", "severity", "urgent", "language", "confirmed"}, len(subs), func(i int) []string { return subscriptionRow(subs[i]) })
}

func subscriptionRow(s store.Subscription) []string {
	sites := make([]string, len(s.Sites))
	for i, site := range s.Sites {
		sites[i] = string(site)
	}
	all, confirmed := strings.Join(sites, " "), "no"
	if all == "" {
		all = "all"
	}
	if s.Confirmed != nil {
		confirmed = s.Confirmed.UTC().Format(time.RFC3339)
	}
	return []string{s.Address, string(s.Topic), all, s.Severity, strconv.FormatBool(s.Urgent), s.Language, confirmed}
}

func letterRow(e store.MailEntry) []string {
	state := "waits until " + e.NextAt.UTC().Format(time.RFC3339)
	switch {
	case e.SentAt != nil:
		state = "sent " + e.SentAt.UTC().Format(time.RFC3339)
	case e.GivenUpAt != nil:
		state = "given up " + e.GivenUpAt.UTC().Format(time.RFC3339)
	}
	return []string{strconv.FormatInt(e.ID, 10), e.Kind, e.QueuedAt.UTC().Format(time.RFC3339), strconv.Itoa(e.Attempts), state, e.Trouble}
}

// rows shows a table in the form that --output asks for.
func (p *process) rows(head []string, n int, row func(int) []string) error {
	switch p.line.Output {
	case "json":
		list := make([]map[string]string, n)
		for i := range list {
			list[i] = map[string]string{}
			for k, cell := range row(i) {
				list[i][head[k]] = cell
			}
		}
		return json.NewEncoder(p.stdout).Encode(list)
	case "csv":
		out := cell.NewWriter(p.stdout)
		_ = out.Write(head)
		for i := range n {
			_ = out.Write(row(i))
		}
		out.Flush()
		return out.Error() // holds the first error of all writes
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.ToUpper(strings.Join(head, "\t")))
	for i := range n {
		fmt.Fprintln(table, strings.Join(row(i), "\t"))
	}
	return table.Flush()
}

type mailUnsubscribeCommand struct {
	Address string `arg:"" help:"Whose subscriptions end."`
}

// Run ends what an address has subscribed to.
func (c *mailUnsubscribeCommand) Run(p *process) (err error) {
	_, db, err := p.configured()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	subs, err := db.Subscriptions(p.ctx, "", true)
	if err != nil {
		return err
	}
	ended := 0
	for _, s := range subs {
		if !strings.EqualFold(s.Address, c.Address) {
			continue
		}
		ok, err := db.Unsubscribe(p.ctx, s.Token)
		if err != nil {
			return err
		}
		if ok {
			ended++
		}
	}
	if ended == 0 {
		return misuse("%s has no subscription; heatledger mail list shows who has", c.Address)
	}
	_, err = fmt.Fprintf(p.stdout, "%d ended, and the address is forgotten\n", ended)
	return err
}
