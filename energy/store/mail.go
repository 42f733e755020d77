package store

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Mail is a letter to one address, in plain text. Whether mail is sent at all is
// the configuration's business: ask there before queueing.
type Mail struct {
	// Cause is what it is sent for, "reset/4711/2026-11-22T13:18:39Z": a second
	// mail of the same cause is not queued, however often its cause is looked at.
	Cause string
	Kind  string // "findings", "reminder", "reset": for the log and the metrics
	To    string // one address, without a name
	// Subject and Body are plain text; lines of the body end with \n.
	Subject, Body string
	// Unsubscribe is the address of the page that ends what it is sent for; "": none.
	Unsubscribe string
	// Until is when it has become useless (a link that expires); zero: [MailLasts]
	// after it was queued.
	Until time.Time
}

// MailLasts is how long a mail is tried (RFC 5321, 4.5.4.1: at least 4 to 5 days).
const MailLasts = 5 * 24 * time.Hour

// ErrNoAddress says that a mail names no address it could go to.
var ErrNoAddress = errors.New("no address of a mail")

// QueueMail queues a mail in a transaction of its own. queued is false when one
// of the same cause was queued before. What causes a mail should queue it in its
// own transaction: [Fact.QueueMail], or queueMail within this package.
func (s *Store) QueueMail(ctx context.Context, m Mail) (queued bool, err error) {
	err = s.pool.transaction(ctx, func(q session) error {
		queued, err = q.queueMail(ctx, m, s.now())
		return err
	})
	return queued, err
}

// QueueMail queues a mail with the fact: both are kept, or neither.
func (f *Fact) QueueMail(ctx context.Context, m Mail) (queued bool, err error) {
	return f.q.queueMail(ctx, m, f.store.now())
}

// queueMail queues a mail within a transaction.
func (q session) queueMail(ctx context.Context, m Mail, now time.Time) (queued bool, err error) {
	if !IsAddress(m.To) {
		return false, fmt.Errorf("queue mail %s: %w", m.Cause, ErrNoAddress)
	}
	if m.Until.IsZero() {
		m.Until = now.Add(MailLasts)
	}
	var id int64
	err = q.QueryRow(ctx, `
		insert into mail (uid, cause, kind, queued_at, next_at, expires_at)
		values (@uid, @cause, @kind, @now, @now, @until)
		on conflict (cause) do nothing
		returning id`,
		pgx.NamedArgs{"uid": randomName(), "cause": m.Cause, "kind": m.Kind, "now": now, "until": m.Until}).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	var address int64
	if err == nil {
		address, err = q.mailAddress(ctx, m.To)
	}
	if err == nil {
		_, err = q.Exec(ctx, `
			insert into mail_letter (mail_id, address_id, subject, body, unsubscribe)
			values (@id, @address, @subject, @body, @unsubscribe)`,
			pgx.NamedArgs{"id": id, "address": address, "subject": m.Subject, "body": m.Body, "unsubscribe": m.Unsubscribe})
	}
	if err != nil {
		return false, fmt.Errorf("queue mail %s: %w", m.Cause, err)
	}
	return true, nil
}

// mailAddress is the number of an address, which is made if it is new. The lock
// on it keeps [Store.ForgetAddresses] off until the transaction ends.
func (q session) mailAddress(ctx context.Context, address string) (id int64, err error) {
	err = q.QueryRow(ctx, `
		insert into mail_address (address) values (@address)
		on conflict (address) do update set address = excluded.address
		returning id`, pgx.NamedArgs{"address": address}).Scan(&id)
	return id, err
}

// IsAddress tells whether text looks like one address, NAME@HOST, that can stand
// in a mail's head without doing harm there. Whether anybody reads there only a
// mail can tell.
func IsAddress(text string) bool {
	name, host, ok := strings.Cut(text, "@")
	if !ok || name == "" || host == "" || len(text) > 254 || len(name) > 64 { // RFC 5321, 4.5.3.1
		return false
	}
	if strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(text, "..") || strings.HasSuffix(name, ".") || strings.HasPrefix(name, ".") {
		return false
	}
	for _, r := range name {
		if !isASCIILetterOrDigit(r) && !strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", r) {
			return false
		}
	}
	for _, r := range host {
		if !isASCIILetterOrDigit(r) && r != '.' && r != '-' {
			return false
		}
	}
	return true
}

func isASCIILetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// randomName is a name that nobody guesses: 160 random bits in lower case.
func randomName() string {
	var secret [20]byte
	_, _ = rand.Read(secret[:]) // never errs (crypto/rand, Go 1.24)
	return strings.ToLower(base32.StdEncoding.EncodeToString(secret[:]))
}
