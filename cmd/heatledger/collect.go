package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"

	"golang.org/x/sync/errgroup"

	"heatledger/config"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/fieldbus/push"
)

type collectCommand struct {
	Listen *string `help:"Address at which health and metrics are shown (127.0.0.1:8081); empty: nowhere." placeholder:"HOST:PORT"`
}

// Run reads meters and forwards the readings, to the centre of push.url or,
// without one, to the database. It needs no database while a centre is named.
func (c *collectCommand) Run(p *process) error {
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	if len(cfg.Connections) == 0 {
		return misuse("the configuration names no connections: there is nothing to collect")
	}
	registries, err := loadRegistries(cfg)
	if err != nil {
		return err
	}
	if err := p.compare(cfg, registries); err != nil {
		return err
	}
	s, err := p.openStation(cfg, quantitiesOf(registries))
	if err != nil {
		return err
	}
	connections, meters := len(cfg.Connections), 0
	for _, c := range cfg.Connections {
		meters += len(c.Meters)
	}
	cfg = withoutMeters(cfg)
	p.boundMemory(meters)
	p.log.Info("collecting", "connections", connections, "meters", meters, "spool", cfg.Spool.Dir, "version", p.version)
	return errors.Join(p.collect(cfg, s, c.Listen), s.spool.Close())
}

// collect reads, forwards and shows how it does until the process is told to end.
func (p *process) collect(cfg *config.Config, s *station, listen *string) error {
	e := &edge{station: s, centre: cfg.Push.URL, version: p.version}
	if cfg.Push.URL != "" {
		client, err := p.pushClient(cfg.Push, s)
		if err != nil {
			return err
		}
		e.client = client
	}
	listener, err := p.listenEdge(listen)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(p.ctx)
	group.Go(func() error { return s.collector.Run(ctx) })
	group.Go(func() error { return p.forward(ctx, cfg, e) })
	if e.client != nil && cfg.Push.TokenFile != "" {
		group.Go(func() error { return watchToken(ctx, cfg.Push.TokenFile, s.spool.Hasten) })
	}
	if listener != nil {
		group.Go(func() error { return e.serve(ctx, p, listener) })
	}
	return group.Wait()
}

// forward delivers what is collected until ctx ends.
func (p *process) forward(ctx context.Context, cfg *config.Config, e *edge) (err error) {
	s := e.station
	if e.client != nil {
		return s.deliver(ctx, e.client)
	}
	db, err := p.awaitDatabase(ctx, cfg)
	if err != nil || db == nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(ctx)) }()
	return s.deliver(ctx, intake.New(ledger.New(db.Store, cfg.Timezone), intake.Options{Log: p.log}))
}

// pushClient makes the client of a centre.
func (p *process) pushClient(c config.Push, s *station) (*push.Client, error) {
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
		if err != nil {
			return nil, misuse("load the client certificate of push: %w", err)
		}
		trust.Certificates = []tls.Certificate{pair}
	}
	if c.CA != "" {
		pem, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, misuse("load the authorities of push: %w", err)
		}
		trust.RootCAs = x509.NewCertPool()
		if !trust.RootCAs.AppendCertsFromPEM(pem) {
			return nil, misuse("load the authorities of push: %s holds no certificate", c.CA)
		}
	}
	var token func() (string, error)
	if c.TokenFile != "" {
		token = push.TokenFile(c.TokenFile)
	}
	return push.New(c.URL, token, push.Options{TLS: trust, Log: p.log,
		Queued: func() int64 { return s.spool.Stats().Queued }}), nil
}
