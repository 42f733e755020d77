package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"heatledger/energy"
)

const (
	idleUnchecked = time.Second     // a connection idle for longer is tried before it is lent
	idleKept      = 5 * time.Minute // one idle for longer is closed
	lifetime      = time.Hour       // an older one is replaced, so that servers' memory does not grow
	lockTimeout   = 30 * time.Second
	idleInTx      = time.Minute // a stopped process must not hold a site's lock for ever
)

// conn is one connection, with the numbers it has learnt. They never change in
// a database, and a database that is replaced by another (restored) loses its
// connections, so numbers that live with the connection are always right.
type conn struct {
	*pgx.Conn
	sites      map[energy.SiteID]int32
	sources    map[string]int32
	filings    filings
	numbers    filings // of points that were asked for
	told       string  // on whose behalf it was lent last ([told].key); "": nobody's
	hears      *told   // the same at length; nil: it is the owner's
	born, used time.Time
}

// pool lends connections, at most a fixed number at a time. It has no
// goroutine of its own: what is idle for too long is closed when the next
// connection is taken.
type pool struct {
	config           *pgx.ConnConfig
	statementTimeout time.Duration
	walled           bool          // its connections work under the role of those who ask
	slots            chan struct{} // one entry for each connection lent

	mu     sync.Mutex
	idle   []*conn // least recently used first
	closed bool
}

func newPool(config *pgx.ConnConfig, size int, statementTimeout time.Duration) *pool {
	return &pool{config: config, statementTimeout: statementTimeout, slots: make(chan struct{}, size)}
}

// connect opens a connection with our settings.
func (p *pool) connect(ctx context.Context) (*conn, error) {
	c, err := pgx.ConnectConfig(ctx, p.config.Copy())
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	c.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}})
	registerAmounts(c.TypeMap())
	milliseconds := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	// Not as parameters of the connection: poolers refuse those they do not know.
	// Our statements are few and go by their keys whatever the parameters; to
	// plan one with its partitions takes longer than to run it.
	_, err = c.Exec(ctx, `select set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
		set_config('idle_in_transaction_session_timeout', $3, false), set_config('timezone', 'UTC', false),
		set_config('plan_cache_mode', 'force_generic_plan', false)`,
		milliseconds(p.statementTimeout), milliseconds(lockTimeout), milliseconds(idleInTx))
	if err != nil {
		_ = c.Close(ctx)
		return nil, fmt.Errorf("set up the connection to the database: %w", err)
	}
	made := &conn{Conn: c, sites: map[energy.SiteID]int32{}, sources: map[string]int32{}, born: time.Now()}
	if p.walled {
		if err := made.assume(ctx); err != nil {
			_ = c.Close(ctx)
			return nil, fmt.Errorf("set up the connection to the database: %w", err)
		}
	}
	return made, nil
}

// acquire lends a connection that was alive a moment ago, one that was told the
// same last if there is one.
func (p *pool) acquire(ctx context.Context, told string) (*conn, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a connection to the database: %w", ctx.Err())
	}
	for {
		c, err := p.takeIdle(told)
		if err == nil && c == nil {
			c, err = p.connect(ctx)
		}
		if err != nil {
			<-p.slots
			return nil, err
		}
		if c.used.IsZero() || time.Since(c.used) < idleUnchecked {
			return c, nil
		}
		if c.Ping(ctx) == nil {
			return c, nil
		}
		_ = c.Conn.Close(ctx)
	}
}

// takeIdle takes the connection used last, of those that were told the same if
// there are any, nil if there is none, and closes those that were not needed for
// long.
func (p *pool) takeIdle(told string) (*conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, fmt.Errorf("use the database: %w", ErrClosed)
	}
	now := time.Now()
	p.idle = slices.DeleteFunc(p.idle, func(c *conn) bool {
		old := now.Sub(c.used) > idleKept || now.Sub(c.born) > lifetime
		if old {
			closeSoon(c)
		}
		return old
	})
	if len(p.idle) == 0 {
		return nil, nil
	}
	last := len(p.idle) - 1
	for i := last; i >= 0; i-- {
		if p.idle[i].told == told {
			last = i
			break
		}
	}
	c := p.idle[last]
	p.idle = slices.Delete(p.idle, last, last+1)
	return c, nil
}

// release takes a connection back; one that is broken or still within a
// transaction is closed.
func (p *pool) release(c *conn) {
	p.mu.Lock()
	keep := !p.closed && !c.IsClosed() && c.PgConn().TxStatus() == 'I'
	if keep {
		c.used = time.Now()
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	if !keep {
		closeSoon(c)
	}
	<-p.slots
}

// closeSoon says goodbye to the server, but does not wait long for it.
func closeSoon(c *conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.Conn.Close(ctx)
}

func (p *pool) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, c := range idle {
		closeSoon(c)
	}
}

// session lends a connection for the duration of do.
func (p *pool) session(ctx context.Context, do func(c *conn) error) error {
	return p.sessionAs(ctx, "", do)
}

// sessionAs is session, with a connection that was told the same if there is one.
func (p *pool) sessionAs(ctx context.Context, told string, do func(c *conn) error) error {
	c, err := p.acquire(ctx, told)
	if err != nil {
		return err
	}
	defer p.release(c)
	return do(c)
}

// read runs do, which must only read, outside a transaction. It is run once
// more when the connection turns out to be dead before anything was sent.
func (p *pool) read(ctx context.Context, do func(q session) error) error {
	return p.readAs(ctx, "", do)
}

// readAs is read, with a connection that was told the same if there is one.
func (p *pool) readAs(ctx context.Context, told string, do func(q session) error) error {
	once := func() error {
		return p.sessionAs(ctx, told, func(c *conn) error { return do(session{c.Conn, c}) })
	}
	err := once()
	// A server that was started again within a second leaves connections that
	// look alive; what writes is tried again by its caller, who knows what it did.
	if err != nil && pgconn.SafeToRetry(err) && ctx.Err() == nil {
		err = once()
	}
	return err
}

// transaction runs do in a transaction, which is rolled back when do errs.
// After the commit it calls each of committed.
func (p *pool) transaction(ctx context.Context, do func(q session) error, committed ...func(c *conn)) error {
	return p.session(ctx, func(c *conn) error {
		err := pgx.BeginFunc(ctx, c.Conn, func(tx pgx.Tx) error { return do(session{tx, c}) })
		for _, then := range committed {
			if err == nil {
				then(c)
			}
		}
		return err
	})
}
