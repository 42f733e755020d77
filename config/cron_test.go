package config_test

import (
	"testing"
	"time"

	"heatledger/config"
)

func TestACronMatchesTheLocalClock(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text, at string
		want     bool
	}{
		{"0 6 2 * *", "2026-03-02T06:00:30", true},
		{"0 6 2 * *", "2026-03-02T06:01:00", false},
		{"0 6 2 * *", "2026-03-03T06:00:00", false},
		{"30 2 * * *", "2026-10-25T02:30:00", true},
		{"*/15 8-17 * 1-3,12 mon-fri", "2026-03-02T08:45:00", true},
		{"*/15 8-17 * 1-3,12 mon-fri", "2026-03-01T08:45:00", false}, // a Sunday
		{"*/15 8-17 * 1-3,12 mon-fri", "2026-04-02T08:45:00", false},
		{"0 0 13 * 5", "2026-03-13T00:00:00", true}, // a Friday
		{"0 0 13 * 5", "2026-03-06T00:00:00", true}, // either is enough
		{"0 0 13 * 5", "2026-03-07T00:00:00", false},
		{"0 0 29 2 *", "2028-02-29T00:00:00", true},
		{"", "2026-03-07T00:00:00", false},
	}
	for _, tt := range tests {
		c, err := config.ParseCron(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation("2006-01-02T15:04:05", tt.at, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Matches(at); got != tt.want {
			t.Errorf("%q at %s: %t", tt.text, tt.at, got)
		}
	}
}

func TestTextsThatWouldBreakTheSchedulerAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"TZ=0", "CRON_TZ=Europe/Berlin", "TZ=Europe/Berlin 0 6 2 * *", "@daily", "@every 1s", "* * * *", "* * * * * *", " ", "a b c d e",
		"0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", ", * * * *", "*/0 * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *",
	} {
		if c, err := config.ParseCron(text); err == nil {
			t.Errorf("%q is taken as %q", text, c)
		}
	}
}

func FuzzParseCron(f *testing.F) {
	for _, seed := range []string{"0 6 2 * *", "TZ=0", "CRON_TZ=Europe/Berlin", "*/5 1-3,7 ? jan-dec sun", "0 0 31 2 *", ",,,, - / * *", "1/9223372036854775807 * * * *"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := config.ParseCron(text)
		if err == nil && c.String() != text {
			t.Errorf("%q became %q", text, c)
		}
	})
}
