package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"heatledger/energy/access"
)

// asker is on whose behalf something is read. A context that carries one
// ([OnBehalf]) bounds everything a [Reader] reads with it to what he reaches,
// whichever way it takes; whoever hands the context on hands the bounds on. What
// is written, and what is known of accounts, tokens and mail, is the program's own
// affair and not bounded.
//
// So a handler of the web does nothing for it but hand on its request's context:
// that carries an asker from the outermost handler on, and whoever finds out who
// asks says what he reaches ([Reaches]).
type asker struct {
	mutex sync.Mutex
	reach access.Reach
	actor string
	told  *told // nil: not looked up since the reach was given

	entries *int64 // how many versions of entries there are; nil: not counted yet
}

type askerKey struct{}

// OnBehalf is a context whose questions are asked on behalf of somebody who is not
// known yet: he reaches nothing until [Reaches] says so.
func OnBehalf(ctx context.Context) context.Context {
	return context.WithValue(ctx, askerKey{}, &asker{})
}

// Reaches widens what the one reaches on whose behalf the context asks; actor is
// how facts name him.
func Reaches(ctx context.Context, reach access.Reach, actor string) {
	a := askerOf(ctx)
	if a == nil {
		return
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.reach, a.actor, a.told = a.reach.Or(reach), actor, nil
}

// AsOwner is a context whose questions the program asks for itself: for what it
// answers rests on more than whoever asks may see, and it was found out before
// that he may have the answer.
func AsOwner(ctx context.Context) context.Context {
	if askerOf(ctx) == nil {
		return ctx
	}
	return context.WithValue(ctx, askerKey{}, (*asker)(nil))
}

// askerOf is on whose behalf the context asks; nil: the program for itself.
func askerOf(ctx context.Context) *asker {
	a, _ := ctx.Value(askerKey{}).(*asker)
	return a
}

// AskedBy gives the reach of the one on whose behalf the context asks; ok is false
// where the program asks for itself.
func AskedBy(ctx context.Context) (reach access.Reach, ok bool) {
	a := askerOf(ctx)
	if a == nil {
		return access.Reach{}, false
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.reach, true
}

// counted is how many versions of entries there are, counted once on behalf of an
// asker: all of a request rests on the same registry, but for what it adds itself.
func (a *asker) counted(count func() (int64, error)) (int64, error) {
	if a == nil {
		return count()
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.count(count)
}

func (a *asker) count(count func() (int64, error)) (int64, error) {
	if a.entries != nil {
		return *a.entries, nil
	}
	n, err := count()
	if err == nil {
		a.entries = &n
	}
	return n, err
}

// wrote forgets what was counted and found out before something was added.
func wrote(ctx context.Context) {
	if a := askerOf(ctx); a != nil {
		a.mutex.Lock()
		a.entries, a.told = nil, nil
		a.mutex.Unlock()
	}
}

// told is what a session is told of an asker: the settings heatledger.*.
type told struct {
	key      string  // all settings in one: two with the same see the same
	settings []any   // in the order of [conn.hear]
	all      bool    // it reaches everything
	numbers  []int32 // of the municipality and the sites of which it reaches anything
	points   bool    // it reaches single points
	entries  int64   // how many versions of entries it was found out from
}

// sees tells whether the session may use the number of a site that it learnt, for
// whomever that was.
func (c *conn) sees(site int32) bool {
	return c.hears == nil || c.hears.all || slices.Contains(c.hears.numbers, site)
}

// tellings are the settings found out last, by reach. They rest on entries alone,
// which are counted with each request, so that they are never old.
type tellings struct {
	mutex sync.Mutex
	known map[string]*told
}

// tellingsKept is for how many reaches the settings are kept; with one more the
// memory begins anew.
const tellingsKept = 1000

// settle finds out what a session is to be told of the asker, once a request.
func (s *Store) settle(ctx context.Context, a *asker) (*told, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.told != nil {
		return a.told, nil
	}
	var err error
	switch {
	case a.reach.Everywhere:
		a.told = tell("on", "{}", "{}", "{}", "{}", "{}", a.actor)
		a.told.all = true
	case a.reach.Empty(): // what the municipality is called and where it lies is nobody's secret
		a.told = tell("off", "{}", "{}", "{}", "{0}", `{"0 municipality municipality"}`, a.actor)
	default:
		var entries int64
		if entries, err = a.count(func() (int64, error) { return s.countEntries(ctx) }); err == nil {
			a.told, err = s.found(ctx, a.reach, a.actor, entries)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("find out what may be read: %w", err)
	}
	return a.told, nil
}

func tell(settings ...any) *told { return &told{key: fmt.Sprintf("%q", settings), settings: settings} }

func (s *Store) found(ctx context.Context, reach access.Reach, actor string, entries int64) (*told, error) {
	key := fmt.Sprint(reach.Sites, reach.Points, actor)
	s.tellings.mutex.Lock()
	known := s.tellings.known[key]
	s.tellings.mutex.Unlock()
	if known != nil && known.entries == entries {
		return known, nil
	}
	err := s.pool.read(ctx, func(q session) error {
		var whole bool
		var err error
		if known, whole, err = q.told(ctx, reach, actor); err == nil && whole {
			known.entries = entries // counted before: it is never newer than it says
			s.tellings.keep(key, known)
		}
		return err
	})
	return known, err
}

func (m *tellings) keep(key string, t *told) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.known == nil || len(m.known) >= tellingsKept {
		m.known = map[string]*told{}
	}
	m.known[key] = t
}

// told finds out the settings; whole is false while something of the reach is not
// there yet. A paper names whom it concerns in some version, or nobody; see
// reached_papers in migration 0014.
func (q session) told(ctx context.Context, reach access.Reach, actor string) (t *told, whole bool, err error) {
	var found [5]string
	var numbers []int32
	err = q.QueryRow(ctx, selectTold, pgx.NamedArgs{"sites": texts(reach.Sites), "points": texts(reach.Points)}).
		Scan(&numbers, &found[0], &found[1], &found[2], &found[3], &found[4], &whole)
	if err != nil {
		return nil, false, err
	}
	t = tell("off", found[0], found[1], found[2], found[3], found[4], actor)
	t.numbers, t.points = numbers, len(reach.Points) > 0
	return t, whole, nil
}

const selectTold = `
	with whole as (
		select site_id, id from site where id = any(@sites::text[]) and site_id <> 0
	), single as (
		select p.site_id, p.point_no, p.id from unnest(@points::text[]) as w (id)
		join site s on s.id = split_part(w.id, '/', 1) join point p on p.site_id = s.site_id and p.id = w.id
	), touched as (
		select site_id, id from site where site_id in (select site_id from whole union select site_id from single)
	), operator as (
		select distinct body ->> 'operator' as id from entry where kind = 'site' and site_id in (select site_id from touched)
	), near as (
		select array(select id from touched) as sites, array(select id from operator where id is not null) as operators
	), paper as (
		select distinct 0 as site_id, kind, e.id from entry e cross join near
		where e.site_id = 0 and (kind = 'municipality' or kind = 'operator' and e.id = any(near.operators)
			or kind in ('task', 'letter') and split_part(e.id, '/', 2) in (select id from whole)
			or kind in ('commitment', 'evidence') and body <> 'null' and (not body ?| array['sites', 'operator', 'allocations', 'beneficiary']
				or body -> 'sites' ?| near.sites or body ->> 'operator' = any(near.operators) or body ->> 'beneficiary' = any(near.operators)
				or exists (select from jsonb_path_query(body, '$.allocations[*].site') as a (site) where a.site #>> '{}' = any(near.sites))))
		union
		select distinct e.site_id, kind, e.id from entry e
		where e.site_id in (select site_id from single except select site_id from whole) and (kind = 'site'
			or kind = 'meter' and exists (select from jsonb_path_query(body, '$.points[*].id') as p (id) where p.id #>> '{}' = any(@points::text[])))
	), event as (
		select distinct e.site_id, e.kind, e.id from entry e
		where e.kind = 'event' and e.site_id in (select site_id from single except select site_id from whole)
		and (body -> 'points' ?| @points::text[] or exists (select from paper p where p.site_id = e.site_id and p.kind = 'meter' and p.id = body ->> 'meter'))
	)
	select array(select 0 union select site_id from touched order by 1),
		array(select site_id from whole order by site_id)::text, array(select id from whole order by id)::text,
		array(select (site_id::int8 << 32) + point_no from single order by 1)::text,
		array(select 0 union select site_id from touched order by 1)::text,
		array(select site_id || ' ' || kind || ' ' || id from (select * from paper union select * from event) as p order by 1)::text,
		(select count(*) from whole) = cardinality(@sites::text[]) and (select count(*) from single) = cardinality(@points::text[])`

// hear tells the session of an asker, unless it was told the same last.
func (c *conn) hear(ctx context.Context, t *told) error {
	if c.told == t.key {
		return nil
	}
	if c.told = ""; c.hears == nil || c.hears.points || t.points { // else whoever sees the site sees the points that were learnt
		c.numbers = filings{}
	}
	_, err := c.Exec(ctx, `select set_config('heatledger.everywhere', $1, false), set_config('heatledger.sites', $2, false),
		set_config('heatledger.site_ids', $3, false), set_config('heatledger.points', $4, false), set_config('heatledger.touched', $5, false),
		set_config('heatledger.papers', $6, false), set_config('heatledger.actor', $7, false)`, t.settings...)
	if err != nil {
		return fmt.Errorf("tell the database who asks: %w", err)
	}
	c.told, c.hears = t.key, t
	return nil
}

// read runs do on behalf of whoever asks.
func (s *Store) read(ctx context.Context, do func(q session) error) error {
	a := askerOf(ctx)
	if a == nil {
		return s.pool.read(ctx, do)
	}
	t, err := s.settle(ctx, a)
	if err != nil {
		return err
	}
	return s.walled.readAs(ctx, t.key, func(q session) error {
		if err := q.conn.hear(ctx, t); err != nil {
			return err
		}
		return do(q)
	})
}

// lend lends a connection on behalf of whoever asks.
func (s *Store) lend(ctx context.Context, do func(c *conn) error) error {
	a := askerOf(ctx)
	if a == nil {
		return s.pool.session(ctx, do)
	}
	t, err := s.settle(ctx, a)
	if err != nil {
		return err
	}
	return s.walled.sessionAs(ctx, t.key, func(c *conn) error {
		if err := c.hear(ctx, t); err != nil {
			return err
		}
		return do(c)
	})
}
