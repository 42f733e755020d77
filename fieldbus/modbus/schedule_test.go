package modbus

import (
	"testing"
	"time"
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
