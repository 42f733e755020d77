package modbus

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/fieldbus"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05.999", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestSlotsAreWholeMultiplesOfTheInterval(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		now   string
		every time.Duration
		want  string
	}{
		"within a slot":                 {"2026-03-29 01:59:53.4", 10 * time.Second, "2026-03-29 02:00:00"},
		"at a slot the next one":        {"2026-03-29 02:00:00", 10 * time.Second, "2026-03-29 02:00:10"},
		"a quarter-hour":                {"2026-10-25 00:59:59.999", 15 * time.Minute, "2026-10-25 01:00:00"},
		"an interval that divides none": {"1970-01-01 00:00:13.9", 7 * time.Second, "1970-01-01 00:00:14"},
		"before 1970":                   {"1969-12-31 23:59:57", 10 * time.Second, "1970-01-01 00:00:00"},
		"before 1970, at a slot":        {"1969-12-31 23:59:50", 10 * time.Second, "1970-01-01 00:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := slotAfter(at(test.now), test.every); !got.Equal(at(test.want)) {
				t.Errorf("after %s comes %s, want %s", test.now, got, test.want)
			}
		})
	}
}

func TestSlotsThatPassAreCounted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from, to string
		want     int64
	}{
		"from one slot to the next": {"2026-01-01 00:00:00", "2026-01-01 00:00:10", 0},
		"one is left out":           {"2026-01-01 00:00:00", "2026-01-01 00:00:20", 1},
		"from between two slots":    {"2026-01-01 00:00:05", "2026-01-01 00:00:30", 2},
		"to between two slots":      {"2026-01-01 00:00:00", "2026-01-01 00:00:15", 1},
		"within one interval":       {"2026-01-01 00:00:01", "2026-01-01 00:00:02", 0},
		"backwards":                 {"2026-01-01 00:01:00", "2026-01-01 00:00:00", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := slotsBetween(at(test.from), at(test.to), 10*time.Second); got != test.want {
				t.Errorf("%d slots, want %d", got, test.want)
			}
		})
	}
}

func TestAnAttemptIsMadeAtTheNextSlotUnlessItIsTooEarlyOrFarAway(t *testing.T) {
	t.Parallel()
	now := at("2026-01-01 00:00:03")
	for name, test := range map[string]struct {
		earliest time.Time
		every    time.Duration
		want     string
	}{
		"nothing is in the way":          {time.Time{}, 10 * time.Second, "2026-01-01 00:00:10"},
		"the slot is too early":          {now.Add(30 * time.Second), 10 * time.Second, "2026-01-01 00:00:40"},
		"earliest is a slot":             {now.Add(37 * time.Second), 10 * time.Second, "2026-01-01 00:00:40"},
		"a retry comes before the slot":  {now.Add(2 * time.Second), time.Hour, "2026-01-01 00:00:05"},
		"the retry could have been made": {now, time.Hour, "2026-01-01 01:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := resume(now, test.earliest, test.every); !got.Equal(at(test.want)) {
				t.Errorf("resumed at %s, want %s", got, test.want)
			}
		})
	}
}

func TestBackoffDoublesUpToItsMost(t *testing.T) {
	t.Parallel()
	b := backoff{first: 2 * time.Second, most: time.Minute}
	for failures, want := range map[int]time.Duration{1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 6: time.Minute, 1000: time.Minute} {
		if got := b.after(failures); got != want {
			t.Errorf("after %d failures %s, want %s", failures, got, want)
		}
	}
}

func TestOverAThousandSlotsNothingDrifts(t *testing.T) {
	t.Parallel()
	inBubble(t, func(ctx context.Context, t *testing.T) {
		p := &plant{units: map[uint8]*unit{1: {}, 2: {}}, latency: 130 * time.Millisecond}
		sink := &memorySink{}
		d := p.start(ctx, t, sink,
			Meter{ID: "m1", Unit: 1, Every: time.Second, Registers: registers("s1", 5)},
			Meter{ID: "m2", Unit: 2, Every: 7 * time.Second, Registers: registers("s2", 5)})
		time.Sleep(1000*time.Second + 500*time.Millisecond)
		synctest.Wait()
		for i, r := range sink.of("s1/r5")[1:] {
			// Every seventh slot is shared with the other meter.
			if late := r.At.Sub(r.At.Truncate(time.Second)); late != p.latency && late != 2*p.latency {
				t.Fatalf("reading %d is %s behind its slot", i+1, late)
			}
		}
		if a, b := len(sink.of("s1/r5")), len(sink.of("s2/r5")); a != 1001 || b != 144 {
			t.Errorf("%d and %d readings", a, b)
		}
		for _, h := range d.Health() {
			if h.Skipped != 0 {
				t.Errorf("health %+v", h)
			}
		}
	})
}

func TestAClockThatJumpsCostsNoReadings(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{
		"forward by hours":           5 * time.Hour,
		"back by hours":              -5 * time.Hour,
		"forward within an interval": 4 * time.Second,
		"back within an interval":    -4 * time.Second,
		"forward by years":           20 * 365 * 24 * time.Hour,
		"back before 1970":           -40 * 365 * 24 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(ctx context.Context, t *testing.T) {
				p := &plant{units: map[uint8]*unit{1: {}, 2: {}}}
				sink := &memorySink{}
				d := p.start(ctx, t, sink,
					Meter{ID: "m1", Unit: 1, Every: 10 * time.Second, Registers: registers("s1", 5)},
					Meter{ID: "m2", Unit: 2, Every: 15 * time.Minute, Registers: registers("s2", 5)})
				time.Sleep(time.Hour + 3*time.Second)
				synctest.Wait()
				before := len(sink.of("s1/r5"))
				p.jump.Store(int64(jump))
				time.Sleep(time.Hour)
				synctest.Wait()
				fresh := sink.of("s1/r5")[before:]
				if n := len(fresh); n < 359 || n > 361 {
					t.Errorf("%d readings in the hour after the clock was set", n)
				}
				for i, r := range fresh {
					wall := p.wall(time.Now()).Add(-time.Hour)
					if age := r.At.Sub(wall); age < 0 || age > time.Hour {
						t.Fatalf("reading %d bears %s, which is not the time of the wall clock", i, r.At)
					}
					if late := r.At.Sub(slotAfter(r.At, 10*time.Second).Add(-10 * time.Second)); i > 1 && late > time.Second {
						t.Fatalf("reading %d is %s behind its slot", i, late)
					}
				}
				if n := len(sink.of("s2/r5")); n < 8 || n > 10 {
					t.Errorf("%d readings of a quarter-hour meter in two hours", n)
				}
				for _, h := range d.Health() {
					if h.State != fieldbus.Healthy || h.Skipped > 1 {
						t.Errorf("health %+v", h)
					}
				}
			})
		})
	}
}

func TestAClockThatJumpsDoesNotChangeWhenASilentUnitIsAsked(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{5 * time.Hour, -5 * time.Hour} {
		t.Run(jump.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(ctx context.Context, t *testing.T) {
				p := &plant{units: map[uint8]*unit{1: {silent: true}}}
				p.start(ctx, t, &memorySink{}, Meter{ID: "m", Unit: 1, Every: 10 * time.Second, Registers: registers("s", 5)})
				time.Sleep(time.Hour)
				synctest.Wait()
				p.questions(1)
				p.jump.Store(int64(jump))
				time.Sleep(time.Hour)
				synctest.Wait()
				if n := len(p.questions(1)); n < 10 || n > 14 {
					t.Errorf("it was asked %d times in the hour after the clock was set", n)
				}
			})
		})
	}
}
