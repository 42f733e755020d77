// Package questionnaire asks once a year for what no meter of a site knows: floor
// areas, storage, refrigerants. It knows which questions there are
// ([registry.FactCodes]), what was answered before and what an answer changes in
// the registry; what an answer may be the registry's own rules say. Nothing of
// last year is taken over unless somebody confirms it. It holds no prose.
package questionnaire

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/exhibit"
	"heatledger/energy/registry"
)

// State says how a question of a year stands.
type State string

// The states. Carried: something is known of an earlier year, or holds until it
// changes; it is to be confirmed or changed. Drafted: it is filled in, and not
// handed in. Answered: it was handed in for this year.
const (
	Open     State = "open"
	Carried  State = "carried"
	Drafted  State = "drafted"
	Answered State = "answered"
)

// States lists them.
func States() []State { return []State{Open, Carried, Drafted, Answered} }

// Answer is what somebody says to a question. Value "" says nothing; of what was
// answered for this very year, it takes it back.
type Answer struct {
	Value string `json:"value"`
	// Unit is that of a number, where the table it comes from names one; "" for the
	// question's own.
	Unit string `json:"unit,omitempty"`
	// Confirmed: it is as it was before, and somebody looked.
	Confirmed bool   `json:"confirmed,omitempty"`
	Document  string `json:"document,omitempty"` // sha256:… of one that was handed in, or where the paper is
	Reason    string `json:"reason,omitempty"`   // why an answer of this year is changed
}

// Answers are answers by the name of their question.
type Answers map[string]Answer

// Question is a question of a year with all that is known of it.
type Question struct {
	registry.FactCode
	State State
	// Before is the fact of before that the question is filled in with; nil: there
	// is none. SameYear: it was handed in for this very year.
	Before   *registry.Fact
	SameYear bool
	Given    Answer // as it stands in the form
}

// Form is the questionnaire of a site and year.
type Form struct {
	Site      energy.SiteID
	Year      int
	Questions []Question
	Last      *Handed // the latest time it was handed in; nil: never
	Version   int     // of the draft; 0: there is none
	Waiting   bool    // for a second person
	Actor     string  // who saved the draft last
	SavedAt   time.Time
	FourEyes  bool // what one person hands in another one releases
	Documents []exhibit.Exhibit
}

// Count is how many questions stand so.
func (f Form) Count(state State) (n int) {
	for _, q := range f.Questions {
		if q.State == state {
			n++
		}
	}
	return n
}

// Handed is one time at which a questionnaire was handed in: a fact of its site.
type Handed struct {
	Site       energy.SiteID `json:"site"`
	Year       int           `json:"year"`
	Fact       int64         `json:"fact"`
	At         time.Time     `json:"at"`
	Actor      string        `json:"actor"`                // who handed it in
	ReleasedBy string        `json:"released_by,omitzero"` // the second person, where two are wanted
	// Answers are what was said, Confirmed among them; Digest is the SHA-256 of
	// their JSON, and stands in the public ledger.
	Answers Answers  `json:"answers"`
	Digest  string   `json:"digest"`
	Changed []string `json:"changed"` // ids of the facts that became another
	Reason  string   `json:"reason,omitzero"`
}

// Fault is what is wrong with the answer to a question.
type Fault struct {
	Question string       `json:"question"` // its name; "": of the whole
	Code     string       `json:"code"`
	Args     []string     `json:"args,omitempty"`
	Cell     string       `json:"cell,omitempty"` // of the table it came in
	Fault    energy.Fault `json:"fault"`
}

// The codes of faults.
const (
	FaultUnconfirmed = "unconfirmed" // as it was before, and nobody says that it still is
	FaultReason      = "reason"      // an answer of this year is changed without one
	FaultValue       = "value"       // the rules of the registry say no; Fault says why
	FaultNumber      = "number"      // a number is expected
	FaultAmbiguous   = "ambiguous"   // 1.234 may be 1234: that, and the fraction
	FaultChoice      = "choice"      // one of the choices is expected
	FaultRange       = "range"       // least, most, unit
	FaultDocument    = "document"    // no such document was handed in
	FaultUnknown     = "unknown"     // there is no such question
	FaultNothing     = "nothing"     // nothing is answered
	FaultLong        = "long"        // a text is too long
	FaultTwice       = "twice"       // a table answers a question twice
	FaultNotYours    = "not_yours"   // the second person is the first one
	FaultWhole       = "whole"       // a table of another site or year
	textMost         = 2000          // bytes of a text
	reasonMost       = 500           // bytes of a reason
	digestPrefix     = "sha256:"     // of a document that was handed in
	stateDraft       = "draft"       // of a draft in the database
	stateWaiting     = "waiting"     // the same
)

// Faults are all faults of a form: people mend it once.
type Faults []Fault

// Error joins the faults, one a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = strings.TrimPrefix(f.Question+": "+f.Fault.Error(), ": ")
	}
	return strings.Join(lines, "\n")
}

// fault makes a fault of an answer.
func fault(question, code, problem, remedy string, args ...string) Fault {
	return Fault{Question: question, Code: code, Args: args, Fault: energy.Fault{Problem: problem, Remedy: remedy}}
}

// Ask is the questionnaire of a site and year, filled in with what is known and
// with what was drafted over it.
func Ask(site registry.Site, year int, drafted Answers, last *Handed) []Question {
	var questions []Question
	for _, code := range registry.FactCodes() {
		if code.Dated {
			continue
		}
		q := Question{FactCode: code, State: Open}
		if known, sameYear, ok := before(site, code, year); ok {
			q.Before, q.SameYear, q.State = &known, sameYear, Carried
			q.Given = Answer{Value: known.Value.String(), Document: known.Document}
		}
		if last != nil {
			if said, ok := last.Answers[code.Name]; ok && q.Before != nil && said.Value == q.Before.Value.String() {
				q.State, q.SameYear = Answered, true
				q.Given.Confirmed = true
			}
		}
		if q.SameYear {
			q.State, q.Given.Confirmed = Answered, true
		}
		if said, ok := drafted[code.Name]; ok {
			q.Given, q.State = said, Drafted
		}
		questions = append(questions, q)
	}
	return questions
}

// before is what is known for a question of a year: the fact of that year, what
// holds on its last day, or, of a yearly one, that of the year before.
func before(site registry.Site, code registry.FactCode, year int) (f registry.Fact, sameYear, ok bool) {
	if f, ok = site.FactAt(code.Name, year); ok {
		return f, f.Year == year, true
	}
	if code.Yearly {
		f, ok = site.FactAt(code.Name, year-1)
	}
	return f, false, ok
}

// Check brings answers to the registry's writing and names everything that is
// wrong with them, short of what only the registry's rules know. Unchanged are
// those that need no fact.
func Check(questions []Question, said Answers, documents func(digest string) bool) (Answers, Faults) {
	checked, faults := Answers{}, Faults{}
	for name := range said {
		if !slices.ContainsFunc(questions, func(q Question) bool { return q.Name == name }) {
			faults = append(faults, fault("", FaultUnknown, fmt.Sprintf("there is no question %.60q", name), "take the names of the questionnaire", name))
		}
	}
	for _, q := range questions {
		a, ok := said[q.Name]
		if !ok {
			continue
		}
		a.Value, a.Document, a.Reason = strings.TrimSpace(a.Value), strings.TrimSpace(a.Document), strings.TrimSpace(a.Reason)
		value, wrong := q.read(a)
		a.Value = value
		wrong = append(wrong, q.about(a, documents)...)
		if len(wrong) > 0 {
			faults = append(faults, wrong...)
			continue
		}
		if a.Value == "" && !q.SameYear { // it says nothing
			continue
		}
		checked[q.Name] = a
	}
	return checked, faults
}

// about checks what stands beside the value.
func (q Question) about(a Answer, documents func(string) bool) (faults Faults) {
	as := q.Before != nil && same(q.Before.Value.String(), a.Value)
	switch {
	case as && !a.Confirmed && a.Value != "":
		faults = append(faults, fault(q.Name, FaultUnconfirmed, "it is as it was before, and nobody confirmed it", "confirm it, change it, or leave it empty"))
	case q.SameYear && !as && a.Reason == "":
		faults = append(faults, fault(q.Name, FaultReason, "it was answered for this year and is changed", "say why"))
	}
	if digest, ok := strings.CutPrefix(a.Document, digestPrefix); ok && !documents(digest) {
		faults = append(faults, fault(q.Name, FaultDocument, "no such document was handed in for this site", "hand it in first, or say where the paper is"))
	}
	if len(a.Value) > textMost || len(a.Document) > reasonMost || len(a.Reason) > reasonMost {
		faults = append(faults, fault(q.Name, FaultLong, "a text is too long", fmt.Sprintf("at most %d bytes, documents and reasons %d", textMost, reasonMost)))
	}
	return faults
}

// same tells whether two values say the same, however a number is written.
func same(a, b string) bool {
	x, errX := energy.ParseValue(a)
	y, errY := energy.ParseValue(b)
	if errX == nil && errY == nil {
		return x.Equal(y)
	}
	return a == b
}
