package spool

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"
)

// ErrFull says that the spool is at its bound or the disk is full: what was
// kept stays, what is new is refused.
var ErrFull = errors.New("spool is full")

// isFull tells an error of a full disk from others.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// bytes is the size of all files.
func (s *Spool) bytes() (n int64) {
	for _, f := range s.files {
		n += f.size
	}
	for _, seg := range s.state.segments {
		n += seg.size
	}
	return n
}

// reach is the instant from which on every batch is still kept, Unix µs; 0: all
// are, or it is not known. The caller holds the mutex.
func (s *Spool) reach() int64 {
	if first := s.state.segments[0]; first.number > 1 {
		return first.begun
	}
	return 0
}

// room errs unless n more bytes of readings may be kept. A part of the bound is
// left free for cutting and marking what is kept already.
func (s *Spool) room(n int64) error {
	// What is kept can still be cut and delivered when nothing new is taken.
	reserve := min(s.options.MaxBytes/8, 2*s.options.fileBytes)
	s.mu.Lock()
	used := s.bytes()
	s.mu.Unlock()
	if used+n > s.options.MaxBytes-reserve {
		return fmt.Errorf("%d of %d bytes are used, %d are reserved for batches: %w", used, s.options.MaxBytes, reserve, ErrFull)
	}
	return nil
}

// appendMark writes a mark and applies it; without an fsync, for a mark that is
// lost costs one delivery that the centre knows already.
func (s *Spool) appendMark(e markEntry) error {
	return s.log.append(&s.state, &s.mu, kindMark,
		func(dst []byte, synced int64) []byte { e.synced = synced; return e.append(dst) },
		func(uint64, int64, int64) { s.state.applyMark(e) })
}

// secureMarks makes durable how far the lanes are delivered.
func (s *Spool) secureMarks() error {
	s.mu.Lock()
	missing, lanes := s.unmarked, s.state.lanes
	s.unmarked = false
	s.mu.Unlock()
	for _, l := range lanes {
		if !missing {
			break
		}
		if err := s.appendCurrentMark(l); err != nil {
			s.mu.Lock()
			s.unmarked = true
			s.mu.Unlock()
			return err
		}
	}
	return s.log.sync(s.log.end())
}

// appendCurrentMark writes the mark of a lane as it stands in the state.
func (s *Spool) appendCurrentMark(l *lane) error {
	return s.log.append(&s.state, &s.mu, kindMark,
		func(dst []byte, synced int64) []byte {
			s.mu.Lock()
			defer s.mu.Unlock()
			e := markEntry{laneKey: l.laneKey, synced: synced, ordinal: l.acknowledged, total: l.delivered,
				at: s.options.Now().UnixMicro()}
			return e.append(dst)
		},
		func(uint64, int64, int64) {})
}

// releaseSoon gives up the oldest delivered file before its time and tells
// whether there was one.
func (s *Spool) releaseSoon() bool {
	s.mu.Lock()
	var oldest *segment
	for _, seg := range s.state.segments {
		if seg.done != 0 {
			oldest = seg
			break
		}
	}
	s.mu.Unlock()
	if oldest == nil {
		return false
	}
	if err := s.release(oldest); err != nil {
		s.options.Log.Warn("delivered batches stay although the spool is full", "file", batchesKind.name(oldest.number), "err", err)
		return false
	}
	s.mu.Lock()
	s.counts.releasedSoon++
	reach := instant(s.reach())
	s.mu.Unlock()
	s.options.Log.Warn("spool is full: delivered batches are given up early, a centre restored from an older backup lacks them",
		"file", batchesKind.name(oldest.number), "delivered", time.UnixMicro(oldest.done).UTC(), "kept_from", reach,
		"keep", s.options.Keep, "max_bytes", s.options.MaxBytes)
	return true
}

// release deletes a file of delivered batches, unless the centre has just asked
// for them again. That they are delivered must be known after a crash too.
func (s *Spool) release(seg *segment) error {
	if err := s.secureMarks(); err != nil {
		return err
	}
	s.mu.Lock()
	if seg.done == 0 {
		s.mu.Unlock()
		return nil
	}
	s.state.segments = slices.DeleteFunc(slices.Clone(s.state.segments), func(o *segment) bool { return o == seg })
	s.state.forget()
	s.mu.Unlock()
	return s.disk.Remove(batchesKind.name(seg.number))
}

// sweep deletes journal files whose readings are all in batches, once those
// batches are durable.
func (s *Spool) sweep() error {
	for {
		s.mu.Lock()
		var cut *journalFile
		for _, f := range s.files {
			if f.uncut == 0 && f != s.files[len(s.files)-1] {
				cut = f
				break
			}
		}
		s.mu.Unlock()
		if cut == nil {
			return nil
		}
		if err := s.log.sync(s.log.end()); err != nil {
			return err
		}
		s.mu.Lock()
		mine := slices.Contains(s.files, cut) // sites sweep beside each other
		s.files = slices.DeleteFunc(s.files, func(f *journalFile) bool { return f == cut })
		s.mu.Unlock()
		if !mine {
			continue
		}
		name := journalKind.name(cut.number)
		if err := errors.Join(cut.file.Close(), s.disk.Remove(name)); err != nil {
			return fmt.Errorf("delete %s: %w", name, err)
		}
	}
}
