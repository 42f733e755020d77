package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heatledger/config"
	"heatledger/energy"
)

// diary is a schedule that notes when it did something.
type diary struct {
	schedule
	done []string // local times
	log  bytes.Buffer
}

func newDiary(t *testing.T, expression, file string) *diary {
	t.Helper()
	when, err := config.ParseCron(expression)
	if err != nil {
		t.Fatalf("read the expression: %v", err)
	}
	calendar, err := energy.LoadCalendar("Europe/Berlin")
	if err != nil {
		t.Fatalf("load the calendar: %v", err)
	}
	d := &diary{}
	d.schedule = schedule{when: when, zone: calendar.Location, file: file, log: slog.New(slog.NewTextHandler(&d.log, nil)),
		do: func(_ context.Context, at time.Time) error {
			d.done = append(d.done, at.In(calendar.Location).Format("2006-01-02T15:04Z07:00"))
			return nil
		}}
	return d
}

// during runs the schedule from one instant to another, on the bubble's clock,
// which begins with the year 2000.
func (d *diary) during(t *testing.T, from, to time.Time) {
	t.Helper()
	time.Sleep(time.Until(from))
	ctx, cancel := context.WithDeadline(t.Context(), to)
	defer cancel()
	if err := d.run(ctx); err != nil {
		t.Errorf("run the schedule: %v", err)
	}
}

func TestWhatFallsIntoAClockChangeIsDoneOnce(t *testing.T) {
	t.Parallel()
	utc := func(month time.Month, day int) time.Time { return time.Date(2000, month, day, 12, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		says, expression string
		from, to         time.Time
		want             []string
	}{
		{"02:30 does not exist: the minute after the jump", "30 2 * * *", utc(3, 25), utc(3, 27), []string{"2000-03-26T03:00+02:00", "2000-03-27T02:30+02:00"}},
		{"02:30 is there twice: the first time", "30 2 * * *", utc(10, 28), utc(10, 30), []string{"2000-10-29T02:30+02:00", "2000-10-30T02:30+01:00"}},
		{"03:00 follows the jump", "0 3 * * *", utc(3, 25), utc(3, 26), []string{"2000-03-26T03:00+02:00"}},
		{"the second of the month at six, local time", "0 6 2 * *", utc(3, 1), utc(5, 1), []string{"2000-03-02T06:00+01:00", "2000-04-02T06:00+02:00"}},
		{"never", "", utc(3, 1), utc(3, 2), nil},
	} {
		t.Run(tt.says, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "last-due")
			synctest.Test(t, func(t *testing.T) {
				d := newDiary(t, tt.expression, file)
				d.during(t, tt.from, tt.to)
				if !slices.Equal(d.done, tt.want) {
					t.Errorf("done at %v, want %v", d.done, tt.want)
				}
			})
		})
	}
}

func TestARestartInTheDueMinuteDoesNothingTwice(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "last-due")
	synctest.Test(t, func(t *testing.T) {
		due := time.Date(2000, 3, 2, 5, 0, 0, 0, time.UTC) // 06:00 in Berlin
		for _, tt := range []struct {
			says     string
			from, to time.Time
			want     int
		}{
			{"it begins within the minute", due.Add(10 * time.Second), due.Add(20 * time.Second), 1},
			{"it begins within the minute again", due.Add(30 * time.Second), due.Add(40 * time.Second), 0},
			{"the minute passes", due.Add(50 * time.Second), due.Add(5 * time.Minute), 0},
		} {
			d := newDiary(t, "0 6 2 * *", file)
			d.during(t, tt.from, tt.to)
			if len(d.done) != tt.want {
				t.Errorf("%s: done at %v, want %d times", tt.says, d.done, tt.want)
			}
		}
	})
}

func TestWhatGoesWrongIsLoggedAndDoneAgainWhenNextDue(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "last-due")
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t, "0 * * * *", file)
		var tries atomic.Int32
		d.do = func(context.Context, time.Time) error {
			switch tries.Add(1) {
			case 1:
				return errors.New("the disk is full")
			case 2:
				panic("a mistake of the program")
			case 3:
				time.Sleep(150 * time.Minute) // the next two times come too early
			}
			return nil
		}
		from := time.Date(2000, 1, 1, 0, 30, 0, 0, time.UTC)
		d.during(t, from, from.Add(6*time.Hour)) // due at 1, 2, 3, 4, 5, 6
		if tries.Load() != 4 {
			t.Errorf("tried %d times, want at 1, 2, 3 and 6 o'clock", tries.Load())
		}
		for _, said := range []string{"the disk is full", "a mistake of the program"} {
			if strings.Count(d.log.String(), "level=ERROR") != 2 || !strings.Contains(d.log.String(), said) {
				t.Errorf("the log lacks %q, or has other errors:\n%s", said, d.log.String())
			}
		}
	})
}
