package signin

import (
	"context"
	"log/slog"
	"time"

	"heatledger/energy/store"
)

// Around is what a desk needs of those around it. The zero Around knows no names and
// writes to nobody.
type Around struct {
	// Names are those a password may not be made of, beside its person's; nil: none.
	Names func(context.Context) ([]string, error)
	// Tell puts a letter to the person of an account into the outbox; nil: no mail is
	// sent.
	Tell func(ctx context.Context, into Outbox, to store.Account, e Event) error
	// Log takes what goes wrong after an answer was given; nil: nobody reads it.
	Log *slog.Logger
}

// Outbox takes letters to people of accounts: a fact those that belong to it, the
// store those of no fact.
type Outbox interface {
	Account(ctx context.Context, id store.AccountID) (store.Account, error)
	QueueMail(ctx context.Context, m store.Mail) (queued bool, err error)
}

// Event is what became of an account that its person is told (ASVS 2.2.3, 2.5.5). It
// holds no secret: no code, no password, no address at which one is used.
type Event struct {
	Kind    string // "password", "factor_added", …: for words
	Agent   string // of a sign-in: which browser, in short
	Network string // of a sign-in: from which network
	At      time.Time
}

// What a person is told of her ways to sign in.
const (
	PasswordChanged = "password"
	FactorAdded     = "factor_added"
	FactorDropped   = "factor_dropped"
	PasskeyAdded    = "passkey_added"
	PasskeyDropped  = "passkey_dropped"
	OutsideAdded    = "outside_added"
	OutsideDropped  = "outside_dropped"
	CodesRenewed    = "codes"
	NewDevice       = "device"
)

// Events are all kinds of them, for those who put them in words.
func Events() []string {
	return []string{PasswordChanged, FactorAdded, FactorDropped, PasskeyAdded, PasskeyDropped, OutsideAdded, OutsideDropped, CodesRenewed, NewDevice}
}

// tell tells the person of an account what became of it.
func (d *Desk) tell(ctx context.Context, into Outbox, id store.AccountID, kind string) error {
	return d.tellOf(ctx, into, id, Event{Kind: kind})
}

func (d *Desk) tellOf(ctx context.Context, into Outbox, id store.AccountID, e Event) error {
	if d.around.Tell == nil {
		return nil
	}
	to, err := into.Account(ctx, id)
	if err != nil {
		return err
	}
	e.At = d.now()
	return d.around.Tell(ctx, into, to, e)
}

// isNew tells whether a whole session begins in a browser or a network from which
// its person has not signed in within the time that sessions are remembered. The
// first session of an account is new to nobody: its person has just made it.
func (d *Desk) isNew(ctx context.Context, u store.UserSession) (bool, error) {
	if d.around.Tell == nil || u.Stage != store.Whole {
		return false, nil
	}
	places, err := d.store.Devices(ctx, u.Account)
	if err != nil {
		return false, err
	}
	for _, p := range places {
		if p == (store.Device{Agent: u.Agent, Address: u.Address}) {
			return false, nil
		}
	}
	return len(places) > 0, nil
}
