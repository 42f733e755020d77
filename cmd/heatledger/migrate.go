package main

import (
	"errors"
	"fmt"

	"heatledger/energy/ledger"
)

type migrateCommand struct{}

// Run brings the database up to this version's schema.
func (migrateCommand) Run(p *process) (err error) {
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	db, err := p.connect(p.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p.ctx)) }()
	applied, err := db.Migrate(p.ctx)
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	if _, err := ledger.New(db.Store, cfg.Timezone).Adopt(p.ctx, "heatledger migrate"); err != nil {
		return err
	}
	for _, m := range applied {
		fmt.Fprintln(p.stdout, "applied", m)
	}
	if len(applied) == 0 {
		fmt.Fprintln(p.stdout, "the schema is up to date")
	}
	return nil
}
