// Package mscons reads EDIFACT messages MSCONS, in which network and meter
// operators deliver metered values: UNB, UNH, LOC, LIN, PIA, QTY and DTM, and
// whatever they need of the others. It knows the form only; which point a place
// and register belong to is settled by whoever maps them.
//
// The message is UN/EDIFACT MSCONS D.04B as the German market uses it. The
// application handbook of the edition in force was not at hand: what the
// qualifiers of QTY mean is taken from public code (BO4E) and marked with its
// state of confirmation ([Qualities]).
package mscons

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"heatledger/energy"
)

// Value is one QTY with what it stands under.
type Value struct {
	Segment  int    // number of the QTY in the interchange
	Where    string // names its place for people
	Place    string // LOC+172 or 107: metering or market location
	Register string // PIA+5: the OBIS code, "" without one
	Number   energy.Value
	Unit     energy.Unit // "" where none is stated
	Quality  Quality
	// Stood is the instant of a reading of a counter (DTM+9), or else From and To
	// bound the interval of an amount (DTM+163, 164). Local tells that they are
	// shown by a clock whose offset the message does not state.
	Stood, From, To time.Time
	Local           bool
}

// Counter tells whether the value is a counter's.
func (v Value) Counter() bool { return !v.Stood.IsZero() }

// Fault is what is wrong with a QTY, by which the others are not concerned.
type Fault struct {
	Segment int
	Where   string
	Code    string // bad_value, bad_time, bad_unit, bad_quality
	Problem string
	Remedy  string
}

const wholeRemedy = "hand in the file as the network operator sent it"

// reader is a message on its way.
type reader struct {
	segments  *segments
	place     string
	register  string
	from, to  time.Time // of the place, for values that state none
	local     bool
	pending   *Value
	fault     *Fault
	message   string // reference of the message that is open
	count     int    // its segments so far
	messages  int
	inLine    bool
	take      func(Value) error
	reject    func(Fault) error
	exchanged bool // UNB was seen
}

// Read reads an interchange and hands over each value, or what is wrong with
// it. It returns energy.Faults, with the number of the segment as line, where
// the interchange as a whole is none, and the error of take or reject.
func Read(r io.Reader, take func(Value) error, reject func(Fault) error) error {
	s, err := newSegments(r)
	if err != nil {
		return err
	}
	m := &reader{segments: s, take: take, reject: reject}
	for {
		segment, err := s.next()
		if errors.Is(err, io.EOF) {
			return m.whole(segment)
		}
		if err != nil {
			return err
		}
		m.count++
		if err := m.segment(segment); err != nil {
			return err
		}
		if segment.Tag == "UNZ" {
			return m.whole(segment)
		}
	}
}

func at(s Segment, problem string) error {
	return energy.Faults{{Line: s.Number, Problem: problem + " at " + s.Place(), Remedy: wholeRemedy}}
}

// whole checks that nothing is left open at the end.
func (m *reader) whole(last Segment) error {
	switch {
	case !m.exchanged:
		return energy.Faults{{Line: 1, Problem: "the interchange has no UNB", Remedy: wholeRemedy}}
	case m.message != "" || last.Tag != "UNZ":
		return energy.Faults{{Line: m.segments.number, Problem: "the interchange ends early, without UNT and UNZ", Remedy: wholeRemedy}}
	}
	return nil
}

func (m *reader) segment(s Segment) error {
	switch s.Tag {
	case "UNB":
		m.exchanged = true
	case "UNH":
		if kind := s.component(1, 0); kind != "MSCONS" {
			return energy.Faults{{Line: s.Number, Problem: fmt.Sprintf("the message is %.12q at %s", kind, s.Place()), Remedy: "MSCONS is expected: metered values"}}
		}
		if !m.exchanged || m.message != "" {
			return at(s, "a message begins out of place")
		}
		m.message, m.count = s.component(0, 0)+" ", 1
		m.place, m.register, m.from, m.to = "", "", time.Time{}, time.Time{}
	case "UNT":
		if err := m.flush(); err != nil {
			return err
		}
		if stated := s.component(0, 0); stated != fmt.Sprint(m.count) {
			return at(s, fmt.Sprintf("the message has %d segments, and says %.12q", m.count, stated))
		}
		m.message = ""
		m.messages++
	case "UNZ":
		if stated := s.component(0, 0); stated != fmt.Sprint(m.messages) {
			return at(s, fmt.Sprintf("the interchange has %d messages, and says %.12q", m.messages, stated))
		}
	case "LOC":
		err := m.flush()
		if q := s.component(0, 0); q == "172" || q == "107" { // metering point; market location
			m.place, m.register, m.from, m.to, m.inLine = s.component(1, 0), "", time.Time{}, time.Time{}, false
		}
		return err
	case "LIN":
		m.register, m.inLine = "", true
		return m.flush()
	case "PIA":
		if s.component(0, 0) == "5" {
			m.register = s.component(1, 0)
			if code := s.component(1, 1); code != "" && code != "SRW" && code != "Z02" && code != "Z08" && strings.ContainsAny(code, ".*") {
				m.register += ":" + code // an OBIS code whose colon was not released
			}
		}
	case "QTY":
		if err := m.flush(); err != nil {
			return err
		}
		m.quantity(s)
	case "DTM":
		m.time(s)
	case "UNS", "NAD":
		return m.flush()
	}
	return nil
}

// quantity takes a QTY; its times follow.
func (m *reader) quantity(s Segment) {
	v := Value{Segment: s.Number, Where: s.Place(), Place: m.place, Register: m.register}
	m.pending, m.fault = &v, nil
	v.Quality = Quality(s.component(0, 0))
	text := s.component(0, 1)
	if m.segments.signs.decimal == ',' {
		text = strings.Replace(text, ",", ".", 1)
	}
	number, err := energy.ParseValue(text)
	if err != nil && (v.Quality.Meaning() != energy.Missing || text != "") {
		m.wrong("bad_value", fmt.Sprintf("%.40q is no number", text), "digits with the decimal sign that UNA states are expected")
	}
	v.Number = number
	if !v.Quality.Known() {
		m.wrong("bad_quality", fmt.Sprintf("the quality %.12q of QTY is not known here", string(v.Quality)), "220 (true), 67 (substitute), 201 (proposed), 20 (not usable) are taken; a sum (79) and a forecast (187) are no metered value")
	}
	if code := s.component(0, 2); code != "" {
		unit, ok := unitOf(code)
		if !ok {
			m.wrong("bad_unit", fmt.Sprintf("the unit %.12q is not known here", code), "KWH, MWH, KWT, MAW, MTQ or CEL is expected")
		}
		v.Unit = unit
	}
}

func (m *reader) wrong(code, problem, remedy string) {
	if m.fault == nil && m.pending != nil {
		m.fault = &Fault{Segment: m.pending.Segment, Where: m.pending.Where, Code: code, Problem: problem, Remedy: remedy}
	}
}

// time takes a DTM: of the QTY before it, else of the place.
func (m *reader) time(s Segment) {
	kind := s.component(0, 0)
	if kind != "163" && kind != "164" && kind != "9" && kind != "7" {
		return
	}
	t, local, err := parseTime(s.component(0, 1), s.component(0, 2))
	if err != nil {
		if m.pending != nil {
			m.wrong("bad_time", err.Error()+" at "+s.Place(), "203, 303 (with its offset) or 102 is expected as the form of a time")
		}
		return
	}
	if m.pending == nil {
		switch kind {
		case "163":
			m.from, m.local = t, local
		case "164":
			m.to = t
		}
		return
	}
	m.pending.Local = m.pending.Local || local
	switch kind {
	case "163":
		m.pending.From = t
	case "164":
		m.pending.To = t
	default:
		m.pending.Stood = t
	}
}

// flush hands over the value whose segments are complete.
func (m *reader) flush() error {
	v := m.pending
	if v == nil {
		return nil
	}
	if !v.Counter() && v.From.IsZero() && v.To.IsZero() {
		v.From, v.To, v.Local = m.from, m.to, m.local
	}
	switch {
	case v.Counter():
	case v.From.IsZero() || v.To.IsZero():
		m.wrong("bad_time", "the value has no time", "DTM+163 and DTM+164 around an amount, or DTM+9 of a reading, are expected")
	case !v.From.Before(v.To):
		m.wrong("bad_interval", "the interval ends before it begins", "DTM+164 must be later than DTM+163")
	}
	if v.Place == "" {
		m.wrong("bad_place", "the value stands under no place", "LOC+172 with the id of the metering point is expected")
	}
	fault := m.fault
	m.pending, m.fault = nil, nil
	if fault != nil {
		return m.reject(*fault)
	}
	return m.take(*v)
}
