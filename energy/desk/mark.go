package desk

import (
	"slices"
	"time"

	"heatledger/energy"
)

// Mark says that the office did one of its own tasks, or took that back. It is a
// fact; who says so stands beside it.
type Mark struct {
	Item string      `json:"item"`          // the key of the item
	Done energy.Date `json:"done,omitzero"` // the zero Date takes an earlier mark back
	Note string      `json:"note,omitempty"`
	Who  string      `json:"-"` // as facts name people
	At   time.Time   `json:"-"`
}

// LetterKind is what a letter is about.
type LetterKind string

// The letters.
const (
	RequestLetter  LetterKind = "request"  // what is needed for the year before, in January
	ReminderLetter LetterKind = "reminder" // of one thing that is due
	QuestionLetter LetterKind = "question" // about something handed in
	HearingLetter  LetterKind = "hearing"  // a judgement, before it is published
)

// Letter is a letter that was written, a fact: what it was about and to whom, and
// the digest of its pages. The pages are not kept: they name people.
type Letter struct {
	Kind     LetterKind    `json:"kind"`
	Item     string        `json:"item"` // the key of the item, or the submission it asks about
	Operator string        `json:"operator"`
	Site     energy.SiteID `json:"site,omitempty"` // "": all of the operator's
	Lang     string        `json:"lang"`
	On       energy.Date   `json:"on"`     // its date
	Digest   string        `json:"digest"` // SHA-256 of the letter as a PDF of its own, in hex
	Who      string        `json:"-"`
	At       time.Time     `json:"-"`
}

// Letter is the kind of letter that belongs to an item; ok is false where none
// does.
func (i Item) Letter() (kind LetterKind, ok bool) {
	if i.State == Done {
		return "", false
	}
	switch i.Code {
	case OperatorRequest:
		return RequestLetter, true
	case HearingReply:
		return HearingLetter, true
	case HearingDecision, OfficeTask, CouncilPaper:
		return "", false
	}
	return ReminderLetter, true
}

// Markable tells whether the office says by itself that an item is done. Of all
// else that follows from what is known.
func (i Item) Markable() bool {
	switch i.Code {
	case OfficeTask, CouncilPaper, OperatorRequest:
		return true
	}
	return false
}

// noted is the item with what the office noted of it: that it is done, where it
// may say so, and the letters about it.
func (q Question) noted(i Item) Item {
	key := i.Key()
	for _, l := range q.Letters {
		if l.Item == key {
			i.Letters = append(i.Letters, l)
		}
	}
	at := slices.IndexFunc(q.Marks, func(m Mark) bool { return m.Item == key })
	if at < 0 || !i.Markable() || i.State == Done {
		return i
	}
	if m := q.Marks[at]; m.Done != (energy.Date{}) && !q.On.Before(m.Done) {
		i.Done, i.State, i.Note, i.Marked = m.Done, Done, m.Note, true
	}
	return i
}
