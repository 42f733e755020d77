package opcua

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/gopcua/opcua/ua"

	"heatledger/fieldbus"
)

// How history is asked for.
const (
	settle         = 5 * time.Minute // a historian writes late: a gap is looked at once more after this
	refusalLasts   = 24 * time.Hour  // who has no history today is not asked again before
	gapsOfPoint    = 16              // breaks of one point that wait at once; older ones are given up
	gapTries       = 20              // after which a gap stays
	leastChunk     = 10              // values in one answer, however small a server wants them
	fatalQuestions = 3               // in a row that the connection did not outlive
	emptyAnswers   = 20              // in a row, each with a continuation point: nothing will come
)

// gap is a span without readings of a point: from is its last one before, to
// the first one after. Neither belongs to it.
type gap struct {
	point   *point
	address address // of the node and how it is read, as they were when it was missed
	reader  reader
	to      time.Time
	due     time.Time
	second  bool // it was looked up, and is once more
	short   bool // hardly worth a word

	// Of the one goroutine that fills it.
	from   time.Time // moves on with what is durable
	handed int       // readings so far
	full   bool      // as many as are allowed
	retry  backoff
}

// archive knows what was missed and asks the server's history for it, in the
// background: live readings never wait for it, nor it for their outbox.
type archive struct {
	log    *slog.Logger
	ledger *ledger
	most   time.Duration
	values int
	fatal  int // questions in a row that the connection did not outlive

	mu      sync.Mutex
	gaps    []*gap
	refused map[*point]time.Time // no history: until when it is not asked for
	off     time.Time            // the same of the whole server
	chunk   int
	wake    chan struct{}
}

func newArchive(o Options, l *ledger, log *slog.Logger) *archive {
	return &archive{
		log: log, ledger: l, most: o.HistoryMost, values: o.HistoryValues, chunk: o.HistoryChunk,
		refused: make(map[*point]time.Time), wake: make(chan struct{}, 1),
	}
}

// missed notes a gap, unless its point is known to have no history.
func (a *archive) missed(p *point, from, to, now time.Time) {
	if oldest := now.Add(-a.most); from.Before(oldest) {
		from = oldest
	}
	if !from.Before(to) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.Before(a.off) || now.Before(a.refused[p]) {
		return
	}
	a.makeRoom(p)
	a.gaps = append(a.gaps, &gap{
		point: p, address: p.address, reader: p.reader, from: from, to: to, due: now, short: to.Sub(from) < 10*time.Second,
		retry: backoff{least: time.Minute, most: time.Hour},
	})
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// makeRoom gives up the oldest gap of a point that has too many, rather one
// that was looked up already than one that was not. a.mu is held.
func (a *archive) makeRoom(p *point) {
	waiting, victim := 0, -1
	for i, g := range a.gaps {
		if g.point != p {
			continue
		}
		if waiting++; victim < 0 || g.second && !a.gaps[victim].second {
			victim = i
		}
	}
	if waiting < gapsOfPoint {
		return
	}
	if g := a.gaps[victim]; !g.second {
		a.log.Warn("gap is not filled: too many wait", "point", p.Point, "to", g.to)
	}
	a.gaps = append(a.gaps[:victim], a.gaps[victim+1:]...)
}

// next is the gap to look at now; if none is, how long to wait (0: for a wake).
func (a *archive) next(now time.Time) (*gap, time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var soonest time.Time
	for _, g := range a.gaps {
		if !now.Before(g.due) {
			return g, 0
		}
		if soonest.IsZero() || g.due.Before(soonest) {
			soonest = g.due
		}
	}
	if soonest.IsZero() {
		return nil, 0
	}
	return nil, soonest.Sub(now)
}

// done takes a gap off the list; later leaves it there until then.
func (a *archive) done(g *gap) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.gaps {
		if a.gaps[i] == g {
			a.gaps = append(a.gaps[:i], a.gaps[i+1:]...)
			return
		}
	}
}

func (a *archive) later(g *gap, due time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g.due = due
}

// hurry is for a new connection: what went wrong on the last one is tried at once.
func (a *archive) hurry(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.gaps {
		if !g.second {
			g.due = now
		}
	}
}

// refuse remembers that a point, or with nil the server, has no history, and
// forgets its gaps.
func (a *archive) refuse(p *point, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p == nil {
		a.off, a.gaps = now.Add(refusalLasts), nil
		return
	}
	a.refused[p] = now.Add(refusalLasts)
	var rest []*gap
	for _, g := range a.gaps {
		if g.point != p {
			rest = append(rest, g)
		}
	}
	a.gaps = rest
}

// smaller asks for less at once from now on.
func (a *archive) smaller() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.chunk = max(a.chunk/2, leastChunk)
}

func (a *archive) atOnce() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.chunk
}

// fill looks at gaps, one request at a time, until ctx ends or the connection
// fails. It rests after each request as long as the request took: a server busy
// with its history still has time for its reports.
func (a *archive) fill(ctx context.Context, l *link, sink fieldbus.Sink) {
	a.hurry(time.Now())
	for ctx.Err() == nil {
		g, wait := a.next(time.Now())
		if g == nil {
			if !a.rest(ctx, wait) {
				return
			}
			continue
		}
		err := a.look(ctx, l, sink, g)
		if err == nil {
			a.settled(g)
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if a.unfit(g, err) {
			return // the library has given the connection up
		}
	}
}

// rest waits, at most so long, 0: for ever, for another gap.
func (a *archive) rest(ctx context.Context, most time.Duration) bool {
	var timeout <-chan time.Time
	if most > 0 {
		t := time.NewTimer(most)
		defer t.Stop()
		timeout = t.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-a.wake:
	case <-timeout:
	}
	return true
}

// settled is for a gap that was read to its end: once more after a while.
func (a *archive) settled(g *gap) {
	a.mu.Lock()
	again := !g.second && !g.full
	g.second, g.due = true, time.Now().Add(settle)
	a.mu.Unlock()
	if !again {
		a.done(g)
		return
	}
	level := slog.LevelInfo
	if g.short {
		level = slog.LevelDebug // there may be one with each report
	}
	a.log.Log(context.Background(), level, "gap was looked up in the server's history", "point", g.point.Point, "to", g.to, "readings", g.handed)
}

// unfit decides what becomes of a gap that could not be read, and tells whether
// the connection is lost with it: the library ends it with every refusal of a
// request as a whole.
func (a *archive) unfit(g *gap, err error) (lost bool) {
	now := time.Now()
	status := ua.StatusCode(0)
	var refusal *refusal
	switch isStatus := errors.As(err, &status); {
	case errors.As(err, &refusal):
		a.log.Debug("node has no history", "point", g.point.Point, "node", g.point.Node.Node, "reason", refusal)
		a.refuse(g.point, now)
		return false
	case isStatus && tooMuch(status):
		a.smaller()
		lost = status != ua.StatusBadTimeout // which is ours, not the server's
	case isStatus && noService(status):
		a.log.Debug("server has no history", "reason", statusName(status))
		a.refuse(nil, now)
		return true
	case isStatus || errors.Is(err, io.EOF):
		// Of session or channel; the gap waits for the next connection. But the
		// library may end the connection for a refusal before it tells of it.
		a.smaller()
		if a.fatal++; a.fatal >= fatalQuestions {
			a.log.Warn("server is not asked for history any more: connections end over it", "times", a.fatal)
			a.refuse(nil, now)
			a.fatal = 0
		}
		return true
	}
	if g.retry.tries >= gapTries {
		a.log.Warn("gap is not filled", "point", g.point.Point, "from", g.from, "to", g.to, "err", err)
		a.done(g)
		return lost
	}
	a.log.Debug("history is asked for again later", "point", g.point.Point, "err", err)
	a.later(g, now.Add(g.retry.next()))
	return lost
}
