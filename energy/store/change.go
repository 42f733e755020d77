package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// The kinds of entries that say who may do what. They belong to the [Municipality].
const (
	KindAccount      = "account"
	KindGrant        = "grant"
	KindToken        = "token"
	KindOperatorRule = "operator_rule"
)

// Change is what somebody changed. It names people by the number of their
// account ("account:7"), never by name: facts are kept for ever.
type Change struct {
	Kind, ID   string // of the thing, as of an [Entry]
	Who        string // "account:7", "token:NAME", or the command that was run
	OnBehalfOf string // the operator for whom a consultant acted; "": for himself
	Before     any    // what it said before, as it is written in JSON; nil: it was not there
	After      any    // what it says now; nil: it is no more
	Why        string // the reason given; "": none was asked for
}

// changed is the body of a Change.
type changed struct {
	OnBehalfOf string `json:"on_behalf_of,omitempty"`
	Before     any    `json:"before"`
	After      any    `json:"after"`
	Why        string `json:"why,omitempty"`
}

// Change records that somebody changed something: an entry that holds from now
// on, with who, what, before, after and why. Its digest goes into the public
// ledger under a salt of its own.
func (f *Fact) Change(ctx context.Context, c Change) error {
	body, err := json.Marshal(changed{c.OnBehalfOf, c.Before, c.After, c.Why})
	if err != nil {
		return fmt.Errorf("write a change of %s %s: %w", c.Kind, c.ID, err)
	}
	return f.Entry(ctx, c.Kind, c.ID, f.RecordedAt, c.Who, body)
}

// ByPerson tells whether an actor is a person, or a program to which a person
// gave a token; a command and a configuration are neither.
func ByPerson(actor string) bool {
	return strings.HasPrefix(actor, "account:") || strings.HasPrefix(actor, "token:")
}
