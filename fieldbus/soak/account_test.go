package soak

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// account stands between the drivers and the spool. It proves every value and
// remembers what became of it.
type account struct {
	chronicle *chronicle
	stalls    *stalls

	// gate is held while the spool is exchanged; readings wait then, as they do
	// for a slow disk.
	gate  sync.RWMutex
	spool fieldbus.Sink

	mu      sync.Mutex
	points  map[energy.PointID]*pointAccount
	kept    map[fact]int // the spool said they are durable
	refused int64        // readings that the spool did not take
	open    map[fact]int // Collect ended without saying
	faults  []string
}

// pointAccount is what a point may give, and what it gave.
type pointAccount struct {
	source
	line  string
	meter string
	block int // of the unit: what one request brings
	// patience is the oldest that a value may be when its answer is there;
	// exact, when the instant of a reading is the server's own.
	patience time.Duration
	exact    bool

	at            time.Time // of the last reading
	stamp         int64     // of the last reading
	handed        int64     // over by the driver
	kept, refused int64     // of these
}

func newAccount(c *chronicle) *account {
	return &account{chronicle: c, points: map[energy.PointID]*pointAccount{}, kept: map[fact]int{}, open: map[fact]int{}}
}

// Collect implements fieldbus.Sink.
func (a *account) Collect(ctx context.Context, readings []energy.PointReading) error {
	a.prove(readings)
	return a.hand(ctx, readings)
}

// hand gives readings to the spool and remembers what it said.
func (a *account) hand(ctx context.Context, readings []energy.PointReading) error {
	a.gate.RLock()
	err := a.spool.Collect(ctx, readings)
	a.gate.RUnlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range readings {
		p := a.points[r.Point]
		switch {
		case p == nil:
		case err == nil:
			a.kept[factOf(r)]++
			p.kept++
		default:
			p.refused++
		}
		if err != nil && ctx.Err() != nil {
			a.open[factOf(r)]++
		}
	}
	if err != nil {
		a.refused += int64(len(readings))
	}
	return err
}

// answer is what one request brought: the values of a unit's block with one
// instant.
type answer struct {
	line, meter string
	block       int
	at          time.Time
}

// prove looks at readings as a driver hands them over.
func (a *account) prove(readings []energy.PointReading) {
	a.mu.Lock()
	defer a.mu.Unlock()
	stamps := map[answer]int64{}
	for _, r := range readings {
		p := a.points[r.Point]
		if p == nil {
			a.fault("", "%s is invented: nobody reads it (%s)", r.Point, r.Value)
			continue
		}
		stamp, err := p.source.prove(r.Value, r.At, p.patience)
		if err != nil && p.form == half {
			stamp, err = p.source.prove(r.Value, r.At, p.patience+a.stalls.within(r.At.Add(-time.Minute), r.At))
		}
		if err != nil {
			a.fault(p.line, "%s at %s: %v%s", r.Point, clock(r.At), err, a.whose(r))
			continue
		}
		of := answer{p.line, p.meter, p.block, r.At}
		if other, known := stamps[of]; known && other != stamp {
			a.fault(p.line, "%s at %s is torn: its stamp is %d, that of the answer %d", r.Point, clock(r.At), stamp, other)
		}
		stamps[of] = stamp
		p.handed++
		if problem := p.follow(r.At, stamp); problem != "" {
			a.fault(p.line, "%s at %s %s", r.Point, clock(r.At), problem)
		}
		if age := r.At.Sub(time.UnixMilli(stamp)); age > p.patience && age > p.patience+a.stalls.within(time.UnixMilli(stamp), r.At) {
			a.fault(p.line, "%s at %s is %s old, %s at most is allowed", r.Point, clock(r.At), age, p.patience)
		}
		if late := time.Until(r.At); late > 0 {
			a.fault(p.line, "%s at %s is %s in the future", r.Point, clock(r.At), late)
		}
	}
}

// follow takes the next reading of a point; it says what is wrong with it.
func (p *pointAccount) follow(at time.Time, stamp int64) string {
	given := time.UnixMilli(stamp)
	before, last := p.at, p.stamp
	p.at, p.stamp = at, stamp
	switch age := at.Sub(given); {
	case !at.After(before):
		return fmt.Sprintf("is not after the reading before, of %s", clock(before))
	case stamp <= last:
		return fmt.Sprintf("was given at %d, not after the value before, at %d", stamp, last)
	case p.exact && age != 0:
		return fmt.Sprintf("does not bear the instant of its value: %s off", age)
	case age < -ahead*time.Millisecond:
		return fmt.Sprintf("was given %s after it", -age)
	}
	return ""
}

// whose tells which source gave a value, if any did.
func (a *account) whose(r energy.PointReading) string {
	for name, p := range a.points {
		if p.form == half {
			continue
		}
		if stamp, err := p.source.prove(r.Value, r.At, 0); err == nil {
			return fmt.Sprintf(": it is that of %s, given %s before", name, r.At.Sub(time.UnixMilli(stamp)))
		}
	}
	return ""
}

// mostFaults are told; one bug makes thousands.
const mostFaults = 12

// fault notes what must not be, with what led to it. The mutex is held.
func (a *account) fault(line, format string, args ...any) {
	if len(a.faults) < mostFaults {
		a.faults = append(a.faults, fmt.Sprintf("line %s: %s\n%s", line, fmt.Sprintf(format, args...), a.chronicle.last(line, 40)))
	}
}

// complain is fault for whoever does not hold the mutex.
func (a *account) complain(line, format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fault(line, format, args...)
}

// failed tells whether so much went wrong that no more is needed.
func (a *account) failed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.faults) >= mostFaults
}

// handed is how many readings each point of a meter gave, at least.
func (a *account) handed(line, meter string) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	least := int64(math.MaxInt64)
	for _, p := range a.points {
		if p.line == line && p.meter == meter {
			least = min(least, p.handed)
		}
	}
	return least
}

// clock is an instant to the microsecond.
func clock(t time.Time) string { return t.UTC().Format("15:04:05.000000") }
