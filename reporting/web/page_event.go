package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"heatledger/energy"
	"heatledger/energy/ledger"
	"heatledger/energy/registry"
)

// eventPage is where the office closes a case: a meter was exchanged, or fell back.
type eventPage struct {
	ID, Name string
	Meters   []selection // that of the point, or all where none is chosen
	Points   []selection // counters to choose from
	Point    string      // the one chosen; "": none yet
	Counter  string      // the same in words
	Unit     string
	Last     string // what it showed last, in words; "": nothing is known
	Others   []otherCounter
	Zone     string
	Twice    bool // the clock showed the time twice
	Asked    map[string]string
	MayDo    bool
	Trouble  string
}

// otherCounter is another counter of the same meter: an exchange ends all of them,
// and one whose states nobody says loses the interval of the exchange.
type otherCounter struct{ ID, Counter, Unit, Last, Final, Start string }

// The fields of the states of other counters, before the id of the point.
const (
	otherFinal = "final:"
	otherStart = "start:"
)

// exchangeForm is how the page writes local times: meters are read to the second.
const exchangeForm = "2006-01-02T15:04:05"

func (s *Server) eventPage(r *http.Request, p *page) (*eventPage, error) {
	record, err := s.recordPage(r, p, "events.of")
	if err != nil {
		return nil, err
	}
	body := &eventPage{ID: record.ID, Name: record.Name, Asked: record.Asked, MayDo: record.MayDo, Meters: record.Meters}
	if p.Calendar, err = s.siteCalendar(p, energy.SiteID(body.ID)); err != nil {
		return nil, err
	}
	body.Zone = p.Calendar.Location.String()
	for _, id := range record.Points {
		_, _, point, _ := p.registry.Point(energy.PointID(id))
		body.Points = append(body.Points, selection{id, p.pointWords(point)})
	}
	site, _ := p.registry.Site(energy.SiteID(body.ID))
	_, meter, point, ok := p.registry.Point(energy.PointID(body.Asked["point"]))
	if !ok || point.ID.Site() != site.ID {
		return body, nil
	}
	body.Point, body.Counter, body.Unit = string(point.ID), p.pointWords(point), string(point.Quantity.Unit())
	body.Meters = []selection{{string(meter.ID), strings.TrimSpace(string(meter.ID) + " " + meter.Serial)}}
	at := p.askedLocally(body)
	return body, s.proposeExchange(r, p, body, site, meter, point, at)
}

// askedLocally puts the instant that an address names into local time, and gives it.
func (p *page) askedLocally(body *eventPage) time.Time {
	at, err := time.Parse(time.RFC3339, body.Asked["at"])
	if err != nil {
		instant, twice, _ := p.instantOf(body.Asked["at"], body.Asked["pass"])
		body.Twice = twice
		return instant
	}
	wall := p.Calendar.Wall(at)
	body.Asked["at"] = time.Time(wall).Format(exchangeForm)
	if both := p.Calendar.Instants(wall); len(both) == 2 {
		body.Twice, body.Asked["pass"] = true, "A"
		if !at.Before(both[1]) {
			body.Asked["pass"] = "B"
		}
	}
	return at
}

// proposeExchange fills in what is known of the old instrument, where nobody wrote
// anything yet: what it showed last before the exchange, and its factor.
func (s *Server) proposeExchange(r *http.Request, p *page, body *eventPage, site registry.Site, meter registry.Meter, point registry.Point, at time.Time) error {
	if at.IsZero() {
		at = s.now()
	}
	propose := func(field, text string) {
		if _, written := body.Asked[field]; !written && r.Method == http.MethodGet {
			body.Asked[field] = text
		}
	}
	counters := []registry.Point{point}
	for _, other := range meter.Points {
		if other.Series == energy.Counter && other.ID != point.ID {
			counters = append(counters, other)
		}
	}
	for i, counter := range counters {
		final, start := otherFinal+string(counter.ID), otherStart+string(counter.ID)
		if i == 0 {
			final, start = "final", "start"
		}
		unit, said := string(counter.Quantity.Unit()), ""
		answer, err := s.options.Ledger.Values(r.Context(), ledger.Question{Point: counter.ID, Step: ledger.Raw, Period: energy.Period{From: at.Add(-usualBack), To: at.Add(time.Microsecond)}})
		if err != nil {
			return err
		}
		if n := len(answer.Readings); n > 0 {
			last := answer.Readings[n-1]
			said = p.T("read.last", p.Number(last.Value.Float64(), 3), unit, p.Instant(last.At, p.Calendar))
			propose(final, p.typed(last.Value)+" "+unit)
		}
		propose(start, "0 "+unit)
		if i == 0 {
			body.Last = said
			continue
		}
		body.Others = append(body.Others, otherCounter{string(counter.ID), p.pointWords(counter), unit, said, body.Asked[final], body.Asked[start]})
	}
	before := slices.DeleteFunc(slices.Clone(site.Events), func(e registry.Event) bool {
		return e.Kind != registry.MeterExchange || e.Meter != meter.ID || !e.At.Before(at) || e.New.Factor.Sign() == 0
	})
	if len(before) > 0 {
		factor := p.typed(slices.MaxFunc(before, func(a, b registry.Event) int { return a.At.Compare(b.At) }).New.Factor.Value)
		propose("old_factor", factor)
		propose("new_factor", factor)
	}
	return nil
}

// showEventPage answers GET /sites/{site}/events?point=&at=.
func (s *Server) showEventPage(_ http.ResponseWriter, r *http.Request, p *page) error {
	body, err := s.eventPage(r, p)
	p.Body = body
	return err
}

// takeEvent answers POST /sites/{site}/events.
func (s *Server) takeEvent(w http.ResponseWriter, r *http.Request, p *page) error {
	site, err := p.seen(r)
	if err != nil {
		return err
	}
	if p.Calendar, err = s.siteCalendar(p, site.ID); err != nil {
		return err
	}
	event, err := p.eventOf(r)
	var done recorded
	if err == nil {
		done, err = s.record(r, p.who, site.ID, registry.Amendment{Site: site.ID, Event: &event}, r.PostFormValue("why"))
	}
	if err == nil {
		return s.afterRecord(w, r, p, "events.of", done, nil)
	}
	trouble, err := p.deskTrouble(err)
	if err != nil {
		return err
	}
	body, err := s.eventPage(r, p)
	if err != nil {
		return err
	}
	body.Trouble, p.Body = trouble, body
	return nil
}

// pointWords is a point as people call it, with its name.
func (p *page) pointWords(point registry.Point) string {
	return p.T("quantity:"+string(point.Quantity)) + ", " + p.T("role:"+string(point.Role)) + " (" + point.ID.Name() + ")"
}

// eventOf is the event that a form says, or all that is wrong with it, each with the
// field it stands in.
func (p *page) eventOf(r *http.Request) (registry.Event, error) {
	e := registry.Event{Kind: registry.EventKind(r.PostFormValue("kind")), Meter: energy.MeterID(r.PostFormValue("meter")), Reason: strings.TrimSpace(r.PostFormValue("why"))}
	var faults energy.Faults
	in := func(label string, err error) {
		var found energy.Faults
		if errors.As(err, &found) {
			for _, f := range found {
				f.Problem = label + ": " + f.Problem
				faults = append(faults, f)
			}
		}
	}
	if e.Kind != registry.MeterExchange && e.Kind != registry.ConfirmedReset {
		faults = append(faults, energy.Fault{Problem: fmt.Sprintf("%.40q is no way to close a case", string(e.Kind)), Remedy: "meter_exchange or confirmed_reset is expected", Code: "event_kind"})
	}
	var err error
	if e.At, err = time.Parse(time.RFC3339, r.PostFormValue("at")); err != nil { // as links and programs say it
		e.At, _, err = p.instantOf(r.PostFormValue("at"), r.PostFormValue("pass"))
		in(p.T("events.at"), err)
	}
	e.At = e.At.UTC()
	if point := energy.PointID(strings.TrimSpace(r.PostFormValue("point"))); point != "" {
		e.Old.Final, e.New.Start = map[energy.PointID]registry.Measure{}, map[energy.PointID]registry.Measure{}
		state := func(into map[energy.PointID]registry.Measure, of registry.Point, field, label string) {
			said, ok, err := p.measure(of, r.PostFormValue(field))
			in(label, err)
			if ok {
				into[of.ID] = said
			}
		}
		_, meter, chosen, _ := p.registry.Point(point)
		chosen.ID = point // one there is not is refused as such
		unit := string(chosen.Quantity.Unit())
		state(e.Old.Final, chosen, "final", p.T("events.final", unit))
		state(e.New.Start, chosen, "start", p.T("events.start", unit))
		for _, other := range meter.Points {
			if e.Kind != registry.MeterExchange {
				break // a reset is of the one counter
			}
			if unit = string(other.Quantity.Unit()); other.Series == energy.Counter && other.ID != point {
				state(e.Old.Final, other, otherFinal+string(other.ID), p.pointWords(other)+", "+p.T("events.final", unit))
				state(e.New.Start, other, otherStart+string(other.ID), p.pointWords(other)+", "+p.T("events.start", unit))
			}
		}
	}
	e.Old.Serial, e.New.Serial = strings.TrimSpace(r.PostFormValue("old_serial")), strings.TrimSpace(r.PostFormValue("new_serial"))
	for _, f := range []struct {
		name, label string
		into        *registry.Number
	}{{"old_factor", "events.oldfactor", &e.Old.Factor}, {"new_factor", "events.newfactor", &e.New.Factor}} {
		if text := strings.TrimSpace(r.PostFormValue(f.name)); text != "" {
			f.into.Value, err = p.typedNumber(text)
			in(p.T(f.label), err)
		}
	}
	return e, faults.Err()
}

// measure is what a counter shows: "18.234,5 kWh", or without a unit in its own; ok is
// false where nothing was read off.
func (p *page) measure(point registry.Point, text string) (m registry.Measure, ok bool, err error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return m, false, nil
	}
	number, unit := text, ""
	if last := strings.LastIndexAny(text, "0123456789"); last >= 0 {
		number, unit = text[:last+1], strings.TrimSpace(text[last+1:])
	}
	v, err := p.typedNumber(number)
	if err != nil {
		return m, false, err
	}
	m = registry.Measure{Number: registry.Number{Value: v}, Unit: energy.Unit(unit)}
	if unit == "" {
		m.Unit = point.Quantity.Unit()
	}
	return m, true, nil
}

// typedNumber reads a number that a person typed, or says what is wrong with it.
func (p *page) typedNumber(text string) (energy.Value, error) {
	v, err := energy.ParseTypedNumber(text)
	var open *energy.AmbiguousNumberError
	switch {
	case errors.As(err, &open):
		return v, p.asks("read.open", text, p.typed(open.Grouped), p.typed(open.Fraction))
	case err != nil || !v.Finite():
		return v, p.asks("read.nonumber", text)
	}
	return v, nil
}

// instantOf reads a local time of the page's calendar as browsers write it. Where
// the clock showed it twice, pass says which is meant: A or B.
func (p *page) instantOf(text, pass string) (at time.Time, twice bool, err error) {
	wall, err := time.Parse(wallForm, text)
	if err != nil {
		wall, err = time.Parse(exchangeForm, text)
	}
	if err != nil {
		return at, false, p.asks("read.notime", text)
	}
	instants := p.Calendar.Instants(energy.Wall(wall))
	switch {
	case len(instants) == 0:
		return at, false, p.asks("read.notime", text)
	case len(instants) == 1:
		return instants[0], false, nil
	case pass == "B":
		return instants[1], true, nil
	case pass == "A":
		return instants[0], true, nil
	}
	return at, true, p.asks("read.twice", text)
}

// asks is what a person has to mend, in his language.
func (p *page) asks(key string, args ...any) error {
	return energy.Faults{{Problem: p.T(key, args...), Remedy: p.T(key + ".mend")}}
}
