package spool

import (
	"fmt"
	"time"
)

const (
	// aJump is how far the clock must get ahead of the time that passed to be
	// taken for wrong, or for having been: slewing stays below.
	aJump = 5 * time.Minute
	// aPause is how long a spool may have been out of use before the clock is
	// doubted; and how long a clock may lie behind the files before it is believed.
	aPause = 24 * time.Hour
)

// retention judges how long delivered files were kept, by a clock that may jump.
// Guarded by the spool's mutex.
//
// A file is old when Keep has passed since its last batch was delivered, by the
// wall clock: it goes on while the spool is not in use. When that clock jumps
// ahead, or has gone on for more than a day unseen, nobody can tell whether the
// time passed: what was delivered before is kept for Keep from then on.
type retention struct {
	since  int64         // of the last jump, by the clock after it, Unix µs; 0: none
	latest int64         // newest instant in the files, Unix µs
	seen   int64         // the wall clock when it was looked at last, Unix µs
	at     time.Duration // the steady clock then
	behind time.Duration // the steady clock when the wall clock was first behind latest; negative: it is not
}

// seeFile notes an instant that stands in the files.
func (r *retention) seeFile(at int64) { r.latest = max(r.latest, at) }

// open begins to watch the clock, since what the account says.
func (r *retention) open(now int64, steady time.Duration, since int64) {
	r.since, r.seen, r.at, r.behind = since, now, steady, -1
	if r.latest != 0 && now-r.latest > aPause.Microseconds() {
		r.since = now
	}
}

// look compares the wall clock with the steady one and tells of a jump ahead.
func (r *retention) look(now int64, steady time.Duration) (jump time.Duration) {
	jump = time.Duration(now-r.seen)*time.Microsecond - (steady - r.at)
	// From behind what the files say a jump ahead puts the clock right.
	if jump > aJump && r.seen >= r.latest {
		r.since = now
	} else {
		jump = 0
	}
	r.seen, r.at = now, steady
	switch {
	case now >= r.latest:
		r.behind = -1
		r.latest = now
	case r.behind < 0:
		r.behind = steady
	case steady-r.behind >= aPause:
		r.latest, r.behind = now, -1 // the files are ahead, not the clock behind
	}
	r.since = min(r.since, r.latest)
	return jump
}

// old tells whether what was delivered at an instant has been kept long enough.
// An instant ahead of the clock counts as now.
func (r *retention) old(done int64, keep time.Duration) bool {
	return max(min(done, r.latest), r.since)+keep.Microseconds() <= r.seen
}

// retire deletes files whose batches were all delivered longer than Keep ago: by
// the time of delivery, not of collection, for a backup of the centre is as old
// as what was delivered since.
func (s *Spool) retire() error {
	now, steady := s.options.Now().UnixMicro(), s.options.steady()
	s.mu.Lock()
	jump := s.retention.look(now, steady)
	var old []*segment
	for _, seg := range s.state.segments {
		if seg.done == 0 {
			continue
		}
		if seg.done > s.retention.latest {
			seg.done = s.retention.latest
		}
		if s.retention.old(seg.done, s.options.Keep) {
			old = append(old, seg)
		}
	}
	s.mu.Unlock()
	if jump > 0 {
		s.options.Log.Warn("the clock jumped ahead: delivered batches are kept on", "by", jump)
	}
	for _, seg := range old {
		if err := s.release(seg); err != nil {
			return fmt.Errorf("delete delivered batches: %w", err)
		}
		s.options.Log.Debug("delivered batches are deleted", "file", batchesKind.name(seg.number))
	}
	return nil
}
