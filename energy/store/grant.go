package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"heatledger/energy"
	"heatledger/energy/access"
)

// HeldGrant is a grant of an account.
type HeldGrant struct {
	ID      int32
	Account AccountID
	access.Grant
	CreatedAt time.Time
}

// grantState is what a fact says of a grant.
type grantState struct {
	Account    AccountID           `json:"account"`
	Role       access.Role         `json:"role"`
	Only       []access.Permission `json:"only,omitempty"`
	Everywhere bool                `json:"everywhere,omitempty"`
	Sites      []energy.SiteID     `json:"sites,omitempty"`
	Points     []energy.PointID    `json:"points,omitempty"`
	From       time.Time           `json:"from,omitzero"`
	To         time.Time           `json:"to,omitzero"`
}

func stateOf(account AccountID, g access.Grant) grantState {
	return grantState{account, g.Role, g.Only, g.Everywhere, g.Sites, g.Points, g.From, g.To}
}

// Grant gives an account a grant; g.By is who gives it. Whether he may is asked
// before ([access.May], [access.Delegated]).
func (f *Fact) Grant(ctx context.Context, account AccountID, g access.Grant, why string) (id int32, err error) {
	if err := g.Check(); err != nil {
		return 0, err
	}
	err = f.q.QueryRow(ctx, `
		insert into account_grant (account_id, role, permissions, everywhere, sites, points, from_at, to_at, granted_by, on_behalf_of, created_at)
		values (@account, @role, @only, @everywhere, @sites, @points, @from, @to, @by, @for, @now) returning grant_id`,
		pgx.NamedArgs{"account": account, "role": g.Role, "only": texts(g.Only), "everywhere": g.Everywhere, "sites": texts(g.Sites), "points": texts(g.Points),
			"from": instantOrNull(g.From), "to": instantOrNull(g.To), "by": g.By, "for": g.OnBehalfOf, "now": f.RecordedAt}).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("grant account %d role %s: %w", account, g.Role, err)
	}
	return id, f.Change(ctx, Change{Kind: KindGrant, ID: fmt.Sprint(id), Who: g.By, OnBehalfOf: g.OnBehalfOf, Why: why, After: stateOf(account, g)})
}

// RevokeGrant ends a grant from now on. It errs with [ErrNothing] when there is
// none that has not been revoked.
func (f *Fact) RevokeGrant(ctx context.Context, id int32, who, why string) error {
	found, err := f.q.grants(ctx, "where grant_id = @id and revoked_at is null", pgx.NamedArgs{"id": id})
	if err != nil {
		return fmt.Errorf("look up grant %d: %w", id, err)
	}
	if len(found) == 0 {
		return ErrNothing
	}
	if _, err := f.q.Exec(ctx, "update account_grant set revoked_at = @now where grant_id = @id", pgx.NamedArgs{"id": id, "now": f.RecordedAt}); err != nil {
		return fmt.Errorf("revoke grant %d: %w", id, err)
	}
	g := found[0]
	return f.Change(ctx, Change{Kind: KindGrant, ID: fmt.Sprint(id), Who: who, Why: why, Before: stateOf(g.Account, g.Grant)})
}

// Grants are those of an account that are not revoked, in the order given; of all
// accounts where account is 0.
func (r Reader) Grants(ctx context.Context, account AccountID) (found []HeldGrant, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		found, err = q.grants(ctx, "where (account_id = @id or @id = 0) and revoked_at is null order by grant_id", pgx.NamedArgs{"id": account})
		return err
	})
	return found, wrap(err, "list the grants of account %d", account)
}

func (q session) grants(ctx context.Context, rest string, args pgx.NamedArgs) ([]HeldGrant, error) {
	return list(ctx, q, func(row pgx.CollectableRow) (h HeldGrant, err error) {
		var from, to *time.Time
		err = row.Scan(&h.ID, &h.Account, &h.Role, &h.Only, &h.Everywhere, &h.Sites, &h.Points, &from, &to, &h.By, &h.OnBehalfOf, &h.CreatedAt)
		if from != nil {
			h.From = *from
		}
		if to != nil {
			h.To = *to
		}
		return h, err
	}, `select grant_id, account_id, role, permissions, everywhere, sites, points, from_at, to_at, granted_by, on_behalf_of, created_at
		from account_grant `+rest, args)
}

// SetFourEyes says whether what one person of an operator submits another one
// approves.
func (f *Fact) SetFourEyes(ctx context.Context, operator string, want bool, who, why string) error {
	before, err := f.FourEyes(ctx, operator)
	if err != nil {
		return err
	}
	if before == want {
		return ErrNothing
	}
	_, err = f.q.Exec(ctx, "insert into operator_rule (operator, four_eyes) values (@operator, @want) on conflict (operator) do update set four_eyes = @want",
		pgx.NamedArgs{"operator": operator, "want": want})
	if err != nil {
		return fmt.Errorf("keep the rule of operator %s: %w", operator, err)
	}
	state := func(on bool) map[string]bool { return map[string]bool{"four_eyes": on} }
	return f.Change(ctx, Change{Kind: KindOperatorRule, ID: operator, Who: who, OnBehalfOf: operator, Why: why, Before: state(before), After: state(want)})
}

// FourEyes tells whether what one person of the operator submits another approves;
// see [access.Apart].
func (r Reader) FourEyes(ctx context.Context, operator string) (want bool, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		return q.QueryRow(ctx, "select four_eyes from operator_rule where operator = @operator", pgx.NamedArgs{"operator": operator}).Scan(&want)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return want, wrap(err, "look up the rule of operator %s", operator)
}

// FourEyed are the operators who want two people, sorted.
func (r Reader) FourEyed(ctx context.Context) (operators []string, err error) {
	err = r.with(AsOwner(ctx), func(q session) error {
		operators, err = list(ctx, q, pgx.RowTo[string], "select operator from operator_rule where four_eyes order by operator", nil)
		return err
	})
	return operators, wrap(err, "list the operators who want two people")
}

// texts are the words of a list, for an array that is never null.
func texts[T ~string](list []T) []string {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = string(word)
	}
	return words
}

// instantOrNull is null for no instant.
func instantOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
