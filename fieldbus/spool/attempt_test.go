package spool

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/energy"
)

func TestManyCollectorsDoNotComeBackAtTheSameSecond(t *testing.T) {
	t.Parallel()
	const collectors = 5000
	for _, outage := range []time.Duration{2 * time.Second, 20 * time.Second, time.Hour} {
		at := make(map[int64]int) // by tenths of the pause that is usual by then
		longest, most := time.Duration(0), 0
		for range collectors {
			begun := time.Unix(0, 0)
			a, now := attempt{}, begun
			for now.Sub(begun) < outage {
				a.fail(now, errAway)
				now = a.again
			}
			late := now.Sub(begun) - outage
			longest = max(longest, late)
			at[int64(late*10/min(longestPause, outage))]++
		}
		for _, n := range at {
			most = max(most, n)
		}
		// Evenly spread over the pause a tenth would have 500.
		if most > collectors*3/10 || longest > longestPause {
			t.Errorf("after %s: %d of %d came back within a tenth of the usual pause, the last after %s", outage, most, collectors, longest)
		}
	}
}

// lines counts log lines.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), what)
}

// refusedError is a centre's refusal that a person must mend.
type refusedError struct{}

func (refusedError) Error() string   { return "the token is unknown" }
func (refusedError) Permanent() bool { return true }

func TestARefusalIsToldOnceAndRetriedSlowly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const mended = 2 * time.Hour
		c, log, start, tries := newCentre(), new(lines), time.Now(), 0
		c.answer = func(b energy.Batch, _ bool) (refuse, lose error) {
			if time.Since(start) < mended {
				tries++
				return fmt.Errorf("push batch %d of %s: %w", b.Sequence, b.Site, refusedError{}), nil
			}
			return nil, nil
		}
		sites := []string{"north", "south", "west"}
		arrivals := sceneWith(t, Options{Log: slog.New(slog.NewTextHandler(log, nil))}, mended+30*time.Minute, sites, c, nil)
		// Three sites, two lanes each: at a pause of five to ten minutes in the end.
		if most := 6 * (int(mended/(longestRefused/2)) + 8); tries > most || tries < 3*15 {
			t.Errorf("%d tries in %s, want %d at most", tries, mended, most)
		}
		if n := log.count("level=ERROR"); n != 1 || log.count("until a person acts") != 1 {
			t.Errorf("%d errors were logged:\n%s", n, log.text.String())
		}
		for _, a := range arrivals {
			if a.after > mended+longestRefused && a.Lane == energy.Live && a.Sequence == 1 {
				t.Errorf("the first live batch of %s came %s after it was mended", a.Site, a.after-mended)
			}
		}
	})
}

func TestAnotherTroubleAfterARefusalIsRetriedSoon(t *testing.T) {
	t.Parallel()
	a, now := attempt{}, time.Unix(0, 0)
	for range 20 {
		a.fail(now, refusedError{})
	}
	if wait := a.again.Sub(now); wait < longestRefused/2 || wait > longestRefused {
		t.Errorf("after twenty refusals the pause is %s", wait)
	}
	a.fail(now, errors.New("connection refused"))
	if wait := a.again.Sub(now); wait > firstPause || a.refusal != "" {
		t.Errorf("then the centre is away, and the pause is %s", wait)
	}
}

func TestALongBacklogDoesNotHoldUpLiveReadingsThoughTheCentreIsSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const outage = 8 * time.Hour
		c, start := newCentre(), time.Now()
		c.answer = func(b energy.Batch, _ bool) (refuse, lose error) {
			if time.Since(start) < outage {
				return errAway, nil
			}
			time.Sleep(3 * time.Second) // each batch; beside the others, as a network is
			return nil, nil
		}
		arrivals := sceneWith(t, Options{BatchReadings: 200}, outage+20*time.Minute, []string{"north"}, c, nil)
		var cameBy time.Duration
		backlog, latest := 0, time.Duration(0)
		for _, a := range arrivals {
			switch {
			case a.Lane == energy.Backlog:
				backlog += a.count
				cameBy = max(cameBy, a.after)
			case a.oldest > outage+longestPause: // read when the centre was found to be back
				latest = max(latest, a.after-a.oldest)
			}
		}
		if backlog < 27_000 {
			t.Errorf("%d readings came in the backlog lane", backlog)
		}
		if cameBy-outage < 5*time.Minute {
			t.Fatalf("the backlog took %s: too little to tell", cameBy-outage)
		}
		if latest > 45*time.Second { // three batches' time
			t.Errorf("a live reading came %s after it was read", latest)
		}
	})
}
