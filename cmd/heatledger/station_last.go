package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"heatledger/energy"
	"heatledger/fieldbus"
)

// lastReadings remembers beyond the end of the process when each point of an OPC
// UA connection was last read, so that what a server noted meanwhile is asked of
// its history. It is a file of its own: a collector may have no database.
//
// What is remembered may be up to a minute old, after which some readings are
// asked for twice; the same reading twice is one. A gap that was being filled
// when the process ended is not remembered.
type lastReadings struct {
	file string
	log  *slog.Logger

	mutex sync.Mutex
	at    map[energy.PointID]time.Time
	saved time.Time
}

// rememberEvery is how old what is remembered may be.
const rememberEvery = time.Minute

// openLast reads what an earlier process left. A file that is not understood is
// as good as none: then nothing older is asked for.
func openLast(file string, log *slog.Logger) *lastReadings {
	l := &lastReadings{file: file, log: log, at: map[energy.PointID]time.Time{}, saved: time.Now()}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &l.at)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Warn("when points were last read is not known: what was missed while this process was down is not asked for", "file", file, "err", err)
		l.at = map[energy.PointID]time.Time{}
	}
	return l
}

// of is when a point was last read, zero if that is not known. An instant that
// has not come yet was noted by a wrong clock.
func (l *lastReadings) of(p energy.PointID) time.Time {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if at := l.at[p]; at.Before(time.Now()) {
		return at
	}
	return time.Time{}
}

// note remembers readings that are durable.
func (l *lastReadings) note(readings []energy.PointReading) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, r := range readings {
		if r.At.After(l.at[r.Point]) {
			l.at[r.Point] = r.At
		}
	}
	if time.Since(l.saved) >= rememberEvery {
		l.save()
	}
}

// save writes the file; the mutex is held. One that cannot be written costs
// history and no reading.
func (l *lastReadings) save() {
	l.saved = time.Now()
	err := os.MkdirAll(filepath.Dir(l.file), 0o755)
	if err == nil {
		err = writeWhole(l.file, func(w io.Writer) error { return json.NewEncoder(w).Encode(l.at) })
	}
	if err != nil {
		l.log.Warn("when points were last read is not remembered", "err", err)
	}
}

// rememberingDriver notes what its driver hands on.
type rememberingDriver struct {
	fieldbus.Driver
	last *lastReadings
}

// Run runs the driver and saves what is remembered when it ends.
func (d rememberingDriver) Run(ctx context.Context, sink fieldbus.Sink) error {
	defer func() {
		d.last.mutex.Lock()
		defer d.last.mutex.Unlock()
		d.last.save()
	}()
	return d.Driver.Run(ctx, rememberingSink{sink, d.last})
}

// rememberingSink notes what its sink took.
type rememberingSink struct {
	sink fieldbus.Sink
	last *lastReadings
}

// Collect hands readings on, and remembers them once they are durable.
func (s rememberingSink) Collect(ctx context.Context, readings []energy.PointReading) error {
	err := s.sink.Collect(ctx, readings)
	if err == nil {
		s.last.note(readings)
	}
	return err
}
