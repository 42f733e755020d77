package opcua

import (
	"strconv"
	"testing"
	"time"

	"heatledger/energy"
)

// chronicle is the counter Past.Energy of a plant: what it stood at when.
type chronicle struct {
	born  time.Time
	every time.Duration
}

// chronicled starts a plant whose history began so long ago.
func chronicled(t *testing.T, ago, every time.Duration, args ...string) (*plant, chronicle) {
	t.Helper()
	from := born(ago)
	ms, err := strconv.ParseInt(from, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"--born", from, "--every", strconv.FormatInt(every.Milliseconds(), 10)}, args...)
	return startPlant(t, t.TempDir(), args...), chronicle{time.UnixMilli(ms).UTC(), every}
}

// tick is the number of the value that an instant bears.
func (c chronicle) tick(at time.Time) (k int64, ok bool) {
	since := at.Sub(c.born)
	return int64(since / c.every), since >= 0 && since%c.every == 0
}

// told checks every reading of Past.Energy against what the counter stood at,
// that they come in order where they come by the same way, that none comes
// twice, and that none is missing between the instants.
func (c chronicle) told(t *testing.T, readings []energy.Reading, from, to time.Time) {
	t.Helper()
	seen := make(map[int64]bool)
	for _, r := range readings {
		k, ok := c.tick(r.At)
		if !ok {
			t.Errorf("a reading of %s was invented: the counter has no value of that instant", r.At)
			continue
		}
		if want := energy.Decimal(1000+k, 0); r.Value != want || r.Quality != energy.Measured {
			t.Errorf("at %s the reading is %s, %s, want %s", r.At, r.Value, r.Quality, want)
		}
		if seen[k] {
			t.Errorf("the reading of %s comes twice", r.At)
		}
		seen[k] = true
	}
	first, _ := c.tick(from)
	last, _ := c.tick(to)
	missing := 0
	for k := first + 1; k < last; k++ {
		if !seen[k] {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d values between %s and %s are missing", missing, last-first-1, from, to)
	}
}

func historic(p string, nodes ...Node) Config {
	return Config{ID: "bms", Endpoint: p, History: true, Meters: []Meter{{ID: "ups", Sampling: 50 * time.Millisecond, Nodes: nodes}}}
}

// patient is hasty, but states no value again: such readings are of no tick.
func patient(t *testing.T) Options {
	o := hasty(t)
	o.Refresh = time.Hour
	return o
}

// between are the readings after one instant and before another.
func between(readings []energy.Reading, from, to time.Time) (some []energy.Reading) {
	for _, r := range readings {
		if r.At.After(from) && r.At.Before(to) {
			some = append(some, r)
		}
	}
	return some
}

// newest is the instant of the latest reading.
func newest(readings []energy.Reading) (at time.Time) {
	for _, r := range readings {
		if r.At.After(at) {
			at = r.At
		}
	}
	return at
}

// oldestAfter is the instant of the first reading, in the order they came,
// that lies after an instant by more than so much: the first live one again.
func oldestAfter(readings []energy.Reading, after time.Time, by time.Duration) time.Time {
	for _, r := range readings {
		if r.At.After(after.Add(by)) {
			return r.At
		}
	}
	return newest(readings)
}
