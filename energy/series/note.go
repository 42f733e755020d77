package series

import (
	"time"

	"heatledger/energy"
)

// Note is something in the readings that a person should know of: what was
// left out, and what is an open case.
type Note struct {
	Code  Code
	From  time.Time // the reading concerned, or the one before the step
	To    time.Time // the last reading concerned, or the one after the step
	Count int       // readings concerned
	// Before and After are the numbers on either side of a step; of a glitch,
	// Before is the number before and After the number that was dropped.
	Before, After energy.Amount
}

// Code names the rule that made a note.
type Code string

// The notes of counters: a single number that returned was dropped; the
// counter fell, rose beyond any rate, or came back from a fall of a few
// readings, and the time between is missing; it passed its modulus; an exchange
// or a confirmed reset was applied; what a new register had counted at the very
// instant of its start has no time it could belong to.
const (
	NoteGlitch   Code = "glitch"
	NoteFall     Code = "open_fall"
	NoteJump     Code = "open_jump"
	NoteReturn   Code = "open_return"
	NoteWrap     Code = "wrap"
	NoteExchange Code = "meter_exchange"
	NoteReset    Code = "confirmed_reset"
	NoteLost     Code = "lost_at_exchange"
)

// The notes of readings that were left out: quality suspect (counters), no
// number or one that no meter means, an amount or a mean without an interval,
// an interval in which the next begins, a second reading at the same instant.
const (
	NoteSuspect Code = "suspect"
	NoteRange   Code = "out_of_range"
	NoteLength  Code = "no_interval"
	NoteOverlap Code = "overlap"
	NoteDouble  Code = "same_instant"
)

// leftOut notes a reading that was left out; neighbours with the same reason
// share a note.
func (t *Track) leftOut(why Code, r energy.Reading, v int64) {
	if why == "" {
		return
	}
	if n := len(t.notes) - 1; n >= 0 && t.notes[n].Code == why && t.joined {
		t.notes[n].To = r.At
		t.notes[n].Count++
		return
	}
	t.notes = append(t.notes, Note{Code: why, From: r.At, To: r.At, Count: 1, After: energy.Amount(v)})
	t.joined = true
}

// step notes what lies between two nodes.
func (t *Track) step(code Code, a, b node) {
	t.notes = append(t.notes, Note{
		Code: code, From: instant(a.at), To: instant(b.at), Count: 2,
		Before: energy.Amount(a.v), After: energy.Amount(b.v),
	})
}
