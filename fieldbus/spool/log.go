package spool

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"heatledger/energy"
)

// batchLog appends to the batch log. Its mutex makes the order of records in
// the file that in which they were applied to the state; the state itself is
// guarded by the spool's mutex, which is taken inside this one and never
// around input or output.
type batchLog struct {
	disk     disk
	epoch    energy.Epoch
	seed     uint32
	capacity int64 // bytes after which a new file is begun
	now      func() time.Time

	mu     sync.Mutex
	file   file   // in use
	number uint64 // of the file
	size   int64  // written; what is synced may be less
	day    int64  // UTC day on which the file was begun
	buffer []byte // of the record being written

	syncing sync.Mutex // taken inside mu or alone
	synced  logEnd     // guarded by syncing
	broken  error      // an fsync that failed: nothing behind it is trusted; guarded by syncing
}

// logEnd is a length of the batch log.
type logEnd struct {
	number uint64
	size   int64
}

// covers tells whether o lies within e.
func (e logEnd) covers(o logEnd) bool {
	return e.number > o.number || e.number == o.number && e.size >= o.size
}

// dayOf numbers the days of UTC, by which files are begun.
func dayOf(t time.Time) int64 { return t.Unix() / 86400 }

// located is a batch record on disk.
type located struct {
	batchEntry
	number   uint64
	from, to int64
}

// end is how far the log was written.
func (l *batchLog) end() logEnd {
	l.mu.Lock()
	defer l.mu.Unlock()
	return logEnd{l.number, l.size}
}

// append writes one record and applies it. write appends the payload for the
// length known to be synced; applied is called with the record's place while
// the order still holds. Nothing is written or applied when it errs.
func (l *batchLog) append(st *state, guard *sync.Mutex, kind byte, write func(dst []byte, synced int64) []byte,
	applied func(number uint64, from, to int64)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size >= l.capacity || dayOf(l.now()) != l.day {
		if err := l.rotate(st, guard); err != nil {
			return err
		}
	}
	synced, err := l.syncedSize()
	if err != nil {
		return err
	}
	l.buffer = write(beginRecord(l.buffer[:0], kind), synced)
	endRecord(l.buffer, 0, l.seed)
	if len(l.buffer) > maxPayload {
		return fmt.Errorf("append to %s: a record of %d bytes is too long", batchesKind.name(l.number), len(l.buffer))
	}
	if _, err := l.file.WriteAt(l.buffer, l.size); err != nil {
		// Whether the rest of it can be cut off does not matter: the next record
		// is written over it.
		return errors.Join(fmt.Errorf("append to %s: %w", batchesKind.name(l.number), err), l.file.Truncate(l.size))
	}
	from := l.size
	l.size += int64(len(l.buffer))
	guard.Lock()
	st.segments[len(st.segments)-1].size = l.size
	applied(l.number, from, l.size)
	guard.Unlock()
	if cap(l.buffer) > 4*scanWindow {
		l.buffer = nil
	}
	return nil
}

// rotate closes the file in use and begins the next one with a checkpoint.
func (l *batchLog) rotate(st *state, guard *sync.Mutex) error {
	end := logEnd{l.number, l.size}
	if err := l.syncTo(end, end, l.file); err != nil {
		return err
	}
	now := l.now()
	guard.Lock()
	old := st.segments[len(st.segments)-1]
	old.end = st.ends()
	if st.covers(old) {
		old.done = now.UnixMicro()
	}
	next := &segment{number: l.number + 1, begun: now.UnixMicro(), start: old.end}
	first := st.appendCheckpoint(beginRecord(nil, kindCheckpoint), now.UnixMicro())
	guard.Unlock()
	endRecord(first, 0, l.seed)
	f, size, err := createLog(l.disk, batchesKind, l.epoch, next.number, first)
	if err != nil {
		guard.Lock() // the old file stays in use
		old.end, old.done = nil, 0
		guard.Unlock()
		return err
	}
	l.syncing.Lock()
	err = l.file.Close()
	l.file, l.number, l.size, l.day = f, next.number, size, dayOf(now)
	l.synced = logEnd{next.number, size}
	l.syncing.Unlock()
	guard.Lock()
	next.size = size
	st.segments = append(st.segments, next)
	guard.Unlock()
	if err != nil {
		return fmt.Errorf("close %s: %w", batchesKind.name(old.number), err)
	}
	return nil
}

// syncedSize is the length of the file in use that is known to be on disk. Its
// caller holds mu, so that the file does not change.
func (l *batchLog) syncedSize() (int64, error) {
	l.syncing.Lock()
	defer l.syncing.Unlock()
	return l.synced.size, l.broken
}

// sync makes everything up to end durable; callers share an fsync.
func (l *batchLog) sync(end logEnd) error {
	l.mu.Lock()
	f, reach := l.file, logEnd{l.number, l.size}
	l.mu.Unlock()
	return l.syncTo(end, reach, f)
}

// syncTo syncs f, which reaches to reach, unless end is durable already.
func (l *batchLog) syncTo(end, reach logEnd, f file) error {
	l.syncing.Lock()
	defer l.syncing.Unlock()
	if l.broken != nil {
		return l.broken
	}
	if l.synced.covers(end) {
		return nil
	}
	if err := f.Sync(); err != nil {
		// After a failed fsync the kernel may have dropped what it could not
		// write: only reading the file again tells what is there.
		l.broken = fmt.Errorf("sync %s: %w", batchesKind.name(reach.number), err)
		return l.broken
	}
	l.synced = reach
	return nil
}

// broke is why the log takes nothing any more; nil while it does.
func (l *batchLog) broke() error {
	_, err := l.syncedSize()
	return err
}

// close syncs and closes; what comes later errs with ErrClosed.
func (l *batchLog) close() error {
	err := l.sync(l.end())
	l.mu.Lock()
	defer l.mu.Unlock()
	l.syncing.Lock()
	defer l.syncing.Unlock()
	if l.broken == nil {
		l.broken = ErrClosed
	}
	return errors.Join(err, l.file.Close())
}
