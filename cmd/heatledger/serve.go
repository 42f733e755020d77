package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/closing"
	"heatledger/energy/intake"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
	"heatledger/energy/store"
	"heatledger/reporting/townmap"
	"heatledger/reporting/web"
)

type serveCommand struct {
	Listen    string `help:"Address of the web server, in place of the configuration's." placeholder:"HOST:PORT"`
	NoCollect bool   `help:"Read no meters."`
}

// Run reads meters, keeps readings, closes days and answers over HTTP, until
// the process is told to end.
func (c *serveCommand) Run(p *process) error {
	cfg, err := p.configuration()
	if err != nil {
		return err
	}
	if c.Listen != "" {
		cfg.SetListen(c.Listen)
	}
	return p.serve(cfg, centreOptions{collect: !c.NoCollect})
}

// The rhythm of a centre.
const (
	reconnectEvery = time.Second      // between attempts to reach a database that is away
	closeEvery     = 2 * time.Second  // at most, after new facts
	lookEvery      = 5 * time.Second  // for facts that other processes took
	sealEvery      = 10 * time.Minute // readings older than sealAfter are packed
	sealAfter      = time.Hour
	partingTime    = 10 * time.Second // to deliver what is collected when told to end
)

// centreOptions say what runs in a centre besides the web.
type centreOptions struct {
	collect bool
	// beside runs once, beside everything else, when the database is there; nil: nothing.
	beside func(context.Context, *intake.Intake, *store.Store) error
	guests bool // print links by which one signs in as each role
}

// serve runs the centre. Meters are read from the first moment on, whether the
// database is there or not; the rest begins when it is.
func (p *process) serve(cfg *config.Config, o centreOptions) error {
	if _, _, err := net.SplitHostPort(cfg.Listen); err != nil {
		return misuse("listen on %q: HOST:PORT is expected", cfg.Listen)
	}
	held, err := hold(cfg.DataDir, cfg.Listen, cfg.PublicURL)
	if err != nil {
		return err
	}
	defer held.Close()
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer listener.Close()
	if listener, err = overTLS(listener, cfg.TLS); err != nil {
		return usageError{err}
	}
	registries, err := loadRegistries(cfg)
	if err != nil {
		return err
	}
	var s *station
	if o.collect && len(cfg.Connections) > 0 {
		if err := p.compare(cfg, registries); err != nil {
			return err
		}
		if s, err = p.openStation(cfg, quantitiesOf(registries)); err != nil {
			return err
		}
	}
	group, ctx := errgroup.WithContext(p.ctx)
	if s != nil {
		group.Go(func() error { return s.collector.Run(ctx) })
	}
	front := newFront(web.Waiting(p.version))
	group.Go(func() error { return web.Serve(ctx, listener, front, p.log) })
	group.Go(func() error { return p.centre(ctx, cfg, registries, s, front, o) })
	err = group.Wait()
	if s != nil {
		err = errors.Join(err, s.spool.Close())
	}
	return err
}

// centre is everything that needs the database.
func (p *process) centre(ctx context.Context, cfg *config.Config, registries []*registry.Registry, s *station, front *front, o centreOptions) (err error) {
	db, err := p.awaitDatabase(ctx, cfg)
	if err != nil || db == nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(ctx)) }()
	l := ledger.New(db.Store, cfg.Timezone)
	if _, err := l.Adopt(ctx, "heatledger serve"); err != nil {
		return err
	}
	desk := newDesk(closing.New(l, p.log), db.Store, p.log)
	notary, err := p.openNotary(cfg, db.Store)
	if err != nil {
		return usageError{err}
	}
	in := intake.New(l, intake.Options{Log: p.log, Taken: func(site energy.SiteID) {
		desk.wake(site)
		notary.wake()
	}})
	if err := p.applyRegistries(ctx, in, registries); err != nil {
		return err
	}
	post, err := p.openPost(cfg, db.Store, l)
	if err != nil {
		return usageError{err}
	}
	options := web.Options{Store: db.Store, Ledger: l, Intake: in, LogKey: notary.key.Trusted}
	if o.guests {
		options.Invite = p.letIn
	}
	server, err := p.openWeb(ctx, cfg, options, s, func(w io.Writer) {
		desk.lag(ctx, w)
		post.writeMetrics(ctx, w)
	})
	if err != nil {
		if ctx.Err() != nil { // told to end while the database was away
			return nil
		}
		return err
	}
	reports, err := p.monthlyReports(cfg, l)
	if err != nil {
		return err
	}
	councils, err := p.councilReports(cfg, l)
	if err != nil {
		return err
	}
	front.show(server.Handler())
	p.log.Info("serving", "address", "http://"+cfg.Listen, "version", p.version)
	if o.guests {
		p.letIn(server.Guests())
	}
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error { return desk.run(inner) })
	group.Go(func() error { return notary.run(inner) })
	group.Go(func() error { return reports.run(inner) })
	group.Go(func() error { return councils.run(inner) })
	group.Go(func() error { return server.Run(inner) })
	group.Go(func() error { return post.run(inner) })
	if s != nil {
		group.Go(func() error { return s.deliver(inner, in) })
	}
	if o.beside != nil {
		group.Go(func() error { return o.beside(inner, in, db.Store) })
	}
	return group.Wait()
}

// openWeb opens the web server on what options name; metrics writes what is
// measured besides the station, which may be nil.
func (p *process) openWeb(ctx context.Context, cfg *config.Config, options web.Options, s *station, metrics func(io.Writer)) (*web.Server, error) {
	options.Listen, options.Version, options.Log = cfg.Listen, p.version, p.log
	options.Mail, options.PublicURL = cfg.Mail.On(), cfg.PublicURL
	options.Requests = web.Requests{PerSecond: float64(cfg.API.RequestsPerSecond), Burst: cfg.API.RequestsAtOnce}
	options.Metrics = metrics
	if s != nil {
		options.Meters, options.Ready = s.collector.Health, s.ready
		options.Metrics = func(w io.Writer) {
			s.writeMetrics(w)
			metrics(w)
		}
	}
	if err := signInOptions(&options, cfg); err != nil {
		return nil, usageError{err}
	}
	var err error
	if options.Outlines, err = outlines(cfg.Heatmap.Outlines); err != nil {
		return nil, usageError{err}
	}
	if options.Tiles, err = tiles(cfg.Heatmap.Tiles); err != nil {
		return nil, usageError{err}
	}
	for {
		server, err := web.New(ctx, options)
		switch {
		case err == nil:
			return server, nil
		case errors.Is(err, web.ErrExposed):
			return nil, usageError{err}
		case !store.IsTransient(err):
			return nil, err
		}
		select { // the database went away again since it was opened
		case <-ctx.Done():
			return nil, err
		case <-time.After(reconnectEvery):
		}
	}
}

// outlines reads the outlines of the municipality; none for no file.
func outlines(file string) (townmap.Outlines, error) {
	if file == "" {
		return townmap.Outlines{}, nil
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return townmap.Outlines{}, fmt.Errorf("read the outlines of the municipality: %w", err)
	}
	own, faults := townmap.Own(file, src)
	if len(faults) > 0 {
		return own, faults
	}
	return own, nil
}

// tiles is the file of tiles, if it is one: it begins with the name of its format and
// the version (PMTiles specification, version 3).
func tiles(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("read the base map: %w", err)
	}
	defer f.Close()
	begin := make([]byte, 8)
	if _, err := io.ReadFull(f, begin); err != nil || string(begin) != "PMTiles\x03" {
		return "", energy.Fault{File: file, Problem: "this is no PMTiles file of version 3", Remedy: "convert the base map with pmtiles convert, or take the setting out"}
	}
	return file, nil
}

// awaitDatabase tries until the database is there. nil, nil means that the
// process was told to end before.
func (p *process) awaitDatabase(ctx context.Context, cfg *config.Config) (*database, error) {
	for waiting := false; ; waiting = true {
		db, err := p.openDatabase(ctx, cfg)
		switch {
		case err == nil:
			return db, nil
		case ctx.Err() != nil:
			return nil, nil
		case !store.IsTransient(err):
			return nil, err
		}
		if !waiting {
			p.log.Warn("the database is away; readings wait in the spool", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(reconnectEvery):
		}
	}
}

// applyRegistries applies the registry files that the configuration names. What
// people recorded since stays; where a file says otherwise is told.
func (p *process) applyRegistries(ctx context.Context, in *intake.Intake, registries []*registry.Registry) error {
	for _, r := range registries {
		for {
			changes, kept, err := in.Configure(ctx, r, "configuration")
			if err == nil {
				if len(changes) > 0 {
					p.log.Info("registry applied", "changes", len(changes))
				}
				for _, c := range kept {
					p.log.Warn("the registry file says otherwise than a person recorded, whose word stays; heatledger apply shows and decides it", "site", c.Site, "kind", c.Kind, "id", c.ID)
				}
				break
			}
			if !store.IsTransient(err) || ctx.Err() != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(reconnectEvery):
			}
		}
	}
	return nil
}

// deliver hands the spool's batches to the intake until ctx ends, and then,
// for a little while, what is still there; the rest stays in the spool.
func (s *station) deliver(ctx context.Context, to interface {
	Deliver(context.Context, energy.Batch) (energy.Delivery, error)
}) error {
	if err := s.spool.Deliver(ctx, to); err != nil && ctx.Err() == nil {
		return fmt.Errorf("deliver readings: %w", err)
	}
	parting, cancel := context.WithTimeout(context.WithoutCancel(ctx), partingTime)
	defer cancel()
	if err := s.spool.Drain(parting, to); err != nil {
		return nil // what could not be delivered is in the spool for the next start
	}
	return nil
}
