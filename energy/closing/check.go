package closing

import (
	"context"
	"errors"
	"fmt"

	"heatledger/energy"
	"heatledger/energy/proof"
	"heatledger/energy/store"
)

// Check derives everything of a site anew from its facts, compares it with the
// days, spans and balances that are stored, and leaves these as they are. It
// gives the rows that are not what the facts make of them. The site is closed
// before; meanwhile no other closer may work on it.
func (c *Closer) Check(ctx context.Context, site energy.SiteID) (found []proof.Finding, err error) {
	errBehind := errors.New("facts came in between")
	for {
		if err := c.insist(ctx, site); err != nil {
			return nil, fmt.Errorf("check what is derived of %s: %w", site, err)
		}
		busy, err := c.ledger.Store().Closing(ctx, site, store.JobClosing, func(ctx context.Context, tx *store.Closing) error {
			if tx.Cursor() < tx.Upto {
				return errBehind
			}
			r, err := c.ledger.Registry(ctx)
			if err != nil {
				return err
			}
			round := &round{closer: c, registry: r, site: site, tx: tx}
			if err := round.begin(ctx); err != nil {
				return err
			}
			if round.otherBooks || round.moved { // it is about to be derived anew for good
				return errBehind
			}
			if err := tx.RememberDerived(ctx); err != nil {
				return err
			}
			round.otherMethod, round.otherBooks = true, true // nothing that is stored is relied on
			if err := round.run(ctx); err != nil {
				return err
			}
			if found, err = tx.Differing(ctx); err != nil {
				return err
			}
			return store.ErrNothing // all of it is rolled back
		})
		switch {
		case errors.Is(err, store.ErrNothing):
			return found, nil
		case err != nil && !errors.Is(err, errBehind):
			return nil, fmt.Errorf("check what is derived of %s: %w", site, err)
		case busy || err != nil:
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
	}
}
