package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heatledger/config"
	"heatledger/energy/store"
	"heatledger/reporting/signin"
)

type tokenListCommand struct{}

// Run lists tokens: what they may, never what they are.
func (tokenListCommand) Run(p *process) error {
	return p.withAccounts(func(_ *config.Config, db *database) error {
		tokens, err := db.Tokens(p.ctx)
		if err != nil {
			return err
		}
		return p.rows([]string{"token", "name", "role", "where", "made", "by", "until", "used", "state"}, len(tokens), func(i int) []string { return tokenRow(tokens[i], time.Now()) })
	})
}

func tokenRow(t store.Token, now time.Time) []string {
	used, state := "never", "good"
	if t.UsedAt != nil {
		used = t.UsedAt.UTC().Format(time.RFC3339)
	}
	switch {
	case t.RevokedAt != nil:
		state = "revoked"
	case !t.Expires.IsZero() && !now.Before(t.Expires):
		state = "expired"
	}
	return []string{fmt.Sprint(t.ID), t.Name, string(t.Role), where(t.Grant()), t.CreatedAt.UTC().Format(time.RFC3339), t.CreatedBy, until(t.Expires), used, state}
}

type tokenRevokeCommand struct {
	Token int32  `arg:"" help:"Number of the token."`
	Why   string `help:"The reason, which is kept."`
}

// Run revokes a token.
func (c *tokenRevokeCommand) Run(p *process) error {
	return p.withAccounts(func(_ *config.Config, db *database) error {
		found := true
		err := signin.Change(p.ctx, db.Store, func(ctx context.Context, f *store.Fact) error {
			err := f.RevokeToken(ctx, c.Token, commandActor, c.Why)
			found = !errors.Is(err, store.ErrNothing)
			return err
		})
		if err == nil && !found {
			return misuse("there is no token %d that is not revoked; heatledger token list shows them", c.Token)
		}
		return err
	})
}
