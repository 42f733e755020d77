package main

import (
	"context"
	"errors"
	"fmt"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/store"
	"heatledger/energy/store/localpg"
	"heatledger/energy/strictyaml"
)

// database is the database of the process and, if that is private, its server.
type database struct {
	*store.Store
	server *localpg.Server
}

// configured are the configuration and the database it names, which the caller closes.
func (p *process) configured() (*config.Config, *database, error) {
	cfg, err := p.configuration()
	if err != nil {
		return nil, nil, err
	}
	db, err := p.openDatabase(p.ctx, cfg)
	return cfg, db, err
}

// openDatabase connects to DATABASE_URL, else database.url, else the private
// PostgreSQL below data_dir, which it starts or joins, and brings the schema
// up to date.
func (p *process) openDatabase(ctx context.Context, cfg *config.Config) (*database, error) {
	db, err := p.connect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if _, err := db.Migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate the database: %w", err), db.close(ctx))
	}
	return db, nil
}

// connect is openDatabase without the schema.
func (p *process) connect(ctx context.Context, cfg *config.Config) (*database, error) {
	db := &database{}
	url := p.getenv("DATABASE_URL")
	if url == "" {
		url = cfg.Database.URL
	}
	if url == "" {
		server, err := localpg.Start(ctx, localpg.Options{DataDir: cfg.DataDir, Account: cfg.Database.Account, Log: p.log})
		if err != nil {
			return nil, fmt.Errorf("start the private PostgreSQL: %w", err)
		}
		db.server, url = server, server.URL()
	}
	opened, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), db.close(ctx))
	}
	db.Store = opened
	return db, nil
}

// close gives the database up; a private server stops with its last user.
func (db *database) close(ctx context.Context) error {
	if db.Store != nil {
		db.Store.Close()
	}
	if db.server == nil {
		return nil
	}
	if err := db.server.Stop(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("stop the private PostgreSQL: %w", err)
	}
	return nil
}

// configuration reads the file of --config; without one it is the default. A
// file with faults is also looked through for those of its registers and nodes:
// people mend a file once. --data-dir beats the file, so that any command can
// join the database of a server that runs on that folder.
func (p *process) configuration() (*config.Config, error) {
	cfg := config.Default()
	if p.line.Config != "" {
		var faults energy.Faults
		if cfg, faults = config.Load(p.line.Config); len(faults) > 0 {
			return cfg, strictyaml.InOrder(append(faults, mapFaults(cfg, faults)...))
		}
	}
	if p.line.DataDir == "" {
		return cfg, nil
	}
	return cfg, cfg.SetDataDir(p.line.DataDir)
}
