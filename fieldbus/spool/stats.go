package spool

import (
	"cmp"
	"slices"
	"time"

	"heatledger/energy"
)

// Stats are the spool's accounts, in readings unless they say otherwise, over
// its whole life and over kill -9. At every instant
//
//	Collected = Delivered + Queued + Refused + Lost
type Stats struct {
	Collected int64 // handed to Collect
	Delivered int64 // confirmed by the centre; less again when it asks for them again
	Queued    int64 // durable and to be delivered
	Refused   int64 // not taken, and Collect said so: at the bound, on a full disk, of an ill-formed point
	Lost      int64 // taken, then damaged on disk or deleted after Keep before a centre asked again

	SetAside      int64     // damaged stretches and foreign files found when the spool was opened, or later
	SetAsideBytes int64     // of the stretches
	ReleasedEarly int64     // files of delivered batches given up before Keep, since the spool was opened
	KeptFrom      time.Time // a centre can be given again all that was cut since; zero: all that ever was

	OldestQueued time.Time // instant of collection; zero: nothing is queued
	Full         bool      // the last readings were refused for want of room
	Bytes        int64     // size of all files
	MaxBytes     int64     // the bound
	Lanes        []LaneStats
}

// LaneStats are the accounts of one lane of a site.
type LaneStats struct {
	Site         energy.SiteID
	Lane         energy.Lane
	Epoch        energy.Epoch // in which it is delivered now
	Cut          uint64       // sequence of the newest batch in Epoch
	Acknowledged uint64       // sequence up to which the centre has it
	Queued       int64        // readings in batches that are not delivered
	OldestQueued time.Time    // zero: nothing is queued
	Failures     int          // attempts in a row that did not work out
	Since        time.Time    // when they began
	Problem      string       // what the last of them was
	Refusal      string       // the centre's reason, if a person must act; "" otherwise
}

// Stats gives the accounts now.
func (s *Spool) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Stats{
		Collected: s.counts.kept + int64(s.state.refused), Refused: int64(s.state.refused), Lost: s.counts.lost + s.counts.missing,
		SetAside: s.counts.setAside, SetAsideBytes: s.counts.setAsideSize, ReleasedEarly: s.counts.releasedSoon,
		Full: s.full, Bytes: s.bytes(), MaxBytes: s.options.MaxBytes,
	}
	var oldest int64
	older := func(at int64) {
		if at != 0 && (oldest == 0 || at < oldest) {
			oldest = at
		}
	}
	for _, of := range s.dictionary.sites {
		st.Queued += of.readings
		if len(of.pieces) > 0 {
			older(of.pieces[0].collected)
		}
	}
	for _, l := range s.state.lanes {
		st.Delivered += int64(l.delivered - l.lost())
		st.Lost += int64(l.lost())
		st.Queued += int64(l.queued())
		older(l.oldest)
		st.Lanes = append(st.Lanes, l.stats())
	}
	st.OldestQueued, st.KeptFrom = instant(oldest), instant(s.reach())
	slices.SortFunc(st.Lanes, func(a, b LaneStats) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Lane, b.Lane))
	})
	return st
}

// stats gives the lane's accounts in the epoch of its next batch.
func (l *lane) stats() LaneStats {
	as := l.epochOf(l.acknowledged + 1)
	return LaneStats{
		Site: l.site, Lane: l.lane, Epoch: as.epoch,
		Cut: l.last - as.base, Acknowledged: l.acknowledged - as.base, Queued: int64(l.queued()),
		OldestQueued: instant(l.oldest),
		Failures:     l.attempt.failures, Since: l.attempt.since, Problem: l.attempt.problem, Refusal: l.attempt.refusal,
	}
}

// instant is the instant of Unix µs; zero for 0.
func instant(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// laneName is how logs call a lane.
func laneName(l energy.Lane) string {
	if l == energy.Backlog {
		return "backlog"
	}
	return "live"
}
