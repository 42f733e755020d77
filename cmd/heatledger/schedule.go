package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"heatledger/config"
	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/reporting/council"
	"heatledger/reporting/document"
	"heatledger/reporting/words"
)

// schedule does something at the minutes an expression names on a local clock.
// It ticks in UTC and compares local time itself: the library skips or doubles
// what falls into the hour of a clock change.
type schedule struct {
	when config.Cron
	zone *time.Location
	file string // holds the last minute that was due, so that a restart in it does nothing twice
	log  *slog.Logger
	do   func(ctx context.Context, at time.Time) error
}

// run ticks each minute, the current one included, until ctx ends. What goes
// wrong is logged and done again when it is next due; a minute that comes while
// the last is still worked on is left out.
func (s *schedule) run(ctx context.Context) error {
	log := cronLog{s.log}
	tick := cron.NewChain(cron.SkipIfStillRunning(log), cron.Recover(log)).Then(cron.FuncJob(func() { s.tick(ctx, time.Now()) }))
	clock := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(log))
	if _, err := clock.AddJob("* * * * *", tick); err != nil {
		return fmt.Errorf("start the schedule: %w", err)
	}
	tick.Run()
	clock.Start()
	<-ctx.Done()
	<-clock.Stop().Done()
	return nil
}

// tick does what is due in the minute of t, unless it was done before.
func (s *schedule) tick(ctx context.Context, t time.Time) {
	minute, due := dueIn(s.when, t.In(s.zone))
	if !due || ctx.Err() != nil {
		return
	}
	if done, err := os.ReadFile(s.file); err == nil && strings.TrimSpace(string(done)) == minute {
		return
	}
	err := os.MkdirAll(filepath.Dir(s.file), 0o755)
	if err == nil {
		err = writeWhole(s.file, func(w io.Writer) error { _, err := fmt.Fprintln(w, minute); return err })
	}
	if err != nil {
		s.log.Warn("not noted what was due; a restart within the minute would do it twice", "minute", minute, "err", err)
	}
	if err := s.do(ctx, t); err != nil && ctx.Err() == nil {
		s.log.Error("scheduled work, to be done again when it is next due", "minute", minute, "err", err)
	}
}

// dueIn tells whether something is due in the minute of t, a local time, and
// which minute of the local clock that is. Minutes that the clock skips are due
// in the one after them; those it shows a second time are not due again.
func dueIn(when config.Cron, t time.Time) (minute string, due bool) {
	start, _ := t.ZoneBounds()
	if !start.IsZero() {
		_, now := t.Zone()
		_, before := start.Add(-time.Second).Zone()
		if back := time.Duration(before-now) * time.Second; back > 0 && t.Add(-back).Before(start) {
			return "", false
		}
	}
	for shown := face(t.Add(-time.Minute)).Add(time.Minute); !shown.After(face(t)); shown = shown.Add(time.Minute) {
		if when.Matches(shown) {
			minute, due = shown.Format("2006-01-02T15:04"), true
		}
	}
	return minute, due
}

// face is what a local clock shows, to the minute, as if it were UTC.
func face(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
}

// cronLog takes the library's messages; those of a panic matter.
type cronLog struct{ log *slog.Logger }

// Info takes a routine message.
func (c cronLog) Info(message string, facts ...any) { c.log.Debug("schedule: "+message, facts...) }

// Error takes what a person must act on.
func (c cronLog) Error(err error, message string, facts ...any) {
	c.log.Error("schedule: "+message, append([]any{"err", err}, facts...)...)
}

// monthlyReports writes the reports of every site below data_dir when the
// configuration says so.
func (p *process) monthlyReports(cfg *config.Config, l *ledger.Ledger) (*schedule, error) {
	calendar, err := energy.LoadCalendar(cfg.Timezone)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cfg.DataDir, "reports")
	return &schedule{when: cfg.Schedule.MonthlyReport, zone: calendar.Location, file: filepath.Join(dir, "last-due"), log: p.log,
		do: func(ctx context.Context, at time.Time) error {
			return writeReports(ctx, l, dir, calendar.Date(at))
		}}, nil
}

// councilReports writes both editions of the report to the council below data_dir
// when the configuration says so.
func (p *process) councilReports(cfg *config.Config, l *ledger.Ledger) (*schedule, error) {
	calendar, err := energy.LoadCalendar(cfg.Timezone)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cfg.DataDir, "reports")
	return &schedule{when: cfg.Schedule.CouncilReport, zone: calendar.Location, file: filepath.Join(dir, "council-last-due"), log: p.log,
		do: func(ctx context.Context, at time.Time) error {
			return writeCouncils(ctx, l, dir, calendar.Date(at))
		}}, nil
}

// writeReports writes SITE-YEAR.pdf and .xlsx of every site, in German, for the
// year of the last whole month and the one before: facts may come late. One site's
// mistake does not keep the others from theirs.
func writeReports(ctx context.Context, l *ledger.Ledger, dir string, today energy.Date) error {
	r, err := l.Registry(ctx)
	if err != nil {
		return err
	}
	latest := energy.Date{Year: today.Year, Month: today.Month, Day: 1}.AddDays(-1).Year
	var errs []error
	for _, site := range r.Sites {
		for _, year := range []int{latest - 1, latest} {
			y, err := document.Gather(ctx, l, site.ID, year, time.Time{})
			if errors.Is(err, document.ErrNothing) {
				continue
			}
			for _, format := range []string{"pdf", "xlsx"} {
				if err == nil {
					path := filepath.Join(dir, fmt.Sprintf("%s-%d.%s", site.ID, year, format))
					err = writeWhole(path, func(w io.Writer) error { return writeReport(w, y, format, document.German) })
				}
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// writeCouncils writes both editions of the report to the council, in German, as
// council-YEAR-EDITION.pdf, for the year of the last whole month and the one before,
// of which any site has readings.
func writeCouncils(ctx context.Context, l *ledger.Ledger, dir string, today energy.Date) error {
	latest := energy.Date{Year: today.Year, Month: today.Month, Day: 1}.AddDays(-1).Year
	var errs []error
	for _, year := range []int{latest - 1, latest} {
		for _, edition := range council.Editions() {
			y, err := council.Gather(ctx, l, year, edition, today, today.UTC())
			if err == nil && len(y.Silent) == y.Sites {
				continue
			}
			if err == nil {
				err = writeWhole(filepath.Join(dir, y.Name()), func(w io.Writer) error { return y.Write(w, words.German) })
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
